// Entities: jobs of dbt Cloud with their steps, and their runs, as entities and runs of the catalog; pure.
import type { SeenEntity } from '../../../catalog/change.ts';
import type { Edge } from '../../../catalog/edge.ts';
import { type EntityId, entityId } from '../../../catalog/entity.ts';
import { type KnownInstances, mine } from '../../../catalog/mine.ts';
import { type LogPlace, type Run, remoteLog } from '../../../catalog/run.ts';
import { said } from '../../json.ts';
import { logKey } from './logs.ts';
import { type StoredJob, type StoredRun, type StoredStep, statusOf } from './shapes.ts';

/** One account, and what its jobs and environments are called. */
export interface Account {
  /** Its number. */
  readonly id: string;
  /** What it is called in ids: what the connection declares, else its number. */
  readonly key: string;
  readonly name: string;
  /** Address of the connection, without a slash at the end. */
  readonly url: string;
  /** Name of the connection. */
  readonly source: string;
  readonly projects: ReadonlyMap<string, string>;
  readonly environments: ReadonlyMap<string, string>;
  readonly jobs: ReadonlyMap<string, StoredJob>;
}

export function jobId(account: string, job: string): EntityId {
  return entityId('job', 'dbt', account, job);
}

/** A step of a job is what dbt is told; the ids of steps are of one run each. */
export function taskId(account: string, job: string, command: string): EntityId {
  return entityId('task', 'dbt', account, job, command);
}

export function runId(account: string, run: string, step?: number): EntityId {
  return entityId('run', 'dbt', account, run, ...(step === undefined ? [] : [String(step)]));
}

export function jobsOf(jobs: readonly StoredJob[], account: Account) {
  const entities: SeenEntity[] = [];
  const edges: Edge[] = [];
  for (const job of jobs) {
    const id = jobId(account.key, job.id);
    const project = account.projects.get(job.project ?? '');
    const environment = account.environments.get(job.environment ?? '');
    const page = `${account.url}/deploy/${account.id}/projects/${job.project ?? ''}/jobs/${job.id}`;
    const facts = {
      description: job.description,
      url: page,
      tags: [project, environment, job.type].filter((tag) => tag !== undefined),
      schedule: job.isScheduled ? job.cron : undefined,
      paused: job.cron !== undefined && !job.isScheduled ? true : undefined,
      operator: 'dbt Cloud job',
      createdAt: job.createdAt,
      updatedAt: job.updatedAt,
    };
    const aliases = project === undefined ? [] : [`${project}.${job.name}`];
    entities.push({ id, kind: 'job', name: job.name, aliases, facts: said(facts) });
    for (const command of job.steps) {
      const task = taskId(account.key, job.id, command);
      entities.push({ id: task, kind: 'task', name: `${job.name}.${command}`, facts: { operator: 'dbt', url: page } });
      edges.push({ from: id, to: task, relation: 'contains', origin: 'reported', evidence: `dbt Cloud job ${job.id}` });
    }
  }
  return { entities, edges };
}

/** The run, and where its steps are known, each of them as a part of it. */
export function runsOf(run: StoredRun, account: Account, instances: KnownInstances): readonly Run[] {
  const job = account.jobs.get(run.job ?? '');
  const failed = run.steps.filter((step) => statusOf(step) === 'failed');
  const status = statusOf(run);
  const whole = said<Run>({
    id: runId(account.key, run.id),
    of: run.job === undefined ? [] : [jobId(account.key, run.job)],
    name: `${job?.name ?? `job ${run.job ?? ''}`} #${run.id}`,
    status,
    startedAt: run.startedAt ?? (status === 'queued' ? undefined : run.createdAt),
    endedAt: run.endedAt,
    commit: run.commit,
    branch: run.branch,
    environment: account.environments.get(run.environment ?? ''),
    message: messageOf(run, failed),
    url: run.url ?? `${account.url}/deploy/${account.id}/projects/${run.project ?? ''}/runs/${run.id}`,
    metrics: [],
    params: [
      ...(run.cause === undefined ? [] : [{ name: 'cause', value: run.cause }]),
      ...(run.dbtVersion === undefined ? [] : [{ name: 'dbt version', value: run.dbtVersion }]),
    ],
    ...{ inputs: [], outputs: [] },
    logs: status === 'queued' ? [] : logsOf(run, failed, account),
    linked: mine(`${run.cause ?? ''}\n${run.message ?? ''}`, instances),
  });
  return [whole, ...run.steps.map((step) => stepRun(step, run, whole, account))];
}

function messageOf(run: StoredRun, failed: readonly StoredStep[]): string | undefined {
  if (statusOf(run) !== 'failed') return undefined;
  if (run.status === 30) return run.message ?? 'cancelled';
  return run.message ?? (failed[0] ? `failed at ${failed[0].name}` : undefined);
}

/** The last one is what is opened first: the step that failed. Until its steps are known, all of them in one. */
function logsOf(run: StoredRun, failed: readonly StoredStep[], { id, source }: Account): readonly LogPlace[] {
  const whole = { file: remoteLog(source, logKey({ account: id, run: run.id })), title: 'all steps' };
  return [whole, ...failed.slice(0, 5).flatMap((step) => stepLogs(step, run, { id, source }))];
}

function stepLogs(step: StoredStep, run: StoredRun, { id, source }: Pick<Account, 'id' | 'source'>) {
  const place = (debug: boolean): LogPlace => ({
    file: remoteLog(source, logKey({ account: id, run: run.id, step: step.index, debug })),
    title: `${step.index}. ${step.command ?? step.name}${debug ? ', debug log' : ''}`,
  });
  return [place(true), place(false)];
}

function stepRun(step: StoredStep, run: StoredRun, whole: Run, account: Account): Run {
  const { command } = step;
  const isKnown = command !== undefined && account.jobs.get(run.job ?? '')?.steps.includes(command);
  return said<Run>({
    id: runId(account.key, run.id, step.index),
    of: isKnown && run.job !== undefined ? [taskId(account.key, run.job, command)] : [],
    name: `${whole.name}, ${step.index}. ${command ?? step.name}`,
    status: statusOf(step),
    startedAt: step.startedAt,
    endedAt: step.endedAt,
    parent: whole.id,
    commit: whole.commit,
    branch: whole.branch,
    environment: whole.environment,
    message: statusOf(step) === 'failed' ? (whole.message ?? `failed: ${step.name}`) : undefined,
    url: whole.url,
    ...{ metrics: [], params: [], inputs: [], outputs: [], linked: [] },
    logs: statusOf(step) === 'queued' ? [] : stepLogs(step, run, account),
  });
}
