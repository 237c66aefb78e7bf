// Runs, as incidents look at them: when they were, which count, what a streak of failures is.
import type { Catalog } from '../../catalog/catalog.ts';
import { type EntityId, parseEntityId } from '../../catalog/entity.ts';
import type { Run } from '../../catalog/run.ts';

/** How far back a streak of failures is followed. */
const mostRuns = 200;

/** Epoch ms: end, else start, else when it was meant to be; 0 when nothing is known. */
export function endOf(run: Run): number {
  return run.endedAt ?? run.startedAt ?? run.scheduledFor ?? 0;
}

/** Epoch ms: start, else when it was meant to be, else the end. */
export function startOf(run: Run): number {
  return run.startedAt ?? run.scheduledFor ?? run.endedAt ?? 0;
}

export function toolOf(id: EntityId): string {
  return parseEntityId(id)?.tool ?? '';
}

/** The name as people write it; read off the id for what the catalog does not hold. */
export function nameOf(catalog: Catalog, id: EntityId): string {
  const known = catalog.get(id)?.name ?? catalog.run(id)?.name;
  if (known !== undefined) return known;
  const parts = parseEntityId(id);
  if (!parts) return id;
  if (parts.kind === 'path') return `${parts.tool}://${[parts.instance, ...parts.segments].join('/')}`;
  return parts.kind === 'task' || parts.kind === 'table' ? parts.segments.join('.') : (parts.segments.at(-1) ?? id);
}

/** The run that this one is a part of, through all levels; itself when its parent is not known. */
export function whole(catalog: Catalog, run: Run): Run {
  let top = run;
  for (let depth = 0; depth < 8 && top.parent; depth++) {
    const parent = catalog.run(top.parent);
    if (!parent || parent.id === top.id) return top;
    top = parent;
  }
  return top;
}

/** Ended runs of an entity that stand for themselves, newest first: no tries of tasks, no nested runs. */
export function endedRuns(catalog: Catalog, of: EntityId): readonly Run[] {
  return catalog
    .runs(of, { limit: mostRuns })
    .filter(({ status }) => status === 'success' || status === 'failed')
    .filter((run) => run.parent === undefined || whole(catalog, run).id === run.id);
}

/** The failures since the last success, newest first; empty when the newest ended run is good. */
export function failingStreak(catalog: Catalog, of: EntityId): readonly Run[] {
  const runs = endedRuns(catalog, of);
  const good = runs.findIndex(({ status }) => status === 'success');
  return good < 0 ? runs : runs.slice(0, good);
}

/** The newest good run before `at` (epoch ms). */
export function lastGood(catalog: Catalog, of: EntityId, at: number): Run | undefined {
  return endedRuns(catalog, of).find((run) => run.status === 'success' && startOf(run) < at);
}
