// Past: lineage of an earlier time: what came later is left out, what nobody saw is marked, runs are as they were.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CatalogChange } from '../../server/catalog/change.ts';
import type { Edge } from '../../server/catalog/edge.ts';
import { mergeCatalogs } from '../../server/catalog/merged.ts';
import { CatalogStore } from '../../server/catalog/store.ts';
import { indexEdges } from '../../server/lineage/edgeIndex.ts';
import { unplaced } from '../../server/lineage/graph.ts';
import { neighbourhood } from '../../server/lineage/neighbourhood.ts';
import { graphAsOf, partsAsOf } from '../../server/lineage/past.ts';

const minute = 60_000;
const scope = 'dbt://i';
const table = (name: string) => `table:${scope}/${name}`;
const reads = (from: string, to: string, more: Partial<Edge> = {}): Edge => ({
  ...{ from: table(from), to: table(to), relation: 'reads', origin: 'declared', evidence: 'manifest' },
  ...more,
});

function scan(store: CatalogStore, at: number, names: string, change: CatalogChange = {}): void {
  const source = { name: 'dbt', tool: 'dbt', scope, kinds: ['table'] } as const;
  const running = store.writer().startScan(source, at * minute);
  const entities = [...names].map((name) => ({
    id: table(name),
    kind: 'table' as const,
    name,
    facts: { owner: `o${at}` },
  }));
  running.apply({ entities, covered: [{ kind: 'table', scope }], ...change });
  running.finish();
}

/** a → b all the time; c joined b at minute 20; d went at minute 30; looks every ten minutes from 10 to 40. */
function world(): CatalogStore {
  const { store } = CatalogStore.open(':memory:');
  scan(store, 10, 'abd', { edges: [reads('a', 'b'), reads('b', 'd')] });
  scan(store, 20, 'abcd', { edges: [reads('a', 'b'), reads('b', 'c'), reads('b', 'd')] });
  scan(store, 30, 'abc', { edges: [reads('a', 'b'), reads('b', 'c')] });
  scan(store, 40, 'abc', { edges: [reads('a', 'b'), reads('b', 'c')] });
  return store;
}

function graphAt(store: CatalogStore, at: number, code: readonly Edge[] = []) {
  return store.read((catalog) => {
    const parts = { catalog, codeEdges: indexEdges(code), joinRules: [] };
    const then = partsAsOf(parts, at * minute);
    const around = neighbourhood(table('b'), { ...then, expanded: [], collapsed: [] });
    return graphAsOf(
      unplaced(then.catalog, around, () => false),
      catalog,
      at * minute,
    );
  });
}

function said(graph: ReturnType<typeof graphAt>) {
  const name = (id: string) => id.slice(id.lastIndexOf('/') + 1);
  const nodes = graph.nodes.map(({ label, unsure }) => (unsure ? `${label} ${unsure}` : label)).sort();
  const edges = graph.neighbourhood.edges.map(
    ({ from, to, unsure }) => `${name(from)}${name(to)}${unsure ? ` ${unsure}` : ''}`,
  );
  return `${nodes.join(', ')} | ${edges.sort().join(', ')}`;
}

test('what came later is left out, what went is drawn, what was not seen is marked', () => {
  const store = world();
  for (const [at, expected] of [
    [5, 'a notWatched, b notWatched, c notWatched, d notWatched | ab notWatched, bc notWatched, bd notWatched'],
    [10, 'a, b, d | ab, bd'],
    [15, 'a, b, c between, d | ab, bc between, bd'],
    [20, 'a, b, c, d | ab, bc, bd'],
    [25, 'a, b, c, d between | ab, bc, bd between'],
    [30, 'a, b, c | ab, bc'],
    [40, 'a, b, c | ab, bc'],
  ] as const)
    assert.equal(said(graphAt(store, at)), expected, `minute ${at}`);
  store.close();
});

test('the code is read as it is today: its edges are never certain, and lead to nothing that was not there', () => {
  const store = world();
  const code = [
    reads('a', 'b', { origin: 'code' }),
    reads('a', 'c', { origin: 'code' }),
    reads('b', 'x', { origin: 'code' }),
  ];
  assert.equal(said(graphAt(store, 10, code)), 'a, b, d, x notWatched | ab, bd, bx notWatched');
  store.close();
});

test('the focus as it was; and since when anything was watched', () => {
  const store = world();
  const { asOf } = graphAt(store, 25);
  assert.equal(asOf?.watchedFrom, 10 * minute);
  assert.deepEqual(asOf?.fields, [
    {
      ...{ entity: table('b'), field: 'owner', answer: 'between', from: 20 * minute, to: 30 * minute },
      ...{ before: 'o20', after: 'o30', source: 'dbt' },
    },
  ]);
  store.close();
});

test('a run that had begun was running, one that came later was not there', () => {
  const store = world();
  const run = (name: string, start: number, end: number) => ({
    ...{ id: `run:${scope}/${name}`, of: [table('a')], name, startedAt: start * minute, endedAt: end * minute },
    ...({ status: 'failed', metrics: [], params: [], inputs: [], outputs: [], logs: [], linked: [] } as const),
  });
  scan(store, 50, 'abc', { edges: [reads('a', 'b')], runs: [run('one', 12, 17), run('two', 42, 44)] });
  const status = (at: number) => graphAt(store, at).nodes.find(({ label }) => label === 'a')?.status;
  assert.deepEqual([11, 15, 20, 43, 45].map(status), [undefined, 'running', 'failed', 'running', 'failed']);
  store.close();
});

test('what the connections gave and what the workspace holds are asked as one', () => {
  const store = world();
  const { store: empty } = CatalogStore.open(':memory:');
  for (const merged of [
    mergeCatalogs(store.snapshot(), empty.snapshot()),
    mergeCatalogs(empty.snapshot(), store.snapshot()),
  ]) {
    assert.equal(merged.asOf(table('b'), 'owner', 20 * minute).answer, 'known');
    assert.equal(merged.changes(table('b'), 'owner').length, 3);
    assert.equal(merged.neighboursAt(table('b'), 25 * minute).downstream.length, 2);
  }
  store.close();
  empty.close();
});
