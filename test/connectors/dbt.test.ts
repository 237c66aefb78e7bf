// dbt connector: artifacts to tables, tests, edges and runs; half-written, huge, broken and unknown ones.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dbt } from '../../server/connectors/dbt/index.ts';
import { columnsOf } from '../../server/connectors/dbt/tables.ts';
import { sourceLine } from '../../server/connectors/dbt/yamlLines.ts';
import { testFolder } from '../support/folder.ts';
import { hostAt, scanned } from '../support/scan.ts';

const now = '2026-11-20T12:00:00Z';
const invocation = 'c6db4b67-95fd-4704-82bc-03706db138ec';

function metadata(artifact: string, more: object = {}): object {
  const version = `https://schemas.getdbt.com/dbt/${artifact}.json`;
  return { dbt_schema_version: version, generated_at: '2026-11-20T10:00:09.5Z', invocation_id: invocation, ...more };
}

const labels = {
  resource_type: 'model',
  name: 'churn_labels',
  package_name: 'churn_dbt',
  database: 'churn',
  schema: 'main',
  alias: 'churn_labels',
  relation_name: '"churn"."main"."churn_labels"',
  original_file_path: 'models/churn_labels.sql',
  description: 'Who left.',
  group: 'growth',
  tags: ['ml'],
  config: { materialized: 'table', meta: { owner: 'nobody' } },
  columns: { ID: { name: 'ID', description: 'The customer.' }, churned: { name: 'churned', description: 'Left.' } },
  compiled_code: 'select id, churned from "churn"."raw"."customers"',
  depends_on: { nodes: ['source.churn_dbt.crm.customers'] },
};
const customers = {
  resource_type: 'source',
  name: 'customers',
  source_name: 'crm',
  package_name: 'churn_dbt',
  database: 'churn',
  schema: 'raw',
  identifier: 'CUSTOMERS',
  relation_name: '"churn"."raw"."CUSTOMERS"',
  original_file_path: 'models/sources.yml',
};
const notNull = {
  resource_type: 'test',
  name: 'not_null_churned',
  package_name: 'churn_dbt',
  original_file_path: 'models/schema.yml',
  attached_node: 'model.churn_dbt.churn_labels',
  depends_on: { nodes: ['model.churn_dbt.churn_labels'] },
};
const exposure = {
  resource_type: 'exposure',
  name: 'report',
  package_name: 'churn_dbt',
  owner: { email: 'ana@acme.example' },
};

function manifest(version = 'v12'): object {
  return {
    metadata: metadata(`manifest/${version}`, { project_name: 'churn_dbt' }),
    nodes: { 'model.churn_dbt.churn_labels': labels, 'test.churn_dbt.not_null_churned.1': notNull },
    sources: { 'source.churn_dbt.crm.customers': customers },
    exposures: { 'exposure.churn_dbt.report': exposure },
    groups: { 'group.churn_dbt.growth': { name: 'growth', owner: { name: 'growth-ml' } } },
    parent_map: {
      'model.churn_dbt.churn_labels': ['source.churn_dbt.crm.customers'],
      'test.churn_dbt.not_null_churned.1': ['model.churn_dbt.churn_labels'],
      'exposure.churn_dbt.report': ['model.churn_dbt.churn_labels'],
    },
  };
}

function results(which: string): object {
  const timing = [
    { name: 'compile', started_at: '2026-11-20T10:00:01Z', completed_at: '2026-11-20T10:00:02Z' },
    { name: 'execute', started_at: '2026-11-20T10:00:02Z', completed_at: '2026-11-20T10:00:05Z' },
  ];
  return {
    metadata: metadata('run-results/v6', { env: { GIT_SHA: '5be1f0a5be1f0a5be1f0a5be1f0a5be1f0a5be1f' } }),
    args: { which },
    results: [
      { unique_id: 'model.churn_dbt.churn_labels', status: 'success', timing, adapter_response: { rows_affected: 42 } },
      {
        unique_id: 'test.churn_dbt.not_null_churned.1',
        status: 'fail',
        timing,
        failures: 3,
        message: '\u001b[31mGot 3 results, configured to fail if != 0\u001b[0m',
      },
      { unique_id: 'exposure.churn_dbt.report', status: 'no-op', timing: [] },
    ],
  };
}

