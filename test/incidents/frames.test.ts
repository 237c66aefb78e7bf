// Frames: which file of the workspace a path of another machine means, and when none is the honest answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FileFinder } from '../../server/incidents/frames.ts';

const workspace = [
  '/w/dags/validate_churn.py',
  '/w/churn/validation.py',
  '/w/churn/__init__.py',
  '/w/other/__init__.py',
  '/w/train.py',
  '/w/a/settings.py',
  '/w/b/settings.py',
  '/w/utils.py',
];

/** A path in a log, and the file it means. */
const cases: readonly (readonly [string, string | undefined])[] = [
  ['/opt/airflow/dags/validate_churn.py', '/w/dags/validate_churn.py'],
  ['/opt/airflow/churn/validation.py', '/w/churn/validation.py'],
  ['churn/validation.py', '/w/churn/validation.py'],
  ['./churn/validation.py', '/w/churn/validation.py'],
  ['C:\\jobs\\churn\\validation.py', '/w/churn/validation.py'],
  ['/app/train.py', '/w/train.py'],
  ['train.py', '/w/train.py'],
  ['/x/b/settings.py', '/w/b/settings.py'],
  ['/x/settings.py', undefined],
  ['/opt/airflow/churn/__init__.py', '/w/churn/__init__.py'],
  ['/usr/local/lib/python3.12/site-packages/churn/validation.py', undefined],
  ['/usr/lib/python3.12/utils.py', undefined],
  ['/opt/spark/python/pyspark/utils.py', undefined],
  ['<frozen importlib._bootstrap>', undefined],
  ['/opt/airflow/dags/unknown.py', undefined],
  ['/w/churn/validation.py', '/w/churn/validation.py'],
  ['', undefined],
];

for (const [path, expected] of cases) {
  test(`frame file ${JSON.stringify(path)}`, () => assert.equal(new FileFinder(workspace).find(path), expected));
}

test('the same file named twice is still one', () => {
  assert.equal(new FileFinder(['/w/train.py', '/w/train.py']).find('/app/train.py'), '/w/train.py');
});

test('of two files that fit equally well, the one nearest to the log is meant, if one is', () => {
  const files = ['/w/one/churn/validation.py', '/w/two/churn/validation.py'];
  const find = (near: string): string | undefined => new FileFinder(files, near).find('/opt/acme/churn/validation.py');
  assert.equal(find('/w/two/logs/attempt=1.log'), '/w/two/churn/validation.py');
  assert.equal(find('/elsewhere/attempt=1.log'), undefined);
});
