// Models of Snowflake's registry: versions and aliases by one listing, found as code names them; when versions were made, on a look.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CatalogStore } from '../../../server/catalog/store.ts';
import type { LiveConnector } from '../../../server/connectors/connector.ts';
import { fakeSnowflake } from '../../fakes/snowflake/server.ts';
import { notThere } from '../../fakes/snowflake/world.ts';
import { snowflakeOver, usualSecret } from './connected.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const minute = 60_000;
const signal = new AbortController().signal;
const model = 'model:snowflake://acme-prod_eu/prod/ml/churn';
const second = 'version:snowflake://acme-prod_eu/prod/ml/churn/v2';

async function connected(t: { after(run: () => unknown): void }) {
  const fake = await fakeSnowflake(now);
  t.after(() => fake.close());
  const { store } = CatalogStore.open(':memory:');
  let at = now;
  const over = snowflakeOver(fake, usualSecret, { now: () => at, catalog: store.snapshot() });
  const { connector } = over;
  const apply = async (as: 'scan' | 'look', pages: (since?: string) => ReturnType<LiveConnector['scan']>) => {
    const source = { name: 'live', tool: 'snowflake', scope: connector.scope, kinds: connector.kinds };
    const scan = store.writer().startScan(source, at, { as, coveredDecides: true });
    for await (const page of pages(scan.before.cursor)) scan.apply(page);
    scan.finish();
  };
  const sync = () => apply('scan', (since) => connector.scan(signal, since));
  const look = (...ids: string[]) => apply('look', () => connector.describe(ids, signal));
  return { fake, store, ...over, sync, look, pass: (ms: number) => (at += ms) };
}

test('one listing tells models, versions and aliases; code finds them in any case, with or without database', async (t) => {
  const { fake, store, sync } = await connected(t);
  await sync();
  const catalog = store.snapshot();
  for (const name of ['CHURN', 'churn', 'ML.CHURN', 'prod.ml.churn'])
    assert.equal(catalog.find('model', name, 'snowflake')[0]?.id, model, name);
  const facts = catalog.facts(model);
  assert.deepEqual([facts.owner, facts.description, facts.latestVersion], ['ML_OWNER', 'Who leaves', 'V2']);
  assert.deepEqual(facts.modelAliases, [
    { alias: 'DEFAULT', version: 'V1' },
    { alias: 'CHALLENGER', version: 'V2' },
  ]);
  assert.equal(catalog.find('version', 'PROD.ML.CHURN@CHALLENGER')[0]?.id, second);
  assert.deepEqual(
    catalog.neighbours(second).upstream.map(({ from, relation }) => [from, relation]),
    [[model, 'contains']],
  );
  assert.equal(catalog.covers('model', 'snowflake').covered, true);
  assert.equal(fake.asked.filter(({ statement }) => statement.includes('VERSIONS')).length, 0);
});

test('when a version was made is told by a look at it or its model, and stays', async (t) => {
  const { store, sync, look, pass, fake } = await connected(t);
  await sync();
  fake.asked.length = 0;
  await look(second, model);
  assert.equal(fake.asked.filter(({ statement }) => /MODEL/.test(statement)).length, 2);
  assert.ok(fake.asked.every(({ warehouse }) => warehouse === undefined));
  assert.equal(store.snapshot().facts(second).createdAt, now - 300 * minute);
  pass(20 * minute);
  await sync();
  assert.equal(store.snapshot().facts(second).createdAt, now - 300 * minute);
});

test('a model that was dropped is gone; an account without a registry is well, and nothing is concluded from it', async (t) => {
  const { store, sync, pass, fake, log } = await connected(t);
  await sync();
  fake.world.answers.unshift([/^SHOW MODELS/, { columns: ['name', 'database_name', 'schema_name'], rows: [] }]);
  pass(20 * minute);
  await sync();
  assert.equal(store.snapshot().get(model)?.goneAt, now + 20 * minute);
  fake.world.answers.unshift([/^SHOW MODELS/, { ...notThere('Object type MODEL'), code: '001003', sqlState: '42000' }]);
  pass(20 * minute);
  await sync();
  assert.equal(store.snapshot().covers('model', 'snowflake').covered, false);
  assert.equal(store.snapshot().sources()[0]?.reason, undefined);
  assert.ok(log.lines.some((line) => /models are not read: this account does not list them/.test(line)));
});
