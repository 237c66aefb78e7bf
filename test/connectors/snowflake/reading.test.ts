// What is read off cells, names, statements and tags, whatever stands in them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { noInstances } from '../../../server/catalog/mine.ts';
import { dbtQueryOrigin } from '../../../server/connectors/dbt/queryComment.ts';
import { columnsOf, rowsIn } from '../../../server/connectors/snowflake/ask/rows.ts';
import { locatorNames } from '../../../server/connectors/snowflake/ask/who.ts';
import { readCursor, writeCursor } from '../../../server/connectors/snowflake/cursor.ts';
import { askerOf } from '../../../server/connectors/snowflake/history/tag.ts';
import { writtenBy } from '../../../server/connectors/snowflake/history/target.ts';
import { folded, inSql, literal, written } from '../../../server/connectors/snowflake/ids.ts';
import { qualifiedName } from '../../../server/connectors/snowflake/objects/shapes.ts';
import { scheduleOf } from '../../../server/connectors/snowflake/objects/tasks.ts';
import { workMs } from '../../support/work.ts';

function row(columns: readonly string[], cells: readonly unknown[]) {
  const rowType = columns.map((column) => ({ name: column.split(':')[0], type: column.split(':')[1] ?? 'text' }));
  const answer = { resultSetMetaData: { rowType }, data: [cells] };
  const found = columnsOf(answer);
  assert.ok(found);
  const [first] = rowsIn(answer, found);
  assert.ok(first);
  return first;
}

test('cells as the SQL API writes them', () => {
  const one = row(
    ['N:fixed', 'AT:timestamp_ltz', 'TZ:timestamp_tz', 'DAY:date', 'B:boolean', 'V:variant', 'NIL', 'ISO'],
    [
      '42',
      '1764000000.123456789',
      '1764000000.000000000 1500',
      '20415',
      'true',
      '{"a":[1]}',
      null,
      '2026-11-23 10:00:00+00:00',
    ],
  );
  assert.deepEqual(
    [one.number('n'), one.time('at'), one.time('tz'), one.time('day'), one.flag('b'), one.raw('nil'), one.time('iso')],
    [42, 1764000000123, 1764000000000, 20415 * 86_400_000, true, undefined, Date.parse('2026-11-23T10:00:00Z')],
  );
  assert.deepEqual(one.json('v'), { a: [1] });
  const odd = row(['A:fixed', 'B:timestamp_ltz', 'C:variant'], [{ a: 1 }, '99999999999999', '{']);
  assert.deepEqual(
    [odd.number('a'), odd.time('b'), odd.json('c'), odd.raw('none')],
    [undefined, undefined, undefined, undefined],
  );
});

test('names: plain ones in lower case, others in their quotes, and none leaves its quotes in SQL', () => {
  assert.deepEqual(['CHURN', 'Churn', 'churn', 'A B', '1A'].map(folded), [
    'churn',
    '"Churn"',
    '"churn"',
    '"A B"',
    '"1A"',
  ]);
  assert.equal(written(['PROD', 'ML', 'a"b']), 'PROD.ML."a""b"');
  assert.equal(literal("o'k\\"), "'o''k\\\\'");
  fc.assert(
    fc.property(
      fc.tuple(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), fc.string({ minLength: 1 })),
      (name) => {
        assert.deepEqual(qualifiedName(inSql(name)), [...name]);
      },
    ),
  );
});

test('which table a statement writes', () => {
  const within = ['PROD', 'ML'];
  const of = (statement: string) => writtenBy(statement, within)?.join('.');
  assert.equal(of('insert into churn select 1'), 'PROD.ML.CHURN');
  assert.equal(of('-- note\n/* {"app": "dbt"} */ MERGE INTO "Raw".t USING x'), 'PROD.Raw.T');
  assert.equal(of('create or replace transient table A.B."c.d" as (select 1)'), 'A.B.c.d');
  assert.equal(of('COPY INTO t FROM @stage'), 'PROD.ML.T');
  assert.equal(of('update a.b.c set x = 1'), 'A.B.C');
  assert.equal(of('delete from t where 1=1'), 'PROD.ML.T');
  for (const none of ['select * from t', 'copy into @stage from t', 'call x()', '/* never closed', '', 'insert into'])
    assert.equal(of(none), undefined, none);
  assert.equal(writtenBy('insert into t values (1)', []), undefined);
  assert.ok(workMs(() => of(`/*${'*'.repeat(500_000)}`)) < 500);
  assert.ok(workMs(() => of(`insert into ${'"a'.repeat(50_000)}`)) < 500);
  fc.assert(fc.property(fc.string(), (text) => void of(text)));
});

test('who asked: a mark of dbt, the JSON that teams put into tags, ids in free text', () => {
  const instances = { ...noInstances, airflow: ['af'], dbt: ['churn'], mlflow: ['m'] };
  const asker = (tag?: string, statement?: string) =>
    askerOf(
      { ...(tag === undefined ? {} : { tag }), ...(statement === undefined ? {} : { statement }) },
      instances,
      dbtQueryOrigin,
    );
  const dbt = asker(
    '{"app": "dbt", "invocation_id": "4b4d3b0a-1111-4222-8333-944455556666", "project_name": "churn"}',
    'create table t as select 1\n/* {"app": "dbt", "node_id": "model.churn.scores", "target_name": "prod"} */',
  );
  assert.equal(dbt.origin?.node, 'model.churn.scores');
  assert.ok(dbt.linked.includes('run:dbt://churn/4b4d3b0a-1111-4222-8333-944455556666/model.churn.scores'));
  const airflow = asker('{"dag_id": "score", "task_id": "load", "run_id": "manual__1"}');
  assert.deepEqual(
    [airflow.of, airflow.linked, airflow.words],
    [['task:airflow://af/score/load'], ['run:airflow://af/score/manual__1/load'], 'score.load'],
  );
  assert.deepEqual(asker(`mlflow run ${'a'.repeat(32)}`).linked, [`run:mlflow://m/${'a'.repeat(32)}`]);
  assert.deepEqual(asker('{"dag_id": [1], "task_id": {}}').of, []);
  assert.deepEqual(asker(), { linked: [], of: [] });
  fc.assert(fc.property(fc.string(), fc.string(), (tag, statement) => void asker(tag, statement)));
});

test('schedules of tasks, spellings of accounts, cursors', () => {
  assert.deepEqual(scheduleOf('90 MINUTES'), { schedule: '90 MINUTES', periodMs: 5_400_000 });
  assert.deepEqual(
    scheduleOf('USING CRON 0 9-17 * * SUN America/Los_Angeles').schedule,
    '0 9-17 * * SUN (America/Los_Angeles)',
  );
  assert.deepEqual(scheduleOf('USING CRON x y z a b UTC'), { schedule: 'x y z a b (UTC)' });
  assert.deepEqual(scheduleOf(undefined), {});
  assert.deepEqual(locatorNames('XY12345', 'PUBLIC.AWS_EU_WEST_1'), [
    'xy12345',
    'xy12345.eu-west-1',
    'xy12345.eu-west-1.aws',
  ]);
  assert.deepEqual(locatorNames('XY12345', 'MARS'), ['xy12345']);
  const cursor = { at: 5, tablesAt: 4, historyAt: 0, lineageAt: 2, changedAt: 1 };
  assert.deepEqual(readCursor(writeCursor(cursor)), cursor);
  for (const none of ['', '{}', '{"snowflake":1,"at":-1}', '7', writeCursor({ ...cursor, at: 9e15 })])
    assert.equal(readCursor(none), undefined);
});
