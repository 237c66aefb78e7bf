// Joins: which names are one thing, which only look so, and what plumbline.yaml adds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joins } from '../../server/lineage/joins.ts';
import { parsePlumblineFile } from '../../server/workspace/plumblineFile.ts';
import { fixtureCatalog, fixtureId } from '../support/catalog.ts';

/** `from relation to (origin)` for each join of one entity. */
function joined(world: string, id: string, yaml = ''): string[] {
  const store = fixtureCatalog(world);
  const { joins: rules } = parsePlumblineFile(`version: 1\n${yaml}`).config;
  const found = store.read((catalog) => joins(catalog, rules, id));
  store.close();
  return found.map(({ from, to, relation, origin }) => `${from} ${relation} ${to} (${origin})`);
}

test('an OpenLineage job is the Airflow task or DAG that it names', () => {
  const world = `
    job train
    task train.fit
    job train tool=openlineage
    job train.fit tool=openlineage
    job other.fit tool=openlineage`;
  const fit = fixtureId('job', 'train.fit', 'openlineage');
  assert.deepEqual(joined(world, fit), [`${fit} same task:airflow://local/train/fit (matched)`]);
  assert.deepEqual(joined(world, 'task:airflow://local/train/fit'), [
    `task:airflow://local/train/fit same ${fit} (matched)`,
  ]);
  const dag = fixtureId('job', 'train', 'openlineage');
  assert.deepEqual(joined(world, dag), [`${dag} same job:airflow://local/train (matched)`]);
  assert.deepEqual(joined(world, fixtureId('job', 'other.fit', 'openlineage')), []);
});

test('a table that dbt builds is the one of that whole name elsewhere, if there is only one', () => {
  const dbt = 'table:dbt://shop/analytics/ml/orders';
  const warehouse = 'table:snowflake://acme-prod/ANALYTICS/ML/ORDERS';
  const world = `
    table analytics.ml.orders id=${dbt}
    table ANALYTICS.ML.ORDERS id=${warehouse} tool=openlineage`;
  assert.deepEqual(joined(world, dbt), [`${dbt} same ${warehouse} (matched)`]);
  assert.deepEqual(joined(world, warehouse), [`${warehouse} same ${dbt} (matched)`]);
  const two = `${world}\n table ANALYTICS.ML.ORDERS id=table:snowflake://acme-dev/ANALYTICS/ML/ORDERS tool=openlineage`;
  assert.deepEqual(joined(two, dbt), []);
  const schemas = world.replace('ANALYTICS/ML', 'STAGING/ML').replace('ANALYTICS.ML', 'STAGING.ML');
  assert.deepEqual(joined(schemas, dbt), []);
  const short = `table orders id=table:dbt://shop/orders\n table orders id=table:snowflake://acme/orders tool=openlineage`;
  assert.deepEqual(joined(short, 'table:dbt://shop/orders'), []);
});

test('a model that lives only in a store is its path', () => {
  const world = `
    model s3://acme-models/lite/ id=model:s3://acme-models/lite/ tool=openlineage
    path s3://acme-models/lite/
    path s3://acme-models/liter/`;
  assert.deepEqual(joined(world, 'path:s3://acme-models/lite/'), [
    'path:s3://acme-models/lite/ same model:s3://acme-models/lite/ (matched)',
  ]);
  assert.deepEqual(joined(world, 'path:s3://acme-models/liter/'), []);
});

test('plumbline.yaml joins names, and says what a metric measures', () => {
  const world = `
    model churn
    metric churn/auc
    table a.predictions
    table b.predictions`;
  const measures = 'joins:\n  - {from: "model:churn", to: "metric:auc"}';
  assert.deepEqual(joined(world, fixtureId('metric', 'churn/auc'), measures), [
    'model:mlflow://local/churn measures metric:mlflow://local/churn/auc (declared)',
  ]);
  const turned = 'joins:\n  - {from: "metric:auc", to: "model:churn"}';
  assert.deepEqual(joined(world, fixtureId('model', 'churn'), turned), [
    'model:mlflow://local/churn measures metric:mlflow://local/churn/auc (declared)',
  ]);
  const same = 'joins:\n  - {from: "table:a.predictions", to: "table:b.predictions"}';
  assert.deepEqual(joined(world, fixtureId('table', 'b.predictions'), same), [
    'table:dbt://local/a/predictions same table:dbt://local/b/predictions (declared)',
  ]);
});

test('what is gone, unknown or of another name joins nothing', () => {
  const world = 'job train.fit tool=openlineage\n task train.fit gone=3h';
  assert.deepEqual(joined(world, fixtureId('job', 'train.fit', 'openlineage')), []);
  assert.deepEqual(joined(world, 'table:dbt://local/nowhere'), []);
});
