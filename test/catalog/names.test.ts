// Names: how they compare and what patterns match.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { matchesStars, nameKey, namePattern, sameName, tableParts } from '../../server/catalog/names.ts';
import { workMs } from '../support/work.ts';

test('table names compare without case, quotes and missing qualifiers', () => {
  const same: readonly (readonly [string, string])[] = [
    ['orders', 'ORDERS'],
    ['sales.orders', '"PROD"."SALES"."ORDERS"'],
    ['orders', 'prod.sales.orders'],
    ['`my-project`.sales.orders', 'my-project.sales.orders'],
    ['[dbo].[Orders]', 'dbo.orders'],
    ['"a""b".c', '"A""B".C'],
  ];
  for (const [one, other] of same) assert.ok(sameName('table', one, other), `${one} is ${other}`);
  const different: readonly (readonly [string, string])[] = [
    ['orders', 'reorders'],
    ['sales.orders', 'prod.orders'],
    ['"sales.orders"', 'sales.orders'],
    ['sales', 'sales.orders'],
  ];
  for (const [one, other] of different) assert.ok(!sameName('table', one, other), `${one} is not ${other}`);
});

test('models and jobs compare exactly, paths by scheme and without the slash at the end', () => {
  assert.ok(!sameName('model', 'churn', 'Churn'));
  assert.ok(sameName('path', 's3a://acme-lake/churn/', 'S3://acme-lake/churn'));
  assert.ok(!sameName('path', 's3://acme-lake/Churn', 's3://acme-lake/churn'));
});

test('quotes that never close and dots inside quotes', () => {
  assert.deepEqual(tableParts('"a.b".c'), ['a.b', 'c']);
  assert.deepEqual(tableParts('"a.b'), ['"a', 'b']);
  assert.deepEqual(tableParts(''), ['']);
});

test('a star matches any text, everything else only itself', () => {
  const matches = (pattern: string, name: string) => namePattern('table', pattern).test(nameKey('table', name));
  assert.ok(matches('churn_*', 'analytics.ml.churn_labels'));
  assert.ok(matches('ml.*', 'analytics.ml.churn_labels'));
  assert.ok(!matches('ml.*', 'analytics.raw.churn_labels'));
  assert.ok(namePattern('path', 's3://*/raw/').test(nameKey('path', 's3://lake/raw')));
  assert.ok(!namePattern('model', 'a?c').test('abc'));
  assert.deepEqual(namePattern('model', 'a[b]?*').globs, ['a[[]b][?]*']);
});

test('patterns match like their definition, and a hostile one ends', () => {
  const letters = fc.stringMatching(/^[ab*]{0,12}$/);
  fc.assert(
    fc.property(letters, fc.stringMatching(/^[ab]{0,12}$/), (pattern, text) => {
      const expected = new RegExp(`^${pattern.replace(/\*/g, '.*')}$`).test(text);
      assert.equal(matchesStars(pattern, text), expected);
    }),
  );
  assert.ok(workMs(() => matchesStars('a*'.repeat(200), `${'a'.repeat(2000)}b`)) < 1000);
});

test('a name that is its own quoted form stays itself, whatever it is made of', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (name) => {
      assert.deepEqual(tableParts(`"${name.replaceAll('"', '""')}"`), [name.trim()]);
    }),
  );
});
