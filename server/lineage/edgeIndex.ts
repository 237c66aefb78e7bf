// Edge index: a list of edges by both of their ends.
import type { Edge } from '../catalog/edge.ts';
import type { EntityId } from '../catalog/entity.ts';

export interface EdgeIndex {
  /** Edges that end at the id. */
  upstream(id: EntityId): readonly Edge[];
  /** Edges that begin at the id. */
  downstream(id: EntityId): readonly Edge[];
}

export function indexEdges(edges: readonly Edge[]): EdgeIndex {
  const byTo = Map.groupBy(edges, ({ to }) => to);
  const byFrom = Map.groupBy(edges, ({ from }) => from);
  return { upstream: (id) => byTo.get(id) ?? [], downstream: (id) => byFrom.get(id) ?? [] };
}
