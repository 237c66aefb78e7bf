// The language server over a real MLflow server: hovers show what it says now, what it said when it is away, and that it is back.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { type ConnectionStatus, connectionsRequest } from '../../server/protocol/connection.ts';
import { testFolder } from '../support/folder.ts';
import { placeOf, processServer, type Served } from '../support/server.ts';
import { realServer } from './mlflowServer.ts';

const code = 'import mlflow\nmodel = mlflow.pyfunc.load_model("models:/churn@champion")\n';

async function statusOf(window: Served): Promise<ConnectionStatus | undefined> {
  return (await window.ask<readonly ConnectionStatus[]>(connectionsRequest, {}))[0];
}

async function untilTrue(what: string, isTrue: () => Promise<boolean>, limitMs = 60_000): Promise<void> {
  for (const end = Date.now() + limitMs; !(await isTrue()); await new Promise((resolve) => setTimeout(resolve, 100)))
    if (Date.now() > end) throw new Error(`Waited ${limitMs} ms in vain for: ${what}.`);
}

function windowOf(t: TestContext, config: string): Served & { readonly process: { kill(): boolean } } {
  process.env.PLUMBLINE_CONFIG_DIR = config;
  const window = processServer();
  t.after(() => window.process.kill());
  return window;
}

test('connected, changed, killed, restarted; two windows ask as one', { timeout: 600_000 }, async (t) => {
  const server = await realServer(t, 'mlflow3');
  await server.script('mlflow_store.py', server.url);
  const folder = testFolder(t, { 'one/score.py': code, 'two/score.py': code });
  mkdirSync(folder.at('config'));
  const connections = [{ name: 'prod', tool: 'mlflow', url: server.url, credential: 'none' }];
  writeFileSync(folder.at('config/connections.json'), JSON.stringify(connections));
  const first = windowOf(t, folder.at('config'));
  const liveFolder = folder.at('user');
  await first.start([folder.at('one')], { storeFolder: folder.at('s1'), liveFolder });
  await untilTrue('a first scan', async () => (await statusOf(first))?.health === 'fresh');
  const uri = await first.open(folder.at('one/score.py'), code);
  const hover = (window: Served, at: string) => window.hover(at, placeOf(code, 'churn@'));
  await untilTrue('the hover', async () => (await hover(first, uri)).includes('prod'));

  const second = windowOf(t, folder.at('config'));
  await second.start([folder.at('two')], { storeFolder: folder.at('s2'), liveFolder });
  const other = await second.open(folder.at('two/score.py'), code);
  await untilTrue('the hover of the second window', async () => (await hover(second, other)).includes('prod'));
  assert.equal((await statusOf(second))?.nextAt, undefined, 'the first one asks');

  await new Promise((resolve) => setTimeout(resolve, 10_500));
  await server.script('mlflow_change.py', server.url, 'alias');
  const began = performance.now();
  const changed = await hover(first, uri);
  t.diagnostic(`${Math.round(performance.now() - began)} ms, ${changed.length} characters`);
  assert.ok(performance.now() - began < 1_500);
  await untilTrue(
    'the alias moved',
    async () => /champion[^"]{0,40}3|3[^"]{0,40}champion/.test(await hover(first, uri)),
    15_000,
  );

  await server.kill();
  await first.ask('plumbline/connections/change', { change: 'syncNow', name: 'prod' });
  await untilTrue('failing', async () => (await statusOf(first))?.health === 'failing');
  t.diagnostic((await statusOf(first))?.reason ?? '');
  assert.match(await hover(first, uri), /churn/);
  await server.start();
  await untilTrue('it is noticed', async () => (await statusOf(first))?.health === 'fresh', 120_000);
  assert.deepEqual([...first.errors, ...second.errors], []);
});
