// Runs: runs of jobs with those of their tasks, as runs of the catalog; pure.
import type { SeenEntity } from '../../../catalog/change.ts';
import type { EntityId } from '../../../catalog/entity.ts';
import { type KnownInstances, mine } from '../../../catalog/mine.ts';
import { type DataUse, type LogPlace, type Run, type RunStatus, remoteLog } from '../../../catalog/run.ts';
import { said } from '../../json.ts';
import { idsOf, type Place } from '../ids.ts';
import { type LogKey, logKey } from '../logKey.ts';
import type { StoredOutcome, StoredRun, StoredTaskRun } from './shapes.ts';

export interface RunContext {
  readonly place: Place;
  /** Names of connections to S3, which may read the logs that clusters deliver there. */
  readonly stores: readonly string[];
  /** For ids of other tools' runs in texts. */
  readonly instances: KnownInstances;
  /** Tasks of other tools (Airflow's) that are called so: what may have submitted a one-off run. */
  readonly submitters: (name: string) => readonly EntityId[];
  /** What a job reads and writes, as lineage tells of it by now; Databricks' API does not tell it of each run. */
  readonly data: (job: string) => JobData;
}

export interface JobData {
  readonly inputs: readonly DataUse[];
  readonly outputs: readonly DataUse[];
}

export interface Executed {
  readonly runs: readonly Run[];
  /** What one-off submissions are runs of, where nothing better is known. */
  readonly entities: readonly SeenEntity[];
}

export function runsOf(stored: readonly StoredRun[], context: RunContext): Executed {
  const runs: Run[] = [];
  const entities = new Map<EntityId, SeenEntity>();
  for (const one of stored) {
    const of = whatRan(one, context);
    for (const entity of of.entities) entities.set(entity.id, entity);
    runs.push(jobRun(one, of.of, context), ...one.tasks.map((task) => taskRun(task, one, context)));
  }
  return { runs, entities: [...entities.values()] };
}

/**
 * A submission has a job id too, but of a job that nobody can list: it is a run of the one task that is called like it
 * (Airflow's operators name the run by their task), else of what is submitted under its name.
 */
function whatRan(
  run: StoredRun,
  { place, submitters }: RunContext,
): {
  readonly of: readonly EntityId[];
  readonly entities: readonly SeenEntity[];
} {
  const ids = idsOf(place);
  if (run.type === 'JOB_RUN') return { of: run.job === undefined ? [] : [ids.job(run.job)], entities: [] };
  if (run.name === undefined) return { of: [], entities: [] };
  const [task, ...more] = submitters(run.name);
  if (task !== undefined && more.length === 0) return { of: [task], entities: [] };
  const id = ids.submitted(run.name);
  const description = 'One-off runs that were submitted under this name; Databricks has no job of them.';
  return { of: [id], entities: [{ id, kind: 'job', name: run.name, facts: { description } }] };
}

function jobRun(run: StoredRun, of: readonly EntityId[], { place, instances, data }: RunContext): Run {
  const ids = idsOf(place);
  const url = `${place.url}/jobs/${run.job === undefined ? '' : `${run.job}/`}runs/${run.run}`;
  const started = run.startedBy === undefined ? [] : [ids.run(run.startedBy)];
  // A run of one task by itself has no tasks; its own logs are it.
  const alone = run.tasks.length === 0;
  return said<Run>({
    id: ids.run(run.run),
    of,
    name: run.name ?? `run ${run.run}`,
    status: statusOf(run.outcome),
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    user: run.creator,
    commit: run.git?.commit,
    branch: run.git?.branch,
    environment: place.environment,
    message: messageOf(run.outcome),
    url,
    metrics: [],
    params: run.params,
    ...(run.type === 'JOB_RUN' && run.job !== undefined ? data(run.job) : { inputs: [], outputs: [] }),
    logs: alone && !isWaiting(run.outcome) ? [logPlace(place, { kind: 'output', run: run.run })] : [],
    linked: [...new Set([...started, ...mine(run.words, instances)])],
  });
}

