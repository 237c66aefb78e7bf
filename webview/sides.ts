// Sides: what of a graph lies upstream and downstream of its focus, and which handles do something.
import type { LineageDirection, LineageGraph, LineageNode } from '../server/protocol/lineage.ts';
import type { State } from './state.ts';

export type Handle =
  | { readonly does: 'expand'; readonly count: number }
  | { readonly does: 'collapse' }
  | { readonly does: 'nothing' };

/** Every node asks for both of its handles: a graph's sides are walked once. */
const sides = {
  upstream: new WeakMap<LineageGraph, ReadonlySet<string>>(),
  downstream: new WeakMap<LineageGraph, ReadonlySet<string>>(),
};

/** Ids that edges lead to from the focus, itself included. */
export function side(graph: LineageGraph, direction: LineageDirection): ReadonlySet<string> {
  const known = sides[direction].get(graph) ?? walked(graph, direction);
  sides[direction].set(graph, known);
  return known;
}

function walked(graph: LineageGraph, direction: LineageDirection): ReadonlySet<string> {
  const next = new Map<string, string[]>();
  for (const { from, to } of graph.edges) {
    const [near, far] = direction === 'upstream' ? [to, from] : [from, to];
    next.set(near, [...(next.get(near) ?? []), far]);
  }
  const found = new Set([graph.focus]);
  for (const id of found) for (const other of next.get(id) ?? []) found.add(other);
  return found;
}

/**
 * What is hidden can be shown, unless it was asked for already and the limit left it out; what hangs on a node of that
 * side, or was opened there, can be hidden.
 */
export function handleOf(state: State, node: LineageNode, direction: LineageDirection): Handle {
  const { graph } = state;
  if (!graph) return { does: 'nothing' };
  const count = direction === 'upstream' ? node.hiddenUpstream : node.hiddenDownstream;
  const wasOpened = state.expanded.some((one) => one.id === node.id && one.direction === direction);
  if (count > 0 && !wasOpened) return { does: 'expand', count };
  const hangs = graph.edges.some(({ from, to }) => (direction === 'upstream' ? to : from) === node.id);
  return hangs && (wasOpened || side(graph, direction).has(node.id)) ? { does: 'collapse' } : { does: 'nothing' };
}