const catalog = {
  metadata: metadata('catalog/v1'),
  nodes: {
    'model.churn_dbt.churn_labels': {
      metadata: { owner: 'warehouse', comment: 'not this' },
      columns: {
        HAS_CHURNED: { name: 'HAS_CHURNED', type: 'BOOLEAN', index: 2 },
        Id: { name: 'Id', type: 'INTEGER', index: 1 },
      },
      stats: {
        has_stats: { id: 'has_stats', value: true, include: false },
        num_rows: { id: 'num_rows', value: 42, include: true },
        num_bytes: { id: 'num_bytes', value: 4096, include: true },
      },
    },
  },
  sources: {},
};
const freshness = {
  metadata: metadata('sources/v3'),
  results: [{ unique_id: 'source.churn_dbt.crm.customers', status: 'warn', max_loaded_at: '2026-11-18T00:00:00Z' }],
};

const files = {
  'dbt/dbt_project.yml': 'name: churn_dbt\nversion: "1.0"\n',
  'dbt/models/sources.yml':
    'sources:\n  - name: crm\n    tables:\n      - name: events\n      - name: customers # all of them\n',
  'dbt/logs/dbt.log': '10:00:00 Running with dbt=1.12.6\n',
  'dbt/target/manifest.json': JSON.stringify(manifest()),
  'dbt/target/run_results.json': JSON.stringify(results('build')),
  'dbt/target/catalog.json': JSON.stringify(catalog),
  'dbt/target/sources.json': JSON.stringify(freshness),
};

const labelsId = 'table:dbt://churn_dbt/churn/main/churn_labels';
const customersId = 'table:dbt://churn_dbt/churn/raw/customers';
const failuresId = 'metric:dbt://churn_dbt/test.churn_dbt.not_null_churned.1/failures';
const freshnessId = 'metric:dbt://churn_dbt/source.churn_dbt.crm.customers/freshness';
const testId = 'task:dbt://churn_dbt/test.churn_dbt.not_null_churned.1';

async function connect(root: string) {
  return dbt.create({ name: 'dbt dbt', tool: 'dbt', path: `${root}/dbt`, workspaceFolder: root }, hostAt(now));
}

