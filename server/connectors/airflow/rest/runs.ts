// Runs: DAG runs and tries of a server as runs of the catalog; pure.
import { type EntityId, entityId } from '../../../catalog/entity.ts';
import type { Facts } from '../../../catalog/facts.ts';
import { type KnownInstances, mine } from '../../../catalog/mine.ts';
import { type Run, type RunStatus, remoteLog } from '../../../catalog/run.ts';
import { said } from '../../json.ts';
import { jobId, taskId } from '../entities.ts';
import type { Pages } from './pages.ts';
import type { RestDag, RestPool, RestRun, RestTry } from './shapes.ts';
import type { DagSources } from './sources.ts';
import { type Surroundings, whyRunWaits, whyTaskWaits } from './waiting.ts';

export interface RunContext {
  readonly instance: string;
  /** Name of the source: its logs are addressed by it. */
  readonly source: string;
  readonly environment?: string;
  readonly pages: Pages;
  readonly instances: KnownInstances;
  readonly dags: ReadonlyMap<string, RestDag>;
  readonly pools: ReadonlyMap<string, RestPool>;
  /** What the catalog holds of a run: a log that was read once is not forgotten. */
  readonly known: (id: EntityId) => Run | undefined;
  /** What this source said of an entity before. */
  readonly facts: (id: EntityId) => Facts | undefined;
  readonly sources?: DagSources;
}

export interface TryPlace {
  readonly dag: string;
  readonly run: string;
  readonly task: string;
  readonly map: number;
  readonly attempt: number;
}

export function runId(instance: string, dag: string, run: string): EntityId {
  return entityId('run', 'airflow', instance, dag, run);
}

export function tryId(instance: string, { dag, run, task, map, attempt }: TryPlace): EntityId {
  return entityId('run', 'airflow', instance, dag, run, task, String(map), String(attempt));
}

/** The key of `readLog`. */
export function logKey({ dag, run, task, map, attempt }: TryPlace): string {
  return JSON.stringify([dag, run, task, map, attempt]);
}

/** Undefined for a key that `logKey` did not make. */
export function parseLogKey(key: string): TryPlace | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(key);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts)) return undefined;
  const [dag, run, task, map, attempt]: unknown[] = parts;
  const texts = typeof dag === 'string' && typeof run === 'string' && typeof task === 'string';
  if (!texts || !Number.isInteger(map) || !Number.isInteger(attempt)) return undefined;
  return { dag, run, task, map: Number(map), attempt: Number(attempt) };
}

function runStatus(state: string): RunStatus {
  if (state === 'queued' || state === 'running' || state === 'success' || state === 'failed') return state;
  return 'unknown';
}

/** A task that was not run because one before it failed has not failed itself. */
function tryStatus(state: string): RunStatus {
  switch (state) {
    case 'success':
    case 'failed':
    case 'skipped':
    case 'running':
      return state;
    case 'up_for_retry':
      return 'failed';
    case 'upstream_failed':
      return 'skipped';
    case 'up_for_reschedule':
    case 'deferred':
      return 'running';
    case 'scheduled':
    case 'queued':
    case 'restarting':
      return 'queued';
    default:
      return 'unknown';
  }
}

/** `tries`: the newest of each task, as far as they are known; `running`: how many runs of its DAG are at work. */
export function dagRun(run: RestRun, tries: readonly RestTry[], running: number, context: RunContext): Run {
  const { instance, environment, pages, instances } = context;
  const dag = context.dags.get(run.dag);
  const id = runId(instance, run.dag, run.run);
  const status = runStatus(run.state);
  const [worst] = tries.filter(({ state }) => state === 'failed').sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0));
  const around: Surroundings = { dag, running, pools: context.pools };
  const byClock = run.type === 'scheduled' || run.type === 'backfill';
  const meant = byClock || run.startedAt === undefined ? (run.logicalAt ?? run.runAfter) : undefined;
  return kept(
    said<Run>({
      id,
      of: [jobId(instance, run.dag)],
      name: run.run,
      status,
      startedAt: run.startedAt,
      endedAt: status === 'running' || status === 'queued' ? undefined : run.endedAt,
      scheduledFor: meant,
      user: run.user,
      commit: run.commit,
      entryPoint: dag?.file,
      environment,
      message: status === 'failed' ? worst && failure(worst, context) : whyRunWaits(run, tries, around),
      url: pages.run(run.dag, run.run),
      metrics: [],
      params: [],
      inputs: [],
      outputs: [],
      logs: worst ? logsOf(worst, context.source) : [],
      linked: mine(run.words, instances),
    }),
    context,
  );
}

