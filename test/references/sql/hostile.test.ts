// SQL and Jinja from hostile hands: any characters, any prefix, very long, very deep; ranges lie on the text they name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { scanSql } from '../../../server/references/sql/scan.ts';
import { readSql } from '../../../server/references/sql/sites.ts';
import { LineIndex } from '../../../server/syntax/lines.ts';

const pieces = [
  'select * from ',
  'with a as (',
  'insert into t ',
  'join ',
  ', ',
  '(',
  ')',
  "'",
  '"',
  '`',
  '[x]',
  '$$',
  '{{ ',
  ' }}',
  '{% ',
  ' %}',
  '{#',
  '#}',
  "ref('m')",
  '{% set x = ',
  '{% macro f(a) %}',
  '{% endmacro %}',
  'a.b',
  '/*',
  '*/',
  '--',
  '\n',
  ';',
  '\\',
  '::int',
  '#t ',
  '## ',
  '{% if x %}',
  '{% else %}',
  '{% endif %}',
  'use a.b;',
  '@s/x ',
  'union ',
  'as ',
  'create table ',
  'merge ',
  'using ',
  'begin ',
  '\u{e000}',
  '\u{f8ff}',
  '😀',
];
const texts = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
);

function read(text: string): ReturnType<typeof readSql> {
  const lines = LineIndex.of(text);
  const lineAt = (offset: number): number => lines.lineAt(offset);
  return readSql(text, {
    lineAt,
    span: (base, from, to) => {
      const [start, end] = [lines.positionAt(from), lines.positionAt(to)];
      return [start.line - base, start.character, end.line - base, end.character];
    },
  });
}

test('any text is read, and ranges lie on what they name', () => {
  fc.assert(
    fc.property(texts, (text) => {
      read(text);
      for (const { name, from, to } of scanSql(text).names) {
        assert.ok(from >= 0 && from < to && to <= text.length, `${from}-${to}`);
        if (!/^[\w.]+$/.test(name)) continue;
        const there = text.slice(from, to).replace(/["`[\]\s\\]/g, '');
        assert.ok(
          there === name || there.includes('{') || there.includes('/*') || there.includes('--'),
          `${there}: ${name}`,
        );
      }
    }),
    { numRuns: 600 },
  );
});

test('a prefix of a text is read too, and what stands complete in it is found the same', () => {
  const text = `{{ config(a='b') }} with p as (select * from {{ source('crm', 'orders') }} o, unnest(o.x) y)
insert into "a"."b" select * from p join lake.c using (id) where x = '{{ var("z", 'from d.e') }}'; merge into f using g on 1 = 1;`;
  const whole = scanSql(text).names;
  for (let end = 0; end <= text.length; end++) {
    read(text.slice(0, end));
    const found = scanSql(text.slice(0, end)).names;
    for (const one of whole.filter(({ to }) => to < end - 20))
      assert.ok(
        found.some(({ from, name }) => from === one.from && name === one.name),
        `${end}: ${one.name}`,
      );
  }
});

test('a quarter of a million characters on one line, and ten thousand brackets in each other, take well under a second', () => {
  const length = 250_000;
  const hard = [
    'select a, b from t join u using (id) where x = 1 ',
    '(select * from a, ',
    '((((((((((',
    'with a as (',
    "'it''s' ",
    "\\'",
    '{{ ',
    "{{ ' ",
    '{{ }} ',
    "{{ ref('a",
    '{% set x %}',
    '{% if x %}',
    'from {% if x %} a {% else %} ',
    '{% else %} with a as (select 1) ',
    'a{% if x %}b{% else %}',
    ', #a b from ',
    'a ##b\n',
    'use a; from b ',
    '{% raw %}',
    '{{ f(',
    '{{ [',
    '{{ a | b ',
    '/* ',
    '/* */ ',
    '$a$ ',
    '$$',
    '[a',
    '"',
    '"a".',
    'a-',
    'from a a, ',
    'from a.b, ',
    'create temp table a; from a; ',
    '{a',
    '%(a)s',
    "q'[",
    'returning x into y insert ',
    'language $$ select 1 $$ ',
    "execute 'select 1 from a' ",
    'u\u{f001}',
    '\n{{\n',
    '{% macro f(a, b) %}',
    'union all select x from part_{{ a }} ',
  ];
  for (const piece of hard) {
    const text = piece.repeat(Math.ceil(length / piece.length));
    const started = performance.now();
    scanSql(text);
    const scanned = performance.now() - started;
    assert.ok(scanned < 1500, `${piece}: ${Math.round(scanned)} ms`);
  }
  for (const deep of ['(', '{{ (', '{{ f(', '{{ [', '{{ ref(', 'select (', 'from (', 'with a as (select * from (']) {
    const started = performance.now();
    read(deep.repeat(10_000));
    assert.ok(performance.now() - started < 1000, deep);
  }
});
