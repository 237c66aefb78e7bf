// Outline: the graph as rows of a tree; every node has one row of its own, and a short one wherever else it is reached.
import type { LineageDirection, LineageEdge, LineageGraph, LineageNode } from '../server/protocol/lineage.ts';

export type OutlineRow =
  | {
      readonly type: 'node';
      /** Unique in the outline, and the same for the same row of the next graph. */
      readonly key: string;
      readonly node: LineageNode;
      /** How it hangs on the row above; absent for the focus. */
      readonly edge?: LineageEdge;
      /** On which end of that edge it is. */
      readonly direction?: LineageDirection;
      /** Its own rows stand elsewhere. */
      readonly again: boolean;
      readonly rows: readonly OutlineRow[];
    }
  | { readonly type: 'branch'; readonly key: string; readonly branch: Branch; readonly rows: readonly OutlineRow[] }
  | {
      readonly type: 'more';
      readonly key: string;
      readonly id: string;
      readonly direction: LineageDirection;
      readonly count: number;
    };

export type Branch = LineageDirection | 'beside';

/** Empty when the focus is not among the nodes. Linear in nodes and edges, however often paths meet again. */
export function outline(graph: LineageGraph): readonly OutlineRow[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const focus = nodes.get(graph.focus);
  if (!focus) return [];
  const placed = new Set([focus.id]);
  const upstream = branch(graph, nodes, placed, focus, 'upstream');
  const downstream = branch(graph, nodes, placed, focus, 'downstream');
  const rest = graph.nodes.filter(({ id }) => !placed.has(id));
  const beside = rest.map((node): OutlineRow => {
    const edge = graph.edges.find(({ from, to }) => from === node.id || to === node.id);
    const direction = edge?.from === node.id ? 'upstream' : 'downstream';
    const rows = moreRows('beside', node);
    return { type: 'node', key: `beside/${node.id}`, node, edge, direction, again: false, rows };
  });
  return [
    { type: 'node', key: 'focus', node: focus, again: false, rows: [] },
    ...[upstream, downstream].filter(({ rows }) => rows.length > 0),
    ...(beside.length > 0 ? [{ type: 'branch', key: 'beside', branch: 'beside', rows: beside } as const] : []),
  ];
}

interface Draft {
  readonly key: string;
  readonly node: LineageNode;
  readonly edge?: LineageEdge;
  readonly again: boolean;
  readonly drafts: Draft[];
}

/** Level by level, so that a node has its own row as near to the focus as it can. */
function branch(
  graph: LineageGraph,
  nodes: ReadonlyMap<string, LineageNode>,
  placed: Set<string>,
  focus: LineageNode,
  direction: LineageDirection,
): OutlineRow & { readonly type: 'branch' } {
  const up = direction === 'upstream';
  const edges = Map.groupBy(graph.edges, ({ from, to }) => (up ? to : from));
  const top: Draft = { key: direction, node: focus, again: false, drafts: [] };
  const waiting = [top];
  for (const parent of waiting) {
    for (const edge of edges.get(parent.node.id) ?? []) {
      const node = nodes.get(up ? edge.from : edge.to);
      if (!node) continue;
      const again = placed.has(node.id);
      const draft: Draft = { key: `${direction}/${parent.node.id}/${node.id}`, node, edge, again, drafts: [] };
      parent.drafts.push(draft);
      if (again) continue;
      placed.add(node.id);
      waiting.push(draft);
    }
  }
  const rows = [...top.drafts.map((draft) => finished(draft, direction)), ...moreRows(direction, focus, [direction])];
  return { type: 'branch', key: direction, branch: direction, rows };
}

function finished({ key, node, edge, again, drafts }: Draft, direction: LineageDirection): OutlineRow {
  const rows = again ? [] : [...drafts.map((draft) => finished(draft, direction)), ...moreRows(direction, node)];
  return { type: 'node', key, node, edge, direction, again, rows };
}

function moreRows(
  branch: Branch,
  node: LineageNode,
  directions: readonly LineageDirection[] = ['upstream', 'downstream'],
): OutlineRow[] {
  return directions.flatMap((direction): OutlineRow[] => {
    const count = direction === 'upstream' ? node.hiddenUpstream : node.hiddenDownstream;
    return count > 0
      ? [{ type: 'more', key: `${branch}/more/${direction}/${node.id}`, id: node.id, direction, count }]
      : [];
  });
}
