// Executions: which run of a scheduler made a record (an MLflow run), and which records of other tools are of one execution.
import type { Catalog } from '../../catalog/catalog.ts';
import { type EntityId, entityId, parseEntityId } from '../../catalog/entity.ts';
import type { Run } from '../../catalog/run.ts';
import { endOf, startOf, toolOf } from '../trouble/runs.ts';

export interface Execution {
  /** The task's try where it is known, else the run of the whole job. */
  readonly run: Run;
  /** `reported`: an id in one names the other; `matched`: guessed from names and times. */
  readonly origin: 'reported' | 'matched';
  /** Why these two belong together. */
  readonly reason: string;
}

const slackMs = 60_000;
const nearRuns = 20;
const nearJobs = 20;

/** Undefined when nothing names the execution and no job of a similar name was at work then. */
export function executionOf(catalog: Catalog, record: Run): Execution | undefined {
  if (toolOf(record.id) !== 'mlflow') return { run: record, origin: 'reported', reason: 'It is the execution itself' };
  return linkedExecution(catalog, record) ?? overlapping(catalog, record);
}

function linkedExecution(catalog: Catalog, record: Run): Execution | undefined {
  const reason = 'The MLflow run carries the id of the run it was made in';
  for (const id of record.linked) {
    if (toolOf(id) === 'mlflow') continue;
    const run = tryOf(catalog, id, record);
    if (run) return { run, origin: 'reported', reason };
  }
  return undefined;
}

/** The try that an id means: of `…/dag/run` the one at work when the record began, of `…/dag/run/task` its last try by then. */
function tryOf(catalog: Catalog, id: EntityId, record: Run): Run | undefined {
  const parts = parseEntityId(id);
  if (!parts) return undefined;
  const [job = '', runId = '', task] = parts.segments;
  const whole = catalog.run(id) ?? catalog.run(entityId('run', parts.tool, parts.instance, job, runId));
  if (!whole) return undefined;
  const tries = catalog
    .childRuns(whole.id)
    .filter(({ of }) => task === undefined || of.some((one) => isTask(one, task)));
  return atWork(tries, record) ?? (task === undefined ? undefined : tries.at(-1)) ?? whole;
}

function isTask(id: EntityId, task: string): boolean {
  return id.startsWith('task:') && parseEntityId(id)?.segments.at(-1) === task;
}

function atWork(runs: readonly Run[], record: Run): Run | undefined {
  const at = startOf(record);
  return runs.findLast((run) => startOf(run) - slackMs <= at && at <= (run.endedAt ?? Number.MAX_VALUE) + slackMs);
}

/** Jobs named like the experiment or model, at work at that time; a log that names the record makes it certain. */
function overlapping(catalog: Catalog, record: Run): Execution | undefined {
  for (const word of wordsOf(record)) {
    for (const job of catalog.match('job', `*${word}*`, nearJobs)) {
      const range = { since: startOf(record) - 7 * 24 * 3_600_000, until: endOf(record) + slackMs, limit: nearRuns };
      const runs = catalog.runs(job.id, range);
      const named = runs
        .flatMap((run) => [run, ...catalog.childRuns(run.id)])
        .find(({ linked }) => linked.includes(record.id));
      if (named) {
        const own = catalog.childRuns(named.id).find(({ linked }) => linked.includes(record.id));
        return { run: own ?? named, origin: 'reported', reason: 'Its log names the MLflow run' };
      }
      const whole = atWork(runs, record);
      if (!whole) continue;
      const reason = `A guess: ${job.name} is named alike and was at work at that time`;
      return { run: atWork(catalog.childRuns(whole.id), record) ?? whole, origin: 'matched', reason };
    }
  }
  return undefined;
}

function wordsOf(record: Run): readonly string[] {
  const names = record.of.map((id) => parseEntityId(id)?.segments[0] ?? '');
  return [...new Set(names)].filter((name) => name.length >= 3 && !/[*]/.test(name)).slice(0, 4);
}

/** All records of one execution: the run, its parts, and what OpenLineage and others tell of the same one. */
export function groupOf(catalog: Catalog, run: Run): readonly Run[] {
  const parts = [run, ...catalog.childRuns(run.id)];
  const group = new Map(parts.map((part) => [part.id, part]));
  for (const part of parts) {
    for (const id of part.linked) add(group, catalog.run(id));
    for (const twin of lineageTwins(catalog, part)) add(group, twin);
  }
  return [...group.values()];
}

function add(group: Map<EntityId, Run>, run: Run | undefined): void {
  if (run && !group.has(run.id)) group.set(run.id, run);
}

/** OpenLineage calls an Airflow task `dag.task`; its events carry the try's id, or at least were sent while it ran. */
function lineageTwins(catalog: Catalog, run: Run): readonly Run[] {
  const parts = parseEntityId(run.id);
  if (parts?.tool !== 'airflow') return [];
  const [dag = '', , task] = parts.segments;
  const name = task === undefined ? dag : `${dag}.${task}`;
  return catalog
    .find('job', name, 'openlineage')
    .flatMap((job) =>
      catalog
        .runs(job.id, { since: startOf(run) - slackMs, until: endOf(run) + slackMs, limit: nearRuns })
        .filter(
          (twin) => twin.linked.includes(run.id) || (twin.linked.length === 0 && startOf(twin) <= endOf(run) + slackMs),
        ),
    );
}
