// JSON as servers send it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseJson } from '../../../server/world/http/json.ts';

test('whatever is JSON is read as JSON.parse reads it', () => {
  const safe = fc.json().filter((text) => !/\d{16}/.test(text));
  fc.assert(fc.property(safe, (text) => assert.deepEqual(parseJson(text), JSON.parse(text))));
});

test('integers that a double cannot hold keep their digits', () => {
  assert.deepEqual(
    parseJson('{"id": 9007199254740993, "n": -12345678901234567890, "ok": 9007199254740991, "f": 1.5, "e": 1e21}'),
    {
      id: '9007199254740993',
      n: '-12345678901234567890',
      ok: 9007199254740991,
      f: 1.5,
      e: 1e21,
    },
  );
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (id) => {
      const { value } = parseJson(`{"value":${id}}`) as { value: number | string };
      assert.equal(BigInt(value), id);
    }),
  );
});

test('bare NaN and infinities are read as their names, and strings that hold them stay', () => {
  assert.deepEqual(parseJson('{"a":NaN,"b":[Infinity,-Infinity],"c":"NaN \\" Infinity \\\\","d":{"NaN":NaN}}'), {
    a: 'NaN',
    b: ['Infinity', '-Infinity'],
    c: 'NaN " Infinity \\',
    d: { NaN: 'NaN' },
  });
});

test('any strings beside a bare NaN come through', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('NaN', '\\', '"', '-Infinity'))), (texts) => {
      assert.deepEqual(parseJson(`[NaN,${JSON.stringify(texts)}]`), ['NaN', texts]);
    }),
  );
});

test('what is no JSON is none', () => {
  for (const text of ['', '{', '{"a":NaN', '[NaNa]', "{'a':1}", '<html>NaN', '"NaN']) {
    assert.throws(() => parseJson(text), SyntaxError, text);
  }
});

test('a field of 10 MB is no trouble', () => {
  const long = 'x'.repeat(10_000_000);
  assert.deepEqual(parseJson(`{"a":NaN,"b":"${long}"}`), { a: 'NaN', b: long });
});
