// Diagnostics: only what a complete listing proves, with that proof.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DiagnosticSeverity } from 'vscode-languageserver-types';
import { diagnostics, type SeverityName } from '../../server/features/diagnostics.ts';
import { churnWorld } from '../support/churn.ts';
import { feature } from '../support/feature.ts';

function found(code: string, world = churnWorld, severity?: SeverityName) {
  const { context, document } = feature(world, code);
  return diagnostics(context, document, severity);
}

const messages = (code: string, world = churnWorld) => found(code, world).map(({ message }) => message);

test('a missing name says who listed everything and when, and what it may have meant', () => {
  assert.deepEqual(found('a.py:3 reads model chrun mlflow'), [
    {
      range: { start: { line: 2, character: 4 }, end: { line: 2, character: 9 } },
      severity: DiagnosticSeverity.Information,
      code: 'missing',
      source: 'plumbline',
      message: 'Model chrun does not exist: mlflow (fixture) listed all models 5 min ago. Did you mean churn?',
    },
  ]);
  assert.deepEqual(messages('a.sql:1 reads table churn_lables dbt'), [
    'Table churn_lables does not exist: dbt (fixture) listed all tables 1 h ago. Did you mean analytics.ml.churn_labels?',
  ]);
});

test('a gone name says since when', () => {
  assert.deepEqual(messages('a.py:1 runs job old airflow', 'source airflow covers=job\n job old gone=3h'), [
    'Job old is gone: the listing of airflow (fixture) no longer held it 3 h ago.',
  ]);
});

test('an alias or version that the model does not have', () => {
  assert.deepEqual(messages('a.py:1 reads model churn mlflow alias=prod'), [
    'Model churn has no alias prod: mlflow (fixture) listed all models 5 min ago. It has champion, challenger.',
  ]);
  assert.deepEqual(messages('a.py:1 reads model churn mlflow version=9'), [
    'Model churn has no version 9: mlflow (fixture) listed all versions 5 min ago. It has 7, 6.',
  ]);
  assert.deepEqual(
    messages('a.py:1 reads model churn mlflow alias=champion\na.py:2 reads model churn mlflow version=6'),
    [],
  );
});

test('silence where nothing is proven', () => {
  const unproven = `
    a.py:1 reads job score databricks
    a.sql:2 reads table prod.sales.orders sql
    a.py:3 writes metric churn.auc statsd
    a.py:4 defines job brand_new airflow
    a.py:5 writes model brand-new mlflow
    a.py:6 reads model brand-new mlflow
    a.py:7 reads model churn mlflow
    a.py:8 reads model chur_* mlflow confidence=partial
  `;
  assert.deepEqual(messages(unproven), []);
  for (const health of ['failing', 'forbidden', 'never']) {
    assert.deepEqual(
      messages('a.py:1 reads model chrun mlflow', `source mlflow covers=model health=${health}`),
      [],
      health,
    );
  }
  assert.deepEqual(
    messages('a.py:1 reads model x mlflow', 'source mlflow covers=model reason="one folder is not readable"'),
    [],
  );
  assert.deepEqual(messages('a.py:1 reads model x mlflow', 'source mlflow covers=experiment'), []);
});

test('severity is a setting; a guessed name is only ever a hint', () => {
  const severity = (name: SeverityName) => found('a.py:1 reads model x mlflow', churnWorld, name)[0]?.severity;
  assert.equal(severity('error'), DiagnosticSeverity.Error);
  assert.equal(severity('warning'), DiagnosticSeverity.Warning);
  assert.equal(severity('hint'), DiagnosticSeverity.Hint);
  assert.equal(severity('off'), undefined);
  assert.equal(
    found('a.py:1 reads model x mlflow confidence=guess', churnWorld, 'error')[0]?.severity,
    DiagnosticSeverity.Hint,
  );
});

test('names are text', () => {
  const [message] = messages('a.py:1 reads model "x\\u202e\\n" mlflow');
  assert.match(String(message), /^Model x⟨U\+202E⟩ does not exist/);
});
