// Upstream: from a run to what it read, to who wrote that, and on, until a run that failed; nearest first.
import type { Catalog } from '../../catalog/catalog.ts';
import type { EntityId } from '../../catalog/entity.ts';
import type { Run } from '../../catalog/run.ts';
import { endOf, startOf, whole } from '../trouble/runs.ts';
import { readersOf, type SameAs, type Use, writerBefore, writersOf } from './data.ts';
import { groupOf } from './executions.ts';

/** One step from a run to the run that wrote its input. */
export interface UpstreamStep {
  readonly reader: Run;
  readonly data: EntityId;
  readonly writer: Run;
  /** Why the data is the same under two names; absent when one id names it. */
  readonly because?: string;
  /** Steps from the run that was asked about: 1 is the writer of its own input. */
  readonly depth: number;
}

/** A failed test of data that was read, or another run that read it and failed. */
export interface AlsoFailing {
  readonly run: Run;
  readonly data: EntityId;
  readonly because?: string;
}

export interface UpstreamWalk {
  /** Every step taken, nearest first. */
  readonly steps: readonly UpstreamStep[];
  /** The steps that lead to the nearest failed writer, in order; empty when no writer failed. */
  readonly toFailed: readonly UpstreamStep[];
  readonly tests: readonly AlsoFailing[];
  readonly siblings: readonly AlsoFailing[];
  /** Inputs that are known but that nothing known wrote. */
  readonly unwritten: readonly EntityId[];
  readonly inputs: number;
}

const maxDepth = 6;
const maxRuns = 60;

/** `records` are other tools' records of the same execution (the MLflow run made in it); what they read counts too. */
export function walkUp(catalog: Catalog, start: Run, records: readonly Run[], sameAs: SameAs): UpstreamWalk {
  const own = new Set([start, ...records].flatMap((run) => groupOf(catalog, run)).map(({ id }) => id));
  const seen = new Set<EntityId>([...own, whole(catalog, start).id]);
  const data = new Map<EntityId, Run>();
  const steps: UpstreamStep[] = [];
  const unwritten: EntityId[] = [];
  let inputs = 0;
  const queue: { readonly run: Run; readonly depth: number }[] = [{ run: start, depth: 0 }];
  for (let at = 0; at < queue.length && at < maxRuns; at++) {
    const { run, depth } = queue[at] as { run: Run; depth: number };
    const read = [...new Set([run, ...(depth === 0 ? records : [])].flatMap((one) => inputsOf(catalog, one)))];
    inputs += depth === 0 ? read.length : 0;
    for (const id of read) {
      if (!data.has(id)) data.set(id, run);
      const found = writerBefore(writersOf(catalog, id, sameAs), startOf(run), own);
      if (!found) {
        if (depth === 0) unwritten.push(id);
        continue;
      }
      if (seen.has(found.run.id)) continue;
      seen.add(found.run.id);
      steps.push({ reader: run, data: id, writer: found.run, because: found.because, depth: depth + 1 });
      if (depth + 1 < maxDepth) queue.push({ run: found.run, depth: depth + 1 });
    }
  }
  const failed = steps.find(({ writer }) => writer.status === 'failed');
  const toFailed = failed ? pathTo(steps, failed) : [];
  return { steps, toFailed, ...alsoFailing(catalog, data, seen, sameAs), unwritten, inputs };
}

/** Data that a run, or another tool's record of it, says it read; and what its job's lineage says, where the run says nothing. */
function inputsOf(catalog: Catalog, run: Run): readonly EntityId[] {
  const group = groupOf(catalog, run);
  const parts = catalog.childRuns(run.id).length > 0 ? group : [];
  // What one task of the run wrote for the next is no input from outside.
  const made = new Set(parts.flatMap(({ outputs }) => outputs.flatMap(({ id }) => id ?? [])));
  const read = new Set(group.flatMap((part) => part.inputs.flatMap(({ id }) => id ?? [])));
  if (read.size === 0) {
    const jobs = new Set(group.flatMap(({ of }) => of).filter((id) => /^(?:job|task):/.test(id)));
    for (const job of jobs)
      for (const edge of catalog.neighbours(job).upstream) if (edge.relation === 'reads') read.add(edge.from);
  }
  return [...read].filter((id) => !made.has(id));
}

function pathTo(steps: readonly UpstreamStep[], last: UpstreamStep): readonly UpstreamStep[] {
  const path = [last];
  for (;;) {
    const reader = path[0]?.reader.id;
    const before = steps.find(({ writer }) => writer.id === reader);
    if (!before || path.includes(before)) return path;
    path.unshift(before);
  }
}

function alsoFailing(catalog: Catalog, data: ReadonlyMap<EntityId, Run>, seen: ReadonlySet<EntityId>, sameAs: SameAs) {
  const tests: AlsoFailing[] = [];
  const siblings: AlsoFailing[] = [];
  const told = new Set<EntityId>();
  for (const id of data.keys()) {
    const newest = new Map<EntityId, Use>();
    for (const use of readersOf(catalog, id, sameAs)) {
      const of = use.run.of[0];
      if (of !== undefined && use.run.status !== 'skipped' && !newest.has(of)) newest.set(of, use);
    }
    for (const [of, { run: reader, because }] of newest) {
      // A task that read it and did well may be part of a run that failed at a later task.
      const run = reader.status === 'failed' ? reader : whole(catalog, reader);
      if (run.status !== 'failed' || seen.has(run.id) || told.has(run.id)) continue;
      told.add(run.id);
      (of.startsWith('task:dbt://') ? tests : siblings).push({ run, data: id, because });
    }
  }
  const latest = (a: AlsoFailing, b: AlsoFailing): number => endOf(b.run) - endOf(a.run);
  return { tests: tests.sort(latest), siblings: siblings.sort(latest) };
}
