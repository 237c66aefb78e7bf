// dbt projects: where each writes its artifacts, several in one workspace, and what stays known after a command that ran a part.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { CatalogStore } from '../../../server/catalog/store.ts';
import { dbt } from '../../../server/connectors/dbt/index.ts';
import { brokenRules } from '../../../server/incidents/trouble/metricRules.ts';
import { runSync } from '../../../server/sync/local/run.ts';
import type { MetricRule } from '../../../server/workspace/plumblineFile.ts';
import { createHost } from '../../../server/world/host.ts';
import { testFolder } from '../../support/folder.ts';
import { memoryLog } from '../../support/log.ts';
import { scanned } from '../../support/scan.ts';

type Folder = ReturnType<typeof testFolder>;

function manifest(project: string, tables: readonly string[], more: object = {}): string {
  const nodes = tables.map((name) => [
    `model.${project}.${name}`,
    {
      ...{ resource_type: 'model', name, package_name: project, database: 'dw', schema: 'main', alias: name },
      ...{ original_file_path: `models/${name}.sql`, config: { materialized: 'table' } },
    },
  ]);
  const metadata = { dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json', project_name: project };
  return JSON.stringify({ metadata, nodes: Object.fromEntries(nodes), ...more });
}

function results(project: string, invocation: string, nodes: Readonly<Record<string, string>>, at: string): string {
  return JSON.stringify({
    metadata: { invocation_id: invocation, generated_at: at },
    args: { which: 'run' },
    results: Object.entries(nodes).map(([name, status]) => ({
      ...{ unique_id: `model.${project}.${name}`, status, message: status === 'error' ? 'Database Error' : 'OK' },
      timing: [{ name: 'execute', started_at: at, completed_at: at }],
      adapter_response: { query_id: `01b2c3d4-0000-${name}` },
      compiled_code: `select 1 as ${name}`,
    })),
  });
}

async function tablesOf(folder: Folder, relative: string, variables: Readonly<Record<string, string>> = {}) {
  const host = createHost({ log: memoryLog(), trusted: false, variable: (name) => variables[name] });
  const place = { name: 'dbt', tool: 'dbt', path: folder.at(relative), workspaceFolder: folder.path };
  const seen = await scanned(await dbt.create(place, host));
  return seen.entities.map(({ id }) => id.split('/').at(-1));
}

function synced(context: TestContext, folder: Folder) {
  const { store } = CatalogStore.open(':memory:');
  context.after(() => store.close());
  const sync = () => runSync({ folders: [folder.path], store, trusted: false, log: memoryLog(), connectors: [dbt] });
  return { catalog: store.snapshot(), sync };
}

describe('where a project writes', () => {
  const project = (more: string): string => `name: shop\n${more}`;

  test('is what the file says, the environment before it, and what is there before both', async (context) => {
    const folder = testFolder(context, {
      'p/dbt_project.yml': project('target-path: out\n'),
      'p/out/manifest.json': manifest('shop', ['of_file']),
      'p/target/manifest.json': manifest('shop', ['of_default']),
      'p/env/manifest.json': manifest('shop', ['of_environment']),
    });
    assert.deepEqual(await tablesOf(folder, 'p'), ['of_file']);
    assert.deepEqual(await tablesOf(folder, 'p', { DBT_TARGET_PATH: 'env' }), ['of_environment']);
    assert.deepEqual(await tablesOf(folder, 'p', { DBT_TARGET_PATH: folder.at('p/env') }), ['of_environment']);
    const newer = { DBT_ENGINE_TARGET_PATH: 'env', DBT_TARGET_PATH: 'target' };
    assert.deepEqual(await tablesOf(folder, 'p', newer), ['of_environment']);
    assert.deepEqual(await tablesOf(folder, 'p', { DBT_TARGET_PATH: 'nowhere' }), ['of_file']);
  });

  test('may be Jinja that asks the environment', async (context) => {
    const folder = testFolder(context, {
      'p/dbt_project.yml': project(`target-path: "{{ env_var('OUT', 'target') }}"\n`),
      'p/target/manifest.json': manifest('shop', ['of_default']),
      'p/there/manifest.json': manifest('shop', ['of_variable']),
      'q/dbt_project.yml': project(`target-path: "{{ other('x') }}"\n`),
      'q/target/manifest.json': manifest('shop', ['of_default']),
    });
    assert.deepEqual(await tablesOf(folder, 'p'), ['of_default']);
    assert.deepEqual(await tablesOf(folder, 'p', { OUT: 'there' }), ['of_variable']);
    assert.deepEqual(await tablesOf(folder, 'q'), ['of_default']);
  });

  test('that another project wrote to since is not taken for its own', async (context) => {
    const folder = testFolder(context, {
      'p/dbt_project.yml': project(''),
      'shared/manifest.json': manifest('billing', ['invoices']),
    });
    const shared = { DBT_TARGET_PATH: folder.at('shared') };
    await assert.rejects(
      tablesOf(folder, 'p', shared),
      /holds artifacts of the project billing, not of shop\. Run "dbt parse"/,
    );
    folder.write('p/target/manifest.json', manifest('shop', ['orders']));
    assert.deepEqual(await tablesOf(folder, 'p', shared), ['orders']);
  });
});

describe('projects of one workspace', () => {
  test('are each their own, one inside the other, too; packages are none', async (context) => {
    const folder = testFolder(context, {
      'dbt_project.yml': 'name: shop\npackages-install-path: vendor\n',
      'target/manifest.json': manifest('shop', ['orders']),
      'vendor/utils/dbt_project.yml': 'name: utils\n',
      'vendor/utils/target/manifest.json': manifest('utils', ['never']),
      'dbt_packages/others/dbt_project.yml': 'name: others\n',
      'teams/billing/dbt_project.yml': 'name: billing\n',
      'teams/billing/target/manifest.json': manifest('billing', ['orders']),
    });
    const { catalog, sync } = synced(context, folder);
    const { sources } = await sync();
    assert.deepEqual(
      sources.map(({ health }) => health),
      ['fresh', 'fresh'],
    );
    assert.deepEqual(
      catalog
        .find('table', 'orders', 'dbt')
        .map(({ id }) => id)
        .sort(),
      ['table:dbt://billing/dw/main/orders', 'table:dbt://shop/dw/main/orders'],
    );
  });
});

describe('after a command that ran a part', () => {
  test('the others keep their last run, and the next whole one replaces all', async (context) => {
    const [first, second] = ['2026-11-20T10:00:00Z', '2026-11-20T11:00:00Z'];
    const folder = testFolder(context, {
      'dbt_project.yml': 'name: shop\n',
      'target/manifest.json': manifest('shop', ['orders', 'customers']),
      'target/run_results.json': results('shop', 'i1', { orders: 'success', customers: 'error' }, first),
    });
    const { catalog, sync } = synced(context, folder);
    await sync();
    folder.write('target/run_results.json', results('shop', 'i2', { orders: 'error' }, second));
    await sync();
    const last = (name: string) => catalog.runs(`table:dbt://shop/dw/main/${name}`, { limit: 1 })[0];
    assert.deepEqual([last('orders')?.status, last('orders')?.startedAt], ['failed', Date.parse(second)]);
    assert.deepEqual([last('customers')?.status, last('customers')?.startedAt], ['failed', Date.parse(first)]);
    assert.equal(catalog.runs('table:dbt://shop/dw/main/orders').length, 2);
    assert.deepEqual(last('orders')?.params, [{ name: 'query id', value: '01b2c3d4-0000-orders' }]);
  });

  test('sources that were not looked at stay as fresh as they were found', async (context) => {
    const source = (name: string) => ({
      ...{ resource_type: 'source', name, source_name: 'crm', package_name: 'shop', database: 'dw', schema: 'raw' },
      ...{ identifier: name, freshness: { warn_after: { count: 1, period: 'day' }, error_after: { count: null } } },
    });
    const sources = { 'source.shop.crm.a': source('a'), 'source.shop.crm.b': source('b') };
    const looked = (invocation: string, found: readonly object[]): string =>
      JSON.stringify({ metadata: { invocation_id: invocation, generated_at: '2026-11-20T12:00:00Z' }, results: found });
    const at = (name: string, status: string, age: number, time: string): object => ({
      ...{ unique_id: `source.shop.crm.${name}`, status, max_loaded_at: '2026-11-18T00:00:00Z' },
      ...{ snapshotted_at: time, max_loaded_at_time_ago_in_s: age },
    });
    const folder = testFolder(context, {
      'dbt_project.yml': 'name: shop\n',
      'target/manifest.json': manifest('shop', [], { sources }),
      'target/sources.json': looked('f1', [
        at('a', 'error', 216_000, '2026-11-20T12:00:00Z'),
        { unique_id: 'source.shop.crm.b', status: 'runtime error', error: 'no such\ncolumn' },
      ]),
    });
    const { catalog, sync } = synced(context, folder);
    await sync();
    const b = 'metric:dbt://shop/source.shop.crm.b/freshness';
    const [failed] = catalog.runs(b);
    assert.deepEqual([failed?.status, failed?.message], ['failed', 'no such column']);
    folder.write('target/sources.json', looked('f2', [at('b', 'pass', 60, '2026-11-20T13:00:00Z')]));
    await sync();
    assert.equal(catalog.facts('table:dbt://shop/dw/raw/a').freshness, 'error');
    assert.equal(catalog.facts('table:dbt://shop/dw/raw/a').updatedAt, Date.parse('2026-11-18T00:00:00Z'));
    assert.equal(catalog.facts('table:dbt://shop/dw/raw/b').freshness, 'pass');
    const a = 'metric:dbt://shop/source.shop.crm.a/freshness';
    assert.deepEqual(
      catalog.series(a).map(({ value, run }) => [value, run]),
      [[216_000, 'run:dbt://shop/f1/source.shop.crm.a']],
    );
    assert.equal(catalog.facts(a).unit, 's');
  });

  test('what was compiled is known after dbt parse, too', async (context) => {
    const folder = testFolder(context, {
      'dbt_project.yml': 'name: shop\n',
      'target/manifest.json': manifest('shop', ['orders', 'customers', 'never']),
      'target/run_results.json': results('shop', 'i1', { orders: 'success' }, '2026-11-20T10:00:00Z'),
      'target/compiled/shop/models/customers.sql': '\nselect 1 as compiled\n',
    });
    const { catalog, sync } = synced(context, folder);
    await sync();
    const sql = (name: string) => catalog.facts(`table:dbt://shop/dw/main/${name}`).compiledSql;
    assert.deepEqual([sql('orders'), sql('customers')], ['select 1 as orders', 'select 1 as compiled']);
    assert.equal(sql('never'), undefined);
  });
});

test('a test is a metric of its table, and belongs to whom the table belongs to', async (context) => {
  const nodes = {
    'model.shop.orders': {
      ...{ resource_type: 'model', name: 'orders', package_name: 'shop', database: 'dw', schema: 'main' },
      ...{ alias: 'orders', group: 'sales' },
    },
    'test.shop.unique_orders_id.1': {
      ...{ resource_type: 'test', name: 'unique_orders_id', package_name: 'shop', config: { severity: 'WARN' } },
      ...{ attached_node: 'model.shop.orders', depends_on: { nodes: ['model.shop.orders'] } },
    },
  };
  const exposures = {
    'exposure.shop.board': {
      ...{ resource_type: 'exposure', type: 'dashboard', name: 'board', owner: { email: 'ana@acme.example' } },
      ...{ url: 'https://bi.acme.example/board', depends_on: { nodes: ['model.shop.orders'] } },
    },
  };
  const ran = {
    metadata: { invocation_id: 'i1', generated_at: '2026-11-20T10:00:00Z' },
    args: { which: 'test' },
    results: [{ unique_id: 'test.shop.unique_orders_id.1', status: 'warn', failures: 4, message: 'Got 4 results' }],
  };
  const groups = { 'group.shop.sales': { name: 'sales', owner: { email: 'sales@acme.example' } } };
  const folder = testFolder(context, {
    'dbt_project.yml': 'name: shop\n',
    'target/manifest.json': manifest('shop', [], { nodes, exposures, groups }),
    'target/run_results.json': JSON.stringify(ran),
  });
  const { catalog, sync } = synced(context, folder);
  await sync();
  const metric = 'metric:dbt://shop/test.shop.unique_orders_id.1/failures';
  assert.deepEqual(
    catalog.series(metric).map(({ value }) => value),
    [4],
  );
  const { metricType, unit, owner } = catalog.facts(metric);
  assert.deepEqual([metricType, unit, owner], ['dbt test, severity warn', 'rows', 'sales@acme.example']);
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const rule: MetricRule = {
    ...{ name: 'Orders are unique', range, conditions: [{ test: 'above', value: 0 }] },
    subject: { by: 'table', name: 'orders', metric: 'failures' },
  };
  assert.deepEqual(
    brokenRules(catalog, [rule]).map(({ entity, run }) => [entity, run]),
    [['table:dbt://shop/dw/main/orders', 'run:dbt://shop/i1/test.shop.unique_orders_id.1']],
    'a rule of plumbline.yaml may name it',
  );
  assert.deepEqual(
    catalog.neighbours(metric).upstream.map(({ from, relation }) => [from, relation]),
    [['table:dbt://shop/dw/main/orders', 'measures']],
  );
  const [run] = catalog.runs('task:dbt://shop/test.shop.unique_orders_id.1');
  assert.deepEqual([run?.status, run?.message], ['success', 'Got 4 results']);
  const exposure = catalog.facts('job:dbt://shop/exposure.shop.board');
  assert.deepEqual([exposure.operator, exposure.owner], ['dbt exposure (dashboard)', 'ana@acme.example']);
});
