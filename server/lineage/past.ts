// Past: lineage as of an earlier time: what was there then, what may have been, and what the focus looked like.
import { asOfView, type Presence, presence } from '../catalog/asOfView.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Edge } from '../catalog/edge.ts';
import type { EntityId } from '../catalog/entity.ts';
import type { LineageAsOf, LineageFieldAsOf, LineageUnsure } from '../protocol/lineage.ts';
import type { EdgeIndex } from './edgeIndex.ts';
import type { UnplacedGraph } from './graph.ts';
import { kindOf, type NodesOptions } from './nodes.ts';

const mostFields = 50;

/** Parts of the walk as of a time (epoch ms). The code is read as it is today, so its edges are never certain. */
export function partsAsOf(parts: NodesOptions, time: number): NodesOptions {
  const { catalog, codeEdges } = parts;
  const presences = new Map<EntityId, Presence>();
  const presenceOf = (id: EntityId): Presence => {
    const known = presences.get(id) ?? presence(catalog, id, time);
    presences.set(id, known);
    return known;
  };
  const uncertain = (edges: readonly Edge[]): readonly Edge[] =>
    edges.map((edge) => ({ ...edge, unsure: edge.unsure ?? 'notWatched' }));
  const index: EdgeIndex = {
    upstream: (id) => uncertain(codeEdges.upstream(id)),
    downstream: (id) => uncertain(codeEdges.downstream(id)),
  };
  return {
    ...parts,
    catalog: asOfView(catalog, time),
    codeEdges: index,
    wasThere: (id) => presenceOf(id) !== 'absent',
  };
}

const sureness: readonly Presence[] = ['seen', 'between', 'notWatched', 'absent'];

/** The graph with a mark on every node that was not seen at that time, and what is known of the focus then. */
export function graphAsOf(graph: UnplacedGraph, catalog: Catalog, time: number): UnplacedGraph {
  const unsureOf = (members: readonly EntityId[]): { unsure?: LineageUnsure } => {
    const found = members.map((id) => presence(catalog, id, time));
    const best = sureness.find((one) => found.includes(one)) ?? 'notWatched';
    return best === 'seen' ? {} : { unsure: best };
  };
  const { nodes, focus } = graph.neighbourhood;
  const members = new Map(nodes.map((node) => [node.id, node.members]));
  return {
    ...graph,
    nodes: graph.nodes.map((node) => ({ ...node, ...unsureOf(members.get(node.id) ?? [node.id]) })),
    asOf: { time, ...watchedFrom(catalog), fields: fieldsAt(catalog, ownNames(focus, members.get(focus)), time) },
  };
}

/** Other names of the focus, not its parts. */
function ownNames(focus: EntityId, members: readonly EntityId[] = [focus]): readonly EntityId[] {
  return members.filter((id) => kindOf(id) === kindOf(focus));
}

/** When the first source was read for the first time; absent when none ever was. */
function watchedFrom(catalog: Catalog): Pick<LineageAsOf, 'watchedFrom'> {
  const first = catalog.sources().flatMap(({ name }) => catalog.watched(name)[0]?.from ?? []);
  return first.length === 0 ? {} : { watchedFrom: Math.min(...first) };
}

function fieldsAt(catalog: Catalog, ids: readonly EntityId[], time: number): readonly LineageFieldAsOf[] {
  const fields = ids.flatMap((entity) => {
    const followed = catalog.history(entity).map(({ field }) => field);
    return [...new Set(followed)].map((field) => ({ entity, field, ...catalog.asOf(entity, field, time) }));
  });
  return fields.slice(0, mostFields);
}
