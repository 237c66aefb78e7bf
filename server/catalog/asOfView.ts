// As-of view: the catalog as it was at an earlier time, as far as lineage asks it.
import type { Catalog, RunRange } from './catalog.ts';
import type { EntityId } from './entity.ts';
import type { Run } from './run.ts';

/** Runs that may have begun later are read too, to find those that had begun. */
const readRuns = 100;

/**
 * Edges and runs are those of `time` (epoch ms); a run that had begun and not ended was running. Names and facts are
 * those of today: what was different then is asked of `asOf`.
 */
export function asOfView(catalog: Catalog, time: number): Catalog {
  const until = (range: RunRange = {}): RunRange => ({ ...range, until: Math.min(range.until ?? time + 1, time + 1) });
  return {
    ...catalog,
    revision: catalog.revision,
    neighbours: (id) => catalog.neighboursAt(id, time),
    runs: (of, range) => catalog.runs(of, until(range)).map((run) => runAt(run, time)),
    run: (id) => begun(catalog.run(id), time),
    childRuns: (id) => catalog.childRuns(id).flatMap((run) => begun(run, time) ?? []),
    runsUsing: (id, role, limit) =>
      catalog
        .runsUsing(id, role, Math.max(limit, readRuns))
        .flatMap((run) => begun(run, time) ?? [])
        .slice(0, limit),
    failedRuns: (since, limit) =>
      catalog
        .failedRuns(since, Math.max(limit, readRuns))
        .filter(({ endedAt }) => (endedAt ?? Infinity) <= time)
        .slice(0, limit),
    series: (metric, range) => catalog.series(metric, until(range)),
  };
}

function begun(run: Run | undefined, time: number): Run | undefined {
  const start = run && (run.startedAt ?? run.scheduledFor ?? run.endedAt);
  return run && (start === undefined || start <= time) ? runAt(run, time) : undefined;
}

function runAt(run: Run, time: number): Run {
  if (run.startedAt === undefined || run.endedAt === undefined || run.endedAt <= time) return run;
  const { endedAt: _, ...before } = run;
  return { ...before, status: 'running', message: undefined };
}

export type Presence = 'seen' | 'absent' | 'between' | 'notWatched';

/** Whether a tool showed the entity at a time; what no tool knows is never watched. */
export function presence(catalog: Catalog, id: EntityId, time: number): Presence {
  const run = catalog.run(id);
  if (run) return begun(run, time) ? 'seen' : 'absent';
  const was = catalog.asOf(id, 'exists', time);
  if (was.answer === 'known') return was.value === undefined ? 'absent' : 'seen';
  const { createdAt } = catalog.facts(id);
  // What is there now and was made before that time was there then, watched or not.
  if (createdAt === undefined || catalog.get(id)?.goneAt !== undefined) return was.answer;
  return createdAt <= time ? 'seen' : was.answer;
}
