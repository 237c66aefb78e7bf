// Details: the short list beside the lineage, of an entity drawn from several.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { details } from '../../server/features/details.ts';
import { churnCode, churnWorld } from '../support/churn.ts';
import { feature } from '../support/feature.ts';

const { context } = feature(churnWorld, churnCode);

test('owner, last runs, failure, schedule', () => {
  const id = 'job:airflow://local/train_churn';
  assert.deepEqual(details(context, id, [id]), {
    id,
    title: 'train_churn',
    kind: 'Job',
    rows: [
      { label: 'Owner', value: 'growth-ml' },
      { label: 'Last run', value: '✗ failed, 2 d ago' },
      { label: 'Last good run', value: '9 d ago' },
      { label: 'Failure', value: "fit: KeyError: 'churned'" },
      { label: 'Schedule', value: 'weekly' },
    ],
    age: 'airflow (fixture), 1 min ago',
    lastFailedRun: 'run:airflow://local/train_churn/scheduled__2026-11-21',
  });
});

test('an entity that only a member of the drawn one is', () => {
  const found = details(context, 'code:model:churn', ['model:mlflow://local/churn']);
  assert.equal(found?.title, 'churn');
  assert.ok(found?.rows.some(({ label, value }) => label === 'Aliases' && value === 'champion → 6, challenger → 7'));
});

test('nothing of what nobody knows', () => {
  assert.equal(details(context, 'code:model:x', ['code:model:x']), undefined);
});
