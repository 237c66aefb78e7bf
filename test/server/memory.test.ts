// A store folder that cannot be written: said once, all is answered from memory, and the file is used when it can be.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { PageResult } from '../../server/protocol/lsp.ts';
import { until } from '../support/clock.ts';
import { testFolder } from '../support/folder.ts';
import { memoryServer, placeOf } from '../support/server.ts';
import { freshSample } from '../vscode/support/sample.ts';

test('a store folder that is no folder', async (context) => {
  // Closed first: what a server still writes would outlive its folder.
  const server = memoryServer();
  context.after(() => server.client.close());
  const sample = await freshSample();
  context.after(() => sample.remove());
  const folder = testFolder(context, { store: 'a file where the folder should be' });
  const file = path.join(sample.folder, 'churn/settings.py');
  const text = readFileSync(file, 'utf8');
  await server.start([sample.folder], { storeFolder: folder.at('store') });
  const uri = await server.open(file, text);
  const hover = (): Promise<string> => server.hover(uri, placeOf(text, 'MODEL_NAME}'));
  await server.ready();
  const notices = server.statuses.flatMap(({ notice }) => notice ?? []);
  assert.equal(notices.length, 1);
  assert.match(notices[0] ?? '', /cannot be made .* Check the rights of its folder\. Until then .* in memory only/);
  assert.match(await hover(), /champion.*auc/s);
  const incidents = await server.incidents("KeyError: 'churned'");
  assert.ok(incidents.some(({ summary }) => summary.includes("KeyError: 'churned'")));
  assert.equal(await server.ask('plumbline/sync', {}), true);

  rmSync(folder.at('store'));
  await until('the worker to write the file', () => server.lines.includes('this window writes the store'), 15_000);
  await until('the file to be read from', () => existsSync(folder.at('store/catalog.db')));
  assert.equal(await server.ask('plumbline/sync', {}), true);
  assert.match(await hover(), /champion.*auc/s);
  assert.deepEqual(server.errors, []);
});

test('no store folder at all', async (context) => {
  // Closed first: what a server still writes would outlive its folder.
  const server = memoryServer();
  context.after(() => server.client.close());
  const folder = testFolder(context, {
    'events.ndjson': '{"eventTime": "2026-11-20T10:00:00Z", "job": {"namespace": "n", "name": "j"}}\n',
  });
  await server.start([folder.path]);
  await server.ready();
  assert.deepEqual(
    server.statuses.at(-1)?.sources.map(({ name, health }) => [name, health]),
    [['openlineage events.ndjson', 'fresh']],
  );
  const page = await server.ask<PageResult>('plumbline/page', { page: 'entity', id: 'job:openlineage://n/j' });
  assert.match(page.text, /openlineage events\.ndjson/);
  assert.deepEqual(server.errors, []);
});
