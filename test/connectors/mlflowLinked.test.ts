// The Databricks task that made an MLflow run, out of the tags that Databricks sets.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type KnownInstances, noInstances } from '../../server/catalog/mine.ts';
import { databricksMakers, named } from '../../server/connectors/mlflow/linked.ts';

const tags = [
  { key: 'mlflow.databricks.jobID', value: '12' },
  { key: 'mlflow.databricks.jobRunID', value: '7601' },
  { key: 'mlflow.databricks.workspaceID', value: '4167' },
];

test('jobRunID is the run of the task, in the workspace that is named', () => {
  assert.deepEqual(databricksMakers(tags), { run: 'run:databricks://4167/7601', job: 'job:databricks://4167/12' });
});

test('without the workspace, or with what is no id, nothing is linked', () => {
  assert.deepEqual(databricksMakers(tags.slice(0, 2)), {});
  assert.deepEqual(databricksMakers(tags.map(({ key }) => ({ key, value: '../1' }))), {});
});

test('what people and tools write into names, tags and parameters names runs of others, never its own', () => {
  const id = '5be1f0a5be1f0a5be1f0a5be1f0a5be1';
  const instances: KnownInstances = { ...noInstances, mlflow: ['m'], ray: ['r'], raySearches: [['r', 'tune']] };
  const run = {
    id,
    name: 'objective_3fa1c_00001',
    tags: [
      { key: 'mlflow.log-model.history', value: `[{"run_id": "${id}"}, {"run_id": "${'a'.repeat(32)}"}]` },
      { key: 'submission', value: 'raysubmit_Ab12Cd34Ef56Gh78' },
    ],
    params: [
      { key: 'run_id', value: id },
      { key: 'tuned_by', value: `runs:/${'b'.repeat(32)}` },
    ],
  };
  assert.deepEqual([...named(run, instances)].sort(), [
    `run:mlflow://m/${'b'.repeat(32)}`,
    'run:ray://r/raysubmit_Ab12Cd34Ef56Gh78',
    'run:ray://r/tune/3fa1c_00001',
  ]);
});
