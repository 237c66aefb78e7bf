// Two projects of one workspace that the real dbt builds: models and tests that fail, sources too old, exposures, a command of a part.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { environment } from '../../scripts/python/environments.mjs';
import { noInstances } from '../../server/catalog/mine.ts';
import { CatalogStore } from '../../server/catalog/store.ts';
import { dbtQueryOrigin } from '../../server/connectors/dbt/queryComment.ts';
import { staleTables } from '../../server/incidents/trouble/staleTables.ts';
import { runSync } from '../../server/sync/local/run.ts';
import { testFolder } from '../support/folder.ts';
import { memoryLog } from '../support/log.ts';

const files = {
  'profiles.yml':
    'shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb}}}\ngrowth: {target: dev, outputs: {dev: {type: duckdb, path: growth.duckdb}}}\n',
  'dbt_project.yml': 'name: shop\nversion: "1.0"\nprofile: shop\nmodels: {shop: {+materialized: table}}\n',
  'seeds/raw_orders.csv': 'id,amount,loaded_at\n1,10,2020-01-01 00:00:00\n1,,2020-01-01 00:00:00\n',
  'models/orders.sql': "select id, amount from {{ ref('raw_orders') }}\n",
  'models/broken.sql': "select no_such_column from {{ ref('raw_orders') }}\n",
  'models/after_broken.sql': "select * from {{ ref('broken') }}\n",
  'models/schema.yml': `version: 2
groups:
  - name: sales
    owner: {name: sales-data, email: sales@acme.example}
sources:
  - name: crm
    schema: main
    tables:
      - name: late
        identifier: raw_orders
        loaded_at_field: loaded_at
        config: {freshness: {warn_after: {count: 1, period: day}}}
      - name: dead
        identifier: raw_orders_copy
        loaded_at_field: loaded_at
        config: {freshness: {warn_after: {count: 1, period: day}, error_after: {count: 2, period: day}}}
models:
  - name: orders
    config: {group: sales}
    columns:
      - name: id
        description: The order.
        data_type: integer
        data_tests: [unique]
      - name: amount
        data_tests:
          - not_null: {config: {severity: warn}}
exposures:
  - name: board
    type: dashboard
    maturity: high
    url: https://bi.acme.example/board
    owner: {name: Ana, email: ana@acme.example}
    depends_on: [ref('orders')]
`,
  'seeds/raw_orders_copy.csv': 'id,loaded_at\n1,2020-01-01 00:00:00\n',
  'teams/growth/dbt_project.yml': 'name: growth\nversion: "1.0"\nprofile: growth\ntarget-path: build/out\n',
  'teams/growth/models/leads.sql': 'select 1 as id\n',
};

