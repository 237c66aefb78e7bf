// Way: the shortest lineage between two entities, with every step that was said, and none that was not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { indexEdges } from '../../server/lineage/edgeIndex.ts';
import { wayBetween } from '../../server/lineage/way.ts';
import { fixtureCatalog, fixtureId } from '../support/catalog.ts';

const id = (kind: 'table' | 'job' | 'task' | 'model' | 'metric', name: string, tool?: string): string =>
  fixtureId(kind, name, tool);

/** `from relation to`, an arrow in front of what is gone against. */
function way(world: string, from: string, to: string): string[] | undefined {
  const store = fixtureCatalog(world);
  try {
    const steps = store.read((catalog) => wayBetween(from, to, { catalog, codeEdges: indexEdges([]), joinRules: [] }));
    return steps?.map(({ edge, against }) => {
      const [one, other] = [edge.from, edge.to].map((end) => end.slice(end.lastIndexOf('/') + 1));
      return `${against ? '← ' : ''}${one} ${edge.relation} ${other}`;
    });
  } finally {
    store.close();
  }
}

test('upstream, through the parts and the other names of what lies between', () => {
  const world = `
    metric auc
    job train
    task train.fit
    task train.load
    job train.load tool=openlineage
    table orders
    edge job/train -> task/train.fit contains reported "task logs"
    edge job/train -> task/train.load contains reported "task logs"
    edge task/train.fit -> metric/auc writes code "fit.py:3"
    edge table/orders -> job:openlineage://local/train.load reads reported "run 1"`;
  const found = way(world, id('metric', 'auc'), id('table', 'orders'));
  assert.deepEqual(found, [
    '← fit writes auc',
    '← train contains fit',
    'train contains load',
    'load same train.load',
    '← orders reads train.load',
  ]);
});

test('downstream where nothing leads up, both ways mixed only where neither does', () => {
  const world = `
    table a
    table b
    table c
    table other
    edge table/a -> table/b reads declared "x"
    edge table/b -> table/c reads declared "x"
    edge table/other -> table/c reads declared "x"`;
  assert.deepEqual(way(world, id('table', 'a'), id('table', 'c')), ['a reads b', 'b reads c']);
  assert.deepEqual(way(world, id('table', 'c'), id('table', 'a')), ['← b reads c', '← a reads b']);
  assert.deepEqual(way(world, id('table', 'a'), id('table', 'other')), ['a reads b', 'b reads c', '← other reads c']);
  assert.deepEqual(way(world, id('table', 'a'), id('table', 'a')), []);
  assert.equal(way(`${world}\n table alone`, id('table', 'a'), id('table', 'alone')), undefined);
});

test('in any graph: the steps hang together, lead there, and are as few as can be', () => {
  const nodes = 8;
  const node = fc.nat(nodes - 1);
  fc.assert(
    fc.property(fc.array(fc.tuple(node, node), { maxLength: 20 }), node, node, (pairs, from, to) => {
      const arcs = pairs.filter(([one, other]) => one !== other);
      const world = [
        ...Array.from({ length: nodes }, (_, index) => `table t${index}`),
        ...arcs.map(([one, other]) => `edge table/t${one} -> table/t${other} reads declared "x"`),
      ].join('\n');
      const found = way(world, id('table', `t${from}`), id('table', `t${to}`));
      const distance =
        fewest(
          arcs.map(([one, other]) => [other, one]),
          from,
          to,
        ) ?? fewest(arcs, from, to);
      const mixed = fewest([...arcs, ...arcs.map(([one, other]): [number, number] => [other, one])], from, to);
      assert.equal(found?.length, distance ?? mixed);
      let at = `t${from}`;
      for (const step of found ?? []) {
        const [one = '', , other = ''] = step.replace('← ', '').split(' ');
        const [start, end] = step.startsWith('←') ? [other, one] : [one, other];
        assert.equal(start, at);
        at = end;
      }
      if (found) assert.equal(at, `t${to}`);
    }),
    { numRuns: 150 },
  );
});

function fewest(arcs: readonly (readonly [number, number])[], from: number, to: number): number | undefined {
  let level = new Set([from]);
  const seen = new Set(level);
  for (let distance = 0; level.size > 0; distance++) {
    if (level.has(to)) return distance;
    level = new Set(arcs.filter(([one, other]) => level.has(one) && !seen.has(other)).map(([, other]) => other));
    for (const one of level) seen.add(one);
  }
  return undefined;
}
