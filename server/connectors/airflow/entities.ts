// Entities: tries read from logs, and DAGs read from code, as jobs, tasks and runs; pure.

import type { SeenEntity } from '../../catalog/change.ts';
import type { Edge } from '../../catalog/edge.ts';
import { type EntityId, entityId } from '../../catalog/entity.ts';
import type { Facts, SourcePlace } from '../../catalog/facts.ts';
import { type KnownInstances, mine } from '../../catalog/mine.ts';
import type { Run, RunStatus } from '../../catalog/run.ts';
import { said } from '../json.ts';
import type { CodeDag, CodeTask } from './dagFiles.ts';
import { runTime, scheduledFor } from './layout.ts';
import type { Try } from './tries.ts';

/** A log without an end that has been silent for longer than this is of a process that died, not of one at work. */
const silentMs = 6 * 3_600_000;

export interface PlacedDag {
  readonly dag: CodeDag;
  /** Absolute. */
  readonly file: string;
}

export interface AirflowContext {
  readonly instance: string;
  /** Epoch ms. */
  readonly now: number;
  readonly code: ReadonlyMap<string, PlacedDag>;
  readonly instances: KnownInstances;
}

export function jobId(instance: string, dag: string): EntityId {
  return entityId('job', 'airflow', instance, dag);
}

export function taskId(instance: string, dag: string, task: string): EntityId {
  return entityId('task', 'airflow', instance, dag, task);
}

/** The DAG with all tasks that its code or its logs name. */
export function dagEntities(
  dag: string,
  loggedTasks: readonly string[],
  context: AirflowContext,
): { readonly entities: readonly SeenEntity[]; readonly edges: readonly Edge[] } {
  const placed = context.code.get(dag);
  const job = jobId(context.instance, dag);
  const codeTasks = new Map(placed?.dag.tasks.map((task) => [task.id, task]));
  const names = [...new Set([...codeTasks.keys(), ...loggedTasks])];
  const entities: SeenEntity[] = [{ id: job, kind: 'job', name: dag, facts: placed ? jobFacts(placed) : undefined }];
  const edges: Edge[] = [];
  for (const name of names) {
    const id = taskId(context.instance, dag, name);
    const task = codeTasks.get(name);
    const facts = task && placed ? taskFacts(task, placed) : undefined;
    entities.push({ id, kind: 'task', name: `${dag}.${name}`, aliases: [name], facts });
    const [origin, evidence] = loggedTasks.includes(name)
      ? (['reported', 'Airflow task logs'] as const)
      : (['declared', `${placed?.file}:${task?.line}`] as const);
    edges.push({ from: job, to: id, relation: 'contains', origin, evidence });
  }
  return { entities, edges };
}

function jobFacts({ dag, file }: PlacedDag): Facts {
  return said<Facts>({
    description: dag.description,
    owner: dag.owner,
    tags: dag.tags.length > 0 ? dag.tags : undefined,
    schedule: dag.schedule.words,
    periodMs: dag.schedule.periodMs,
    definedAt: { path: file, line: dag.line },
  });
}

function taskFacts(task: CodeTask, { file }: PlacedDag): Facts {
  const definedAt: SourcePlace = { path: file, line: task.line };
  return said<Facts>({ owner: task.owner, operator: task.operator, pool: task.pool, definedAt });
}

/** The runs of one DAG run folder: the DAG run first, then its tries. */
export function runsOf(tries: readonly Try[], context: AirflowContext): readonly Run[] {
  const [first] = tries;
  if (!first) return [];
  const { dag, run } = first.place;
  const last = lastTries(tries);
  const parent = entityId('run', 'airflow', context.instance, dag, run);
  const runs = tries.map((one) => tryRun(one, last.get(taskKey(one)) === one, parent, context));
  const lastRuns = runs.filter((_, index) => {
    const one = tries[index];
    return one !== undefined && last.get(taskKey(one)) === one;
  });
  return [dagRun(parent, dag, run, lastRuns, runs, tries, context), ...runs];
}

function taskKey({ place }: Try): string {
  return `${place.task}/${place.mapIndex}`;
}

function lastTries(tries: readonly Try[]): ReadonlyMap<string, Try> {
  const last = new Map<string, Try>();
  for (const one of tries) {
    const before = last.get(taskKey(one));
    if (!before || one.place.attempt > before.place.attempt) last.set(taskKey(one), one);
  }
  return last;
}

/** A log that does not say how it ended: followed by another try, it failed; silent for long, nobody knows; else it runs. */
function tryStatus(one: Try, isLast: boolean, now: number): RunStatus {
  const { status, endedAt } = one.says;
  if (status !== undefined && status !== 'running') return status;
  if (!isLast) return 'failed';
  return now - (endedAt ?? one.modifiedAt) < silentMs ? 'running' : 'unknown';
}

