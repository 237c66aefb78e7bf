// A team's own rows: what they find, also in functions that the workspace itself defines, and what is said of wrong ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ruleSetWith } from '../../../server/references/rules/index.ts';
import { userRowKeys, userRules } from '../../../server/references/rules/userRules.ts';
import { checkReferences } from '../../support/fixture.ts';

function check(rows: readonly unknown[], source: string): void {
  const rules = userRules(rows);
  assert.deepEqual(rules.mistakes, []);
  checkReferences(source, ruleSetWith(rules));
}

test('functions of a package, methods of a class and of anything', () => {
  check(
    [
      { call: 'acme.load_table', argument: [0, 'name'], kind: 'table', role: 'reads', qualify: ['schema'] },
      { call: 'Lake#save', argument: 'target', kind: 'path', role: 'writes', read: 'address' },
      { call: '*#promote_model', kind: 'model', role: 'writes', version: 1 },
      { call: 'acme.put', argument: 'where', key: 'what', kind: 'path', role: 'writes', read: 'bucket', scheme: 'gs' },
      { call: 'acme.gauges', kind: 'metric', role: 'writes', read: 'keys' },
      { call: 'acme.pipeline', kind: 'job', role: 'runs', argument: 'spec.steps[].job' },
    ],
    `
from acme.io import load_table
from acme import Lake, put, gauges
import acme
load_table("orders", schema="sales")
#           ^^^^^^ reads table [sales.orders] via=own.acme.load_table tool=sql
acme.io.load_table(name="orders")
#                        ^^^^^^ reads table
other.load_table("orders")
Lake().save(df, target="s3://lake/churn/")
#                       ^^^^^^^^^^^^^^^^ writes path
registry.promote_model("churn", 3)
#                       ^^^^^ writes model version=3 tool=mlflow
put(where="lake", what="a/b")
#          ^^^^ writes path [gs://lake/a/b]
gauges({"auc": 1})
#        ^^^ writes metric
acme.pipeline(spec={"steps": [{"job": "train"}, {"job": "score"}]})
#                                      ^^^^^ runs job
#                                                        ^^^^^ runs job
`,
  );
});

test('functions that the workspace itself defines', () => {
  check(
    [
      { call: 'acme.load_table', kind: 'table', role: 'reads' },
      { call: 'Lake#get', kind: 'table', role: 'reads' },
    ],
    `
//- acme/io.py
def load_table(name, *more):
    return magic(name)
class Lake:
    def get(self, name):
        return magic(name)
//- train.py
from acme.io import load_table, Lake
load_table("orders")
#           ^^^^^^ reads table
Lake().get("orders")
#           ^^^^^^ reads table
`,
  );
});

test('decorators name the function, and what is under them stands in it', () => {
  check(
    [{ call: 'acme.step', argument: 'name', decorator: true, kind: 'task', role: 'defines', opens: 'task' }],
    `
from acme import step
import pandas as pd
@step
def fit():
#   ^^^ defines task
    pd.read_parquet("s3://lake/a/")
#                    ^^^^^^^^^^^^ reads path within.task=fit
@step(name="publish")
#           ^^^^^^^ defines task
def other():
    pass
`,
  );
});

test('calls that take SQL', () => {
  check(
    [{ call: 'Lake#ask', read: 'sql' }],
    `
lake.ask("select a from orders")
#                       ^^^^^^ reads table
other.tell("select a from orders")
`,
  );
});

test('a row with a mistake makes no rule, and the others stay', () => {
  const { rules, mistakes } = userRules([
    { call: 'acme.load', kind: 'table', role: 'reads' },
    { call: 'acme.load', kind: 'table' },
    { call: 'acme.load', kind: 'table', role: 'reads', key: 'x' },
    { call: 'acme.load', kind: 'table', role: 'reads', wat: 1 },
    null,
    { call: 'a b', kind: 'table', role: 'reads', decorator: 'yes' },
  ]);
  assert.equal(rules.length, 1);
  assert.deepEqual(
    mistakes.map(({ row, key }) => `${row} ${key}`),
    ['1 undefined', '2 key', '3 wat', '4 undefined', '5 call', '5 decorator'],
  );
});

test('no rows change nothing; rows change the hash', () => {
  const none = ruleSetWith(userRules([]));
  const one = ruleSetWith(userRules([{ call: 'acme.load', kind: 'table', role: 'reads' }]));
  const sql = ruleSetWith(userRules([{ call: 'acme.load', read: 'sql' }]));
  assert.equal(new Set([none.hash, one.hash, sql.hash]).size, 3);
  assert.equal(none, ruleSetWith(userRules([])));
});

test('rows of any shape are read without a crash', () => {
  const row = fc.dictionary(fc.constantFrom(...userRowKeys, 'other'), fc.oneof(fc.jsonValue(), fc.constant('acme.f')));
  fc.assert(
    fc.property(fc.array(fc.oneof(row, fc.jsonValue())), (rows) => {
      const { rules, sqlCalls, mistakes } = userRules(rows);
      const wrong = new Set(mistakes.map((mistake) => mistake.row));
      assert.equal(rules.length + sqlCalls.length + wrong.size, rows.length);
      assert.equal(typeof ruleSetWith({ rules, sqlCalls, mistakes }).hash, 'string');
    }),
    { numRuns: 200 },
  );
});
