// Runs: jobs and failed tasks of a Ray head as runs of the catalog; pure.
import type { SeenEntity } from '../../../catalog/change.ts';
import type { EntityId } from '../../../catalog/entity.ts';
import type { KnownInstances } from '../../../catalog/mine.ts';
import { type LogPlace, type Run, type RunStatus, remoteLog } from '../../../catalog/run.ts';
import { said } from '../../json.ts';
import type { Ids, JobPlace, Pages } from '../ids.ts';
import { type LogKey, writeKey } from './logs/logKey.ts';
import { branchOf, commitOf, jobNameOf, ownerOf, submitterOf } from './submitter.ts';
import type { RayJob, RayTask } from './told/shapes.ts';

export interface RunContext {
  readonly ids: Ids;
  readonly pages: Pages;
  /** Name of the source: its logs are addressed by it. */
  readonly source: string;
  readonly environment?: string;
  readonly instances: KnownInstances;
  readonly session: string;
  /** What the catalog holds of a run: what its log named is not forgotten. */
  readonly known: (id: EntityId) => Run | undefined;
  /** Runs of this head that failed and are still of something, at most a few hundred. */
  readonly failed: () => readonly Run[];
  /** Searches of Tune of this name, of any folder of results that was read. */
  readonly searches: (name: string) => readonly Run[];
}

/** A driver that nobody submitted has only its job id. */
export function placeOf(job: Pick<RayJob, 'submission' | 'job'>, session: string): JobPlace {
  return job.submission === undefined ? { session, driver: job.job ?? '' } : { submission: job.submission };
}

/** Where a page of the dashboard and the API know it. */
export function nameOf(job: Pick<RayJob, 'submission' | 'job'>): string {
  return job.submission ?? job.job ?? '';
}

export function jobRun(job: RayJob, context: RunContext): Run {
  const { ids, pages, instances, environment } = context;
  const id = ids.run(placeOf(job, context.session));
  const submitter = submitterOf(job, instances);
  const title = jobNameOf(job);
  const known = context.known(id);
  return said<Run>({
    id,
    // Nobody is named: it stands alone.
    of: submitter.of.length > 0 ? submitter.of : [title === undefined ? id : ids.job(title)],
    name: title ?? job.submission ?? `driver ${job.job}`,
    status: statusOf(job.status),
    startedAt: job.startedAt,
    endedAt: hasEnded(job.status) ? job.endedAt : undefined,
    parent: submitter.parent,
    user: ownerOf(job),
    commit: commitOf(job),
    branch: branchOf(job),
    entryPoint: scriptOf(job.entrypoint),
    where: job.host,
    environment,
    message: failureOf(job),
    url: pages.job(nameOf(job)),
    metrics: [],
    params: [...paramsOf(job), ...inSession(context)],
    inputs: [],
    outputs: [],
    logs: logsOf(job, known?.logs ?? [], context),
    linked: [...new Set([...submitter.linked, ...(known?.linked ?? [])])],
  });
}

/** The thing that the runs are of, where Ray alone knows of it. */
export function jobEntity(job: RayJob, context: RunContext): SeenEntity | undefined {
  const { ids, pages } = context;
  if (submitterOf(job, context.instances).of.length > 0) return undefined;
  const title = jobNameOf(job);
  const owner = ownerOf(job);
  const id = title === undefined ? ids.run(placeOf(job, context.session)) : ids.job(title);
  return {
    id,
    kind: title === undefined ? 'run' : 'job',
    name: title ?? job.submission ?? `driver ${job.job}`,
    facts: said({ owner, url: title === undefined ? pages.job(nameOf(job)) : pages.jobs }),
  };
}

function statusOf(status: string): RunStatus {
  switch (status) {
    case 'PENDING':
      return 'queued';
    case 'RUNNING':
      return 'running';
    case 'SUCCEEDED':
      return 'success';
    case 'FAILED':
    case 'STOPPED':
      return 'failed';
    default:
      return 'unknown';
  }
}

export function hasEnded(status: string): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED' || status === 'STOPPED';
}

/** STOPPED is said, because we call it failed. */
function failureOf(job: RayJob): string | undefined {
  if (job.status === 'STOPPED') return 'Ray says STOPPED: it was stopped from outside';
  return job.status === 'FAILED' ? job.message : undefined;
}

/** `python -u jobs/train.py --lr 1` ran `jobs/train.py`, `python -m acme.train` the module; else the whole line. */
function scriptOf(entrypoint: string | undefined): string | undefined {
  const words = entrypoint?.split(/\s+/) ?? [];
  const script = words.find((word) => /\.(?:py|ipynb|sh)$/.test(word));
  if (script !== undefined) return script;
  const module = words.indexOf('-m');
  return module > 0 ? words[module + 1] : entrypoint;
}

/** Says later whether the cluster that it ran on is still the same. */
export const sessionParam = 'session';

export function inSession({ session }: Pick<RunContext, 'session'>): Run['params'] {
  return session === '' ? [] : [{ name: sessionParam, value: session }];
}

function paramsOf(job: RayJob): Run['params'] {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['entrypoint', job.entrypoint],
    ['working_dir', job.workingDir],
    ['packages', job.packages],
    ['environment variables', job.variables.length === 0 ? undefined : job.variables.join(', ')],
    ['exit code', job.exitCode === undefined ? undefined : String(job.exitCode)],
    ...job.metadata.map(({ name, value }) => [`metadata ${name}`, value] as const),
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

/** The driver's own, and those of its workers that were found when somebody looked at it. */
function logsOf(job: RayJob, known: readonly LogPlace[], context: RunContext): readonly LogPlace[] {
  const own: readonly LogPlace[] =
    job.submission === undefined ? [] : [place({ of: 'job', submission: job.submission }, 'driver', context)];
  const files = new Set(own.map(({ file }) => file));
  return [...own, ...known.filter(({ file }) => !files.has(file))];
}

export function place(key: LogKey, title: string, { source }: Pick<RunContext, 'source'>): LogPlace {
  return { file: remoteLog(source, writeKey(key)), title };
}

/** Of a task that failed; it is a part of its job's run, and no trouble of its own when that went well. */
export function taskRun(task: RayTask, job: Pick<RayJob, 'submission' | 'job'>, context: RunContext): Run {
  const parent = context.ids.run(placeOf(job, context.session));
  // Actors write their tasks' words into their own log, unless the cluster was told to record them apart.
  const key: LogKey =
    task.actor === undefined
      ? { of: 'task', task: task.task, attempt: task.attempt }
      : { of: 'actor', actor: task.actor };
  return said<Run>({
    id: context.ids.task(parent, task.task, task.attempt),
    of: [],
    name: task.name,
    status: 'failed',
    startedAt: task.startedAt,
    endedAt: task.endedAt,
    parent,
    attempt: task.attempt + 1,
    environment: context.environment,
    message: task.message ?? task.errorType,
    url: context.pages.task(nameOf(job), task.task),
    metrics: [],
    params: [],
    inputs: [],
    outputs: [],
    logs: [
      place(key, task.actor === undefined ? 'task' : 'actor', context),
      place({ ...key, errors: true }, task.actor === undefined ? 'task errors' : 'actor errors', context),
    ],
    linked: [],
  });
}
