// Neighbourhood: the one graph walk; what is upstream and downstream of an entity, merged and bounded.
import type { Edge, EdgeOrigin } from '../catalog/edge.ts';
import type { EntityId } from '../catalog/entity.ts';
import type { LineageDirection, LineageExpansion } from '../protocol/lineage.ts';
import { Nodes, type NodesOptions } from './nodes.ts';

export interface NeighbourhoodOptions extends NodesOptions {
  readonly expanded: readonly LineageExpansion[];
  readonly collapsed: readonly LineageExpansion[];
  /** Levels in each direction from the focus; default 2. */
  readonly depth?: number;
  /** Most nodes; default 150, and 100 more for each that was expanded. */
  readonly limit?: number;
}

export interface NeighbourNode {
  readonly id: EntityId;
  /** Every id that was merged into this node: other names, tasks of a job, versions of a model. */
  readonly members: readonly EntityId[];
  readonly hiddenUpstream: number;
  readonly hiddenDownstream: number;
}

export interface NeighbourEdge {
  readonly from: EntityId;
  readonly to: EntityId;
  readonly relation: string;
  readonly origins: readonly EdgeOrigin[];
  readonly evidence: readonly string[];
  /** As of an earlier time: absent when anybody saw it then. */
  readonly unsure?: 'between' | 'notWatched';
}

export interface Neighbourhood {
  readonly focus: EntityId;
  readonly nodes: readonly NeighbourNode[];
  readonly edges: readonly NeighbourEdge[];
  /** Entities that the limit left out; 0 when none. */
  readonly leftOut: number;
}

const usualDepth = 2;
const usualLimit = 150;
const moreWhenExpanded = 100;
const mostEvidence = 3;

/** Touches only what it shows and one step around it; cycles end because a node is visited once per direction. */
export function neighbourhood(focus: EntityId, options: NeighbourhoodOptions): Neighbourhood {
  const nodes = new Nodes(focus, options);
  const start = nodes.nodeOf(focus);
  const limit = options.limit ?? usualLimit + options.expanded.length * moreWhenExpanded;
  const shown = new Set<EntityId>([start]);
  const leftOut = new Set<EntityId>();
  const isListed = (list: readonly LineageExpansion[], id: EntityId, direction: LineageDirection): boolean =>
    list.some((one) => one.direction === direction && one.id === id);

  const walk = (from: readonly EntityId[], direction: LineageDirection, depth: number): void => {
    let level = from;
    const visited = new Set<EntityId>(from);
    for (let distance = 0; level.length > 0; distance++) {
      const next: EntityId[] = [];
      for (const id of level) {
        if (isListed(options.collapsed, id, direction)) continue;
        if (distance >= depth && !isListed(options.expanded, id, direction)) continue;
        for (const { other } of nodes.steps(id, direction)) {
          if (visited.has(other)) continue;
          visited.add(other);
          if (!shown.has(other) && shown.size >= limit) leftOut.add(other);
          else {
            shown.add(other);
            next.push(other);
          }
        }
        for (const other of nodes.beyond(id, direction)) leftOut.add(other);
      }
      level = next;
    }
  };
  const depth = options.depth ?? usualDepth;
  walk([start], 'upstream', depth);
  walk([start], 'downstream', depth);
  for (const { id, direction } of options.expanded) if (shown.has(id)) walk([id], direction, 1);

  return {
    focus: start,
    nodes: [...shown].map((id) => ({
      id,
      members: nodes.members(id),
      hiddenUpstream: nodes.hidden(id, 'upstream', shown),
      hiddenDownstream: nodes.hidden(id, 'downstream', shown),
    })),
    edges: edgesAmong(nodes, shown),
    leftOut: [...leftOut].filter((id) => !shown.has(id)).length,
  };
}

/** One edge per pair and relation, with everybody who says so. */
function edgesAmong(nodes: Nodes, shown: ReadonlySet<EntityId>): NeighbourEdge[] {
  const merged = new Map<
    string,
    {
      from: EntityId;
      to: EntityId;
      relation: string;
      origins: Set<EdgeOrigin>;
      evidence: Set<string>;
      doubts: Set<Edge['unsure']>;
    }
  >();
  // From both ends: of a hub not all steps are known, but of its neighbours.
  for (const id of shown) {
    for (const direction of ['downstream', 'upstream'] as const) {
      for (const { other, edge } of nodes.steps(id, direction)) {
        if (!shown.has(other)) continue;
        const [from, to] = direction === 'downstream' ? [id, other] : [other, id];
        const key = `${from}\n${to}`;
        const fresh = {
          origins: new Set<EdgeOrigin>(),
          evidence: new Set<string>(),
          doubts: new Set<Edge['unsure']>(),
        };
        const known = merged.get(key) ?? { from, to, relation: edge.relation, ...fresh };
        known.doubts.add(edge.unsure);
        known.origins.add(edge.origin);
        if (known.evidence.size < mostEvidence) known.evidence.add(edge.evidence);
        merged.set(key, known);
      }
    }
  }
  return [...merged.values()].map(({ doubts, ...one }) => ({
    ...one,
    origins: [...one.origins].sort(),
    evidence: [...one.evidence],
    ...surestOf(doubts),
  }));
}

/** Edges that are one: whoever saw it decides. */
function surestOf(doubts: ReadonlySet<Edge['unsure']>): Pick<NeighbourEdge, 'unsure'> {
  if (doubts.has(undefined)) return {};
  return { unsure: doubts.has('between') ? 'between' : 'notWatched' };
}
