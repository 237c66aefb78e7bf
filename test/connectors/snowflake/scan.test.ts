// What a scan of a Snowflake account tells and asks: the first, one in which nothing changed, one with every warehouse asleep.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { CatalogStore } from '../../../server/catalog/store.ts';
import { type FakeSnowflake, fakeSnowflake } from '../../fakes/snowflake/server.ts';
import { notThere, queryIds } from '../../fakes/snowflake/world.ts';
import { scanned } from '../../support/scan.ts';
import { snowflakeOver, usualSecret } from './connected.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const minute = 60_000;
const account = 'acme-prod_eu';

async function faked(t: TestContext): Promise<FakeSnowflake> {
  const fake = await fakeSnowflake(now);
  t.after(() => fake.close());
  return fake;
}

/** Into a store, as the sync does it. */
function syncing(fake: FakeSnowflake) {
  const { store } = CatalogStore.open(':memory:');
  let at = now;
  const { connector, log } = snowflakeOver(fake, usualSecret, { now: () => at, catalog: store.snapshot() });
  const identity = { name: 'live', tool: 'snowflake', scope: connector.scope, kinds: connector.kinds };
  const sync = async (isWhole = false): Promise<readonly string[]> => {
    fake.asked.length = 0;
    const scan = store.writer().startScan(identity, at, { coveredDecides: true });
    const since = isWhole ? undefined : scan.before.cursor;
    for await (const page of connector.scan(new AbortController().signal, since)) scan.apply(page);
    scan.finish();
    return fake.asked.map(({ statement }) => statement.split(' ').slice(0, 3).join(' '));
  };
  return { store, sync, connector, log, pass: (ms: number) => (at += ms) };
}

test('databases to columns with owner, rows and when they changed', async (t) => {
  const fake = await faked(t);
  const { store, sync } = syncing(fake);
  await sync();
  const catalog = store.snapshot();
  const [predictions] = catalog.find('table', 'prod.ml.churn_predictions');
  assert.equal(predictions?.id, `table:snowflake://${account}/prod/ml/churn_predictions`);
  const facts = catalog.facts(predictions?.id ?? '');
  assert.deepEqual(
    [facts.owner, facts.rows, facts.bytes, facts.updatedAt, facts.materialized],
    ['ML_OWNER', 1001, 100_100, now - 49 * minute, 'table'],
  );
  assert.deepEqual(facts.columns, [
    { name: 'USER_ID', type: 'NUMBER(38,0)' },
    { name: 'SCORE', type: 'FLOAT' },
  ]);
  assert.equal(
    facts.url,
    'https://app.snowflake.com/acme/prod_eu/#/data/databases/PROD/schemas/ML/table/CHURN_PREDICTIONS',
  );
  const [features] = catalog.find('table', 'CHURN_FEATURES');
  const dynamic = catalog.facts(features?.id ?? '');
  assert.deepEqual(dynamic.tags, ['target lag 1 hour', 'refresh incremental', 'warehouse LOAD_WH']);
  assert.match(dynamic.compiledSql ?? '', /^CREATE DYNAMIC TABLE/);
  // What was written in quotes is another thing than what was not.
  assert.ok(catalog.get(`table:snowflake://${account}/prod/ml/"Mixed"`));
  assert.equal(catalog.covers('table', 'snowflake').covered, true);
  assert.equal(catalog.covers('job', 'snowflake').covered, true);
  // OpenLineage may write the locator.
  assert.equal(catalog.find('table', 'snowflake://xy12345.eu-west-1/PROD.RAW.USERS')[0]?.name, 'PROD.RAW.USERS');
});

test('tasks are jobs, and their history is runs with the words of the failure', async (t) => {
  const { store, sync } = syncing(await faked(t));
  await sync();
  const catalog = store.snapshot();
  const job = catalog.get(`job:snowflake://${account}/prod/ml/nightly`);
  assert.deepEqual(
    [catalog.facts(job?.id ?? '').schedule, catalog.facts(job?.id ?? '').periodMs],
    ['0 3 * * * (UTC)', 86_400_000],
  );
  const task = `task:snowflake://${account}/prod/ml/nightly/validate`;
  const around = catalog.neighbours(task);
  assert.deepEqual(
    [...around.upstream, ...around.downstream]
      .map(({ from, to, relation }) => [from.split('/').at(-1), relation, to.split('/').at(-1)])
      .sort(),
    [
      ['nightly', 'contains', 'validate'],
      ['nightly', 'runs', 'validate'],
      ['validate', 'runs', 'notify'],
      ['validate', 'writes', 'churn_metrics'],
    ],
  );
  const [run] = catalog.runs(task);
  assert.equal(run?.status, 'failed');
  assert.equal(run?.message, "000904: SQL compilation error: invalid identifier 'SCORE2'");
  assert.deepEqual(run?.linked, [`run:snowflake://${account}/${queryIds.task}`]);
  const [whole] = catalog.runs(job?.id ?? '');
  assert.equal(whole?.id, run?.parent);
  assert.deepEqual([whole?.status, whole?.scheduledFor], ['failed', now - 60 * minute]);
  assert.match(whole?.message ?? '', /PROD\.ML\.VALIDATE.*SCORE2/);
});