describe('a dbt project', () => {
  test('becomes tables with everything the four artifacts say', async (context) => {
    const folder = testFolder(context, files);
    const seen = await scanned(await connect(folder.path));
    assert.deepEqual(
      seen.entities.find(({ id }) => id === labelsId),
      {
        id: labelsId,
        kind: 'table',
        name: 'churn.main.churn_labels',
        aliases: [
          'churn_labels',
          'churn_dbt.churn_labels',
          '"churn"."main"."churn_labels"',
          'model.churn_dbt.churn_labels',
        ],
        facts: {
          description: 'Who left.',
          owner: 'growth-ml',
          dataOwner: 'growth-ml',
          tags: ['ml'],
          definedAt: { path: folder.at('dbt/models/churn_labels.sql'), line: 1 },
          compiledSql: 'select id, churned from "churn"."raw"."customers"',
          materialized: 'table',
          columns: [
            { name: 'Id', type: 'INTEGER', description: 'The customer.' },
            { name: 'HAS_CHURNED', type: 'BOOLEAN' },
          ],
          rows: 42,
          bytes: 4096,
        },
      },
    );
    const source = seen.entities.find(({ id }) => id === customersId);
    assert.equal(source?.facts?.freshness, 'warn');
    assert.equal(source?.facts?.updatedAt, Date.parse('2026-11-18T00:00:00Z'));
    assert.deepEqual(source?.facts?.definedAt, { path: folder.at('dbt/models/sources.yml'), line: 5 });
    assert.ok(source?.aliases?.includes('crm.customers'));
  });

  test('has edges from parents to children, tests and exposures', async (context) => {
    const { edges } = await scanned(await connect(testFolder(context, files).path));
    assert.deepEqual(
      edges.map(({ from, to, relation, origin }) => [from, relation, to, origin]),
      [
        [customersId, 'reads', labelsId, 'declared'],
        [labelsId, 'reads', testId, 'declared'],
        [labelsId, 'reads', 'job:dbt://churn_dbt/exposure.churn_dbt.report', 'declared'],
        [labelsId, 'measures', failuresId, 'declared'],
        [customersId, 'measures', freshnessId, 'declared'],
      ],
    );
  });

  test('has runs of what the last command built and tested', async (context) => {
    const folder = testFolder(context, files);
    const { runs } = await scanned(await connect(folder.path));
    assert.deepEqual(
      runs.slice(0, 2).map(({ id, status }) => [id, status]),
      [
        [`run:dbt://churn_dbt/${invocation}/model.churn_dbt.churn_labels`, 'success'],
        [`run:dbt://churn_dbt/${invocation}/test.churn_dbt.not_null_churned.1`, 'failed'],
      ],
    );
    const [built, failed] = runs;
    assert.deepEqual(built?.outputs, [{ id: labelsId, name: '"churn"."main"."churn_labels"', rows: 42 }]);
    assert.equal(built?.startedAt, Date.parse('2026-11-20T10:00:01Z'));
    assert.equal(built?.endedAt, Date.parse('2026-11-20T10:00:05Z'));
    assert.equal(built?.commit, '5be1f0a5be1f0a5be1f0a5be1f0a5be1f0a5be1f');
    assert.deepEqual(failed?.of, [testId]);
    assert.equal(failed?.message, 'Got 3 results, configured to fail if != 0');
    assert.deepEqual(
      failed?.inputs.map(({ id }) => id),
      [labelsId],
    );
    assert.deepEqual(
      failed?.metrics.map(({ name, value }) => [name, value]),
      [['failures', 3]],
    );
    assert.equal(failed?.logs[0]?.file, folder.at('dbt/logs/dbt.log'));
  });

  test('docs generate compiled everything and ran nothing', async (context) => {
    const folder = testFolder(context, {
      ...files,
      'dbt/target/run_results.json': JSON.stringify(results('generate')),
    });
    const { runs } = await scanned(await connect(folder.path));
    assert.deepEqual(
      runs.map(({ of }) => of),
      [[freshnessId]],
    );
  });

  test('covers its tables when all was read', async (context) => {
    const { covered, problems } = await scanned(await connect(testFolder(context, files).path));
    assert.deepEqual(problems, []);
    assert.deepEqual(
      covered.map(({ kind, scope }) => `${kind} ${scope}`),
      ['table dbt://churn_dbt', 'task dbt://churn_dbt', 'job dbt://churn_dbt', 'metric dbt://churn_dbt'],
    );
  });

  test('a source and the seed behind it are one table under both names', async (context) => {
    const seed = {
      ...customers,
      resource_type: 'seed',
      name: 'raw_customers',
      alias: 'customers',
      source_name: undefined,
      identifier: undefined,
    };
    const whole = { ...manifest(), nodes: { 'seed.churn_dbt.raw_customers': seed } };
    const folder = testFolder(context, { ...files, 'dbt/target/manifest.json': JSON.stringify(whole) });
    const { entities } = await scanned(await connect(folder.path));
    const same = entities.filter(({ id }) => id === customersId);
    assert.equal(same.length, 1);
    assert.ok(same[0]?.aliases?.includes('crm.customers') && same[0].aliases.includes('raw_customers'));
  });

  for (const version of ['v9', 'v10', 'v11', 'v12', 'v20']) {
    test(`manifest ${version} is known`, async (context) => {
      const folder = testFolder(context, { ...files, 'dbt/target/manifest.json': JSON.stringify(manifest(version)) });
      assert.deepEqual((await scanned(await connect(folder.path))).problems, []);
    });
  }
});

