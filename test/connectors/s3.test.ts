// What keys and times say, by themselves: places, models, writers, cursors of the S3 connector.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { noInstances } from '../../server/catalog/mine.ts';
import { CatalogStore } from '../../server/catalog/store.ts';
import { logPathOf, managedEnvironment } from '../../server/connectors/cloudwatch/managedAirflow.ts';
import { readCursor, writeCursor } from '../../server/connectors/s3/cursor.ts';
import { size } from '../../server/connectors/s3/datasets.ts';
import { modelPage, modelsIn, withObjectVersions } from '../../server/connectors/s3/models.ts';
import { pathIdOf, placeOf, placeOfId, stablePlace, uriOf, watchedPlace } from '../../server/connectors/s3/places.ts';
import { writerAt, writerIn } from '../../server/connectors/s3/writers.ts';

const object = (key: string, modifiedAt = 1, etag = 'abc') => ({ key, size: 1, modifiedAt, etag });

test('addresses are places, and places are ids', () => {
  assert.deepEqual(placeOf('s3a://lake/a/b.csv'), { bucket: 'lake', key: 'a/b.csv' });
  assert.deepEqual(watchedPlace('lake'), { bucket: 'lake', key: '' });
  assert.deepEqual(watchedPlace('s3://lake/a/'), { bucket: 'lake', key: 'a/' });
  for (const none of ['gs://lake/a', 's3:///a', 's3://*/a', 's3://lake/*/x', 's3://lake/{{ ds }}', 's3://a b/c', ''])
    assert.equal(placeOf(none), undefined, none);
  assert.equal(uriOf(stablePlace({ bucket: 'lake', key: 'churn/2026-11-20/part-0.parquet' })), 's3://lake/churn/');
  assert.deepEqual(placeOfId('version:s3://lake/churn/2026-11-20'), { bucket: 'lake', key: 'churn/' });
  assert.equal(placeOfId('model:mlflow://x/churn'), undefined);
  // A key may hold signs that end a line elsewhere.
  for (const key of ['a\u2028b', '\u2029', 'a\u0085b'])
    assert.deepEqual(placeOfId(pathIdOf({ bucket: 'lake', key })), { bucket: 'lake', key });
  const keys = fc.string({ unit: 'grapheme', maxLength: 30 }).map((key) => key.replace(/^\/+/, ''));
  fc.assert(
    fc.property(keys, (key) => {
      const place = placeOf(`s3://lake/${key}`);
      if (place) assert.deepEqual(placeOfId(pathIdOf(place)), place);
    }),
  );
});

test('dated keys are versions of one model; a file of MLflow is none', () => {
  const mlflow = '3/0123456789abcdef0123456789abcdef/artifacts/model/MLmodel';
  const found = modelsIn('lake', [
    object('churn/2026-11-13/model.joblib', 1),
    object('churn/2026-11-20/model.joblib', 3),
    object('churn/2026-11-20/model.onnx', 4),
    object('churn/2026-11-20/metrics.json', 5),
    object(`ml/${mlflow}`, 9),
    object('model.pkl', 9),
  ]);
  assert.deepEqual(
    found.map(({ id, versions }) => [id, versions.map(({ name, at }) => [name, at])]),
    [
      [
        'model:s3://lake/churn/',
        [
          ['2026-11-13', 1],
          ['2026-11-20', 4],
        ],
      ],
    ],
  );
});

test('a model that is written over has the versions of its object, newest last also within a second', () => {
  const [model] = modelsIn('lake', [object('fraud/model.pkl', 7)]);
  assert.ok(model?.fixedKey === 'fraud/model.pkl');
  const version = (name: string, modifiedAt: number, isDeletion = false) => ({
    ...{ ...object('fraud/model.pkl', modifiedAt), version: name, isLatest: false, isDeletion },
  });
  // As S3 lists them: the newest first.
  const all = withObjectVersions(model, [version('c', 7), version('x', 7, true), version('b', 7), version('a', 2)]);
  assert.deepEqual(
    all.versions.map(({ name }) => name),
    ['a', 'b', 'c'],
  );
  const page = modelPage(all, { madeBy: new Map() });
  assert.equal(page.entities[0]?.facts?.latestVersion, 'c');
  assert.deepEqual(
    page.events.map(({ value, at }) => [value, at]),
    [
      ['a', 2],
      ['b', 7],
      ['c', 7],
    ],
  );
  // A bucket that keeps none.
  assert.deepEqual(withObjectVersions(model, [version('null', 7)]), model);
});

