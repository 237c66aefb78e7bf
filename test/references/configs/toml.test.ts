// TOML trees: any text is read to its end, without a crash and in linear time; places are where the values stand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tomlDocuments } from '../../../server/references/configs/trees/tomlTree.ts';
import type { ConfigNode } from '../../../server/references/configs/trees/tree.ts';

function plain(node: ConfigNode | undefined): unknown {
  if (node?.is === 'scalar') return node.value;
  if (node?.is === 'list') return node.items.map(({ value }) => plain(value));
  if (node?.is !== 'map') return undefined;
  return Object.fromEntries(node.entries.map(({ key, value }) => [key.value, plain(value)]));
}

const read = (text: string): unknown => plain(tomlDocuments(text)[0]?.root);

test('tables, dotted keys, arrays of tables, texts of all sorts', () => {
  const text = [
    'a.b = 1 # one',
    '[a."c d"]',
    "x = 'C:\\new'",
    'y = "tab\\tand \\u00e9"',
    '[[runs]]',
    'days = [1, 2, # more',
    ' 3]',
    '[[runs]]',
    'at = 2026-11-24T02:00:00Z',
    '[runs.inner]',
    'z = {p = true, q.r = "s"}',
    '[text]',
    'long = """',
    'one \\',
    '   two"""',
  ].join('\n');
  assert.deepEqual(read(text), {
    a: { b: '1', 'c d': { x: 'C:\\new', y: 'tab\tand é' } },
    runs: [{ days: ['1', '2', '3'] }, { at: '2026-11-24T02:00:00Z', inner: { z: { p: 'true', q: { r: 's' } } } }],
    text: { long: 'one two' },
  });
});

test('what is broken is left out, and the rest is read', () => {
  assert.deepEqual(read('= 1\n[unclosed\na = "x\nb = [1, 2\n'), { a: 'x', b: ['1', '2'] });
  assert.deepEqual(read('[a]\nb = 1\nb = 2\n[a.b]\nc = 3\n[d]\ne = 4'), { a: { b: '1' }, d: { e: '4' } });
});

test('any text comes to its end', () => {
  const signs = fc.constantFrom(
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '"""',
    '=',
    '.',
    ',',
    '#',
    '\\',
    '\n',
    ' ',
    'a',
    '\\u',
    '🙂',
  );
  fc.assert(
    fc.property(fc.array(signs, { maxLength: 200 }), (parts) => {
      const text = parts.join('');
      assert.equal(tomlDocuments(text)[0]?.root.is, 'map');
    }),
  );
  for (const sign of ['[', '{', 'a=[', 'a={', 'a.', '"', '"""', "'''", '[[a]]\n', '[a]\n'])
    assert.equal(tomlDocuments(sign.repeat(20_000))[0]?.root.is, 'map', sign);
});
