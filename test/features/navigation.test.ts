// Definition, references and document links: from a name to where it is made, to all places, to its facts page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { definition } from '../../server/features/definition.ts';
import { documentLinks } from '../../server/features/documentLinks.ts';
import { findReferences } from '../../server/features/references.ts';
import { churnCode, churnWorld } from '../support/churn.ts';
import { feature } from '../support/feature.ts';

const placed = (uri: string, line: number) => `${uri.replace('file:///acme/churn/', '')}:${line + 1}`;

function definitions(cursor: string, code = churnCode, world = churnWorld): readonly string[] {
  const { context, document, at } = feature(world, `${code}\n$0 ${cursor}`);
  return definition(context, document, at).map(({ targetUri, targetRange }) =>
    placed(targetUri, targetRange.start.line),
  );
}

function references(cursor: string, includeDefinitions = true): readonly string[] {
  const { context, document, at } = feature(churnWorld, `${churnCode}\n$0 ${cursor}`);
  const sweep = findReferences(context, document, at, includeDefinitions);
  for (;;) {
    const step = sweep.next();
    if (step.done) return step.value.map(({ uri, range }) => placed(uri, range.start.line));
  }
}

test('to what defines it, else to what writes it', () => {
  assert.deepEqual(definitions('dags/score.py:9 runs job train_churn airflow'), ['dags/train_churn.py:17']);
  assert.deepEqual(definitions('a.py:9 reads model churn mlflow'), ['churn/publish.py:30']);
});

test('to where a manifest says it is defined', () => {
  const world = 'table a.b.orders defined=/acme/churn/dbt/models/orders.sql:3';
  assert.deepEqual(definitions('a.sql:9 reads table orders dbt', '', world), ['dbt/models/orders.sql:3']);
});

test('else to its facts page; nowhere for what nobody knows', () => {
  assert.deepEqual(definitions('a.sql:9 reads table crm.customers dbt'), [
    'plumbline:/entity/table%3Adbt%3A//local/raw/crm/customers:1',
  ]);
  assert.deepEqual(definitions('a.py:9 reads model nobody mlflow'), []);
});

test('all places of one thing, however it is written there', () => {
  assert.deepEqual(references('a.py:9 reads model churn mlflow alias=challenger'), [
    'a.py:9',
    'churn/publish.py:30',
    'churn/scoring.py:12',
  ]);
  assert.deepEqual(references('a.sql:9 reads table analytics.ml.churn_labels sql'), ['a.sql:9', 'sql/join.sql:3']);
  assert.deepEqual(references('a.py:9 runs job train_churn airflow', false), ['a.py:9']);
  assert.deepEqual(references('a.py:9 reads model nobody mlflow'), ['a.py:9']);
});

test('links only where nothing in the workspace defines the name and a tool knows it', () => {
  const links = (file: string) => {
    const { context } = feature(churnWorld, churnCode);
    return documentLinks(context, { uri: `file:///acme/churn/${file}`, version: 1 }).map(
      ({ range, target }) => `${range.start.line + 1} ${target}`,
    );
  };
  assert.deepEqual(links('sql/join.sql'), ['3 plumbline:/entity/table%3Adbt%3A//local/analytics/ml/churn_labels']);
  assert.deepEqual(links('dags/train_churn.py'), []);
});
