// What is on screen: a table with its tags, columns and lineage, asked for once in a while; jobs with their runs; models.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CatalogChange } from '../../../server/catalog/change.ts';
import type { Run } from '../../../server/catalog/run.ts';
import { CatalogStore } from '../../../server/catalog/store.ts';
import type { LiveConnector } from '../../../server/connectors/connector.ts';
import { fakeDatabricks } from '../../fakes/databricks/server.ts';
import { scanned } from '../../support/scan.ts';
import { databricksOver, usualSecret } from './connected.ts';

const start = Date.parse('2026-11-23T12:00:00Z');
const signal = new AbortController().signal;
const ws = '4167890123456789';
const ms = '11112222-3333-4444-5555-666677778888';

async function looked(
  connector: LiveConnector,
  ...ids: readonly string[]
): Promise<Required<Pick<CatalogChange, 'entities' | 'edges' | 'runs' | 'problems'>>> {
  const pages: CatalogChange[] = [];
  for await (const page of connector.describe(ids, signal)) {
    assert.equal(page.incremental, true);
    assert.deepEqual(page.covered ?? [], [], 'a look concludes nothing');
    pages.push(page);
  }
  return {
    entities: pages.flatMap(({ entities }) => entities ?? []),
    edges: pages.flatMap(({ edges }) => edges ?? []),
    runs: pages.flatMap(({ runs }) => runs ?? []),
    problems: pages.flatMap(({ problems }) => problems ?? []),
  };
}

test('a table has its tags, and its lineage names the columns that flow; a second look asks for the table alone', async (t) => {
  const fake = await fakeDatabricks(start);
  t.after(() => fake.close());
  const { connector } = databricksOver(fake, usualSecret, { now: () => start });
  const id = `table:databricks://${ms}/main/ml/churn_predictions`;
  const first = await looked(connector, id);
  assert.deepEqual(first.problems, []);
  const table = first.entities.find((entity) => entity.id === id && entity.facts);
  assert.deepEqual(table?.facts?.tags, ['team:ml', 'pii']);
  const flow = first.edges.find(({ from, to }) => from.endsWith('/main/raw/customers') && to === id);
  assert.equal(flow?.evidence, 'Databricks lineage; columns tenure → score');
  fake.asked.length = 0;
  const second = await looked(connector, id);
  assert.deepEqual(fake.asked, ['GET /api/2.1/unity-catalog/tables/main.ml.churn_predictions']);
  assert.deepEqual(second.entities, first.entities);
});

test('runs say what their job reads and writes; those of its tasks on screen are one question', async (t) => {
  const fake = await fakeDatabricks(start);
  t.after(() => fake.close());
  const { store } = CatalogStore.open(':memory:');
  const { connector } = databricksOver(fake, usualSecret, { now: () => start, catalog: store.snapshot() });
  const source = { name: 'live', tool: 'databricks', scope: connector.scope, kinds: connector.kinds };
  const scan = store.writer().startScan(source, start);
  for await (const page of connector.scan(signal)) scan.apply(page);
  scan.finish();
  const use = (run: string) => store.snapshot().run(`run:databricks://${ws}/${run}`);
  assert.deepEqual(use('77')?.inputs, [
    { id: `table:databricks://${ms}/main/raw/customers`, name: 'main.raw.customers' },
  ]);
  assert.deepEqual(
    use('77')?.outputs.map(({ name }) => name),
    ['main.ml.churn_predictions'],
  );
  assert.deepEqual(use('76')?.inputs, []);
  assert.equal(store.snapshot().runsUsing(`table:databricks://${ms}/main/ml/churn_predictions`, 'writes', 9).length, 1);
  fake.asked.length = 0;
  const ids = ['77', '7701', '7702', '7703'].map((run) => `run:databricks://${ws}/${run}`);
  const { runs } = await looked(connector, ...ids);
  assert.deepEqual(fake.asked, ['GET /api/2.2/jobs/runs/get']);
  assert.deepEqual(
    runs.map((run) => run.id),
    ids,
  );
});

test('a run on a cluster that it only names has the logs that the cluster delivers; the cluster is asked once', async (t) => {
  const fake = await fakeDatabricks(start);
  t.after(() => fake.close());
  const { connector } = databricksOver(fake, usualSecret, { now: () => start });
  for (const run of fake.state.runs as Record<string, unknown>[]) run.job_clusters = [];
  const titles = (runs: readonly Run[]) => runs.find(({ id }) => id.endsWith('/7702'))?.logs.map(({ title }) => title);
  const scan = async () => (await scanned(connector)).runs;
  assert.deepEqual(titles(await scan()), ['output and error']);
  fake.asked.length = 0;
  const all = ['driver log4j-active.log', 'driver stdout', 'driver stderr', 'output and error'];
  for (const _ of [1, 2]) {
    const { runs, problems } = await looked(connector, `run:databricks://${ws}/77`, `run:databricks://${ws}/76`);
    assert.deepEqual([titles(runs), problems], [all, []]);
  }
  assert.equal(fake.asked.filter((asked) => asked.endsWith('/clusters/get')).length, 1);
  assert.deepEqual(titles(await scan()), all, 'a later scan knows it, too');
});

test('what is of another workspace, metastore or tool is not asked for', async (t) => {
  const fake = await fakeDatabricks(start);
  t.after(() => fake.close());
  const { connector } = databricksOver(fake);
  await connector.greet(signal);
  fake.asked.length = 0;
  const others = [
    'job:databricks://1/11',
    'table:databricks://x/main/ml/t',
    'job:airflow://a/b',
    'model:mlflow://m/churn',
    'no id',
  ];
  assert.deepEqual(await looked(connector, ...others), { entities: [], edges: [], runs: [], problems: [] });
  assert.deepEqual(fake.asked, []);
});

test('a job, a model and an endpoint; one that is gone is a problem of its own', async (t) => {
  const fake = await fakeDatabricks(start);
  t.after(() => fake.close());
  const { connector } = databricksOver(fake);
  await connector.greet(signal);
  const found = await looked(
    connector,
    `task:databricks://${ws}/11/score`,
    `job:databricks://${ws}/999`,
    `version:mlflow://${ms}/main.ml.churn/2`,
    `endpoint:databricks://${ws}/churn-live`,
  );
  const names = found.entities.map(({ name }) => name);
  for (const name of ['score_churn', 'score_churn.score', 'main.ml.churn', 'main.ml.churn/1', 'churn-live'])
    assert.ok(names.includes(name), name);
  assert.ok(found.runs.some(({ id }) => id.endsWith('/7702')));
  assert.equal(found.problems.length, 1);
  assert.match(found.problems[0]?.message ?? '', /Job 999 does not exist/);
  const endpoint = found.entities.find(({ kind }) => kind === 'endpoint');
  assert.deepEqual([endpoint?.facts?.stage, endpoint?.facts?.broken], ['READY', 'its last update failed']);
});
