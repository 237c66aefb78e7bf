// Resolve: every outcome, from a world stated in lines.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EntityKind } from '../../server/catalog/entity.ts';
import type { Reference, ReferenceDetail } from '../../server/references/reference.ts';
import type { Resolution } from '../../server/resolve/resolution.ts';
import { type ResolveOptions, resolve } from '../../server/resolve/resolve.ts';
import { fixtureCatalog, fixtureNow } from '../support/catalog.ts';

const world = `
  source mlflow covers=model,experiment age=10m
  model churn
  model churn-lite gone=3h
  metric churn/auc
  metric fraud/auc

  source dbt covers=table
  table analytics.ml.churn_labels alias=churn_labels
  table analytics.ml.churn_features
  table staging.ml.churn_features
  table raw.crm.customers
  table raw.crm.customers tool=openlineage

  source airflow health=failing reason="the folder is not mounted"
  job train_churn
  task train_churn.fit
  task score_churn.fit
  task score_churn.load.rows

  source databricks health=never
  path s3://acme-lake/churn/features/2026-11-21/features.parquet
  path s3://acme-lake/churn/features/2026-11-14/features.parquet
`;

function reference(kind: EntityKind, name: string, tool: string, detail: ReferenceDetail = {}): Reference {
  const start = { line: 0, character: 0 };
  const range = { start, end: start };
  return { kind, name, role: 'reads', range, text: name, tool, detail, confidence: 'literal', via: 'test', within: {} };
}

function outcome(asked: Reference, options: Partial<ResolveOptions> = {}, text = world): string {
  const { store } = { store: fixtureCatalog(text) };
  return inWords(resolve(asked, store.snapshot(), { definedHere: false, ...options }));
}

function inWords(resolution: Resolution): string {
  switch (resolution.status) {
    case 'resolved':
      return `resolved ${resolution.entity.id}`;
    case 'ambiguous':
      return `ambiguous ${resolution.candidates.map(({ name }) => name).join(' ')}`;
    case 'matches':
      return `matches ${resolution.pattern}: ${resolution.entities.length}`;
    case 'missing':
      return `missing ${(fixtureNow - resolution.asOf) / 60_000}m near ${resolution.near.map(({ name }) => name).join(' ')}`;
    case 'gone':
      return `gone ${resolution.entity.name} ${(fixtureNow - resolution.until) / 3_600_000}h`;
    case 'unknown':
      return `unknown ${Object.values(resolution.reason).join(' | ')}`;
    default:
      return resolution.status;
  }
}

test('a name that exists', () => {
  assert.equal(
    outcome(reference('model', 'churn', 'mlflow', { alias: 'champion' })),
    'resolved model:mlflow://local/churn',
  );
  assert.equal(
    outcome(reference('table', 'churn_labels', 'dbt')),
    'resolved table:dbt://local/analytics/ml/churn_labels',
  );
  assert.equal(
    outcome(reference('table', 'ANALYTICS.ML.CHURN_LABELS', 'sql')),
    'resolved table:dbt://local/analytics/ml/churn_labels',
  );
});

test('several of a name', () => {
  assert.equal(
    outcome(reference('table', 'churn_features', 'sql')),
    'ambiguous analytics.ml.churn_features staging.ml.churn_features',
  );
  assert.equal(
    outcome(reference('table', 'churn_features', 'sql', { qualified: 'staging.ml.churn_features' })),
    'resolved table:dbt://local/staging/ml/churn_features',
  );
  assert.equal(
    outcome(reference('table', 'RAW.CRM.CUSTOMERS', 'sql')),
    'resolved table:dbt://local/raw/crm/customers',
    'one table told by two tools is one table',
  );
});