function tryRun(one: Try, isLast: boolean, parent: EntityId, context: AirflowContext): Run {
  const { place, says } = one;
  const { instance } = context;
  const status = tryStatus(one, isLast, context.now);
  const segments = [place.dag, place.run, place.task, String(place.mapIndex), String(place.attempt)];
  const mapped = place.mapIndex >= 0 ? `[${place.mapIndex}]` : '';
  const pool = context.code.get(place.dag)?.dag.tasks.find(({ id }) => id === place.task)?.pool;
  return said<Run>({
    id: entityId('run', 'airflow', instance, ...segments),
    of: [taskId(instance, place.dag, place.task)],
    name: `${place.task}${mapped}, try ${place.attempt}`,
    status,
    startedAt: says.startedAt,
    endedAt: status === 'running' ? undefined : (says.endedAt ?? one.modifiedAt),
    scheduledFor: scheduledFor(place.run),
    parent,
    attempt: place.attempt,
    commit: says.bundleVersion && /^[0-9a-f]{40}$/.test(says.bundleVersion) ? says.bundleVersion : undefined,
    entryPoint: says.dagFile,
    where: [says.host, pool && `pool ${pool}`].filter(Boolean).join(', ') || undefined,
    message: status === 'failed' ? (says.message ?? unsaid(one)) : undefined,
    metrics: [],
    params: [],
    inputs: [],
    outputs: [],
    logs: [{ file: one.file, title: `attempt ${place.attempt}` }],
    linked: mine(one.clues, context.instances),
  });
}

function unsaid(one: Try): string | undefined {
  return one.says.status === undefined ? 'The log stops without an end: the worker died or was killed.' : undefined;
}

/**
 * Airflow writes no log of a DAG run, so its status is that of the last try of each task it has logs of:
 * failed when one failed (running while the code grants it another try), running when one runs, unknown when one is,
 * else success. A DAG run whose next task has not begun therefore reads as success for the moment between two tasks.
 */
function dagRun(
  id: EntityId,
  dag: string,
  run: string,
  lastRuns: readonly Run[],
  runs: readonly Run[],
  tries: readonly Try[],
  context: AirflowContext,
): Run {
  const failed = lastRuns.filter(({ status }) => status === 'failed');
  const status = dagStatus(dag, lastRuns, context);
  const starts = runs.flatMap(({ startedAt }) => startedAt ?? []);
  const ends = runs.flatMap(({ endedAt }) => endedAt ?? []);
  const [worst] = [...failed].sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0));
  const reason = worst?.message ? `: ${worst.message}` : '';
  const task = worst && tries.find((one) => worst.logs[0]?.file === one.file)?.place.task;
  const hosts = [...new Set(tries.flatMap(({ says }) => says.host ?? []))];
  const owner = tries.map(({ says }) => says.owner).find((name) => name !== undefined);
  return said<Run>({
    id,
    of: [jobId(context.instance, dag)],
    name: run,
    status,
    startedAt: starts.length > 0 ? Math.min(...starts) : runTime(run),
    endedAt: status === 'running' || ends.length === 0 ? undefined : Math.max(...ends),
    scheduledFor: scheduledFor(run),
    user: owner && !run.startsWith('scheduled__') ? owner : undefined,
    commit: runs.find(({ commit }) => commit)?.commit,
    entryPoint: runs.find(({ entryPoint }) => entryPoint)?.entryPoint,
    where: hosts.length > 0 ? hosts.slice(0, 3).join(', ') : runs.find(({ where }) => where)?.where,
    message: status === 'failed' && task ? `${task}${reason}` : undefined,
    metrics: [],
    params: [],
    inputs: [],
    outputs: [],
    logs: worst ? worst.logs : [],
    linked: [...new Set(runs.flatMap(({ linked }) => linked))].slice(0, 50),
  });
}

function dagStatus(dag: string, lastRuns: readonly Run[], context: AirflowContext): RunStatus {
  const retried = ({ of, attempt = 1, endedAt = 0 }: Run): boolean => {
    const task = context.code.get(dag)?.dag.tasks.find(({ id }) => of.includes(taskId(context.instance, dag, id)));
    return attempt <= (task?.retries ?? 0) && context.now - endedAt < silentMs;
  };
  const failed = lastRuns.filter(({ status }) => status === 'failed');
  if (failed.length > 0) return failed.every(retried) ? 'running' : 'failed';
  if (lastRuns.some(({ status }) => status === 'running')) return 'running';
  if (lastRuns.some(({ status }) => status === 'unknown')) return 'unknown';
  return lastRuns.every(({ status }) => status === 'skipped') ? 'skipped' : 'success';
}
