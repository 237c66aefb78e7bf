// Coarse layout: columns by longest distance from a source, for graphs too large for Graphviz; linear in the graph.
import type { Layout, LayoutInput } from './layout.ts';

const columnGap = 64;
const rowGap = 16;

export function coarseLayout({ nodes, edges }: LayoutInput): Layout {
  const ranks = rankOf({ nodes, edges });
  const columns: { width: number; height: number }[] = [];
  for (const { id, width, height } of nodes) {
    const rank = ranks.get(id) ?? 0;
    const column = columns[rank] ?? { width: 0, height: 0 };
    columns[rank] = { width: Math.max(column.width, width), height: column.height + height + rowGap };
  }
  const lefts: number[] = [];
  let left = 0;
  for (const column of columns) {
    lefts.push(left);
    left += (column?.width ?? 0) + columnGap;
  }
  const filled = new Map<number, number>();
  const places = new Map<string, { x: number; y: number; width: number }>();
  for (const { id, width, height } of nodes) {
    const rank = ranks.get(id) ?? 0;
    const top = filled.get(rank) ?? 0;
    filled.set(rank, top + height + rowGap);
    places.set(id, { x: (lefts[rank] ?? 0) + (columns[rank]?.width ?? 0) / 2, y: top + height / 2, width });
  }
  return {
    nodes: nodes.map(({ id }) => ({ x: places.get(id)?.x ?? 0, y: places.get(id)?.y ?? 0 })),
    edges: edges.map(({ from, to }) => curve(places.get(from), places.get(to))),
    width: Math.max(0, left - columnGap),
    height: Math.max(0, ...columns.map((column) => column?.height ?? 0)),
  };
}

function curve(
  from: { x: number; y: number; width: number } | undefined,
  to: { x: number; y: number; width: number } | undefined,
): (readonly [number, number])[] {
  if (!from || !to) return [];
  const start = from.x + from.width / 2;
  const end = to.x - to.width / 2;
  const middle = (start + end) / 2;
  return [
    [start, from.y],
    [middle, from.y],
    [middle, to.y],
    [end, to.y],
  ];
}

/** Longest distance over edges that do not close a cycle. */
function rankOf({ nodes, edges }: LayoutInput): ReadonlyMap<string, number> {
  const next = Map.groupBy(edges, ({ from }) => from);
  const waiting = new Map(nodes.map(({ id }) => [id, 0]));
  for (const { to } of edges) waiting.set(to, (waiting.get(to) ?? 0) + 1);
  const ranks = new Map<string, number>();
  const queue = nodes.filter(({ id }) => waiting.get(id) === 0).map(({ id }) => id);
  const place = (id: string): void => {
    const rank = ranks.get(id) ?? 0;
    ranks.set(id, rank);
    for (const { to } of next.get(id) ?? []) {
      if (to === id) continue;
      const left = (waiting.get(to) ?? 0) - 1;
      waiting.set(to, left);
      ranks.set(to, Math.max(ranks.get(to) ?? 0, rank + 1));
      if (left === 0) queue.push(to);
    }
  };
  for (const id of queue) place(id);
  return ranks;
}
