// Mine: ids of other tools' runs in text, read against the instances there are.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { knownInstances, mine, noInstances } from '../../server/catalog/mine.ts';
import { workMs } from '../support/work.ts';

const instances = {
  ...noInstances,
  mlflow: ['m1'],
  airflow: ['a1'],
  dbt: ['churn_dbt'],
  openlineage: ['acme'],
  ray: ['r1'],
  raySearches: [['r1', 'tune-churn']] as const,
  databricks: ['77'],
  snowflake: [],
};
const hex = '5be1f0a5be1f0a5be1f0a5be1f0a5be1';
const uuid = '01a20821-fa49-78bb-9763-4a0abb4dc909';

describe('ids in text', () => {
  const lines: readonly [string, readonly string[]][] = [
    [`View run bold-fish-1 at: http://mlflow:5000/#/experiments/1/runs/${hex}`, [`run:mlflow://m1/${hex}`]],
    [`loading runs:/${hex}/model`, [`run:mlflow://m1/${hex}`]],
    [`{"run_id": "${hex}"}`, [`run:mlflow://m1/${hex}`]],
    [`mlflow run id = ${hex.toUpperCase()}`, [`run:mlflow://m1/${hex}`]],
    [`Successfully emitted OpenLineage \`START\` event of id \`${uuid}\``, [`run:openlineage://acme/${uuid}`]],
    [`"invocation_id": "${uuid}"`, [`run:dbt://churn_dbt/${uuid}`]],
    ['Run page: https://dbc-1.cloud.databricks.com/?o=12#job/2/run/345', ['run:databricks://12/345']],
    ['https://adb-416789.7.azuredatabricks.net/jobs/2/runs/345', ['run:databricks://416789/345']],
    [
      'https://dbc-1.cloud.databricks.com/jobs/2/runs/345',
      ['run:databricks://77/345', 'run:databricks://dbc-1.cloud.databricks.com/345'],
    ],
    ['Run submitted with run_id: 345', ['run:databricks://77/345']],
    ['submitted raysubmit_Ab12Cd34Ef56Gh78 to Ray', ['run:ray://r1/raysubmit_Ab12Cd34Ef56Gh78']],
    ["Job 'nightly-train' submitted successfully", ['run:ray://r1/nightly-train']],
    ['see http://head:8265/#/jobs/nightly-train', ['run:ray://r1/nightly-train']],
    ['see http://head:8265/#/jobs/02000000', []],
    ['best trial objective_3fa1c_00001, auc 0.9', ['run:ray://r1/tune-churn/3fa1c_00001']],
    ['objective_3fa1c_0001 and 3fa1c_00001', []],
    [`checksum ${hex}`, []],
    [`correlation_id=${uuid}`, []],
    ['run_id: scheduled__2026-11-20', []],
  ];
  for (const [line, ids] of lines) test(line, () => assert.deepEqual(mine(line, instances), ids));
});

test('a bare id may be of any instance; without one it means nothing', () => {
  assert.deepEqual(mine(`runs:/${hex}`, { ...instances, mlflow: ['m1', 'm2'] }), [
    `run:mlflow://m1/${hex}`,
    `run:mlflow://m2/${hex}`,
  ]);
  assert.deepEqual(mine(`runs:/${hex}`, { ...instances, mlflow: [] }), []);
});

test('doubles are one and a flood is bounded', () => {
  assert.equal(mine(`runs:/${hex} runs:/${hex}`, instances).length, 1);
  const flood = Array.from({ length: 500 }, (_, index) => `runs:/${index.toString(16).padStart(32, '0')}`).join(' ');
  assert.equal(mine(flood, instances).length, 50);
});

test('time grows with the text, whatever is in it', () => {
  const flood = `OpenLineage ${'https://a.databricks.com/'.repeat(4_000)} run_id ${'0'.repeat(200_000)}`;
  assert.ok(workMs(() => mine(flood, instances)) < 1_000);
});

test('instances come from the sources, namespaces from the jobs', () => {
  const scopes = [
    { tool: 'mlflow', scope: 'mlflow://3f9c2a00' },
    { tool: 'dbt', scope: 'dbt://churn_dbt' },
    { tool: 'openlineage', scope: 'openlineage://df58d573' },
    { tool: 'snowflake', scope: 'snowflake://acme-prod.privatelink.snowflakecomputing.com' },
    { tool: 'databricks', scope: 'databricks://adb-98475.1.azuredatabricks.net' },
  ];
  const jobs = [
    'job:openlineage://acme%2Fairflow/train.fit',
    'job:airflow://1/train',
    'job:openlineage://acme%2Fairflow/b',
    'job:snowflake://acme-eu/prod/ml/nightly',
    'job:dbt://4242/11',
    'job:dbt://4242/12',
    'job:dbt://churn_dbt/exposure.churn_dbt.report',
    'job:databricks://4167/11',
    'job:databricks://4167%2Fsubmit/score',
  ];
  const experiments = ['experiment:mlflow://3f9c2a00/churn', 'experiment:ray://results/tune%2Fchurn'];
  assert.deepEqual(knownInstances(scopes, jobs, experiments), {
    ...noInstances,
    mlflow: ['3f9c2a00'],
    airflow: [],
    dbt: ['churn_dbt', '4242'],
    openlineage: ['acme/airflow'],
    ray: [],
    raySearches: [['results', 'tune/churn']],
    databricks: ['98475', '4167'],
    snowflake: ['acme-prod', 'acme-eu'],
  });
});

test('pages of runs in dbt Cloud, now and as they were', () => {
  const page = 'https://ab123.us1.dbt.com/deploy/4242/projects/10/runs/70471823498813/';
  assert.deepEqual(mine(`job_run_url: ${page}`, noInstances), ['run:dbt://4242/70471823498813']);
  const before = 'https://cloud.getdbt.com/#/accounts/4242/projects/10/runs/904/';
  assert.deepEqual(mine(before, noInstances), ['run:dbt://4242/904']);
  assert.deepEqual(mine('https://ab123.us1.dbt.com/deploy/4242/projects/10/jobs/11', noInstances), []);
});

test('ids of Snowflake queries: pages of Snowsight, what Airflow and the drivers log', () => {
  const query = '01b2c3d4-0604-8c5d-0000-1234567890ab';
  const known = { ...instances, snowflake: ['acme-prod'] };
  const own = [`run:snowflake://acme-prod/${query}`];
  for (const text of [
    `INFO - Snowflake query id: ${query}`,
    `{"sfqid": "${query.toUpperCase()}"}`,
    `queryId=${query}`,
    `https://app.snowflake.com/ACME/prod/#/compute/history/queries/${query}/detail`,
  ])
    assert.deepEqual(mine(text, known), own, text);
  // Another tool's ids do not begin with the time.
  assert.deepEqual(mine('query_id: 9f0a1b2c-0604-8c5d-0000-1234567890ab', known), []);
  assert.ok(workMs(() => mine(`${'query_id '.repeat(50_000)}${'01'.repeat(100_000)}`, known)) < 1_000);
});
