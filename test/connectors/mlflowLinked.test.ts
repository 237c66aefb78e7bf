// The Databricks task that made an MLflow run, out of the tags that Databricks sets.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { databricksMakers } from '../../server/connectors/mlflow/linked.ts';

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