test('where the code says: in this DAG, group or experiment', () => {
  assert.equal(outcome(reference('task', 'fit', 'airflow')), 'ambiguous score_churn.fit train_churn.fit');
  assert.equal(
    outcome(reference('task', 'fit', 'airflow', { container: 'train_churn' })),
    'resolved task:airflow://local/train_churn/fit',
  );
  assert.equal(
    outcome(reference('task', 'rows', 'airflow', { container: 'score_churn', group: 'load' })),
    'resolved task:airflow://local/score_churn/load/rows',
  );
  assert.equal(
    outcome(reference('metric', 'auc', 'mlflow', { container: 'churn' })),
    'resolved metric:mlflow://local/churn/auc',
  );
});

test('a job of Databricks is a number in ids, a name and a key in code', () => {
  const store = fixtureCatalog('');
  const source = { name: 'dbx', tool: 'databricks', scope: 'databricks://1', kinds: ['task' as const] };
  const scan = store.writer().startScan(source, fixtureNow);
  const task = (job: string, name: string, ...aliases: string[]) => ({
    ...{ id: `task:databricks://1/${job}/score`, kind: 'task' as const, name, aliases },
  });
  scan.apply({
    entities: [task('11', 'nightly.score', 'churn_job.score', 'score'), task('12', 'other.score', 'score')],
  });
  scan.finish();
  const found = (container: string) => {
    const asked = reference('task', 'score', 'databricks', { container });
    return inWords(resolve(asked, store.snapshot(), { definedHere: false }));
  };
  assert.equal(found('nightly'), 'resolved task:databricks://1/11/score');
  assert.equal(found('churn_job'), 'resolved task:databricks://1/11/score');
  assert.notEqual(found('nobody'), 'resolved task:databricks://1/11/score');
});

test('the same name of another DAG or experiment is another thing', () => {
  assert.equal(
    outcome(reference('task', 'fit', 'airflow', { container: 'other' }), { definedHere: true }),
    'undeployed',
  );
  assert.equal(
    outcome(reference('task', 'rows', 'airflow', { container: 'score_churn' })),
    'resolved task:airflow://local/score_churn/load/rows',
    'a group that the code does not say',
  );
  assert.equal(
    outcome(reference('metric', 'auc', 'mlflow', { container: 'tuning' })),
    'unknown partial | mlflow (fixture)',
  );
  assert.equal(outcome(reference('metric', 'auc', 'mlflow', { container: '*' })), 'ambiguous auc auc');
});

test('data kept by day is its folder', () => {
  const daily = 'path s3://acme-lake/churn/joined/';
  const joined = 'resolved path:s3://acme-lake/churn/joined/';
  assert.equal(outcome(reference('path', 's3://acme-lake/churn/joined/2026-11-21.parquet', 's3'), {}, daily), joined);
  assert.equal(outcome(reference('path', 's3://acme-lake/churn/joined/dt=1/a.parquet', 's3'), {}, daily), joined);
  assert.equal(
    outcome(reference('path', 's3://acme-lake/churn/joined/*.parquet', 's3'), {}, daily),
    'matches s3://acme-lake/churn/joined/*.parquet: 1',
  );
  assert.equal(
    outcome(reference('path', 's3://acme-lake/churn/*/x', 's3'), {}, daily),
    'matches s3://acme-lake/churn/*/x: 0',
  );
  assert.equal(
    outcome(reference('path', 's3://acme-lake/churn/joined/notes.txt', 's3'), {}, daily),
    'unknown noConnection | s3',
  );
});

test('patterns and folders', () => {
  assert.equal(outcome(reference('table', 'churn_*', 'sql')), 'matches churn_*: 3');
  assert.equal(outcome(reference('table', 'nothing_*', 'sql')), 'matches nothing_*: 0');
  assert.equal(
    outcome(reference('path', 's3://acme-lake/churn/features/', 's3')),
    'matches s3://acme-lake/churn/features/*: 2',
  );
});

test('what the workspace gives to Jinja is looked for first; where that is nothing, the pattern counts', () => {
  const table = (filled: string) => outcome(reference('table', 'analytics.ml.*', 'sql', { filled }));
  assert.match(table('analytics.ml.churn_labels'), /^resolved .*churn_labels$/);
  assert.equal(table('analytics.ml.gone'), 'matches analytics.ml.*: 2');
});

