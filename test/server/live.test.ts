// A window over a server: a hover sees what was made a moment ago, waits for nobody long, and logs come from the server.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { entityId } from '../../server/catalog/entity.ts';
import type { LogResult } from '../../server/protocol/lsp.ts';
import { openWindow } from '../connections/support/window.ts';
import { runIds } from '../connectors/mlflowRest/answers.ts';
import { fakeServer } from '../connectors/mlflowRest/server.ts';
import { placeOf } from '../support/server.ts';

const code = [
  'import mlflow',
  'old = mlflow.pyfunc.load_model("models:/churn/3")',
  'new = mlflow.pyfunc.load_model("models:/made-just-now/1")',
  'slow = mlflow.pyfunc.load_model("models:/never-told/1")',
  '',
].join('\n');

test('a hover sees a model made a moment ago; a slow server costs a quarter of a second, a broken one nothing', async (t) => {
  const mlflow = await fakeServer(t);
  const config = { name: 'prod', tool: 'mlflow', url: mlflow.url, credential: 'none' } as const;
  const { server, folder, until, change } = await openWindow(t, { connections: [config], files: { 'score.py': code } });
  await until('a first scan', ({ health }) => health === 'fresh');
  const uri = await server.open(folder.at('ws/score.py'), code);
  const hover = async (name: string) => {
    const began = performance.now();
    const words = await server.hover(uri, placeOf(code, `${name}/`));
    return { words, took: performance.now() - began };
  };
  assert.match((await hover('churn')).words, /prod/);
  const [model] = mlflow.store.models as readonly object[];
  mlflow.store.models = [...mlflow.store.models, { ...model, name: 'made-just-now', aliases: [], latest_versions: [] }];
  assert.match((await hover('made-just-now')).words, /just now/);

  const asked = mlflow.asked.length;
  await hover('churn');
  await hover('churn');
  assert.equal(mlflow.asked.length, asked, 'within their lifetime facts are shown as they are');

  mlflow.break(() => [503, 'busy']);
  const { took } = await hover('never-told');
  assert.ok(took < 1_500, `${Math.round(took)} ms`);
  await change({ change: 'syncNow', name: 'prod' });
  const down = await until('it is noticed', ({ health }) => health === 'failing');
  assert.match(down.reason ?? '', /prod/);
  assert.match((await hover('churn')).words, /prod/, 'what it said before stays');
  mlflow.break(() => undefined);
  await change({ change: 'syncNow', name: 'prod' });
  await until('it is back', ({ health }) => health === 'fresh');
  assert.deepEqual(server.errors, []);
});

test('the log of a run is read from its server, and why not is said in its words', async (t) => {
  const mlflow = await fakeServer(t);
  const config = { name: 'prod', tool: 'mlflow', url: mlflow.url, credential: 'none' } as const;
  const { server, until } = await openWindow(t, { connections: [config] });
  await until('a first scan', ({ health }) => health === 'fresh');
  const run = entityId('run', 'mlflow', `127.0.0.1:${mlflow.port}`, runIds[0]);
  let found: LogResult = { problem: 'not asked' };
  // Which artifacts are logs is asked for when somebody looks at the run.
  for (let tries = 0; tries < 100 && 'problem' in found; tries++) {
    await server.client.connection.sendNotification('plumbline/attention', { focused: true, ids: [run] });
    found = await server.ask<LogResult>('plumbline/log', { run });
    await pause(50);
  }
  assert.match('text' in found ? found.text : found.problem, /epoch 1/);
  const file = 'file' in found ? found.file : '';
  const other = await server.ask<LogResult>('plumbline/log', { run, file: `${file}x` });
  assert.match('problem' in other ? other.problem : '', /is not a log of train-16/);
});