test('metadata names the run that wrote', () => {
  const instances = { ...noInstances, mlflow: ['m'], airflow: ['a:8080'] };
  const run = '0123456789abcdef0123456789abcdef';
  assert.equal(writerIn([['mlflow-run-id', run]], instances, 's3://x')?.run, `run:mlflow://m/${run}`);
  const context = [
    ['airflow_ctx_dag_id', 'train'],
    ['airflow-ctx-dag-run-id', 'manual__2026'],
  ] as const;
  assert.equal(writerIn(context, instances, 's3://x')?.run, 'run:airflow://a:8080/train/manual__2026');
  assert.equal(writerIn(context, { ...instances, airflow: ['a', 'b'] }, 's3://x'), undefined, 'it may be of either');
  assert.equal(writerIn([['owner', 'ml']], instances, 's3://x'), undefined);
});

test('a cursor comes back as it was written; anything else is none', () => {
  const newest = object('a/b', 5);
  const samples = new Map([['s3://lake/a/', { objects: 2, bytes: 3, atLeast: true, newest, last: 'a/z', kept: [] }]]);
  assert.deepEqual(readCursor(writeCursor({ after: 's3://lake/a/', samples })), { after: 's3://lake/a/', samples });
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => assert.equal(readCursor(text), undefined)));
});

test('sizes in words', () => {
  assert.deepEqual([0, 1, 999, 1500, 123_456_789, 2e15].map(size), [
    '0 bytes',
    '1 byte',
    '999 bytes',
    '1.5 kB',
    '123 MB',
    '2.0 PB',
  ]);
});

test('streams of managed Airflow are paths of logs, their times with colons again', () => {
  assert.equal(managedEnvironment('airflow-Prod-Task'), 'Prod');
  assert.equal(managedEnvironment('airflow-Prod-Scheduler'), undefined);
  const stream = 'dag_id=a/run_id=manual__2026-11-20T03_00_00.123456+00_00/task_id=my_task_1/attempt=1.log';
  assert.equal(
    logPathOf(stream),
    'dag_id=a/run_id=manual__2026-11-20T03:00:00.123456+00:00/task_id=my_task_1/attempt=1.log',
  );
});

test('else the one run that was at work there when it was written', () => {
  const minute = 60_000;
  const run = (id: string, startedAt: number) => ({
    ...{
      id,
      of: ['job:airflow://a/train'],
      name: id,
      status: 'success' as const,
      startedAt,
      endedAt: startedAt + 10 * minute,
    },
    ...{ metrics: [], params: [], inputs: [], logs: [], linked: [] },
    outputs: [{ id: 'path:s3://lake/churn/', name: 's3://lake/churn/' }],
  });
  const { store } = CatalogStore.open(':memory:');
  const identity = { name: 'airflow', tool: 'airflow', scope: 'airflow://a', kinds: ['job' as const, 'run' as const] };
  const scan = store.writer().startScan(identity, 1);
  scan.apply({
    runs: [
      run('run:airflow://a/train/one', 100 * minute),
      run('run:airflow://a/train/two', 200 * minute),
      run('run:airflow://a/train/three', 205 * minute),
    ],
  });
  scan.finish();
  const catalog = store.snapshot();
  assert.equal(writerAt('s3://lake/churn/', 105 * minute, catalog)?.run, 'run:airflow://a/train/one');
  assert.equal(writerAt('s3://lake/churn/', 150 * minute, catalog), undefined, 'nobody was');
  assert.equal(writerAt('s3://lake/churn/', 207 * minute, catalog), undefined, 'two were');
  assert.equal(writerAt('s3://lake/other/', 105 * minute, catalog), undefined);
  store.close();
});
