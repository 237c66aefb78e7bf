// Run commit: from an entity, an incident's entity or a run to the newest run that says its commit, or what ran by its content.
import type { Catalog } from '../catalog/catalog.ts';
import type { Content } from '../catalog/content.ts';
import type { EntityId } from '../catalog/entity.ts';
import type { Run } from '../catalog/run.ts';

const looksBack = 20;
const mostLinked = 10;

/** A run with its full commit hash. */
export type CommittedRun = Run & { readonly commit: string };

/** Of several ids of one thing, or of one run; the newest first. Undefined when none says its commit. */
export function committedRun(catalog: Catalog, ids: readonly EntityId[]): CommittedRun | undefined {
  const own = ids.flatMap((id) => catalog.run(id) ?? []);
  const runs = own.length > 0 ? own : ids.flatMap((id) => runsOf(catalog, id));
  const newest = runs.toSorted((one, other) => timeOf(other) - timeOf(one));
  for (const run of newest) {
    const found = around(catalog, run).find(isCommitted);
    if (found) return found;
  }
  return undefined;
}

export interface RanContent {
  readonly content: Content;
  /** The run, or the entity where no run has its own. */
  readonly of: EntityId;
  /** Absent: it is of an entity. */
  readonly run?: Run;
}

/** For where no run says its commit: what the newest run ran, else what runs now. Undefined when no tool hands it out. */
export function ranContent(catalog: Catalog, ids: readonly EntityId[]): RanContent | undefined {
  const own = ids.flatMap((id) => catalog.run(id) ?? []);
  const runs = own.length > 0 ? own : ids.flatMap((id) => runsOf(catalog, id).slice(0, 1));
  for (const run of runs.toSorted((one, other) => timeOf(other) - timeOf(one))) {
    const found = around(catalog, run).find(({ content }) => content !== undefined);
    if (found?.content) return { content: found.content, of: found.id, run: found };
  }
  for (const id of own.length > 0 ? own.flatMap(({ of }) => of) : ids) {
    for (const about of [id, ...wholesOf(catalog, id)]) {
      const { content } = catalog.facts(about);
      if (content) return { content, of: about };
    }
  }
  return undefined;
}

/** A task's code is its job's. */
function wholesOf(catalog: Catalog, id: EntityId): readonly EntityId[] {
  const above = id.startsWith('task:') ? catalog.neighbours(id).upstream : [];
  return above.filter(({ relation }) => relation === 'contains').map(({ from }) => from);
}

function runsOf(catalog: Catalog, id: EntityId): readonly Run[] {
  const { madeBy } = catalog.facts(id);
  const made = madeBy === undefined ? undefined : catalog.run(madeBy);
  return [...(made ? [made] : []), ...catalog.runs(id, { limit: looksBack })];
}

/** The run itself, then what it is a part of, its parts, and the runs of other tools that it names. */
function around(catalog: Catalog, run: Run): readonly Run[] {
  const parent = run.parent === undefined ? undefined : catalog.run(run.parent);
  const linked = [run, ...(parent ? [parent] : [])].flatMap(({ linked }) => linked.slice(0, mostLinked));
  return [
    run,
    ...(parent ? [parent] : []),
    ...catalog.childRuns(run.id).slice(0, looksBack),
    ...linked.flatMap((id) => catalog.run(id) ?? []),
  ];
}

function isCommitted(run: Run): run is CommittedRun {
  return run.commit !== undefined && /^[0-9a-f]{7,64}$/i.test(run.commit);
}

function timeOf(run: Run): number {
  return run.startedAt ?? run.scheduledFor ?? 0;
}
