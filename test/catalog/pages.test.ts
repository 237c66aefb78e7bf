// Pages and addresses of things, read against what is known: of every tool, hostile text too.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { mine, mineAll, mineWritten } from '../../server/catalog/mine.ts';
import {
  instancesIn,
  type KnownInstances,
  knownInstances,
  noInstances,
} from '../../server/catalog/mining/instances.ts';
import { fixtureCatalog } from '../support/catalog.ts';
import { workMs } from '../support/work.ts';

const known: KnownInstances = {
  ...noInstances,
  ...{ airflow: ['airflow.acme.com/af', 'dev'], mlflow: ['m1'], ray: ['head:8265'], dbt: ['shop'], databricks: ['77'] },
  ...{ prometheus: ['prom:9090'], alertmanager: ['am:9093'], openlineage: ['acme'], snowflake: ['acme-prod'] },
  datadog: [
    ['datadoghq.com', 'abc'],
    ['us3.datadoghq.com', 'def'],
  ],
  ...{ s3: ['minio:9000'], hosts: ['worker-1'] },
  named: (kind, tool, name) => [`${kind}:${tool ?? 'any'}://found/${name}`],
};
const uuid = '01b2c3d4-0604-8c5d-0000-1234567890ab';
const slo = '0123456789abcdef0123456789abcdef';

describe('a page leads to what it is about', () => {
  const lines: readonly (readonly [string, readonly string[]])[] = [
    ['https://airflow.acme.com/af/dags/train%20churn', ['job:airflow://airflow.acme.com%2Faf/train%20churn']],
    ['https://elsewhere/dags/train', ['job:airflow://airflow.acme.com%2Faf/train', 'job:airflow://dev/train']],
    [
      'https://airflow.acme.com:443/af/dags/t/runs/r%2B1',
      ['run:airflow://airflow.acme.com%2Faf/t/r+1', 'job:airflow://airflow.acme.com%2Faf/t'],
    ],
    [
      'https://airflow.acme.com/af/dags/t/runs/r/tasks/fit?try_number=2',
      ['run:airflow://airflow.acme.com%2Faf/t/r/fit/-1/2', 'task:airflow://airflow.acme.com%2Faf/t/fit'],
    ],
    [
      'https://airflow.acme.com/af/dags/t/grid?dag_run_id=r&task_id=fit&tab=logs',
      ['run:airflow://airflow.acme.com%2Faf/t/r/fit', 'task:airflow://airflow.acme.com%2Faf/t/fit'],
    ],
    ['http://ui/#/models/churn/versions/7', ['version:mlflow://m1/churn/7']],
    ['(http://ui/#/models/churn).', ['model:mlflow://m1/churn).', 'model:mlflow://m1/churn']],
    ['https://dbc-1.cloud.databricks.com/jobs/2?o=12', ['job:databricks://12/2']],
    ['https://adb-416789.7.azuredatabricks.net/jobs/2/tasks/score', ['task:databricks://416789/2/score']],
    ['https://x.databricks.com/explore/data/c/s/t', ['table:databricks://found/c.s.t']],
    ['https://x.databricks.com/explore/data/models/c/s/m/version/3', ['version:mlflow://found/c.s.m/3']],
    ['https://evil.example/jobs/2', []],
    [
      'https://app.snowflake.com/acme/prod/#/data/databases/PROD/schemas/ML/table/CHURN',
      ['table:snowflake://acme-prod/prod/ml/churn'],
    ],
    [`https://app.snowflake.com/acme/prod/#/compute/history/queries/${uuid}`, [`run:snowflake://acme-prod/${uuid}`]],
    ['http://head:8265/#/jobs/nightly', ['run:ray://head:8265/nightly']],
    ['http://head:8265/#/serve/applications/churn/Model', ['endpoint:ray://head:8265/churn/Model']],
    ['https://ab1.us1.dbt.com/deploy/4242/projects/10/jobs/11', ['job:dbt://4242/11', 'job:dbt://shop/11']],
    [
      'http://prom:9090/graph?g0.expr=churn_auc%7Bmodel%3D%22a%22%7D+%3C+0.8',
      ['metric:prometheus://prom:9090/churn_auc'],
    ],
    [
      'http://prom:9090/query?g0.expr=sum+by+%28le%29+%28rate%28lat_seconds_bucket%5B5m%5D%29%29',
      ['metric:prometheus://prom:9090/lat_seconds_bucket', 'metric:prometheus://prom:9090/lat_seconds'],
    ],
    ['http://prom:9090/alerts?search=ChurnAucLow', ['monitor:prometheus://found/ChurnAucLow']],
    [
      'http://am:9093/#/alerts?filter=%7Balertname%3D%22Churn%20low%22%2Cteam%3D%22ml%22%7D',
      ['monitor:alertmanager://am:9093/Churn%20low'],
    ],
    ['http://marquez:3000/lineage/job/acme%2Faf/churn.fit', ['job:openlineage://acme%2Faf/churn.fit']],
    ['http://marquez:3000/lineage/dataset/s3%3A%2F%2Fml/features%2Fchurn', ['path:s3://ml/features/churn']],
    ['http://marquez:3000/lineage/dataset/postgres%3A%2F%2Fh%3A1/d.s.t', ['table:any://found/postgres://h:1/d.s.t']],
    ['https://app.datadoghq.com/monitors/123?from_ts=1', ['monitor:datadog://datadoghq.com/abc/123']],
    ['https://acme.us3.datadoghq.com/monitors/123/edit', ['monitor:datadog://us3.datadoghq.com/def/123']],
    ['https://app.datadoghq.com/monitors#123/edit', ['monitor:datadog://datadoghq.com/abc/123']],
    [
      'https://app.datadoghq.com/metric/explorer?exp_metric=churn.auc',
      ['metric:datadog://datadoghq.com/abc/churn.auc'],
    ],
    [`https://app.datadoghq.com/slo?slo_id=${slo}&timeframe=7d`, [`metric:datadog://datadoghq.com/abc/slo/${slo}`]],
    ['https://app.datadoghq.eu/monitors/123', []],
    ['https://datadoghq.com.evil.example/monitors/123', []],
    ['s3a://lake/churn/part-0.parquet', ['path:s3://lake/churn/part-0.parquet']],
    [
      'https://lake.s3.eu-west-1.amazonaws.com/a/b%20c.csv?X-Amz-Signature=secret&X-Amz-Credential=AKIA',
      ['path:s3://lake/a/b%20c.csv'],
    ],
    ['https://s3-us-west-2.amazonaws.com/lake/a/b.csv', ['path:s3://lake/a/b.csv']],
    ['https://my.dotted.lake.s3.dualstack.us-east-1.amazonaws.com/k', ['path:s3://my.dotted.lake/k']],
    ['http://minio:9000/lake/a', ['path:s3://lake/a']],
    ['https://s3.console.aws.amazon.com/s3/buckets/lake?region=x&prefix=a%2Fb%2F', ['path:s3://lake/a/b/']],
    ['https://eu-west-1.console.aws.amazon.com/s3/object/lake?prefix=a%2Fb+c.csv', ['path:s3://lake/a/b%20c.csv']],
    ['scp ana@worker-1:/var/log/x .', ['host:ssh://worker-1/']],
    ['ssh://ana@worker-1:22/var/log/x', ['host:ssh://worker-1/']],
    ['sftp://Worker-1/x', ['host:ssh://worker-1/']],
    ['error:/tmp/x', ['host:ssh://found/error']],
  ];
  for (const [line, ids] of lines) test(line, () => assert.deepEqual(mineAll(line, known), ids));
});

