// Scan: what each poll asks of a Ray head, and what it concludes.
/*
 * Whole or since a cursor, a poll asks the same, whatever the number of jobs: 1. `/api/version`, 2. `/api/jobs/`, all jobs of
 * the session, 3. `/api/v0/tasks` that failed, at most 500, and once more in detail when one of them is new, 4.
 * `/api/serve/applications/`. Nothing is asked for one job, task or application by itself.
 * - Ray forgets all its jobs when it is started anew, and old tasks after 100,000. So jobs and runs are never covered: what was
 *   seen stays known. Only endpoints are, because Serve lists them wholly.
 * - What failed and can never go well later (a run that stands alone, a deployment of an application) is no trouble any
 *   more when the cluster that it failed on is gone, or the application: the cursor holds it until then.
 */
import type { CatalogChange, ScanProblem } from '../../../catalog/change.ts';
import { type EntityId, parseEntityId } from '../../../catalog/entity.ts';
import type { Run } from '../../../catalog/run.ts';
import type { LiveHost } from '../../connector.ts';
import { HttpError } from '../../httpError.ts';
import type { Api } from './api.ts';
import { type Cursor, readCursor, writeCursor } from './cursor.ts';
import { applications, failedTasks, jobs } from './listings.ts';
import { jobEntity, jobRun, type RunContext, taskRun } from './runs.ts';
import { served } from './serve.ts';
import { isOnce } from './submitter.ts';
import type { RayJob, RayTask } from './told/shapes.ts';

const runsPerPage = 1_000;

export interface Asking {
  readonly api: Api;
  readonly host: LiveHost;
  readonly context: (session: string) => RunContext;
  /** Failed tasks that were told, with what they said. */
  readonly told: Map<string, RayTask>;
}

/** Rejects when the jobs cannot be listed; tasks and applications that cannot be are problems. */
export async function* scan(asking: Asking, signal: AbortSignal, since?: string): AsyncIterable<CatalogChange> {
  const { api } = asking;
  const { session } = await api.version(signal);
  const context = asking.context(session);
  const cursor = readCursor(since);
  const listed = await jobs(api, signal);
  // Also the first one: what an earlier session knew is not gone with it.
  yield { incremental: true, problems: listed.surprises.map(asProblem) };
  for (let from = 0; from < listed.items.length; from += runsPerPage) {
    signal.throwIfAborted();
    yield jobsPage(listed.items.slice(from, from + runsPerPage), context);
  }
  yield await tasksPage(listed.items, context, asking, signal);
  const serve = await servePage(context, asking, signal);
  yield serve;
  const once = listed.items.filter((job) => isOnce(job, context.instances));
  const failing = [...once.map((job) => jobRun(job, context)), ...(serve.runs ?? [])];
  const trouble = failing.filter(({ status }) => status === 'failed').map(({ id }) => id);
  yield {
    runs: forgiven(cursor, session, serve, context),
    cursor: writeCursor({ session, trouble: serve.covered?.length ? trouble : [...trouble, ...deployments(cursor)] }),
  };
}

/** Failed ones of applications, when the last scan was. */
function deployments(cursor: Cursor | undefined): readonly EntityId[] {
  return cursor?.trouble.filter((id) => parseEntityId(id)?.segments[0] === 'serve') ?? [];
}

export function jobsPage(some: readonly RayJob[], context: RunContext): CatalogChange {
  const entities = new Map(some.flatMap((job) => jobEntity(job, context) ?? []).map((each) => [each.id, each]));
  return { entities: [...entities.values()], runs: some.map((job) => jobRun(job, context)) };
}

async function tasksPage(
  all: readonly RayJob[],
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

export function taskRuns(tasks: readonly RayTask[], all: readonly RayJob[], context: RunContext) {
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

/** Those of a session that is over, and deployments of applications that are there no more. */
function forgiven(
  cursor: Cursor | undefined,
  session: string,
  { runs: served = [], covered = [] }: CatalogChange,
  { known }: RunContext,
): readonly Run[] {
  const isOver = cursor !== undefined && session !== '' && cursor.session !== session;
  const there = new Set(served.map(({ id }) => id));
  const removed = covered.length > 0 ? deployments(cursor).filter((id) => !there.has(id)) : [];
  return [...new Set(isOver ? [...cursor.trouble, ...removed] : removed)].flatMap((id) => {
    const run = there.has(id) ? undefined : known(id);
    return run === undefined ? [] : [{ ...run, of: [] }];
  });
}
