// What a hover would ask for before it shows: a place in S3 that no tool named yet, and nothing that no connection knows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Source } from '../../server/catalog/catalog.ts';
import { pastLifetime } from '../../server/handlers/pastLifetime.ts';
import { feature } from '../support/feature.ts';

const store: Source = {
  ...{ name: 'store', tool: 's3', scope: 's3://s3.amazonaws.com', health: 'fresh' },
  kinds: ['path', 'model', 'version'],
};
const mlflow: Source = { ...store, name: 'mlflow', tool: 'mlflow', scope: 'mlflow://m', kinds: ['model'] };

function asked(code: string, ...live: readonly Source[]): readonly string[] {
  const { context, document, at } = feature('', `$0 train.py:1 ${code}`);
  return pastLifetime(context, document, at, live);
}

test('a place in S3 is asked for by its name, what is kept by day by its folder', () => {
  assert.deepEqual(asked('reads path s3://lake/churn/2026-11-20/part-0.parquet s3', store), ['path:s3://lake/churn/']);
  assert.deepEqual(asked('writes path s3a://lake/x.csv s3', store), ['path:s3://lake/x.csv']);
});

test('a pattern, a place elsewhere, and a place that nobody can be asked for are not', () => {
  assert.deepEqual(asked('reads path s3://lake/churn/*/x.csv s3', store), []);
  assert.deepEqual(asked('reads path gs://lake/churn/x.csv s3', store), []);
  assert.deepEqual(asked('reads path s3://lake/churn/x.csv s3', mlflow), []);
  assert.deepEqual(asked('reads path s3://lake/churn/x.csv s3', { ...store, health: 'failing' }), []);
});

test('a model that lives in MLflow is asked of MLflow alone', () => {
  assert.deepEqual(asked('reads model churn mlflow', mlflow, store), ['model:mlflow://m/churn']);
});
