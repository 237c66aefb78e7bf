// What a scan of a Databricks workspace tells and asks: the first, one in which nothing changed, one in which things did.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CatalogChange } from '../../../server/catalog/change.ts';
import { parseRemoteLog } from '../../../server/catalog/run.ts';
import { CatalogStore } from '../../../server/catalog/store.ts';
import type { Json } from '../../fakes/databricks/server.ts';
import { fakeDatabricks } from '../../fakes/databricks/server.ts';
import { commit } from '../../fakes/databricks/stateWords.ts';
import { scanned } from '../../support/scan.ts';
import { databricksOver, usualSecret } from './connected.ts';

const signal = new AbortController().signal;
const start = Date.parse('2026-11-23T12:00:00Z');
const ws = '4167890123456789';
const ms = '11112222-3333-4444-5555-666677778888';

async function workspace(t: { after(run: () => unknown): void }, size = {}) {
  const fake = await fakeDatabricks(start, size);
  t.after(() => fake.close());
  let at = start;
  const over = databricksOver(fake, usualSecret, { now: () => at });
  return {
    ...{ fake, over, connector: over.connector },
    pass: (ms: number) => {
      at += ms;
    },
  };
}

test('a job is known by its name, its id, its key in the bundle, and without the prefix of development', async (t) => {
  const { connector } = await workspace(t);
  const { entities } = await scanned(connector);
  const score = entities.find(({ id }) => id === `job:databricks://${ws}/11`);
  assert.deepEqual([score?.name, score?.aliases], ['score_churn', ['11', 'score_job']]);
  assert.equal(score?.facts?.owner, 'svc@example.com');
  assert.equal(score?.facts?.periodMs, 86_400_000);
  assert.ok(score?.facts?.tags?.includes('bundle:churn/prod'));
  assert.ok(score?.facts?.tags?.includes(`bundle-commit:${commit}`));
  assert.ok(score?.facts?.tags?.includes('bundle-file:resources/score.yml'));
  const dev = entities.find(({ id }) => id === `job:databricks://${ws}/12`);
  assert.deepEqual([dev?.name, dev?.aliases, dev?.facts?.paused], ['[dev bob] validate', ['12', 'validate'], true]);
});

test('a failed run of a task has its commit, its message, its cluster, its output and the logs of its driver', async (t) => {
  const { connector } = await workspace(t);
  const { runs } = await scanned(connector);
  const run = runs.find(({ id }) => id === `run:databricks://${ws}/7702`);
  assert.deepEqual(run?.of, [`task:databricks://${ws}/11/score`]);
  assert.equal(run?.parent, `run:databricks://${ws}/77`);
  assert.deepEqual([run?.status, run?.commit, run?.attempt], ['failed', commit, 2]);
  assert.equal(run?.message, "RUN_EXECUTION_ERROR: KeyError: 'tenure'");
  assert.equal(run?.where, '1120-081500-abcd');
  assert.deepEqual(
    run?.logs.map(({ title }) => title),
    ['driver log4j-active.log', 'driver stdout', 'driver stderr', 'output and error'],
  );
  const statuses = Object.fromEntries(runs.map(({ id, status }) => [id.split('/').at(-1), status]));
  assert.deepEqual([statuses[7703], statuses[78], statuses[76]], ['skipped', 'running', 'success']);
});

test('logs that are delivered to S3 are named where they are, and read by nobody here', async (t) => {
  const { connector } = await workspace(t);
  const run = (await scanned(connector)).runs.find(({ id }) => id.endsWith('/7601'));
  assert.deepEqual(run?.params, [{ name: 'cluster logs', value: 's3://acme-logs/clusters/1121-070000-efgh/driver/' }]);
  assert.deepEqual(
    run?.logs.map(({ title }) => title),
    ['output and error'],
  );
});

test('logs that are delivered to S3 are read by a connection to S3', async (t) => {
  const fake = await fakeDatabricks(start);
  t.after(() => fake.close());
  const { store } = CatalogStore.open(':memory:');
  store.writer().register({ name: 'lake', tool: 's3', scope: 's3://aws', kinds: ['path'] });
  const { connector } = databricksOver(fake, usualSecret, { now: () => start, catalog: store.snapshot() });
  const run = (await scanned(connector)).runs.find(({ id }) => id.endsWith('/7601'));
  assert.deepEqual(
    run?.logs.map(({ file, title }) => [parseRemoteLog(file)?.source, title]),
    [
      ['lake', 'driver log4j-active.log in S3'],
      ['lake', 'driver stdout in S3'],
      ['lake', 'driver stderr in S3'],
      ['live', 'output and error'],
    ],
  );
  assert.equal(parseRemoteLog(run?.logs[2]?.file ?? '')?.key, 's3://acme-logs/clusters/1121-070000-efgh/driver/stderr');
});

