// The editor's questions about connections, asked of the real server over streams.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { freePort } from '../../scripts/live/programs.mjs';
import type { DetectResult, TestConnectionResult } from '../../server/protocol/connection.ts';
import { seal } from '../../server/protocol/sealed.ts';
import { tinyMlflow } from './support/tinyMlflow.ts';
import { openWindow } from './support/window.ts';

const python = 'import mlflow\nmodel = mlflow.pyfunc.load_model("models:/churn/1")\n';
const onChurn = { line: 1, character: 45 };

test('a connection is added, read, paused, resumed, asked now and removed', async (context) => {
  const mlflow = await tinyMlflow(context);
  const { folder, change, until, statuses } = await openWindow(context);
  const config = { name: 'ml', tool: 'mlflow', url: mlflow.url, credential: 'none', environment: 'prod' } as const;
  assert.deepEqual(await statuses(), []);
  assert.deepEqual(await change({ change: 'save', config }), {});
  const status = await until('it is read', ({ health }) => health === 'fresh');
  const file = folder.at('config/connections.json');
  assert.deepEqual([status.config, status.file, status.environment], [config, file, 'prod']);
  assert.ok(status.entities > 0 && status.requestsLastHour > 0 && (status.scannedAt ?? 0) > 0);
  assert.deepEqual(await change({ change: 'pause', name: 'ml' }), {});
  assert.equal((await until('it is paused', ({ paused }) => paused)).nextAt, undefined);
  const asked = mlflow.asked.length;
  assert.deepEqual(await change({ change: 'syncNow', name: 'ml' }), {});
  assert.equal(mlflow.asked.length, asked);
  assert.deepEqual(await change({ change: 'resume', name: 'ml' }), {});
  await until('it goes on', ({ paused, nextAt }) => !paused && nextAt !== undefined);
  assert.deepEqual(await change({ change: 'syncNow', name: 'ml' }), {});
  assert.ok(mlflow.asked.length > asked);
  assert.deepEqual(await change({ change: 'remove', name: 'ml' }), {});
  assert.deepEqual(await statuses(), []);
  assert.equal(readFileSync(file, 'utf8'), '[]\n');
  assert.match((await change({ change: 'remove', name: 'ml' })).problem ?? '', /There is no connection "ml"/);
});

test('a file that somebody edits is followed; what is wrong in it is a notice', async (context) => {
  const mlflow = await tinyMlflow(context);
  const { folder, until, server } = await openWindow(context);
  const config = { name: 'ml', tool: 'mlflow', url: mlflow.url, credential: 'none' };
  folder.write('config/connections.json', JSON.stringify([config, { ...config, name: 'x', url: 'localhost:1' }]));
  await until('it is read', ({ health }) => health === 'fresh', 'ml');
  assert.ok(server.lines.some((line) => /entry 2 \("x"\): "url": .* write "http:\/\/localhost:1"/.test(line)));
  assert.ok(server.statuses.some(({ notice }) => notice?.includes('entry 2 ("x")')));
});

test('testing asks once and keeps nothing: well, wrong secret, no server, a mistake', async (context) => {
  const mlflow = await tinyMlflow(context, { authorization: 'Bearer t0ken' });
  const { server, sealFor, statuses, folder } = await openWindow(context);
  const tried = (url: string, token?: string) =>
    server.ask<TestConnectionResult>('plumbline/connections/test', {
      config: { name: 'ml', tool: 'mlflow', url },
      ...(token && { secret: seal({ kind: 'token', token }, sealFor) }),
    });
  const well = await tried(mlflow.url, 't0ken');
  assert.match(well.message, /^MLflow 3\.17\.0/);
  assert.equal(well.ok, true);
  for (const token of ['wrong', undefined]) {
    const refused = await tried(mlflow.url, token);
    assert.deepEqual([refused.ok, refused.wantsSecret], [false, true]);
    assert.match(refused.message, /401/);
  }
  const refusing = await tinyMlflow(context, {
    first: (_request, answer) => {
      answer.writeHead(403).end('no');
      return true;
    },
  });
  const forbidden = await tried(refusing.url, 't0ken');
  assert.deepEqual([forbidden.ok, forbidden.wantsSecret], [false, true], 'who has another token may');
  const port = await freePort();
  const nobody = await tried(`http://127.0.0.1:${port}`);
  assert.deepEqual([nobody.ok, nobody.wantsSecret], [false, false]);
  assert.match(nobody.message, new RegExp(`127\\.0\\.0\\.1:${port}`));
  assert.match((await tried('ftp://x')).message, /must begin with http/);
  assert.deepEqual(await statuses(), []);
  assert.equal(readFileSync(folder.at('config/connections.json'), 'utf8'), '[]');
});

test("what the tools' variables name is offered, until it is connected", async (context) => {
  const mlflow = await tinyMlflow(context);
  const variables = { MLFLOW_TRACKING_URI: mlflow.url, MLFLOW_TRACKING_TOKEN: 't' };
  const { server, change } = await openWindow(context, { variables });
  const [found] = await server.ask<DetectResult>('plumbline/connections/detect', {});
  assert.deepEqual([found?.from, found?.hasSecret, found?.config.url], ['MLFLOW_TRACKING_URI', true, mlflow.url]);
  assert.ok(found);
  await change({ change: 'save', config: found.config });
  assert.deepEqual(await server.ask('plumbline/connections/detect', {}), []);
});

test('names resolve inside the active environment', async (context) => {
  const [prod, dev] = [await tinyMlflow(context), await tinyMlflow(context)];
  const config = { tool: 'mlflow', credential: 'none' } as const;
  const { server, folder, until } = await openWindow(context, {
    connections: [
      { ...config, name: 'p', url: prod.url, environment: 'prod' },
      { ...config, name: 'd', url: dev.url, environment: 'dev' },
    ],
  });
  for (const name of ['p', 'd']) await until('it is read', ({ health }) => health === 'fresh', name);
  const uri = await server.open(folder.at('ws/a.py'), python);
  const hovered = async (environment?: string): Promise<string> => {
    await server.ask('plumbline/environment', { environment });
    return server.hover(uri, onChurn);
  };
  assert.match(await hovered(), /may be any of 2/);
  assert.match(await hovered('prod'), /Said by p, as of/);
  assert.match(await hovered('dev'), /Said by d, as of/);
  assert.doesNotMatch(await hovered('staging'), /Said by|may be any/);
  assert.match(await hovered(), /may be any of 2/);
});
