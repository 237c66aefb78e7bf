// File diagnostics: a mistake in plumbline.yaml is shown at its line, and only there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileDiagnostics } from '../../server/features/fileDiagnostics.ts';

test('a misspelt key is a problem at its line', () => {
  const text = 'version: 1\nmetrics:\n  - model: churn\n    metrc: auc\n    below: 0.8\n';
  const problems = fileDiagnostics('file:///shop/plumbline.yaml', text, () => []) ?? [];
  assert.ok(problems.some(({ message, range }) => range.start.line === 3 && String(message).includes('metric')));
});

test('a file without mistakes has none; another file is not ours', () => {
  assert.deepEqual(
    fileDiagnostics('file:///shop/plumbline.yaml', 'version: 1\n', () => []),
    [],
  );
  assert.equal(
    fileDiagnostics('file:///shop/other.yaml', 'metrics: 3', () => []),
    undefined,
  );
});

test('a rule that cannot be tried is a warning at its place', () => {
  const text = 'version: 1\nmetrics:\n  - model: churn\n    metric: auk\n    below: 0.8\n';
  const found = fileDiagnostics('file:///shop/plumbline.yaml', text, (rules) =>
    rules.map(({ name, range }) => ({ message: `${name} is not logged`, range })),
  );
  assert.deepEqual(
    found?.map(({ message, severity, range }) => [message, severity, range.start.line]),
    [['auk of churn: below 0.8 is not logged', 2, 2]],
  );
});
