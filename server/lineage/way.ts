// Way: the shortest lineage from one entity to another, each step with who says so.
import type { Catalog } from '../catalog/catalog.ts';
import type { Edge } from '../catalog/edge.ts';
import type { EntityId } from '../catalog/entity.ts';
import type { LineageDirection } from '../protocol/lineage.ts';
import { Nodes, type NodesOptions } from './nodes.ts';

/** An edge as it was said, and whether the way goes along it or against it. */
export interface WayStep {
  readonly edge: Edge;
  readonly against: boolean;
}

/** Nodes that are looked at before the search gives up. */
const mostNodes = 5_000;
const mostInside = 1_000;

/**
 * Upstream alone if it leads there, else downstream alone, else both ways mixed. Where two steps meet at different names of
 * one node (a run of a job, a task of it, its name in another tool), the edges between these stand between them. Empty
 * when both are one and the same; undefined when there is no way, or none within 5,000 nodes.
 */
export function wayBetween(start: EntityId, end: EntityId, options: NodesOptions): readonly WayStep[] | undefined {
  const nodes = new Nodes(start, { ...options, mostLinked: mostNodes });
  const to = nodes.nodeOf(end);
  const searches: readonly (readonly LineageDirection[])[] = [['upstream'], ['downstream'], ['upstream', 'downstream']];
  for (const directions of searches) {
    const steps = search(nodes, nodes.nodeOf(start), to, directions);
    if (steps) return connected(start, steps, end, nodes, options.catalog);
  }
  return undefined;
}

function search(
  nodes: Nodes,
  from: EntityId,
  to: EntityId,
  directions: readonly LineageDirection[],
): readonly WayStep[] | undefined {
  const reached = new Map<EntityId, { readonly before: EntityId; readonly step: WayStep } | undefined>([
    [from, undefined],
  ]);
  for (const [node] of reached) {
    if (node === to) break;
    for (const direction of directions) {
      for (const { other, edge } of nodes.steps(node, direction)) {
        if (reached.has(other) || reached.size >= mostNodes) continue;
        reached.set(other, { before: node, step: { edge, against: direction === 'upstream' } });
      }
    }
  }
  if (!reached.has(to)) return undefined;
  const steps: WayStep[] = [];
  for (let at = reached.get(to); at; at = reached.get(at.before)) steps.unshift(at.step);
  return steps;
}

function connected(
  start: EntityId,
  steps: readonly WayStep[],
  end: EntityId,
  nodes: Nodes,
  catalog: Catalog,
): readonly WayStep[] {
  const all: WayStep[] = [];
  let at = start;
  for (const step of steps) {
    const [enters, leaves] = step.against ? [step.edge.to, step.edge.from] : [step.edge.from, step.edge.to];
    all.push(...inside(at, enters, nodes, catalog), step);
    at = leaves;
  }
  return [...all, ...inside(at, end, nodes, catalog)];
}

/** What makes two ids one node; from a part to its whole is looked for first, since a whole does not list its runs. */
function inside(from: EntityId, to: EntityId, nodes: Nodes, catalog: Catalog): readonly WayStep[] {
  const there = upwards(from, to, nodes, catalog);
  if (there.length > 0 || from === to) return there;
  const back = upwards(to, from, nodes, catalog);
  return back.map(({ edge, against }) => ({ edge, against: !against })).reverse();
}

function upwards(from: EntityId, to: EntityId, nodes: Nodes, catalog: Catalog): readonly WayStep[] {
  const reached = new Map<EntityId, { readonly before: EntityId; readonly step: WayStep } | undefined>([
    [from, undefined],
  ]);
  for (const [id] of reached) {
    if (id === to || reached.size >= mostInside) break;
    for (const edge of [...nodes.within(id), ...wholeOfRun(id, catalog)]) {
      const other = edge.from === id ? edge.to : edge.from;
      if (!reached.has(other)) reached.set(other, { before: id, step: { edge, against: edge.to === id } });
    }
  }
  const steps: WayStep[] = [];
  for (let at = reached.get(to); at; at = reached.get(at.before)) steps.unshift(at.step);
  return steps;
}

function wholeOfRun(id: EntityId, catalog: Catalog): readonly Edge[] {
  const run = id.startsWith('run:') ? catalog.run(id) : undefined;
  return (run?.of ?? []).map((whole) => ({
    from: whole,
    to: id,
    relation: 'contains',
    origin: 'reported',
    evidence: `${run?.name} is a run of it`,
  }));
}
