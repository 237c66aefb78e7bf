// Event places: what is typed as buckets and prefixes of events.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placesIn } from '../../../extension/connections/guided/eventPlaces.ts';

test('places with blanks between them, with or without s3://', () => {
  assert.deepEqual(placesIn(' s3://acme-lineage/events/  other S3://third/x '), [
    'acme-lineage/events/',
    'other',
    'third/x',
  ]);
  assert.deepEqual(placesIn('  '), []);
});