function taskRun(task: StoredTaskRun, run: StoredRun, { place, stores }: RunContext): Run {
  const ids = idsOf(place);
  const of = run.type === 'JOB_RUN' && run.job !== undefined ? [ids.task(run.job, task.key)] : [];
  return said<Run>({
    id: ids.run(task.run),
    of,
    name: `${run.name ?? run.run}.${task.key}`,
    status: statusOf(task.outcome),
    startedAt: task.startedAt,
    endedAt: task.endedAt,
    parent: ids.run(run.run),
    attempt: task.attempt + 1,
    user: run.creator,
    commit: task.git?.commit ?? run.git?.commit,
    branch: task.git?.branch ?? run.git?.branch,
    entryPoint: task.entryPoint,
    where: task.clusterId ?? task.cluster ?? task.warehouse,
    environment: place.environment,
    message: messageOf(task.outcome),
    url: `${place.url}/jobs/${run.job === undefined ? '' : `${run.job}/`}runs/${task.run}`,
    metrics: [],
    params: logParams(task),
    inputs: [],
    outputs: [],
    logs: isWaiting(task.outcome) ? [] : logsOf(task, { place, stores }),
    linked: [],
  });
}

/** Of the driver; what executors say is beside it. They are delivered about every five minutes. */
const delivered = ['log4j-active.log', 'stdout', 'stderr'];
const mostStores = 2;

function logsOf(task: StoredTaskRun, { place, stores }: Pick<RunContext, 'place' | 'stores'>): readonly LogPlace[] {
  const output = logPlace(place, { kind: 'output', run: task.run });
  const { logFolder, clusterId } = task;
  const isStored = logFolder !== undefined && /^s3:\/\/[^/]+/.test(logFolder);
  const isRead = isStored || (logFolder !== undefined && /^(?:dbfs:\/|\/Volumes\/)/.test(logFolder));
  if (!isRead || clusterId === undefined) return [output];
  const folder = `${logFolder}/${clusterId}/driver`;
  // A connection to S3 reads an object by its address; which of several may, nobody knows before.
  if (isStored) return [...stores.slice(0, mostStores).flatMap((store) => storedLogs(folder, store)), output];
  const files = delivered.map((file) => logPlace(place, { kind: 'file', path: `${folder}/${file}` }));
  // The last one is what is opened first: it is always there, the others only once they were delivered.
  return [...files, output];
}

function storedLogs(folder: string, store: string): readonly LogPlace[] {
  return delivered.map((file) => ({ file: remoteLog(store, `${folder}/${file}`), title: `driver ${file} in S3` }));
}

/** Where the logs of the cluster are, in words: what is in S3 is read by the connection to S3. */
function logParams({ logFolder, clusterId }: StoredTaskRun): Run['params'] {
  if (logFolder === undefined) return [];
  return [{ name: 'cluster logs', value: `${logFolder}/${clusterId ?? '<cluster>'}/driver/` }];
}

function logPlace({ source }: Place, key: LogKey): LogPlace {
  const title = key.kind === 'output' ? 'output and error' : `driver ${key.path.split('/').at(-1)}`;
  return { file: remoteLog(source, logKey(key)), title };
}

function isWaiting({ state }: StoredOutcome): boolean {
  return /^(PENDING|QUEUED|BLOCKED|WAITING)$/.test(state);
}

const skipped =
  /^(EXCLUDED|UPSTREAM_FAILED|UPSTREAM_CANCELED|UPSTREAM_EVICTED|DISABLED|SKIPPED|MAXIMUM_CONCURRENT_RUNS_REACHED|MAX_CONCURRENT_RUNS_EXCEEDED)$/;

export function statusOf({ state, result, type }: StoredOutcome): RunStatus {
  if (/^(RUNNING|TERMINATING)$/.test(state)) return 'running';
  if (/^(PENDING|QUEUED|BLOCKED|WAITING|WAITING_FOR_RETRY)$/.test(state)) return 'queued';
  if (state === 'SKIPPED' || skipped.test(result)) return 'skipped';
  if (state === 'INTERNAL_ERROR') return 'failed';
  if (state !== 'TERMINATED') return 'unknown';
  if (/^SUCCESS(_WITH_FAILURES)?$/.test(result) || (result === '' && type === 'SUCCESS')) return 'success';
  return result === '' && type === '' ? 'unknown' : 'failed';
}

/** Undefined for what went well without a word. */
function messageOf(outcome: StoredOutcome): string | undefined {
  const { result, message } = outcome;
  const status = statusOf(outcome);
  if (status === 'success') return result === 'SUCCESS_WITH_FAILURES' ? 'succeeded although tasks failed' : undefined;
  const words = message?.slice(0, 500);
  if (status !== 'failed' && status !== 'skipped') return words;
  return [result, words].filter((part) => part).join(': ') || undefined;
}

export function isOpen({ outcome }: Pick<StoredRun, 'outcome'>): boolean {
  return /^(running|queued)$/.test(statusOf(outcome));
}
