// Scan: what each poll asks of a Ray head, and what it concludes.
/*
 * Whole or since a cursor, a poll asks the same, whatever the number of jobs: 1. `/api/version`, 2. `/api/jobs/`, all jobs of
 * the session, 3. `/api/v0/tasks` that failed, at most 500, and once more in detail when one of them is new, 4.
 * `/api/serve/applications/`. Nothing is asked for one job, task or application by itself.
 * - Since a cursor, jobs that had ended when they were told are not told again.
 * - Ray forgets all its jobs when it is started anew, and old tasks after 100,000. So jobs and runs are never covered: what was
 *   seen stays known. Only endpoints are, because Serve lists them wholly.
 * - What failed and can never go well later (a run that stands alone, a deployment of an application) is no trouble any
 *   more when the session that it failed in is over, or the application is gone; it stays known.
 */
import type { CatalogChange, ScanProblem } from '../../../catalog/change.ts';
import { parseEntityId } from '../../../catalog/entity.ts';
import type { Run } from '../../../catalog/run.ts';
import type { LiveHost } from '../../connector.ts';
import { HttpError } from '../../httpError.ts';
import { record, text } from '../../json.ts';
import type { Api } from './api.ts';
import { applications, failedTasks, jobs } from './listings.ts';
import { hasEnded, jobEntity, jobRun, nameOf, type RunContext, sessionParam, taskRun } from './runs.ts';
import { served } from './serve.ts';
import type { JobName, RayJob, RayTask } from './told/shapes.ts';

const runsPerPage = 1_000;

export interface Asking {
  readonly api: Api;
  readonly host: LiveHost;
  readonly context: (session: string) => RunContext;
  /** Failed tasks that were told, with what they said. */
  readonly told: Map<string, RayTask>;
  /** Jobs that were told, with how and when they ended: what has ended stays as it is until all is read again. */
  readonly ended: Map<string, string>;
}

/** Rejects when the jobs cannot be listed; tasks and applications that cannot be are problems. */
export async function* scan(asking: Asking, signal: AbortSignal, since?: string): AsyncIterable<CatalogChange> {
  const { api } = asking;
  const { session } = await api.version(signal);
  const context = asking.context(session);
  const cursor = readCursor(since);
  const goesOn = cursor !== undefined && cursor === session;
  const listed = await jobs(api, signal, (name) => !goesOn || !isTold(name, asking));
  yield { problems: listed.surprises.map(asProblem), ...(goesOn ? { incremental: true } : {}) };
  const fresh = listed.items;
  for (let from = 0; from < fresh.length; from += runsPerPage) {
    signal.throwIfAborted();
    const page = fresh.slice(from, from + runsPerPage);
    yield jobsPage(page, context);
    for (const job of page) asking.ended.set(nameOf(job), endOf(job));
  }
  yield await tasksPage(listed.names, context, asking, signal);
  const serve = await servePage(context, asking, signal);
  yield serve;
  yield { runs: forgiven(serve, context), cursor: writeCursor(session) };
}

function isTold(job: JobName, { ended }: Asking): boolean {
  return hasEnded(job.status) && ended.get(nameOf(job)) === endOf(job);
}

function writeCursor(session: string): string {
  return JSON.stringify({ ray: 1, session });
}

/** The session that was seen last; undefined for what is no cursor of ours. */
function readCursor(written: string | undefined): string | undefined {
  if (written === undefined) return undefined;
  try {
    const from = record(JSON.parse(written));
    return from.ray === 1 ? text(from.session) : undefined;
  } catch {
    return undefined;
  }
}

function endOf({ status, endedAt }: JobName): string {
  return `${status} ${endedAt}`;
}

export function jobsPage(some: readonly RayJob[], context: RunContext): CatalogChange {
  const entities = new Map(some.flatMap((job) => jobEntity(job, context) ?? []).map((each) => [each.id, each]));
  return { entities: [...entities.values()], runs: some.map((job) => jobRun(job, context)) };
}

async function tasksPage(
  all: readonly JobName[],
  context: RunContext,
  { api, told }: Asking,
  signal: AbortSignal,
): Promise<CatalogChange> {
  return beside('failed tasks', signal, async () => {
    const brief = await failedTasks(api, { detail: false }, signal);
    const isNew = brief.items.some((task) => !told.has(taskKey(task, context.session)));
    const full = isNew ? await failedTasks(api, { detail: true }, signal) : undefined;
    if (full) told.clear();
    for (const task of full?.items ?? []) told.set(taskKey(task, context.session), task);
    const tasks = full?.items ?? brief.items.flatMap((task) => told.get(taskKey(task, context.session)) ?? []);
    return { runs: taskRuns(tasks, all, context), problems: (full ?? brief).surprises.map(asProblem) };
  });
}

function taskKey({ task, attempt }: RayTask, session: string): string {
  return `${session} ${task} ${attempt}`;
}

export function taskRuns(tasks: readonly RayTask[], all: readonly JobName[], context: RunContext) {
  const byId = new Map(all.flatMap((job) => (job.job === undefined ? [] : [[job.job, job] as const])));
  return tasks.flatMap((task) => {
    const job = byId.get(task.job ?? '');
    return job === undefined ? [] : [taskRun(task, job, context)];
  });
}

export async function servePage(
  context: RunContext,
  { api }: Pick<Asking, 'api'>,
  signal: AbortSignal,
): Promise<CatalogChange> {
  return beside('endpoints of Ray Serve', signal, async () => {
    const listed = await applications(api, signal);
    if (listed === undefined) return {};
    const isWhole = listed.surprises.length === 0;
    return {
      ...served(listed.items, context),
      covered: isWhole ? [{ kind: 'endpoint', scope: context.ids.scope }] : [],
      problems: listed.surprises.map(asProblem),
    };
  });
}

/** A part without which the rest stands. That nobody can be asked at all is for the whole scan. */
async function beside(what: string, signal: AbortSignal, ask: () => Promise<CatalogChange>): Promise<CatalogChange> {
  try {
    return await ask();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof HttpError) || !/^(forbidden|missing|refused|broken|tooBig)$/.test(error.kind)) throw error;
    return { problems: [{ message: error.message, advice: `Without it, ${what} are as old as they were.` }] };
  }
}

function asProblem(words: string): ScanProblem {
  return { message: `${words}.` };
}

/** What failed alone in a session that is over, or as an application that is there no more: known, and no trouble. */
function forgiven({ runs: served = [], covered = [] }: CatalogChange, context: RunContext): readonly Run[] {
  const there = new Set(served.map(({ id }) => id));
  return context.failed().flatMap((run) => {
    const session = run.params.find(({ name }) => name === sessionParam)?.value;
    const isOver = session !== undefined && context.session !== '' && session !== context.session;
    const isDeployment = parseEntityId(run.id)?.segments[0] === 'serve';
    const isRemoved = isDeployment && covered.length > 0 && !there.has(run.id);
    return isRemoved || (isOver && isAlone(run)) ? [{ ...run, of: [] }] : [];
  });
}

/** Of nothing but itself, or of the name of an id that is for once: no later run can put it right. */
function isAlone({ id, of: [of = ''], params }: Run): boolean {
  const isNamed = params.some(({ name }) => name === 'metadata job_name');
  return of === id || (of.startsWith('job:ray:') && !isNamed);
}
