// Outline: the list names everything that the graph draws, once, and stays small when paths meet.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LineageEdge, LineageGraph } from '../../server/protocol/lineage.ts';
import { type OutlineRow, outline } from '../../webview/outline.ts';
import { handleOf, side } from '../../webview/sides.ts';
import { initialState, type State } from '../../webview/state.ts';
import { nodeOf } from './nodeOf.ts';

/** `a>b b>c` with the first name in focus; `+2b` and `b+2` hide two upstream and downstream of b. */
function graphOf(text: string): LineageGraph {
  const words = text.split(' ');
  const edges = words
    .filter((word) => word.includes('>'))
    .map((word): LineageEdge => {
      const [from = '', to = ''] = word.split('>');
      return { from, to, relation: 'reads', origins: ['reported'], evidence: [], points: [] };
    });
  const hidden = (pattern: RegExp): number => Number(words.flatMap((word) => pattern.exec(word)?.[1] ?? [])[0] ?? 0);
  const ids = new Set(words.filter((word) => !word.includes('+')).flatMap((word) => word.split('>')));
  const nodes = [...ids].map((id) =>
    nodeOf(id, {
      hiddenUpstream: hidden(new RegExp(`^\\+(\\d+)${id}$`)),
      hiddenDownstream: hidden(new RegExp(`^${id}\\+(\\d+)$`)),
    }),
  );
  return { focus: words[0] ?? '', nodes, edges, width: 0, height: 0, leftOut: 0, revision: 1 };
}

function lines(rows: readonly OutlineRow[], indent = ''): string[] {
  return rows.flatMap((row): string[] => {
    if (row.type === 'more') return [`${indent}${row.count} more ${row.direction} of ${row.id}`];
    const text = row.type === 'branch' ? row.branch : `${row.node.id}${row.again ? ' (above)' : ''}`;
    return [`${indent}${text}`, ...lines(row.rows, `${indent}  `)];
  });
}

test('what the focus is made from and what uses it hang below it', () => {
  assert.deepEqual(lines(outline(graphOf('f a>f b>a f>x x>y'))), [
    'f',
    'upstream',
    '  a',
    '    b',
    'downstream',
    '  x',
    '    y',
  ]);
});

test('a node reached twice has its rows where it is nearest, and is named at the other place', () => {
  assert.deepEqual(lines(outline(graphOf('f a>f b>f c>a c>b d>c'))), [
    'f',
    'upstream',
    '  a',
    '    c',
    '      d',
    '  b',
    '    c (above)',
  ]);
});

test('cycles end, and what hangs on neither side stands beside', () => {
  assert.deepEqual(lines(outline(graphOf('f a>f f>a a>s'))), [
    'f',
    'upstream',
    '  a',
    '    f (above)',
    'downstream',
    '  a (above)',
    'beside',
    '  s',
  ]);
});

test('what is hidden can be reached', () => {
  assert.deepEqual(lines(outline(graphOf('f a>f +2a a+1 f+3'))), [
    'f',
    'upstream',
    '  a',
    '    2 more upstream of a',
    '    1 more downstream of a',
    'downstream',
    '  3 more downstream of f',
  ]);
});

test('every node has exactly one row of its own, every key is unique, and rows are no more than nodes and edges', () => {
  const pair = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }));
  fc.assert(
    fc.property(fc.uniqueArray(pair, { minLength: 1, maxLength: 40, selector: String }), (pairs) => {
      const graph = graphOf(['n0', ...pairs.map(([from, to]) => `n${from}>n${to}`)].join(' '));
      const own: string[] = [];
      const keys: string[] = [];
      const walk = (rows: readonly OutlineRow[]): void => {
        for (const row of rows) {
          keys.push(row.key);
          if (row.type === 'node' && !row.again) own.push(row.node.id);
          if (row.type !== 'more') walk(row.rows);
        }
      };
      walk(outline(graph));
      assert.deepEqual(own.sort(), graph.nodes.map(({ id }) => id).sort());
      assert.equal(new Set(keys).size, keys.length);
      assert.ok(keys.length <= graph.nodes.length + 2 * graph.edges.length + 3);
    }),
  );
});

test('handles open what is hidden, close what hangs there, and do nothing on the way back to the focus', () => {
  const graph = graphOf('f a>f b>a f>x +2b a>s');
  const state: State = { ...initialState(undefined), focus: 'f', graph };
  const does = (id: string, direction: 'upstream' | 'downstream', from = state): string =>
    handleOf(from, graph.nodes.find((node) => node.id === id) ?? nodeOf(id), direction).does;
  assert.deepEqual([...side(graph, 'upstream')].sort(), ['a', 'b', 'f']);
  assert.equal(does('b', 'upstream'), 'expand');
  assert.equal(does('a', 'upstream'), 'collapse');
  assert.equal(does('f', 'downstream'), 'collapse');
  assert.equal(does('b', 'downstream'), 'nothing');
  assert.equal(does('x', 'downstream'), 'nothing');
  const opened: State = {
    ...state,
    expanded: [
      { id: 'a', direction: 'downstream' },
      { id: 'b', direction: 'upstream' },
    ],
  };
  assert.equal(does('a', 'downstream', opened), 'collapse');
  assert.equal(does('b', 'upstream', opened), 'nothing');
});
