// Layout: where things stand, by Graphviz and by the coarse layers, and the worker that does it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { coarseLayout } from '../../server/lineage/coarseLayout.ts';
import { type Layout, type LayoutInput, layout } from '../../server/lineage/layout.ts';
import { LayoutClient } from '../../server/lineage/layoutClient.ts';

const size = { width: 120, height: 44 };

function graph(edges: string, ...alone: string[]): LayoutInput {
  const pairs = edges
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => word.split('>') as [string, string]);
  const ids = [...new Set([...pairs.flat(), ...alone])];
  return { nodes: ids.map((id) => ({ id, ...size })), edges: pairs.map(([from, to]) => ({ from, to })) };
}

function overlaps({ nodes }: LayoutInput, { nodes: places }: Layout): string[] {
  return nodes.flatMap((one, index) =>
    nodes.slice(index + 1).flatMap((other, offset) => {
      const [here, there] = [places[index], places[index + 1 + offset]];
      if (!here || !there) return ['nowhere'];
      const apart =
        Math.abs(here.x - there.x) >= (one.width + other.width) / 2 - 0.5 ||
        Math.abs(here.y - there.y) >= (one.height + other.height) / 2 - 0.5;
      return apart ? [] : [`${one.id} ${other.id}`];
    }),
  );
}

const layouts = { graphviz: layout, coarse: async (input: LayoutInput) => coarseLayout(input) };
for (const [name, place] of Object.entries(layouts)) {
  test(`${name}: downstream is to the right, nothing overlaps, lines end at their nodes`, async () => {
    const input = graph('a>b a>c b>d c>d d>e x>d');
    const placed = await place(input);
    const at = new Map(input.nodes.map(({ id }, index) => [id, placed.nodes[index] ?? { x: 0, y: 0 }]));
    for (const [index, { from, to }] of input.edges.entries()) {
      const [start, end] = [at.get(from), at.get(to)];
      assert.ok(start && end && start.x + size.width / 2 <= end.x - size.width / 2, `${from} is left of ${to}`);
      const points = placed.edges[index] ?? [];
      assert.equal(points.length % 3, 1);
      assert.ok(Math.abs((points[0]?.[0] ?? 0) - (start.x + size.width / 2)) < 2);
      assert.ok(Math.abs((points.at(-1)?.[0] ?? 0) - (end.x - size.width / 2)) < 2);
    }
    assert.deepEqual(overlaps(input, placed), []);
    for (const { x, y } of placed.nodes) assert.ok(x >= 0 && y >= 0 && x <= placed.width && y <= placed.height);
  });

  test(`${name}: cycles, self references, double lines and lone nodes have places`, async () => {
    const input = graph('a>b b>c c>a a>b d>d', 'lonely');
    const placed = await place(input);
    assert.deepEqual(overlaps(input, placed), []);
    assert.equal(placed.edges.length, input.edges.length);
    for (const points of placed.edges) assert.ok(points.flat().every(Number.isFinite));
  });

  test(`${name}: the same input stands in the same place`, async () => {
    const pair = fc.tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 15 }));
    await fc.assert(
      fc.asyncProperty(fc.array(pair, { minLength: 1, maxLength: 25 }), async (pairs) => {
        const input = graph(pairs.map(([from, to]) => `n${from}>n${to}`).join(' '));
        const placed = await place(input);
        assert.deepEqual(await place(input), placed);
        assert.deepEqual(overlaps(input, placed), []);
      }),
      { numRuns: 25 },
    );
  });
}

test('an empty graph has no size', async () => {
  assert.deepEqual(await layout({ nodes: [], edges: [] }), { nodes: [], edges: [], width: 0, height: 0 });
});

test('names that mean something to Graphviz are only names', async () => {
  const ids = ['"]; evil [shape=none', 'n1', 'a -> b', '\\n', '<b>', 'subgraph cluster_0 {', '', '\u0000'];
  const input = {
    nodes: ids.map((id) => ({ id, ...size })),
    edges: ids.slice(1).map((id, index) => ({ from: ids[index] ?? '', to: id })),
  };
  const placed = await layout(input);
  assert.equal(new Set(placed.nodes.map(({ x }) => x)).size, ids.length);
});

test('more than Graphviz can do in time has places at once', async () => {
  const count = 5_000;
  const edges = Array.from({ length: count - 1 }, (_, index) => `n${index >> 2}>n${index + 1}`).join(' ');
  const began = performance.now();
  const placed = await layout(graph(edges));
  assert.equal(placed.nodes.length, count);
  assert.ok(performance.now() - began < 3_000);
});

test('the worker answers many at once, each its own, and the same as without it', async () => {
  const client = new LayoutClient();
  const inputs = ['a>b', 'a>b b>c', 'x>y y>z z>w'].map((edges) => graph(edges));
  const placed = await Promise.all(inputs.map((input) => client.layout(input)));
  for (const [index, input] of inputs.entries()) assert.deepEqual(placed[index], await layout(input));
  client.dispose();
  assert.deepEqual(await client.layout(graph('a>b')), placed[0]);
  client.dispose();
});

test('a worker that is ended in the middle leaves the coarse layout', async () => {
  const client = new LayoutClient();
  const input = graph('a>b b>c');
  const asked = client.layout(input);
  client.dispose();
  assert.deepEqual(await asked, coarseLayout(input));
});