test('missing needs coverage and names what is near; a gone name says until when', () => {
  const plain = world.replace('source databricks health=never', '');
  assert.equal(outcome(reference('model', 'chrun', 'mlflow'), {}, plain), 'missing 10m near churn');
  assert.equal(outcome(reference('model', 'Churn', 'mlflow'), {}, plain), 'missing 10m near churn');
  assert.equal(outcome(reference('model', 'chrun', 'mlflow')), 'unknown neverScanned | databricks (fixture)');
  assert.equal(outcome(reference('table', 'churn_lables', 'dbt')), 'missing 5m near analytics.ml.churn_labels');
  // What the database says of itself is there, listed or not.
  assert.equal(outcome(reference('table', 'raw.INFORMATION_SCHEMA.tables', 'dbt')), 'unknown partial | dbt');
  assert.equal(outcome(reference('model', 'churn-lite', 'mlflow')), 'gone churn-lite 3h');
});

test('defined here and seen nowhere yet', () => {
  assert.equal(outcome(reference('job', 'brand_new', 'airflow'), { definedHere: true }), 'undeployed');
  assert.equal(outcome(reference('model', 'brand_new', 'mlflow'), { definedHere: true }), 'undeployed');
});

test('unknown says why', () => {
  assert.equal(
    outcome(reference('job', 'brand_new', 'airflow')),
    `unknown failing | airflow (fixture) | ${fixtureNow - 3_600_000} | the folder is not mounted`,
  );
  assert.equal(outcome(reference('job', 'score', 'databricks')), 'unknown neverScanned | databricks (fixture)');
  assert.equal(
    outcome(reference('table', 'prod.sales.orders', 'sql')),
    'unknown neverScanned | databricks (fixture)',
    'a warehouse may know it',
  );
  assert.equal(outcome(reference('metric', 'churn.auc', 'statsd')), 'unknown noConnection | statsd');
  assert.equal(outcome(reference('run', 'f'.repeat(32), 'mlflow')), 'unknown partial | mlflow (fixture)');
});

test('the active environment first, and names of another one are not its own', () => {
  const two = `
    source mlflow environment=prod covers=model
    model churn
    source unity environment=dev covers=model
    model churn tool=unity
  `;
  const churn = reference('model', 'churn', 'sql');
  assert.equal(outcome(churn, { environment: 'dev' }, two), 'resolved model:unity://local/churn');
  assert.equal(outcome(churn, { environment: 'prod' }, two), 'resolved model:mlflow://local/churn');
  assert.equal(outcome(churn, { environment: 'staging' }, two), 'unknown otherEnvironment | prod');
  assert.equal(
    outcome(reference('model', 'fraud', 'mlflow'), { environment: 'dev' }, two),
    'unknown otherEnvironment | prod',
  );
});

test('a monitor whose name is put together in code is known by what it asks', () => {
  const live = `
    source datadog covers=monitor
    monitor low alias=avg(last_1h):avg:churn.auc{env:prod}<0.8
    monitor twice alias=avg:a{*}>1
    monitor again alias=avg:a{*}>1
  `;
  const asked = (name: string, query: string) => outcome(reference('monitor', name, 'datadog', { query }), {}, live);
  assert.match(asked('* AUC is low', 'avg(last_1h):avg:churn.auc{env:prod}<0.8'), /^resolved .*low$/);
  assert.match(asked('prod AUC is low', 'avg(last_1h):avg:churn.auc{env:prod}<0.8'), /^resolved .*low$/);
  assert.match(
    asked('twice', 'avg(last_1h):avg:churn.auc{env:prod}<0.8'),
    /^resolved .*twice$/,
    'its own name goes first',
  );
  assert.doesNotMatch(asked('* of two', 'avg:a{*}>1'), /^resolved/);
  assert.doesNotMatch(asked('other', 'avg:b{*}>1'), /^resolved/);
});
