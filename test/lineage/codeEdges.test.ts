// Code edges: what the source alone says flows where.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entityKinds } from '../../server/catalog/entity.ts';
import { codeEdges } from '../../server/lineage/codeEdges.ts';
import type { CodePlace, Enclosing, PlacedReference, Role } from '../../server/references/reference.ts';
import type { Resolution } from '../../server/resolve/resolution.ts';

/** One reference a line: `file.py:12 role kind name in=function job=dag task=task monitor=monitor container=dag tool=tool`. */
function placed(text: string): PlacedReference[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [place = '', role, kind = '', name = '', ...options] = line.trim().split(/\s+/);
      const [file = '', number] = place.split(':');
      const known = new Map(options.map((option) => option.split('=') as [string, string]));
      const start = { line: Number(number) - 1, character: 0 };
      const [job, task, monitor] = ['job', 'task', 'monitor'].map((option) => known.get(option));
      const within: Enclosing = { function: known.get('in'), job, task, monitor };
      return {
        uri: `file:///acme/dags/${file}`,
        reference: {
          kind: entityKinds.find((one) => one === kind) ?? 'table',
          name,
          role: role as Role,
          range: { start, end: start },
          text: name,
          tool: known.get('tool') ?? 'sql',
          detail: known.has('container') ? { container: known.get('container') } : {},
          confidence: 'literal',
          via: 'test',
          within,
          ...(known.has('calls') ? { calls: (known.get('calls') ?? '').split(',').map(codePlace) } : {}),
        },
      };
    });
}

/** `clean.py#clean`, or a file as it is written. */
function codePlace(text: string): CodePlace {
  const [file = '', name] = text.split('#');
  return name === undefined ? { file } : { uri: `file:///acme/dags/${file}`, function: name };
}

const nobodyKnows = (): Resolution => ({ status: 'undeployed' });

function edges(text: string, resolve: () => Resolution = nobodyKnows): string[] {
  return codeEdges(placed(text), resolve)
    .map(({ from, to, relation, evidence }) => `${from} ${relation} ${to} | ${evidence}`.replaceAll('code:', ''))
    .sort();
}

test('what a function reads flows to what it writes, and to nothing of another function', () => {
  assert.deepEqual(
    edges(`
      a.py:1 reads table raw.orders in=clean
      a.py:2 writes table orders in=clean
      a.py:8 reads table other in=report
      b.py:1 writes table elsewhere in=clean`),
    ['table:raw.orders writes table:orders | dags/a.py:2'],
  );
});

test('a table that code defines is made of what it reads; what YAML of dbt declares and tests is not', () => {
  assert.deepEqual(
    edges(`
      dlt.py:1 defines table clean in=clean tool=databricks
      dlt.py:2 reads table raw in=clean
      schema.yml:4 defines table customers tool=dbt
      schema.yml:9 reads table labels tool=dbt`),
    ['table:raw writes table:clean | dags/dlt.py:1'],
  );
});

test('a monitor watches what its own query reads', () => {
  assert.deepEqual(
    edges(`
      m.tf:1 defines monitor auc_low
      m.tf:2 reads metric churn.auc monitor=auc_low
      m.tf:8 reads metric churn.rows monitor=rows_low
      m.tf:9 defines monitor rows_low
      m.tf:10 reads table a.rows monitor=rows_low
      m.tf:20 reads metric shown.somewhere`),
    [
      'metric:churn.auc measures monitor:auc_low | dags/m.tf:2',
      'metric:churn.rows measures monitor:rows_low | dags/m.tf:8',
      'table:a.rows reads monitor:rows_low | dags/m.tf:10',
    ],
  );
});

test('a task reads and writes what the code does that it calls', () => {
  assert.deepEqual(
    edges(`
      dag.py:1 defines job train
      dag.py:3 defines task fit job=train container=train calls=train.py#fit
      dag.py:4 defines task tune job=train container=train calls=jobs/../tune.py
      train.py:2 reads table labels in=fit
      train.py:3 writes model churn in=fit
      train.py:9 reads table other in=unused
      jobs/tune.py:2 writes path s3://b/best.json`),
    [
      'job:train contains task:fit | dags/dag.py:3',
      'job:train contains task:tune | dags/dag.py:4',
      'table:labels reads task:fit | dags/train.py:2',
      'task:fit writes model:churn | dags/train.py:3',
      'task:tune writes path:s3://b/best.json | jobs/tune.py:2',
    ],
  );
});

test('a metric measures what its function reads', () => {
  assert.deepEqual(
    edges(`
      a.py:1 reads table holdout in=score
      a.py:2 writes metric auc in=score`),
    ['table:holdout measures metric:auc | dags/a.py:2'],
  );
});

test('in the body of a task the task stands between; tasks are parts of their DAG', () => {
  assert.deepEqual(
    edges(`
      t.py:1 defines job train
      t.py:2 defines task fit job=train
      t.py:4 reads table features in=fit job=train task=fit
      t.py:5 writes model churn in=fit job=train task=fit
      t.py:9 runs job score job=train task=start`),
    [
      'job:train contains task:fit | dags/t.py:2',
      'job:train runs job:score | dags/t.py:9',
      'table:features reads task:fit | dags/t.py:4',
      'task:fit writes model:churn | dags/t.py:5',
    ],
  );
});

test('a dbt model or a create statement writes the table that it defines', () => {
  assert.deepEqual(
    edges(`
      m.sql:1 defines table orders
      m.sql:2 reads table raw.orders`),
    ['table:raw.orders writes table:orders | dags/m.sql:1'],
  );
});

test('a thing is not its own source, and the same flow is said once', () => {
  assert.deepEqual(
    edges(`
      a.py:1 reads table orders in=f
      a.py:2 writes table orders in=f`),
    [],
  );
  assert.deepEqual(
    edges(`
      a.py:1 reads table raw in=f
      a.py:2 reads table raw in=f
      a.py:3 writes table orders in=f
      a.py:4 writes table orders in=f`),
    ['table:raw writes table:orders | dags/a.py:3'],
  );
});

test('a name of which nothing is known draws no line', () => {
  assert.deepEqual(
    edges(`
      a.py:1 reads table * in=f
      a.py:2 writes table orders in=f`),
    [],
  );
});

test('hundreds of names in one script do not become tens of thousands of lines', () => {
  const lines = Array.from(
    { length: 400 },
    (_, index) => `a.py:${index + 1} ${index % 2 ? 'reads' : 'writes'} table t${index}`,
  );
  assert.ok(edges(lines.join('\n')).length <= 2_500);
});

test('names that a tool knows are its entities', () => {
  const entity = { id: 'table:dbt://shop/orders', kind: 'table', name: 'orders', aliases: [] } as const;
  const text = 'a.py:1 reads table raw in=f\n a.py:2 writes table orders in=f';
  const resolve = (reference: { readonly name: string }): Resolution =>
    reference.name === 'orders' ? { status: 'resolved', entity } : { status: 'undeployed' };
  const [edge] = codeEdges(placed(text), resolve);
  assert.deepEqual([edge?.from, edge?.to, edge?.origin], ['code:table:raw', 'table:dbt://shop/orders', 'code']);
});
