// Airflow's own provider posts the events of a DAG that is tried by "airflow dags test", packed and with a key, and we read what it said.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { environment } from '../../scripts/python/environments.mjs';
import { CatalogStore } from '../../server/catalog/store.ts';
import { receiveEvents } from '../../server/eventReceiver.ts';
import { runSync } from '../../server/sync/local/run.ts';
import { testFolder } from '../support/folder.ts';
import { memoryLog } from '../support/log.ts';

const run = promisify(execFile);

test('tries of tasks, the DAG run around them, errors and owners come over HTTP', async (context) => {
  const python = await environment('airflow3', (line) => context.diagnostic(line));
  const folder = testFolder(context, {});
  for (const name of ['dags', 'ws']) mkdirSync(folder.at(name));
  copyFileSync(path.join(import.meta.dirname, 'airflow_dag.py'), folder.at('dags/tiny.py'));
  const key = 'only-for-this-test';
  const received = folder.at('received');
  const receiver = await receiveEvents({ port: 0, folder: received, key, log: memoryLog(), now: Date.now });
  context.after(() => receiver.close());
  const auth = { type: 'api_key', api_key: key };
  const env = {
    ...process.env,
    PATH: `${path.dirname(python.python)}${path.delimiter}${process.env.PATH}`,
    AIRFLOW_HOME: folder.at('home'),
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__CORE__DAGS_FOLDER: folder.at('dags'),
    AIRFLOW__OPENLINEAGE__NAMESPACE: 'acme',
    AIRFLOW__OPENLINEAGE__TRANSPORT: JSON.stringify({ type: 'http', url: receiver.url, auth, compression: 'gzip' }),
    DO_NOT_TRACK: '1',
  };
  const options = { env, cwd: folder.path, maxBuffer: 64 * 1024 * 1024 };
  await run(python.bin('airflow'), ['db', 'migrate'], options);
  // It ends with 1: the DAG's second task is made to fail.
  await run(python.bin('airflow'), ['dags', 'test', 'tiny', '2026-11-20'], options).catch((error: unknown) => {
    context.diagnostic(String(Object(error).stderr).slice(-2_000));
  });
  const { store } = CatalogStore.open(':memory:');
  context.after(() => store.close());
  const { sources } = await runSync({ folders: [folder.at('ws')], received, store, trusted: true, log: memoryLog() });
  assert.deepEqual(
    sources.map(({ health, problems }) => [health, problems]),
    [['fresh', []]],
  );
  const catalog = store.snapshot();
  const task = (name: string) => `job:openlineage://acme/tiny.${name}`;
  const good = catalog.runs(task('good'), { limit: 10 });
  const bad = catalog.runs(task('evaluate'), { limit: 10 });
  assert.ok(good.some(({ status }) => status === 'success'));
  assert.ok(bad.length >= 2 && bad.every(({ status }) => status === 'failed'));
  assert.deepEqual([...new Set(bad.map(({ message }) => message))], ["KeyError: 'churned'"]);
  assert.deepEqual(bad.map(({ attempt }) => attempt).sort(), [1, 2]);
  const [dag] = catalog.runs('job:openlineage://acme/tiny', { limit: 5 });
  assert.deepEqual(
    [dag?.status, new Set([...good, ...bad].map(({ parent }) => parent))],
    ['failed', new Set([dag?.id])],
  );
  assert.equal(catalog.factsBySource('job:openlineage://acme/tiny')[0]?.facts.owner, 'growth-ml');
});
