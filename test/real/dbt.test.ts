// The real dbt builds a tiny project on DuckDB, changes it and builds again; what we read is compared with what it said.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { environment } from '../../scripts/python/environments.mjs';
import { CatalogStore } from '../../server/catalog/store.ts';
import { runSync } from '../../server/sync/local/run.ts';
import { createExec } from '../../server/world/exec.ts';
import { openRepository } from '../../server/world/git.ts';
import { memoryLog } from '../support/log.ts';
import { testRepository } from '../support/repository.ts';

const run = promisify(execFile);

const files = {
  'dbt_project.yml': 'name: tiny_dbt\nversion: "1.0"\nprofile: tiny\nmodels: {tiny_dbt: {+materialized: table}}\n',
  'profiles.yml': 'tiny: {target: dev, outputs: {dev: {type: duckdb, path: tiny.duckdb}}}\n',
  'seeds/customers.csv': 'id,churned,loaded_at\n1,true,2020-01-01 00:00:00\n2,,2020-01-01 00:00:00\n',
  'models/labels.sql': "select id, churned from {{ source('crm', 'events') }}\n",
  // What git may have, and what dbt reads: line ends of another system, white space that only Python takes for it.
  'seeds/windows.csv': '\r\nid,name\r\n1,a  b\r\n\r\n',
  'models/odd.sql': '-- \ufeff one\u00a0two\u001c \u2003\u0085\r\n\r\n  select\t1 as n,\r\n\r\n 2 as m \r\n',
  'tests/odd_is_positive.sql': "\n select * from {{ ref('odd') }} where n < 0\n\n",
  '.gitignore': 'target/\nlogs/\n*.duckdb\n*.user.yml\n',
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
  const folder = testRepository(context);
  const committed = folder.commit('begin', files);
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

  // What was built is what is committed: every file that dbt hashes is found by its checksum.
  const git = await openRepository(folder.path, createExec(true));
  assert.ok(git);
  const hashed: Record<string, string> = {};
  const nodes: { unique_id: string; original_file_path: string; checksum: { name: string } }[] = Object.values(
    artifact('manifest').nodes,
  );
  for (const { unique_id, original_file_path, checksum } of nodes) {
    if (checksum.name !== 'sha256') continue;
    const [entity] = ['table' as const, 'task' as const].flatMap((kind) => catalog.find(kind, unique_id, 'dbt'));
    const { content } = catalog.facts(entity?.id ?? assert.fail(unique_id));
    assert.ok(content, unique_id);
    const match = await git.holding(content, [folder.at(original_file_path)]);
    hashed[original_file_path] = match.is === 'checkedOut' ? `${match.first} ${match.aside}` : JSON.stringify(match);
  }
  const sources = Object.keys(files).filter((name) => /^(models|seeds|tests)\/.*(sql|csv)$/.test(name));
  assert.deepEqual(hashed, Object.fromEntries(sources.map((name) => [name, `${committed} white space`])));

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
  // Not committed; then committed. The run of before keeps what it ran.
  const near = [folder.at('models/labels.sql')];
  const held = async (content = catalog.facts(labels).content) => git.holding(content ?? assert.fail(), near);
  assert.deepEqual(await held(), { is: 'saved', path: 'models/labels.sql', aside: 'white space' });
  const changed = folder.commit('rename a column', {});
  const today = await held();
  assert.deepEqual([today.is, 'first' in today && today.first], ['checkedOut', changed]);
  const [newest, before] = catalog.runs(labels);
  assert.deepEqual(newest?.content, catalog.facts(labels).content);
  const then = await held(before?.content);
  assert.ok(then.is === 'committed');
  assert.deepEqual([then.first, then.last, then.branch, then.behind], [committed, committed, 'main', 1]);
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
