// When a model may be said to be missing: only with the word of everyone who keeps models, Databricks too.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CatalogStore } from '../../../server/catalog/store.ts';
import { fakeDatabricks } from '../../fakes/databricks/server.ts';
import { databricksOver } from './connected.ts';

const at = Date.parse('2026-11-23T12:00:00Z');

test('models of MLflow are covered when MLflow and Databricks have both told all of theirs', async (t) => {
  const fake = await fakeDatabricks(at);
  t.after(() => fake.close());
  const { store } = CatalogStore.open(':memory:');
  const mlflow = { name: 'mlflow', tool: 'mlflow', scope: 'mlflow://m', kinds: ['model' as const] };
  const scan = store.writer().startScan(mlflow, at);
  scan.apply({ covered: [{ kind: 'model', scope: mlflow.scope }] });
  scan.finish();
  assert.equal(store.snapshot().covers('model', 'mlflow').covered, true);
  const { connector } = databricksOver(fake);
  const source = { name: 'live', tool: 'databricks', scope: connector.scope, kinds: connector.kinds };
  store.writer().register(source);
  assert.deepEqual(store.snapshot().covers('model', 'mlflow'), {
    ...{ covered: false, reason: { why: 'neverScanned', source: 'live' } },
  });
  const own = store.writer().startScan(source, at, { coveredDecides: true });
  for await (const page of connector.scan(new AbortController().signal)) own.apply(page);
  own.finish();
  const catalog = store.snapshot();
  assert.equal(catalog.covers('model', 'mlflow').covered, true);
  for (const kind of ['job', 'task', 'endpoint', 'table'] as const)
    assert.equal(catalog.covers(kind, 'databricks').covered, true, kind);
  assert.equal(catalog.covers('table', 'sql').covered, true);
  assert.equal(catalog.find('model', 'main.ml.churn', 'mlflow').length, 1);
  assert.equal(catalog.failedRuns(0, 10).length, 3);
});
