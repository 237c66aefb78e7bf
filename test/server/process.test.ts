// The server as a process: started from source, killed while it writes, two of them on one store.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { CatalogStore } from '../../server/catalog/store.ts';
import { until } from '../support/clock.ts';
import { testFolder } from '../support/folder.ts';
import { mlflowDatabase } from '../support/mlflowDatabase.ts';
import { placeOf, processServer, type Served } from '../support/server.ts';
import { freshSample, type Sample } from '../vscode/support/sample.ts';

let sample: Sample;
const settings = (): string => path.join(sample.folder, 'churn/settings.py');

before(async () => {
  sample = await freshSample();
});
after(() => sample.remove());

function started(context: TestContext): Served & { readonly process: NonNullable<Served['process']> } {
  const server = processServer();
  context.after(() => server.process.kill('SIGKILL'));
  return server;
}

async function hoverModel(server: Served): Promise<string> {
  const text = readFileSync(settings(), 'utf8');
  return server.hover(await server.open(settings(), text), placeOf(text, 'MODEL_NAME}'));
}

test('a session over stdio, from source, ends with the exit code of a clean end', async (context) => {
  const server = started(context);
  const exit = once(server.process, 'exit');
  await server.start([sample.folder], { storeFolder: testFolder(context).path });
  await server.ready();
  assert.match(await hoverModel(server), /champion.*auc/s);
  const incidents = await server.incidents("KeyError: 'churned'");
  assert.ok(incidents.some(({ summary }) => summary.includes("KeyError: 'churned'")));
  assert.deepEqual(server.errors, []);
  const { connection } = server.client;
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  assert.deepEqual(await exit, [0, null]);
});

test('two servers on one store: both answer, one writes, the other takes over when it ends', async (context) => {
  const storeFolder = testFolder(context).path;
  const one = started(context);
  await one.start([sample.folder], { storeFolder });
  await one.ready();
  const two = started(context);
  await two.start([sample.folder], { storeFolder });
  await two.ready();
  for (const server of [one, two]) assert.match(await hoverModel(server), /champion.*auc/s);
  const writes = (server: Served): boolean => server.lines.includes('this window writes the store');
  assert.deepEqual([writes(one), writes(two)], [true, false]);
  await one.client.close();
  await until('the second to write', () => writes(two), 15_000);
  assert.match(await hoverModel(two), /champion.*auc/s);
  assert.deepEqual([...one.errors, ...two.errors], []);
  await two.client.close();
});

test('killed while it writes, it answers at once with what it knew, and reads on', async (context) => {
  const folder = testFolder(context, {
    'w/load.py': 'import mlflow\nmlflow.pyfunc.load_model("models:/model-000@champion")\n',
  });
  const database = mlflowDatabase(folder.at('w/mlflow.db'));
  database.raw.exec('BEGIN');
  for (let model = 0; model < 400; model++) {
    const name = `model-${String(model).padStart(3, '0')}`;
    database.insert('registered_models', { name, creation_time: 1000, last_updated_time: 1000 });
    database.insert('registered_model_aliases', { alias: 'champion', version: 1, name });
    for (let run = 0; run < 5; run++) {
      const id = `${name}-run-${run}`;
      database.run(id, { start_time: Date.now() - 3_600_000 * (run + 1), end_time: Date.now() - 3_600_000 * run });
      database.metric(id, 'auc', 0.8 + run / 100, Date.now());
      const version = {
        name,
        version: run + 1,
        creation_time: 1000,
        last_updated_time: 1000,
        run_id: id,
        status: 'READY',
      };
      database.insert('model_versions', { ...version, current_stage: 'None', source: 's' });
    }
  }
  database.raw.exec('COMMIT');
  const storeFolder = folder.at('store');
  const load = folder.at('w/load.py');
  const hover = async (server: Served): Promise<string> => {
    const text = readFileSync(load, 'utf8');
    return server.hover(await server.open(load, text), placeOf(text, 'model-000'));
  };
  const first = started(context);
  await first.start([folder.at('w')], { storeFolder });
  await first.ready();
  assert.match(await hover(first), /model-000/);
  await first.client.close();

  let cut = 0;
  for (const afterMs of [5, 60, 200]) {
    // Something new each time, so that there is something to write.
    database.raw.exec('UPDATE metrics SET value = value - 0.001; UPDATE latest_metrics SET value = value - 0.001');
    const server = started(context);
    await server.start([folder.at('w')], { storeFolder });
    const began = Date.now();
    assert.match(await hover(server), /champion/, `before the kill after ${afterMs} ms`);
    assert.ok(Date.now() - began < 2_000, `answered after ${Date.now() - began} ms`);
    await until('the sync to begin', () => server.lines.some((line) => line.includes('writes the store')), 30_000);
    await pause(afterMs);
    const exit = once(server.process, 'exit');
    server.process.kill('SIGKILL');
    await exit;
    if (!server.lines.some((line) => line.startsWith('scanned'))) cut++;
    assert.deepEqual(server.errors, []);
    releaseLease(storeFolder);
  }
  assert.ok(cut > 0, 'at least one was killed in the middle');
  assert.deepEqual(
    readdirSync(storeFolder).filter((name) => name.includes('corrupt')),
    [],
  );
  const last = started(context);
  await last.start([folder.at('w')], { storeFolder });
  await until('everything read anew', () => last.lines.some((line) => /scanned .*mlflow/.test(line)), 30_000);
  await last.ready();
  const { store } = CatalogStore.open(path.join(storeFolder, 'catalog.db'));
  context.after(() => store.close());
  assert.equal(
    store.read((catalog) => catalog.match('model', 'model-*', 1000).length),
    400,
  );
  await last.client.close();
});

/** The lease of a killed server holds the next one off for 20 seconds; here that is not waited for. */
function releaseLease(storeFolder: string): void {
  const { store } = CatalogStore.open(path.join(storeFolder, 'catalog.db'));
  store.takeLease('sync', 'test', Date.now() + 3_600_000, 1_000);
  store.releaseLease('sync', 'test');
  store.close();
}