test('a one-off submission is a run of the Airflow task that is called so, and no job', async (t) => {
  const fake = await fakeDatabricks(start);
  t.after(() => fake.close());
  const alone = await scanned(databricksOver(fake, usualSecret, { now: () => start }).connector);
  const id = `run:databricks://${ws}/9051`;
  assert.deepEqual(alone.runs.find((run) => run.id === id)?.of, [`job:databricks://${ws}%2Fsubmit/score`]);
  assert.ok(!alone.entities.some((entity) => entity.id === `job:databricks://${ws}/905`));

  const { store } = CatalogStore.open(':memory:');
  const source = { name: 'airflow', tool: 'airflow', scope: 'airflow://a', kinds: ['task' as const] };
  const task = 'task:airflow://a/weekly/score';
  const scan = store.writer().startScan(source, start);
  scan.apply({ entities: [{ id: task, kind: 'task', name: 'weekly.score', aliases: ['score'] }] });
  scan.finish();
  const beside = databricksOver(fake, usualSecret, { now: () => start, catalog: store.snapshot() });
  const { runs, entities } = await scanned(beside.connector);
  assert.deepEqual(runs.find((run) => run.id === id)?.of, [task]);
  assert.ok(!entities.some((entity) => entity.id.includes('%2Fsubmit')));
});

test('a run that a task of another job started names it', async (t) => {
  const { connector } = await workspace(t);
  const run = (await scanned(connector)).runs.find(({ id }) => id.endsWith('/76'));
  assert.deepEqual(run?.linked, [`run:databricks://${ws}/7503`]);
});

