// Changes: what Snowflake's own history says was done to tasks, tables and models, by whom and when.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CatalogStore } from '../../../server/catalog/store.ts';
import { changeIn } from '../../../server/connectors/snowflake/history/changes.ts';
import { fakeSnowflake } from '../../fakes/snowflake/server.ts';
import { snowflakeOver, usualSecret } from './connected.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const minute = 60_000;
const at = 'snowflake://acme-prod_eu/prod/ml';

test('who paused a task, took a table over, made another version the default, widened a table', async (t) => {
  const fake = await fakeSnowflake(now);
  t.after(() => fake.close());
  const { store } = CatalogStore.open(':memory:');
  const { connector } = snowflakeOver(fake, usualSecret, { now: () => now, catalog: store.snapshot() });
  const source = { name: 'live', tool: 'snowflake', scope: connector.scope, kinds: connector.kinds };
  const scan = store.writer().startScan(source, now);
  for await (const page of connector.scan(new AbortController().signal)) scan.apply(page);
  scan.finish();
  const catalog = store.snapshot();
  const told = (id: string) =>
    catalog
      .history(id)
      .filter(({ evidence }) => evidence !== undefined)
      .map(({ field, value, seenFrom }) => [field, value, (seenFrom - now) / minute]);
  for (const kind of ['job', 'task'])
    assert.deepEqual(told(`${kind}:${at}/nightly${kind === 'task' ? '/nightly' : ''}`), [['paused', 'true', -35]]);
  assert.deepEqual(told(`table:${at}/churn_predictions`), [
    ['owner', 'DATA_ENG', -33],
    ['definition', 'ALTER TABLE churn_predictions ADD COLUMN score2 FLOAT', -31],
  ]);
  assert.deepEqual(told(`model:${at}/churn`), [['alias DEFAULT', 'V2', -32]]);
  const [suspended] = catalog.history(`job:${at}/nightly`, 'paused').filter(({ evidence }) => evidence);
  assert.equal(
    suspended?.evidence,
    'Snowflake query 01b2c3d4-0000-1111-0000-000000000011: ANA ran alter task if exists prod.ml.nightly suspend',
  );
  // They are no runs, and what nobody knows is not told of.
  assert.equal(catalog.run('run:snowflake://acme-prod_eu/01b2c3d4-0000-1111-0000-000000000015'), undefined);
  assert.deepEqual(told(`table:${at}/tmp_4711`), []);
});

test('statements are read as Snowflake takes them', () => {
  const read = (statement: string) => {
    const change = changeIn(statement);
    return change && [change.what, change.name, change.field, change.value];
  };
  const cases: readonly (readonly [string, readonly string[] | undefined])[] = [
    ['/* ana */ ALTER TASK "My Task" RESUME', ['task', '"My Task"', 'paused', 'false']],
    ["ALTER TASK a.b.t SET WAREHOUSE = w SCHEDULE = '60 MINUTE'", ['task', 'a.b.t', 'schedule', '60 MINUTE']],
    ["alter task t set schedule='USING CRON 0 3 * * * UTC'", ['task', 't', 'schedule', '0 3 * * * (UTC)']],
    ['GRANT OWNERSHIP ON DYNAMIC TABLE a.b.c TO ROLE "r x"', ['table', 'a.b.c', 'owner', 'r x']],
    ['ALTER MODEL m VERSION v3 SET ALIAS = champion', ['model', 'm', 'alias CHAMPION', 'V3']],
    ['ALTER TABLE IF EXISTS t DROP COLUMN c', ['table', 't', 'definition', 'ALTER TABLE IF EXISTS t DROP COLUMN c']],
    ['CREATE OR REPLACE TASK t AS SELECT 1', ['task', 't', 'definition', 'CREATE OR REPLACE TASK t AS SELECT 1']],
    ['DROP VIEW v', ['table', 'v', 'definition', 'DROP VIEW v']],
    ["ALTER TABLE t SET COMMENT = 'x'", undefined],
    ["ALTER TASK t SET COMMENT = 'x'", undefined],
    ['ALTER TABLE', undefined],
    ['SELECT 1', undefined],
  ];
  for (const [statement, expected] of cases) assert.deepEqual(read(statement), expected, statement);
});

test('any text is read, and at once', () => {
  const words = [
    'ALTER ',
    'TASK ',
    'MODEL ',
    'GRANT OWNERSHIP ON TABLE ',
    '"',
    'a.',
    'b',
    ' SET ',
    ' ',
    '--',
    '/*',
    "'",
  ];
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...words), fc.string()), { maxLength: 60 }), (parts) => {
      changeIn(parts.join(''));
    }),
    { numRuns: 200 },
  );
  const began = performance.now();
  for (const begin of ['ALTER TASK ', 'ALTER MODEL m VERSION ', 'GRANT OWNERSHIP ON TABLE '])
    for (const rest of ['"'.repeat(50_000), 'a.'.repeat(50_000), ' '.repeat(100_000), '"a'.repeat(50_000)])
      changeIn(begin + rest);
  assert.ok(performance.now() - began < 5_000);
});