test('two projects, one inside the other, with failures of every kind', { timeout: 300_000 }, async (context) => {
  const { python } = await environment('dbt', (line) => context.diagnostic(line));
  const folder = testFolder(context, files);
  const build = async (...commands: readonly object[]): Promise<void> => {
    const script = new URL('dbt_build.py', import.meta.url).pathname;
    const env = { ...process.env, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' };
    await promisify(execFile)(python, [script, JSON.stringify(commands)], {
      cwd: folder.path,
      env,
      maxBuffer: 2 ** 26,
    });
  };
  const { store } = CatalogStore.open(':memory:');
  context.after(() => store.close());
  const sync = () => runSync({ folders: [folder.path], store, trusted: false, log: memoryLog() });
  const catalog = store.snapshot();

  await build(
    { in: '.', args: ['build'] },
    { in: '.', args: ['source', 'freshness'] },
    { in: 'teams/growth', args: ['build'] },
  );
  const first = await sync();
  assert.deepEqual(
    first.sources.map(({ tool, health, problems }) => [tool, health, problems]),
    [
      ['dbt', 'fresh', []],
      ['dbt', 'fresh', []],
    ],
  );

  // Each node's last run is what dbt said of it, word for word.
  const artifact = (name: string) => JSON.parse(readFileSync(folder.at(`target/${name}.json`), 'utf8'));
  const table = (name: string) => `table:dbt://shop/shop/main/${name}`;
  const last = (id: string) => catalog.runs(id, { limit: 1 })[0];
  assert.deepEqual(
    ['orders', 'broken', 'after_broken'].map((name) => last(table(name))?.status),
    ['success', 'failed', 'skipped'],
  );
  assert.match(last(table('broken'))?.message ?? '', /no_such_column/);
  assert.equal(last('table:dbt://growth/growth/main/leads')?.status, 'success');

  // Tests are metrics of the table they test.
  const results: { unique_id: string; status: string; failures: number }[] = artifact('run_results').results;
  const tested = results.filter(({ unique_id }) => unique_id.startsWith('test.'));
  assert.deepEqual(tested.map(({ status }) => status).sort(), ['fail', 'warn']);
  for (const { unique_id, failures } of tested) {
    const metric = `metric:dbt://shop/${unique_id}/failures`;
    assert.deepEqual(
      catalog.series(metric).map(({ value }) => value),
      [failures],
    );
    assert.equal(catalog.facts(metric).owner, 'sales-data');
    assert.deepEqual(
      catalog.neighbours(metric).upstream.map(({ from }) => from),
      [table('orders')],
    );
  }

  // Freshness: of the tables as facts, as metrics with the age that dbt found, as incidents.
  const found: { unique_id: string; status: string; max_loaded_at_time_ago_in_s: number }[] =
    artifact('sources').results;
  for (const { unique_id, max_loaded_at_time_ago_in_s: age } of found)
    assert.equal(catalog.series(`metric:dbt://shop/${unique_id}/freshness`)[0]?.value, age);
  assert.deepEqual(found.map(({ status }) => status).sort(), ['error', 'warn']);
  assert.deepEqual(
    [catalog.facts(table('raw_orders')).freshness, catalog.facts(table('raw_orders_copy')).freshness],
    ['warn', 'error'],
  );
  assert.equal(staleTables(catalog).length, 2);

  const board = catalog.facts('job:dbt://shop/exposure.shop.board');
  assert.deepEqual(
    [board.operator, board.owner, board.url],
    ['dbt exposure (dashboard)', 'Ana', 'https://bi.acme.example/board'],
  );
  assert.deepEqual(
    catalog.neighbours('job:dbt://shop/exposure.shop.board').upstream.map(({ from }) => from),
    [table('orders')],
  );
  assert.deepEqual(catalog.facts(table('orders')).columns?.[0], {
    name: 'id',
    type: 'integer',
    description: 'The order.',
  });

  // Every query that dbt sent bears its mark.
  const sent = [
    ...readFileSync(folder.at('logs/dbt.log'), 'utf8').matchAll(/On ((?:model|test|seed)\.\S+): (\/\* \{.*?\} \*\/)/g),
  ];
  assert.ok(sent.length > 5);
  for (const [, node, comment] of sent) {
    const origin = dbtQueryOrigin({ text: `${comment}\nselect 1` }, noInstances);
    assert.deepEqual([origin?.node, origin?.target], [node, 'dev']);
  }

  // A command of a part; and one that wrote elsewhere, because the environment said so.
  const before = last(table('broken'))?.id;
  await build({ in: '.', args: ['run', '-s', 'orders'] }, { in: '.', args: ['parse'] });
  folder.write('teams/growth/models/more.sql', 'select 2 as id\n');
  await build({ in: 'teams/growth', args: ['build'], env: { DBT_TARGET_PATH: 'elsewhere' } });
  await sync();
  assert.equal(last(table('broken'))?.id, before, 'what did not run keeps its last run');
  assert.equal(catalog.runs(table('orders')).length, 2);
  assert.match(catalog.facts(table('broken')).compiledSql ?? '', /select no_such_column from/, 'after dbt parse, too');
  assert.equal(catalog.find('table', 'more', 'dbt').length, 0, 'our environment does not say so');
});