test('no signature, user or password of an address gets into an id', () => {
  const text =
    'https://ana:pw@lake.s3.amazonaws.com/k?X-Amz-Signature=s3cr3t#f s3://AK:s3cr3t@lake/k ssh://u:s3cr3t@worker-1/x';
  assert.equal(mineAll(text, known).length, 2);
  for (const { id, written } of mineWritten(text, known)) assert.doesNotMatch(`${id} ${written}`, /s3cr3t|pw|ana/);
});

test('runs alone are links of a run', () => {
  const text = 'https://x/dags/train https://x/dags/train/runs/r s3://lake/k';
  assert.deepEqual(mine(text, { ...known, airflow: ['a'] }), ['run:airflow://a/train/r']);
});

test('a prefix of a server is a part of its name, not written twice', () => {
  const { airflow } = knownInstances([{ tool: 'airflow', scope: 'airflow://airflow.acme.com%2Faf' }], []);
  assert.deepEqual(airflow, ['airflow.acme.com/af']);
});

test('what a catalog knows is looked up once for each of its states', () => {
  const catalog = fixtureCatalog('source airflow\nsource datadog\nmonitor low tool=datadog\njob train').snapshot();
  const first = instancesIn(catalog);
  assert.equal(instancesIn(catalog), first);
  assert.deepEqual(first.named?.('job', 'airflow', 'train'), ['job:airflow://local/train']);
  assert.deepEqual(first.named?.('job', 'airflow', 'other'), []);
  assert.deepEqual(instancesIn(undefined), noInstances);
});

test('any text at all', () => {
  const pieces = fc.constantFrom(
    ...[
      'https://',
      's3://',
      'ssh://',
      '/',
      '#',
      '?',
      '&',
      '=',
      '%',
      '%E0',
      ':',
      '@',
      '.',
      "'",
      '"',
      '{',
      '(',
      ')',
      ' ',
    ],
    ...[
      'dags',
      'jobs',
      'runs',
      'monitors',
      'graph?g0.expr=',
      '#/alerts?filter=',
      'alertname="',
      '\\',
      'app.datadoghq.com',
    ],
    ...[
      'x.databricks.com',
      'app.snowflake.com',
      '/a/b/#/data/databases/',
      'lake.s3.amazonaws.com',
      '\u2028',
      '\ud800',
      '0',
    ],
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (one) => {
      const ids = mineAll(one, known);
      assert.ok(ids.length <= 50);
      for (const id of ids) assert.match(id, /^[a-z]+:[a-z0-9]+:\/\//);
    }),
  );
});

test('time grows with the text, whatever is in it', () => {
  const floods = [
    'https://'.repeat(30_000),
    `https://x/${'dags/'.repeat(60_000)}`,
    `https://x/${'a'.repeat(300_000)}`,
    `https://lake.${'s3.'.repeat(100_000)}amazonaws.com/`,
    'https://prom:9090/graph?g0.expr=((((((((((%7B%7B%7B%7B '.repeat(6_000),
    `http://am/#/alerts?filter=${'alertname='.repeat(200)}" `.repeat(100),
    'worker-1:'.repeat(40_000),
    'a.'.repeat(150_000),
    'https://x/jobs/1/runs/2?o=3#job/4/run/5 '.repeat(6_000),
  ];
  for (const flood of floods) assert.ok(workMs(() => mineAll(flood, known)) < 1_000, flood.slice(0, 30));
});
