// Keys: which part of an address stays from run to run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stableUri } from '../../server/catalog/keys.ts';

const uris: readonly [string, string][] = [
  ['s3://b/churn/features/2026-11-20/part-0.parquet', 's3://b/churn/features/'],
  ['s3://b/churn/features/', 's3://b/churn/features/'],
  ['gs://b/t/date=2026-11-20/a', 'gs://b/t/'],
  ['s3://b/t/v12/a.csv', 's3://b/t/'],
  ['s3://b/t/5be1f0a5be1f0a5b/a.csv', 's3://b/t/'],
  ['s3://b/effaced/defaced/a.csv', 's3://b/effaced/defaced/a.csv'],
  ['s3://b', 's3://b'],
  ['/data/2026-11-20/a.csv', '/data/2026-11-20/a.csv'],
  ['analytics.ml.t', 'analytics.ml.t'],
];
for (const [uri, expected] of uris) test(uri, () => assert.equal(stableUri(uri), expected));
