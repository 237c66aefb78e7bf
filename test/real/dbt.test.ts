// The real dbt builds a tiny project on DuckDB, changes it and builds again; what we read is compared with what it said.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { environment } from '../../scripts/python/environments.mjs';
import { CatalogStore } from '../../server/catalog/store.ts';
import { runSync } from '../../server/sync/local/run.ts';
import { testFolder } from '../support/folder.ts';
import { memoryLog } from '../support/log.ts';

const run = promisify(execFile);

const files = {
  'dbt_project.yml': 'name: tiny_dbt\nversion: "1.0"\nprofile: tiny\nmodels: {tiny_dbt: {+materialized: table}}\n',
  'profiles.yml': 'tiny: {target: dev, outputs: {dev: {type: duckdb, path: tiny.duckdb}}}\n',
  'seeds/customers.csv': 'id,churned,loaded_at\n1,true,2020-01-01 00:00:00\n2,,2020-01-01 00:00:00\n',
  'models/labels.sql': "select id, churned from {{ source('crm', 'events') }}\n",
  'models/report.sql': "select count(*) as n from {{ ref('labels') }}\n",
  'models/schema.yml': `version: 2
groups:
  - name: growth
    owner: {name: growth-ml, email: growth@acme.example}
sources:
  - name: crm
    schema: main
    tables:
      - name: events
        identifier: customers
        loaded_at_field: loaded_at
        config: {freshness: {warn_after: {count: 1, period: day}}}
models:
  - name: labels
    description: One row a customer.
    config: {group: growth}
    columns:
      - name: ID
        description: The customer.
      - name: churned
        data_tests: [not_null]
`,
};

test('a project that dbt really built', async (context) => {
  const { bin } = await environment('dbt', (line) => context.diagnostic(line));
  const folder = testFolder(context, files);
  const dbt = async (...args: readonly string[]): Promise<void> => {
    const options = {
      cwd: folder.path,
      env: {
        ...process.env,
        DBT_SEND_ANONYMOUS_USAGE_STATS: 'false',
        DBT_ENV_CUSTOM_ENV_GIT_SHA: '5be1f0a5be1f0a5be1f0a5be1f0a5be1f0a5be1f',
      },
    };
    // A failing test makes dbt exit with 1, which is what we want to read about.
    await run(bin('dbt'), [...args, '--profiles-dir', '.'], options).catch(
      (error: { code?: number; stdout?: string }) => {
        if (error.code !== 1) throw error;
      },
    );
  };
  const artifact = (name: string) => JSON.parse(readFileSync(folder.at(`target/${name}.json`), 'utf8'));
  const { store } = CatalogStore.open(':memory:');
  const sync = () => runSync({ folders: [folder.path], store, trusted: false, log: memoryLog() });
  const catalog = store.snapshot();

  await dbt('seed');
  await dbt('docs', 'generate');
  await dbt('source', 'freshness');
  await dbt('build');
  const first = await sync();
  assert.deepEqual(
    first.sources.map(({ name, health, problems }) => [name.slice(0, 4), health, problems]),
    [['dbt ', 'fresh', []]],
  );

  const labels = 'table:dbt://tiny_dbt/tiny/main/labels';
  const customers = 'table:dbt://tiny_dbt/tiny/main/customers';
  assert.deepEqual(
    catalog.find('table', 'labels', 'dbt').map(({ id }) => id),
    [labels],
  );
  assert.deepEqual(
    catalog.find('table', 'crm.events', 'dbt').map(({ id }) => id),
    [customers],
  );
  const facts = catalog.facts(labels);
  assert.equal(facts.owner, 'growth-ml');
  assert.equal(facts.description, 'One row a customer.');
  assert.deepEqual(facts.definedAt, { path: folder.at('models/labels.sql'), line: 1 });
  assert.match(facts.compiledSql ?? '', /from "tiny"\."main"\."customers"/);
  assert.equal(catalog.facts(customers).freshness, 'warn');
  assert.equal(catalog.facts(customers).updatedAt, Date.parse('2020-01-01T00:00:00Z'));
  assert.ok(catalog.covers('table', 'dbt', 'dbt://tiny_dbt').covered);

  // Lineage: the source is read by labels, labels by the report and by the test.
  assert.deepEqual(
    catalog.neighbours(labels).upstream.map(({ from }) => from),
    [customers],
  );
  assert.deepEqual(
    catalog
      .neighbours(labels)
      .downstream.map(({ to }) => to.split(':')[0])
      .sort(),
    ['metric', 'table', 'task'],
  );

  // Runs: what dbt said of each node, word for word.
  const said: { unique_id: string; status: string }[] = artifact('run_results').results;
  const invocation: string = artifact('run_results').metadata.invocation_id;
  const statuses: Readonly<Record<string, string>> = {
    success: 'success',
    pass: 'success',
    fail: 'failed',
    skipped: 'skipped',
  };
  assert.ok(said.some(({ status }) => status === 'fail') && said.some(({ status }) => status === 'skipped'));
  for (const { unique_id, status } of said) {
    const read = catalog.run(`run:dbt://tiny_dbt/${invocation}/${unique_id}`);
    assert.equal(read?.status, statuses[status], unique_id);
    assert.equal(read?.commit, '5be1f0a5be1f0a5be1f0a5be1f0a5be1f0a5be1f');
  }
  const [failed] = catalog.failedRuns(0, 10);
  assert.equal(failed?.message, 'Got 1 result, configured to fail if != 0');
  assert.deepEqual(
    failed?.inputs.map(({ id }) => id),
    [labels],
  );

  // A column is renamed upstream: the table changes, history keeps what it was, runs of before stay.
  folder.write('models/labels.sql', "select id, churned as has_churned from {{ source('crm', 'events') }}\n");
  folder.write('models/schema.yml', files['models/schema.yml'].replace(/ {6}- name: churned\n.*\n/, ''));
  await dbt('run');
  const middle = await sync();
  assert.equal(middle.changed, true);
  await dbt('docs', 'generate');
  await sync();
  assert.deepEqual(
    catalog.facts(labels).columns?.map(({ name }) => name),
    ['id', 'has_churned'],
  );
  assert.ok(catalog.history(labels, 'columns').length >= 2, 'the columns of before are remembered');
  assert.equal(catalog.runs(labels).length, 2, 'docs generate is no run, and the build before is kept');
  assert.equal(
    catalog.find('task', 'not_null_labels_churned', 'dbt')[0]?.goneAt !== undefined,
    true,
    'the test is gone',
  );
});
