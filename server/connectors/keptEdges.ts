// Kept edges: lineage that a connection told before and cannot ask for now, so that a scan of all there is does not make it go.
import type { Catalog } from '../catalog/catalog.ts';
import type { Edge } from '../catalog/edge.ts';
import type { EntityId } from '../catalog/entity.ts';

const mostTables = 50_000;
const pageSize = 500;

export interface KeptAround {
  readonly catalog: Catalog | undefined;
  /** The connection that told them. */
  readonly source: string;
  /** How ids of its tables begin. */
  readonly tables: string;
  /** By the words of its evidence, and the table that it is of. */
  readonly isKept: (edge: Edge, table: EntityId) => boolean;
}

/** Edges from and to its tables, in pages of some hundred tables; of the first 50,000 tables by name. */
export function* keptEdges({ catalog, source, tables, isKept }: KeptAround): Iterable<readonly Edge[]> {
  if (!catalog) return;
  const ids = catalog.list('table', mostTables).flatMap(({ id }) => (id.startsWith(tables) ? [id] : []));
  for (let at = 0; at < ids.length; at += pageSize) {
    const found = new Map<string, Edge>();
    for (const id of ids.slice(at, at + pageSize)) {
      const { upstream, downstream } = catalog.neighbours(id);
      for (const { from, to, relation, origin, evidence, source: by } of [...upstream, ...downstream]) {
        const edge: Edge = { from, to, relation, origin, evidence };
        if (by === source && isKept(edge, id)) found.set(`${from}\n${to}\n${relation}`, edge);
      }
    }
    if (found.size > 0) yield [...found.values()];
  }
}
