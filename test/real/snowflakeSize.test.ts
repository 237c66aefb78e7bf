// An account of a hundred thousand tables: what the first scan asks and keeps, and that later ones ask no more for them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CatalogStore } from '../../server/catalog/store.ts';
import { snowflakeOver, usualSecret } from '../connectors/snowflake/connected.ts';
import { fakeSnowflake } from '../fakes/snowflake/server.ts';
import { table } from '../fakes/snowflake/world.ts';

const start = Date.parse('2026-11-23T12:00:00Z');
const signal = new AbortController().signal;

test('a hundred thousand tables are a few hundred questions once, and two a poll', async (t) => {
  const fake = await fakeSnowflake(start);
  t.after(() => fake.close());
  fake.world.databases.push('BIG', 'WIDE');
  const columns = [['ID', { type: 'FIXED', precision: 38, scale: 0 }]] as const;
  for (let n = 0; n < 55_000; n += 1)
    fake.world.tables.push(table('BIG', 'S', `T_${String(n).padStart(6, '0')}`, { columns }));
  for (let n = 0; n < 45_000; n += 1)
    fake.world.tables.push(table('WIDE', `S_${Math.floor(n / 300)}`, `T_${String(n).padStart(6, '0')}`, { columns }));
  for (const one of fake.world.warehouses) one.state = 'SUSPENDED';
  const { store } = CatalogStore.open(':memory:');
  let at = start;
  const { connector } = snowflakeOver(fake, usualSecret, { now: () => at, catalog: store.snapshot() });
  const identity = { name: 'live', tool: 'snowflake', scope: connector.scope, kinds: connector.kinds };
  const sync = async (): Promise<readonly string[]> => {
    fake.asked.length = 0;
    fake.others.length = 0;
    const scan = store.writer().startScan(identity, at, { coveredDecides: true });
    for await (const page of connector.scan(signal, scan.before.cursor)) {
      assert.deepEqual(page.problems ?? [], []);
      scan.apply(page);
    }
    scan.finish();
    return [...fake.asked.map(({ statement }) => statement), ...fake.others];
  };
  const first = await sync();
  const catalog = store.snapshot();
  assert.ok(catalog.size() > 100_000, `${catalog.size()} entities`);
  assert.ok(first.length < 500, `${first.length} questions`);
  assert.equal(catalog.covers('table', 'snowflake').covered, true);
  assert.ok(catalog.facts('table:snowflake://acme-prod_eu/big/s/t_000000').columns, 'columns of some');
  at += 60_000;
  assert.deepEqual(await sync(), ['SHOW WAREHOUSES', 'SHOW TASKS IN ACCOUNT']);
  at += 16 * 60_000;
  const listed = await sync();
  assert.ok(listed.length <= first.length - 100, `${listed.length} questions`);
  assert.ok(!listed.some((asked) => /^(SHOW COLUMNS|DESCRIBE)/.test(asked)), 'nothing is asked for one of them');
  assert.ok(store.snapshot().size() > 100_000);
  assert.equal(store.snapshot().covers('table', 'snowflake').covered, true);
  assert.equal(connector.warehouseSeconds, 0);
});