test('tables stand under the metastore, whatever the workspace', async (t) => {
  const { connector } = await workspace(t);
  const { entities, edges, covered } = await scanned(connector);
  const tables = entities.filter(({ kind }) => kind === 'table');
  const predictions = tables.findLast(({ name, facts }) => name === 'main.ml.churn_predictions' && facts?.columns);
  assert.equal(predictions?.id, `table:databricks://${ms}/main/ml/churn_predictions`);
  assert.equal(predictions?.facts?.owner, 'ml@example.com');
  assert.deepEqual(
    predictions?.facts?.columns?.map(({ name }) => name),
    ['customer_id', 'score'],
  );
  const plain = (id: string) => id.replace(/^(\w+):\w+:\/\/[^/]+\//, '$1 ');
  const flows = edges.map(({ from, to, relation }) => `${plain(from)} ${relation} ${plain(to)}`);
  assert.ok(flows.includes('table main/ml/churn_predictions reads table main/ml/risky'), flows.join('\n'));
  assert.ok(flows.includes('table main/raw/customers reads job 11'));
  assert.ok(flows.includes('job 11 writes table main/ml/churn_predictions'));
  assert.ok(covered.some(({ kind, scope }) => kind === 'table' && scope === `databricks://${ms}`));
});

test('403 on one catalog is a problem of that catalog; the others are covered, the whole is not', async (t) => {
  const { fake, connector } = await workspace(t);
  fake.fault = ({ path, query }) =>
    path.endsWith('/table-summaries') && query.get('catalog_name') === 'closed'
      ? {
          status: 403,
          body: JSON.stringify({ error_code: 'PERMISSION_DENIED', message: 'User does not have USE CATALOG' }),
        }
      : undefined;
  const { problems, covered } = await scanned(connector);
  assert.equal(problems.length, 1);
  assert.match(problems[0]?.message ?? '', /live: 127.*403 PERMISSION_DENIED: User does not have USE CATALOG/);
  const tables = covered.filter(({ kind }) => kind === 'table').map(({ scope }) => scope);
  assert.deepEqual(tables, [`databricks://${ms}/main`]);
});

test('a poll in which nothing changed asks five questions; every quarter of an hour two more and one for each catalog', async (t) => {
  const { fake, connector, pass } = await workspace(t, { jobs: 50, tables: 2_000, runs: 100, models: 300 });
  const first = await scanned(connector);
  assert.deepEqual(first.problems, []);
  fake.asked.length = 0;
  pass(60_000);
  const second = await scanned(connector, signal, first.cursor);
  assert.deepEqual(fake.asked.splice(0), [
    'GET /api/2.2/jobs/list',
    'GET /api/2.2/jobs/runs/list',
    'GET /api/2.2/jobs/runs/list',
    'GET /api/2.0/sql/history/queries',
    'GET /api/2.0/serving-endpoints',
  ]);
  assert.equal(second.incremental, true);
  assert.deepEqual(
    second.continued.map(({ kind }) => kind),
    ['table', 'table', 'model', 'model', 'version', 'version'],
  );
  pass(15 * 60_000);
  const third = await scanned(connector, signal, second.cursor);
  assert.deepEqual(third.problems, []);
  assert.deepEqual(fake.asked.slice(5), [
    'GET /api/2.1/unity-catalog/catalogs',
    'GET /api/2.1/unity-catalog/table-summaries',
    'GET /api/2.1/unity-catalog/table-summaries',
    'GET /api/2.1/unity-catalog/models',
  ]);
});

test('a run that went on is asked for once when it ended, and not at all when Databricks threw it away', async (t) => {
  const { fake, connector, pass } = await workspace(t);
  const first = await scanned(connector);
  const run = fake.state.runs.find((one) => one.run_id === 78) as { status: Json; state: Json; end_time: number };
  run.status = { state: 'TERMINATED', termination_details: { code: 'SUCCESS', type: 'SUCCESS' } };
  run.state = { life_cycle_state: 'TERMINATED', result_state: 'SUCCESS' };
  run.end_time = start;
  pass(30 * 60_000);
  fake.asked.length = 0;
  const second = await scanned(connector, signal, first.cursor);
  assert.deepEqual(
    second.runs.filter(({ id }) => id.endsWith('/78')).map(({ status }) => status),
    ['success'],
  );
  assert.equal(fake.asked.filter((asked) => asked.endsWith('/runs/get')).length, 1);
  fake.asked.length = 0;
  await scanned(connector, signal, second.cursor);
  assert.equal(fake.asked.filter((asked) => asked.endsWith('/runs/get')).length, 0);

  const cursor = JSON.stringify({ ...JSON.parse(second.cursor ?? ''), open: ['4711'] });
  const third = await scanned(connector, signal, cursor);
  assert.deepEqual(third.problems, []);
  assert.deepEqual(JSON.parse(third.cursor ?? '').open, []);
});

test('an empty page with a token goes on; one that says nothing at all covers nothing', async (t) => {
  const { fake, connector } = await workspace(t);
  const ok = (value: object) => ({ status: 200, body: JSON.stringify(value) });
  fake.fault = ({ path, query }) =>
    path.endsWith('/catalogs') && query.get('page_token') === null ? ok({ next_page_token: 'from-0' }) : undefined;
  const whole = await scanned(connector);
  assert.ok(whole.covered.some(({ kind, scope }) => kind === 'table' && scope === `databricks://${ms}`));
  fake.fault = ({ path }) => (path.endsWith('/jobs/list') ? ok({}) : undefined);
  const silent = await scanned(connector);
  assert.ok(!silent.covered.some(({ kind }) => kind === 'job'));
  fake.fault = ({ path }) => (path.endsWith('/jobs/list') ? ok({ has_more: false }) : undefined);
  const none = await scanned(connector);
  assert.ok(none.covered.some(({ kind }) => kind === 'job'));
});

test('ids that JavaScript would round stay what they are', async (t) => {
  const { fake, connector } = await workspace(t);
  fake.fault = ({ path }) =>
    path.endsWith('/jobs/list')
      ? {
          status: 200,
          body: '{"jobs":[{"job_id":9223372036854775807,"settings":{"name":"says \\"job_id\\":12345678901234567890,"}}]}',
        }
      : undefined;
  const job = (await scanned(connector)).entities.find(({ kind }) => kind === 'job');
  assert.equal(job?.id, `job:databricks://${ws}/9223372036854775807`);
  assert.equal(job?.name, 'says "job_id":12345678901234567890,');
});

test('a version was made by the MLflow run that its model names, and that by the run of a task', async (t) => {
  const { connector } = await workspace(t);
  const { runs, edges, entities } = await scanned(connector);
  const version = `version:mlflow://${ms}/main.ml.churn/2`;
  const made = entities.find(({ id }) => id === version)?.facts?.madeBy;
  assert.equal(made, `run:mlflow://${ws}/${'2'.repeat(32)}`);
  const run = runs.find(({ id }) => id === made);
  assert.deepEqual([run?.of, run?.name, run?.status], [[version], 'fit 2', 'success']);
  assert.deepEqual(run?.linked, [`run:databricks://${ws}/7601`]);
  assert.deepEqual(
    run?.metrics.map(({ name, value }) => `${name} ${value}`),
    ['auc 0.82'],
  );
  const maker = edges.find(({ to, from }) => to === version && from === `run:databricks://${ws}/7601`);
  assert.match(maker?.evidence ?? '', /^mlflow\.databricks\.jobRunID of MLflow run 2{32}$/);
});

test('where lineage is not told, the system tables are asked through a warehouse that runs; none is woken', async (t) => {
  const { fake, over, connector } = await workspace(t);
  fake.fault = ({ path }) =>
    path.endsWith('/table-lineage')
      ? { status: 404, body: JSON.stringify({ error_code: 'ENDPOINT_NOT_FOUND' }) }
      : undefined;
  const { edges, problems } = await scanned(connector);
  assert.deepEqual(problems, []);
  const writes = edges.find(({ relation }) => relation === 'writes');
  assert.deepEqual(
    [writes?.from, writes?.to, writes?.evidence],
    [`job:databricks://${ws}/11`, `table:databricks://${ms}/main/ml/churn_predictions`, 'system.access.table_lineage'],
  );
  const reads = edges.find(({ to, relation }) => relation === 'reads' && to.endsWith('/main/ml/churn_predictions'));
  assert.equal(reads?.evidence, 'system.access.table_lineage; columns tenure → score, id → customer_id');
  assert.equal(fake.asked.filter((asked) => asked === 'POST /api/2.0/sql/statements').length, 2);
  assert.equal(over.connector.warehouseSeconds, 1);
  assert.equal(fake.state.warehouses[0]?.state, 'STOPPED');

  for (const warehouse of fake.state.warehouses) warehouse.state = 'STOPPED';
  fake.asked.length = 0;
  await scanned(connector);
  assert.ok(!fake.asked.some((asked) => asked.includes('/sql/statements')), fake.asked.join('\n'));
  assert.deepEqual(
    fake.state.warehouses.map(({ state }) => state),
    ['STOPPED', 'STOPPED'],
  );
});

test('a role that may see the lineage of tables alone has that; what the system tables told of columns stays when a table is looked at', async (t) => {
  const fake = await fakeDatabricks(start);
  t.after(() => fake.close());
  const { store } = CatalogStore.open(':memory:');
  const { connector } = databricksOver(fake, usualSecret, { now: () => start, catalog: store.snapshot() });
  const source = { name: 'live', tool: 'databricks', scope: connector.scope, kinds: connector.kinds };
  const sync = async (as: 'scan' | 'look', pages: AsyncIterable<CatalogChange>): Promise<void> => {
    const scan = store.writer().startScan(source, start, { as });
    for await (const page of pages) scan.apply(page);
    scan.finish();
  };
  const table = `table:databricks://${ms}/main/ml/churn_predictions`;
  const flow = () =>
    store
      .snapshot()
      .neighbours(table)
      .upstream.find(({ from }) => from.endsWith('/main/raw/customers'))?.evidence;
  const closed = { status: 403, body: JSON.stringify({ error_code: 'PERMISSION_DENIED', message: 'no' }) };
  fake.fault = ({ path }) => (path.includes('/lineage-tracking/') ? closed : undefined);
  const [columns] = fake.state.statements.splice(1, 1);
  await sync('scan', connector.scan(signal));
  assert.equal(flow(), 'system.access.table_lineage');
  if (columns) fake.state.statements.push(columns);
  await sync('scan', connector.scan(signal));
  assert.match(flow() ?? '', /^system\.access\.table_lineage; columns tenure → score/);
  for (const warehouse of fake.state.warehouses) warehouse.state = 'STOPPED';
  await sync('scan', connector.scan(signal));
  assert.match(flow() ?? '', /tenure → score/, 'what could not be asked stays');
  const job = store.snapshot().neighbours(`job:databricks://${ws}/11`).downstream;
  assert.ok(job.some(({ relation, to }) => relation === 'writes' && to === table));
  fake.fault = ({ path }) => (path.endsWith('/column-lineage') ? closed : undefined);
  fake.asked.length = 0;
  await sync('look', connector.describe([table], signal));
  assert.equal(flow(), 'Databricks lineage; columns tenure → score, id → customer_id');
  assert.ok(!fake.asked.some((asked) => asked.includes('/sql/')), 'no look goes to a warehouse');
});

test('a statement of a job that failed is a part of the run of its task; what people try by hand is not told', async (t) => {
  const { connector } = await workspace(t);
  const { runs } = await scanned(connector);
  const statements = runs.filter(({ id }) => id.includes('/01f0a1b2-'));
  assert.deepEqual(
    statements.map(({ parent, name, message, where, of }) => [parent, name, message, where, of]),
    [
      [
        `run:databricks://${ws}/7702`,
        'INSERT INTO main.ml.churn_predictions SELECT tenure FROM main.raw.customers',
        '[UNRESOLVED_COLUMN] A column named `tenure` cannot be resolved.',
        'w-running',
        [],
      ],
    ],
  );
});