describe('bad artifacts', () => {
  test('an unknown manifest version is read as far as it goes, said, and proves nothing', async (context) => {
    const folder = testFolder(context, { ...files, 'dbt/target/manifest.json': JSON.stringify(manifest('v99')) });
    const seen = await scanned(await connect(folder.path));
    assert.equal(seen.entities.length, 6);
    assert.match(seen.problems[0]?.message ?? '', /manifest\.json has schema v99; known are v9, v10, v11, v12, v20/);
    assert.deepEqual(seen.covered, []);
  });

  test('a project that was never built says what to run', async (context) => {
    const folder = testFolder(context, { 'dbt/dbt_project.yml': 'name: churn_dbt' });
    await assert.rejects(scanned(await connect(folder.path)), /manifest\.json is not there\. Run "dbt parse"/);
  });

  test('a half-written manifest is read again a moment later', async (context) => {
    const whole = files['dbt/target/manifest.json'];
    const folder = testFolder(context, { ...files, 'dbt/target/manifest.json': whole.slice(0, 500) });
    const connector = await connect(folder.path);
    const reading = scanned(connector);
    setTimeout(() => folder.write('dbt/target/manifest.json', whole), 150);
    assert.equal((await reading).entities.length, 6);
  });

  test('a manifest that stays broken fails with the next step', async (context) => {
    const folder = testFolder(context, { ...files, 'dbt/target/manifest.json': '{"metadata": {' });
    await assert.rejects(scanned(await connect(folder.path)), /manifest\.json is not whole JSON .* Run dbt again/);
  });

  test('a broken catalog.json costs the columns, not the tables', async (context) => {
    const folder = testFolder(context, { ...files, 'dbt/target/catalog.json': '{"nodes": {' });
    const seen = await scanned(await connect(folder.path));
    assert.equal(seen.entities.length, 6);
    assert.match(seen.problems[0]?.message ?? '', /catalog\.json is not whole JSON/);
  });

  const shapes: readonly [string, unknown][] = [
    ['an array', []],
    ['null', null],
    ['nodes that are no objects', { nodes: { a: 1, b: null, c: 'x' }, sources: [], parent_map: { a: 'b' } }],
    [
      'fields of other types',
      { nodes: { 'model.p.a': { name: 7, columns: [1], config: 'x', depends_on: null, tags: {} } } },
    ],
  ];
  for (const [title, shape] of shapes) {
    test(`${title} is no crash`, async (context) => {
      const folder = testFolder(context, { ...files, 'dbt/target/manifest.json': JSON.stringify(shape) });
      const seen = await scanned(await connect(folder.path));
      assert.ok(seen.problems.length > 0);
    });
  }

  test('a manifest of 50 MB in one line', async (context) => {
    const nodes: Record<string, object> = {};
    for (let index = 0; index < 5_000; index += 1) {
      nodes[`model.churn_dbt.m${index}`] = {
        ...labels,
        name: `m${index}`,
        alias: `m${index}`,
        raw_code: 'x'.repeat(10_000),
      };
    }
    const text = JSON.stringify({ ...manifest(), nodes });
    assert.ok(text.length > 50_000_000 && !text.includes('\n'));
    const folder = testFolder(context, { ...files, 'dbt/target/manifest.json': text });
    const seen = await scanned(await connect(folder.path));
    assert.equal(seen.entities.filter(({ kind }) => kind === 'table').length, 5_001);
  });
});

test('columns are compared without case; what the warehouse does not have is not in the table', () => {
  const declared = [
    { name: 'churned', description: 'Left.' },
    { name: 'id', description: 'The customer.' },
  ];
  assert.deepEqual(columnsOf(declared, [{ name: 'ID', type: 'NUMBER' }]), [
    { name: 'ID', type: 'NUMBER', description: 'The customer.' },
  ]);
  assert.deepEqual(columnsOf(declared, []), declared);
});

test('the line of a source table in its YAML file', () => {
  const yaml =
    'sources:\n  - name: crm\n    tables:\n      - name: "events"\n  - name: shop\n    tables:\n      - name: events\n';
  assert.equal(sourceLine(yaml, 'crm', 'events'), 4);
  assert.equal(sourceLine(yaml, 'shop', 'events'), 7);
  assert.equal(sourceLine(yaml, 'crm', 'nothing'), 2);
  assert.equal(sourceLine('', 'crm', 'events'), 1);
});

test('projects are found by dbt_project.yml, packages of others are not', async () => {
  const files = ['dbt_project.yml', 'a/dbt_project.yml', 'a/dbt_packages/utils/dbt_project.yml'];
  const found = await dbt.discover({ root: '/w', files, folders: [], declared: [] });
  assert.deepEqual(
    found.map(({ path, name }) => [path, name]),
    [
      ['/w', 'dbt w'],
      ['/w/a', 'dbt a'],
    ],
  );
});
