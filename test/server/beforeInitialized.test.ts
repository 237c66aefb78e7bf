// Before `initialized`: the server answers, and opens, reads and begins nothing.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { capabilities } from '../support/client.ts';
import { testFolder } from '../support/folder.ts';
import { memoryServer } from '../support/server.ts';

const event = `${JSON.stringify({
  eventType: 'COMPLETE',
  eventTime: '2026-11-20T08:00:00Z',
  producer: 'test',
  schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
  run: { runId: '00000000-0000-4000-8000-000000000000' },
  job: { namespace: 'test', name: 'train' },
  inputs: [],
  outputs: [],
})}\n`;

test('no store and no status before the editor says initialized', async (context) => {
  const server = memoryServer();
  context.after(() => server.client.close());
  const folder = testFolder(context, { 'work/train.py': 'import mlflow\n', 'work/events.ndjson': event });
  const store = folder.at('store');
  await server.ask('initialize', {
    processId: null,
    rootUri: null,
    capabilities,
    workspaceFolders: [{ uri: pathToFileURL(folder.at('work')).href, name: 'work' }],
    initializationOptions: { storeFolder: store, trusted: true, extensionVersion: 'test' },
  });
  // Answered after whatever the first answer may have begun.
  await server.ask('plumbline/unknown', {}).catch(() => undefined);
  assert.deepEqual([existsSync(store), server.statuses, server.lines], [false, [], []]);
  await server.client.connection.sendNotification('initialized', {});
  await server.ready();
  assert.ok(existsSync(store));
});
