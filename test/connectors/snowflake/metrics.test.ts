// Metric queries: what comes back becomes points by group; they are run a quarter of an hour apart, and never to wake a warehouse.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CatalogStore } from '../../../server/catalog/store.ts';
import { brokenRules } from '../../../server/incidents/trouble/metricRules.ts';
import { parsePlumblineFile } from '../../../server/workspace/plumblineFile.ts';
import { fakeSnowflake } from '../../fakes/snowflake/server.ts';
import { snowflakeOver, usualSecret } from './connected.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const minute = 60_000;
const signal = new AbortController().signal;

const daily = { metric: 'null_rate', query: 'SELECT DAY, RATE, MODEL FROM PROD.ML.QUALITY' };
const single = { metric: 'late_rows', query: 'SELECT COUNT(*) AS N FROM PROD.ML.LATE;' };

test('a time, a number and a text are a series by group; a number alone is the value of now', async (t) => {
  const fake = await fakeSnowflake(now);
  t.after(() => fake.close());
  let late = '3';
  fake.world.answers.unshift(
    [
      /^SELECT DAY, RATE, MODEL/,
      {
        columns: ['DAY:date', 'RATE:real', 'MODEL:text'],
        rows: [
          ['20779', '0.4', 'churn'],
          ['20778', '0.1', 'churn'],
          ['20779', '0.2', 'fraud'],
          ['20779', null, 'fraud'],
        ],
      },
    ],
    [
      /^SELECT COUNT\(\*\) AS N FROM PROD\.ML\.LATE$/,
      {
        columns: ['N:fixed'],
        get rows() {
          return [[late]];
        },
      },
    ],
  );
  const { store } = CatalogStore.open(':memory:');
  let at = now;
  const queries = [daily, single];
  const { connector } = snowflakeOver(fake, usualSecret, { now: () => at, catalog: store.snapshot(), queries });
  const identity = { name: 'live', tool: 'snowflake', scope: connector.scope, kinds: connector.kinds };
  const sync = async () => {
    const scan = store.writer().startScan(identity, at, { coveredDecides: true });
    for await (const page of connector.scan(signal, scan.before.cursor)) {
      assert.deepEqual(page.problems ?? [], []);
      scan.apply(page);
    }
    scan.finish();
    return fake.asked
      .splice(0)
      .filter(({ statement }) => [daily, single].some(({ query }) => query.startsWith(statement)));
  };
  const [load] = fake.world.warehouses;
  assert.ok(load);
  load.state = 'SUSPENDED';
  assert.equal((await sync()).length, 0, 'all sleep');
  const [metric] = store.snapshot().find('metric', 'null_rate');
  assert.equal(metric?.id, 'metric:snowflake://acme-prod_eu/null_rate');
  assert.equal(store.snapshot().facts(metric?.id ?? '').query, daily.query);
  load.state = 'STARTED';
  at += minute;
  assert.deepEqual(
    (await sync()).map(({ warehouse }) => warehouse),
    ['LOAD_WH', 'LOAD_WH'],
  );
  const day = 86_400_000;
  assert.deepEqual(
    store
      .snapshot()
      .series(metric?.id ?? '')
      .map(({ run, at: when, value }) => [run, when / day, value])
      .sort(),
    [
      ['{model="churn"}', 20778, 0.1],
      ['{model="churn"}', 20779, 0.4],
      ['{model="fraud"}', 20779, 0.2],
    ],
  );
  at += minute;
  assert.equal((await sync()).length, 0, 'a minute later it is not run again');
  at += 15 * minute;
  late = '5';
  assert.equal((await sync()).length, 2);
  const points = store.snapshot().series('metric:snowflake://acme-prod_eu/late_rows');
  assert.deepEqual(
    points.map(({ value }) => value),
    [3, 5],
    'what it was before is kept',
  );
  const charted = await connector.series?.(
    'metric:snowflake://acme-prod_eu/late_rows',
    { from: at - minute, to: at },
    signal,
  );
  assert.deepEqual(
    charted?.map(({ run, points: some }) => [run, some.map(({ value }) => value)]),
    [['{}', [5]]],
  );
  assert.deepEqual(fake.woken, []);
  // And a rule of the workspace is tried on it.
  const rules = parsePlumblineFile(
    `version: 1\nmetrics:\n  - {metric: late_rows, query: ${JSON.stringify(single.query)}, above: 4}\n`,
  );
  const [incident] = brokenRules(store.snapshot(), rules.config.metrics);
  assert.deepEqual(
    [incident?.entity, incident?.summary],
    ['metric:snowflake://acme-prod_eu/late_rows', 'late_rows 5 is above 4'],
  );
});

test('a query without a number and one that fails are said, and leave the rest', async (t) => {
  const fake = await fakeSnowflake(now);
  t.after(() => fake.close());
  fake.world.answers.unshift([/^SELECT DAY/, { columns: ['DAY:date', 'MODEL:text'], rows: [['1', 'x']] }]);
  const { connector } = snowflakeOver(fake, usualSecret, { now: () => now, queries: [daily, single] });
  const problems: string[] = [];
  for await (const page of connector.scan(signal))
    problems.push(...(page.problems ?? []).map(({ message }) => message));
  assert.deepEqual(
    problems.map((words) => words.replace(/127\.0\.0\.1:\d+/, 'host')),
    [
      'live: host: the query of null_rate has no column of numbers. Correct it.',
      'live: host answered 422 (002003) to SELECT COUNT(*) AS N FROM PROD.ML.LATE: SQL compilation error: Object does not exist or not authorized. Give the role of this connection the right to see it, or set "role" to one that has it.',
    ],
  );
});
