// Two workspace folders of the same layout: both are read, both stay apart, each by its own plumbline.yaml.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type * as protocol from '../../server/protocol/lsp.ts';
import { testFolder } from '../support/folder.ts';
import { memoryServer, placeOf } from '../support/server.ts';
import { freshSample } from '../vscode/support/sample.ts';

test('two copies of the sample side by side', async (context) => {
  // Closed first: what a server still writes would outlive its folder.
  const server = memoryServer();
  context.after(() => server.client.close());
  const sample = await freshSample();
  context.after(() => sample.remove());
  const folder = testFolder(context);
  const [one, two] = [folder.at('one'), folder.at('two')];
  cpSync(sample.folder, one, { recursive: true });
  cpSync(sample.folder, two, { recursive: true });
  // Only the second keeps its logs elsewhere, and says so.
  renameSync(path.join(two, 'metadata/airflow'), path.join(two, 'kept'));
  const own = path.join(two, 'plumbline.yaml');
  writeFileSync(own, readFileSync(own, 'utf8').replace('airflow: metadata/airflow/logs', 'airflow: kept/logs'));

  await server.start([one, two], { storeFolder: folder.at('store') });
  await server.ready();
  const names = server.statuses.at(-1)?.sources.map(({ name, health }) => `${name}: ${health}`) ?? [];
  for (const name of [
    'mlflow metadata/mlflow/mlflow.db (one): fresh',
    'mlflow metadata/mlflow/mlflow.db (two): fresh',
    'dbt dbt (one): fresh',
    'dbt dbt (two): fresh',
    'airflow metadata/airflow/logs (one): fresh',
    'airflow kept/logs (two): fresh',
  ])
    assert.ok(names.includes(name), `${name} in ${names.join(', ')}`);

  const incidents = await server.incidents("KeyError: 'churned'", 2);
  assert.equal(new Set(incidents.map(({ id }) => id)).size, incidents.length, 'no incident twice');
  for (const title of ['validate_churn failed', 'churn AUC fell'])
    assert.equal(incidents.filter((incident) => incident.title === title).length, 2, title);
  for (const incident of incidents.filter(({ title }) => title === 'validate_churn failed')) {
    const chain = await server.ask<protocol.ExplainResult>('plumbline/explain', { id: incident.id });
    assert.equal(chain.log?.root?.text, "KeyError: 'churned'");
    const home = chain.log?.file.startsWith(two) ? two : one;
    const log = await server.ask<protocol.LogResult>('plumbline/log', { run: chain.run, file: chain.log?.file });
    const places = 'frames' in log ? log.frames.flatMap(({ local }) => local?.file ?? []) : [];
    assert.deepEqual([...new Set(places.map((file) => file.startsWith(`${home}/`)))], [true], `${places} in ${home}`);
  }

  for (const home of [one, two]) {
    const text = readFileSync(path.join(home, 'churn/settings.py'), 'utf8');
    const uri = await server.open(path.join(home, 'churn/settings.py'), text);
    const said = await server.hover(uri, placeOf(text, 'MODEL_NAME}'));
    assert.match(said, /may be any of 2/);
    for (const source of ['mlflow.db (one)', 'mlflow.db (two)']) assert.ok(said.includes(source), said);
  }
  assert.deepEqual(server.errors, []);
});

test('a folder that is added is read and asked of, one that is removed is forgotten', async (context) => {
  const server = memoryServer();
  context.after(() => server.client.close());
  const sample = await freshSample();
  context.after(() => sample.remove());
  const shared = `import lake, mlflow\nNAME = "fraud"\nmlflow.set_experiment(NAME)\nlake.ask("ml.scores")\n`;
  const folder = testFolder(context, {
    'one/shop/names.py': shared,
    'two/.keep': '',
  });
  const [one, two] = [folder.at('one'), folder.at('two')];
  cpSync(sample.folder, two, { recursive: true });
  folder.write('two/CODEOWNERS', '* @acme/growth\n');
  folder.write(
    'two/plumbline.yaml',
    `${readFileSync(path.join(two, 'plumbline.yaml'), 'utf8')}\nreferences:\n  - call: lake.ask\n    argument: [0]\n    kind: table\n    role: reads\n`,
  );
  const change = (added: readonly string[], removed: readonly string[]): Promise<void> => {
    const named = (folders: readonly string[]) =>
      folders.map((one) => ({ uri: pathToFileURL(one).href, name: path.basename(one) }));
    return server.client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
      event: { added: named(added), removed: named(removed) },
    });
  };
  const sources = (): string =>
    (server.statuses.at(-1)?.sources ?? []).map(({ name, health }) => `${name} ${health}`).join();
  const symbols = async (query: string): Promise<readonly string[]> =>
    (await server.ask<{ location: { uri: string } }[]>('workspace/symbol', { query })).map(
      ({ location }) => location.uri,
    );
  const eventually = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
    for (const end = Date.now() + 20_000; !(await holds()); await pause(50))
      if (Date.now() > end) throw new Error(`It never came to this: ${what}. Sources: ${sources()}`);
  };

  await server.start([one], { storeFolder: folder.at('store') });
  await eventually('the first folder is read', async () => (await symbols('fraud')).length > 0);
  assert.deepEqual(await symbols('train_churn'), []);
  const uri = await server.open(path.join(one, 'shop/names.py'), shared);
  const place = placeOf(shared, 'ml.scores');
  assert.equal(await server.hover(uri, place), '', 'the rule for lake.ask stands in the other folder');

  await change([two], []);
  await eventually('jobs of the second folder are found', async () => (await symbols('train_churn')).length > 0);
  await eventually('its sources are scanned', async () => /mlflow\.db \(two\) fresh/.test(sources()));
  await eventually('its rules count', async () => (await server.hover(uri, place)) !== '');
  const incidents = await server.incidents("KeyError: 'churned'");
  assert.ok(incidents.length > 0);
  const train = path.join(two, 'churn/settings.py');
  const text = readFileSync(train, 'utf8');
  const opened = await server.open(train, text);
  assert.match(await server.hover(opened, placeOf(text, 'MODEL_NAME}')), /champion/);

  await change([], [two]);
  await eventually('its jobs are gone', async () => (await symbols('train_churn')).every((found) => found === opened));
  await eventually('its sources are gone', async () => sources() === '');
  await eventually('its rules are gone', async () => (await server.hover(uri, place)) === '');
  await eventually(
    'its incidents are gone',
    async () => (await server.ask<protocol.IncidentsResult>('plumbline/incidents', {})).length === 0,
  );
  assert.ok((await symbols('fraud')).length > 0, 'the first folder is as it was');
  assert.deepEqual(server.errors, []);
});