test('queries that wrote, with who asked: a tag of Airflow, a comment of dbt', async (t) => {
  const { store, sync } = syncing(await faked(t));
  const airflow = { name: 'airflow', tool: 'airflow', scope: 'airflow://af', kinds: ['job', 'task'] as const };
  const dbt = { name: 'dbt', tool: 'dbt', scope: 'dbt://churn', kinds: ['table'] as const };
  const told = store.writer().startScan(airflow, now);
  told.apply({ entities: [{ id: 'task:airflow://af/score_churn/load', kind: 'task', name: 'score_churn.load' }] });
  told.finish();
  const node = 'table:dbt://churn/prod/ml/scores';
  const built = store.writer().startScan(dbt, now);
  built.apply({ entities: [{ id: node, kind: 'table', name: 'prod.ml.scores', aliases: ['model.churn.scores'] }] });
  built.finish();
  await sync();
  const catalog = store.snapshot();
  const loaded = catalog.run(`run:snowflake://${account}/${queryIds.insert}`);
  assert.deepEqual(
    [loaded?.status, loaded?.user, loaded?.where, loaded?.message],
    ['failed', 'LOADER', 'LOAD_WH', "100038: Numeric value 'x' is not recognized"],
  );
  assert.deepEqual(loaded?.of, [
    `table:snowflake://${account}/prod/ml/churn_predictions`,
    'task:airflow://af/score_churn/load',
  ]);
  assert.ok(loaded?.linked.includes('run:airflow://af/score_churn/manual__1/load'));
  const built2 = catalog.run(`run:snowflake://${account}/${queryIds.dbt}`);
  assert.deepEqual(built2?.of, [`table:snowflake://${account}/prod/ml/scores`, node]);
  assert.equal(built2?.outputs[0]?.rows, 1000);
  const [refresh] = catalog.runs(`table:snowflake://${account}/prod/ml/churn_features`);
  assert.equal(refresh?.name, 'refresh PROD.ML.CHURN_FEATURES');
});

test('lineage of tables and columns, of files, views and dynamic tables', async (t) => {
  const { store, sync } = syncing(await faked(t));
  await sync();
  const edges = (name: string) =>
    store
      .snapshot()
      .neighbours(`table:snowflake://${account}/prod/${name}`)
      .upstream.filter(({ relation }) => relation === 'reads')
      .map(({ from, evidence }) => [from.split('/').at(-1), evidence]);
  assert.deepEqual(edges('ml/churn_predictions'), [
    ['users', `ACCESS_HISTORY of Snowflake, query ${queryIds.insert}; columns ID → USER_ID`],
  ]);
  assert.deepEqual(edges('ml/scores'), [['churn_predictions', 'OBJECT_DEPENDENCIES of Snowflake']]);
  assert.deepEqual(edges('ml/churn_features'), [['users', 'inputs of the dynamic table']]);
  assert.equal(
    store.snapshot().neighbours(`table:snowflake://${account}/prod/raw/users`).upstream[0]?.from,
    'path:s3://acme-raw/users/',
  );
});

test('lineage that could not be asked for stays, with its columns, until a warehouse is awake that says otherwise', async (t) => {
  const fake = await faked(t);
  const { store, sync, pass } = syncing(fake);
  await sync();
  const edges = () =>
    ['raw/users', 'ml/churn_predictions', 'ml/scores', 'ml/churn_features'].flatMap((name) =>
      store
        .snapshot()
        .neighbours(`table:snowflake://${account}/prod/${name}`)
        .upstream.filter(({ relation }) => relation === 'reads')
        .map(({ from, evidence }) => `${from} ${evidence}`),
    );
  const before = edges();
  assert.equal(before.length, 4);
  for (const one of fake.world.warehouses) one.state = 'SUSPENDED';
  pass(6 * 60 * minute);
  await sync(true);
  assert.deepEqual(edges(), before);
  const [load] = fake.world.warehouses;
  Object.assign(load ?? {}, { state: 'STARTED', resumedOn: String((now + 5_000_000) / 1000) });
  fake.world.answers.unshift([/^SELECT REFERENCED_DATABASE/, { columns: ['REFERENCED_DATABASE'], rows: [] }]);
  pass(6 * 60 * minute);
  await sync(true);
  assert.deepEqual(
    edges(),
    before.filter((edge) => !edge.includes('OBJECT_DEPENDENCIES')),
  );
});