/** `check: KeyError: 'churned'` once its log was read, before that how often it was tried. */
function failure(worst: RestTry, context: RunContext): string {
  const said = context.known(tryId(context.instance, worst))?.message;
  return said === undefined ? `${worst.task} failed on try ${worst.attempt}` : `${worst.task}: ${said}`;
}

/** Undefined for a task that has not been tried and does not wait to be. */
export function tryRun(one: RestTry, context: RunContext): Run | undefined {
  if (one.state === '' || (one.attempt === 0 && one.startedAt === undefined && one.state === 'removed'))
    return undefined;
  const { instance, environment, pages } = context;
  const attempt = Math.max(1, one.attempt);
  const place = { ...one, attempt };
  const status = tryStatus(one.state);
  const mapped = one.map >= 0 ? `[${one.label ?? one.map}]` : '';
  const ended = status !== 'running' && status !== 'queued';
  const started = one.startedAt !== undefined && status !== 'queued' && one.state !== 'upstream_failed';
  return kept(
    said<Run>({
      id: tryId(instance, place),
      of: [taskId(instance, one.dag, one.task)],
      name: `${one.task}${mapped}, try ${attempt}`,
      status,
      startedAt: started ? one.startedAt : undefined,
      endedAt: ended ? one.endedAt : undefined,
      scheduledFor: started ? undefined : one.dueAt,
      parent: runId(instance, one.dag, one.run),
      attempt,
      commit: one.commit,
      entryPoint: context.dags.get(one.dag)?.file,
      where: [one.host, one.pool && `pool ${one.pool}`].filter(Boolean).join(', ') || undefined,
      environment,
      message: one.state === 'upstream_failed' ? 'Not run: a task before it failed.' : waitWords(one, context),
      url: pages.attempt(one.dag, one.run, one.task, one.map, attempt),
      metrics: [],
      params: [],
      inputs: [],
      outputs: [],
      logs: started ? logsOf(place, context.source) : [],
      linked: mine(one.words, context.instances),
    }),
    context,
  );
}

function waitWords(one: RestTry, { pools }: RunContext): string | undefined {
  if (one.state === 'up_for_retry') return undefined;
  const why = whyTaskWaits(one, pools);
  return why === undefined ? undefined : `${why}.`;
}

/**
 * The listing names only the newest try of each task. Those before it failed: one that the catalog does not hold yet, or
 * holds as running, is told with what is known of it.
 */
export function earlierTries(one: RestTry, context: RunContext): readonly Run[] {
  const earlier: Run[] = [];
  for (let attempt = Math.max(1, one.attempt - 10); attempt < one.attempt; attempt += 1) {
    const place = { ...one, attempt };
    const known = context.known(tryId(context.instance, place));
    if (known && (known.status === 'failed' || known.status === 'success' || known.status === 'skipped')) continue;
    const { startedAt: _, endedAt: __, host: ___, ...rest } = one;
    const bare = tryRun({ ...rest, attempt, state: 'failed' }, context);
    if (bare) earlier.push({ ...bare, ...known, status: 'failed', logs: logsOf(place, context.source) });
  }
  return earlier;
}

function logsOf(place: TryPlace, source: string): Run['logs'] {
  return [{ file: remoteLog(source, logKey(place)), title: `attempt ${place.attempt}` }];
}

/** What reading the log once told stays, as long as the run is in the same state. */
function kept(run: Run, { known }: RunContext): Run {
  const before = known(run.id);
  const content = run.content ?? before?.content;
  if (!before || before.status !== run.status) return said<Run>({ ...run, content });
  const ended = run.status !== 'running' && run.status !== 'queued';
  const older = run.message === undefined || /failed on try \d+$/.test(run.message);
  return said<Run>({
    ...run,
    content,
    message: ended && older ? (before.message ?? run.message) : run.message,
    logs: run.logs.length > 0 ? run.logs : before.logs,
    linked: [...new Set([...run.linked, ...before.linked])].slice(0, 50),
  });
}