test('a poll in which nothing changed asks nothing for one entity', async (t) => {
  const fake = await faked(t);
  const { sync, pass } = syncing(fake);
  const first = await sync();
  assert.ok(first.length <= 20, first.join('\n'));
  pass(minute);
  const second = await sync();
  assert.deepEqual(
    second.filter((asked) => !asked.startsWith('SELECT')),
    ['SHOW WAREHOUSES', 'SHOW TASKS IN'],
  );
  assert.equal(second.length, 5);
  pass(16 * minute);
  const later = await sync();
  assert.deepEqual(
    later.filter((asked) => asked.startsWith('SHOW OBJECTS')),
    ['SHOW OBJECTS IN', 'SHOW OBJECTS IN'],
  );
  assert.ok(!later.some((asked) => /^(DESCRIBE|SHOW COLUMNS)/.test(asked)), later.join('\n'));
});

test('no warehouse is woken or kept awake: asleep ones are never named, idle ones once for each time that they were woken', async (t) => {
  const fake = await faked(t);
  const { sync, pass, connector, store } = syncing(fake);
  for (const one of fake.world.warehouses) one.state = 'SUSPENDED';
  const warehouses = () => fake.asked.filter(({ warehouse }) => warehouse !== undefined).length;
  await sync();
  assert.equal(warehouses(), 0);
  assert.equal(connector.warehouseSeconds, 0);
  const [load] = fake.world.warehouses;
  assert.ok(load);
  Object.assign(load, { state: 'STARTED', running: 0 });
  pass(minute);
  await sync();
  assert.ok(warehouses() > 0, 'it was woken by somebody else');
  // What was missed while all slept is read then.
  assert.equal(store.snapshot().runs(`task:snowflake://${account}/prod/ml/nightly/validate`).length, 1);
  for (const _ of [1, 2, 3]) {
    pass(20 * minute);
    await sync();
    assert.equal(warehouses(), 0, 'each question would keep it awake for longer');
  }
  load.resumedOn = String((now + 5_000_000) / 1000);
  await sync();
  assert.ok(warehouses() > 0);
  load.running = 2;
  pass(minute);
  await sync();
  assert.ok(warehouses() > 0, 'it works for others anyway');
  assert.deepEqual(fake.woken, []);
  assert.ok((connector.warehouseSeconds ?? 0) >= 1);
});

test('what the edition does not have is said in plain words and not asked again', async (t) => {
  const fake = await faked(t);
  fake.world.answers.unshift([/ACCESS_HISTORY/, notThere("View 'SNOWFLAKE.ACCOUNT_USAGE.ACCESS_HISTORY'")]);
  const { sync, pass, connector, log, store } = syncing(fake);
  await sync();
  pass(61 * minute);
  const second = await sync();
  assert.ok(!second.some((asked) => asked.includes('BASE_OBJECTS_ACCESSED')));
  assert.equal(store.snapshot().sources()[0]?.reason, undefined, 'it is no fault of the connection');
  assert.ok(
    log.lines.some((line) => /ACCESS_HISTORY is not read: the edition of this account does not have it/.test(line)),
  );
  assert.match(await connector.greet(new AbortController().signal), /not here, or not for this role: ACCESS_HISTORY$/);
});

test('a right that is missing for one listing leaves the rest, and nothing is concluded from it', async (t) => {
  const fake = await faked(t);
  const denied = { code: '003001', sqlState: '42501', message: 'SQL access control error: Insufficient privileges' };
  fake.world.answers.unshift([/^SHOW TASKS/, denied], [/^SHOW OBJECTS IN DATABASE "SNOWFLAKE"/, denied]);
  const { connector } = snowflakeOver(fake, usualSecret, { now: () => now });
  const told = await scanned(connector);
  const covered = told.covered.filter(({ kind }) => !/^(?:metric|model|version)$/.test(kind));
  assert.deepEqual(covered, [{ kind: 'table', scope: `snowflake://${account}/prod` }]);
  assert.equal(told.problems.length, 2);
  assert.match(
    told.problems[0]?.message ?? '',
    /^live: 127\.0\.0\.1:\d+ answered 422 \(003001\) to SHOW TASKS IN ACCOUNT: .*Give the role/,
  );
});
