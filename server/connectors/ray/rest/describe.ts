// Describe: what is on screen, asked for by itself: a job with its failed tasks, its workers' logs and the runs its log names.
import type { CatalogChange } from '../../../catalog/change.ts';
import { type EntityId, parseEntityId } from '../../../catalog/entity.ts';
import { mine } from '../../../catalog/mine.ts';
import type { LogPlace } from '../../../catalog/run.ts';
import { HttpError } from '../../httpError.ts';
import { failedTasks, job, jobs, logFiles } from './listings.ts';
import type { Logs } from './logs/logs.ts';
import { hasEnded, jobRun, place, type RunContext } from './runs.ts';
import { type Asking, jobsPage, servePage, taskRuns } from './scan.ts';
import type { RayJob } from './told/shapes.ts';

const most = { runs: 10, workers: 20 };

interface Describing extends Asking {
  readonly instance: string;
  readonly logs: Logs;
}

/** Ids of other instances are passed over; what is not there any more, or may not be asked, is left out. */
export async function* describe(
  ids: readonly EntityId[],
  asking: Describing,
  signal: AbortSignal,
): AsyncIterable<CatalogChange> {
  const mineOnly = ids.flatMap((id) => {
    const parts = parseEntityId(id);
    return parts?.tool === 'ray' && parts.instance === asking.instance ? [parts] : [];
  });
  if (mineOnly.length === 0) return;
  const { session } = await asking.api.version(signal);
  const context = asking.context(session);
  const isServe = ({ kind, segments }: (typeof mineOnly)[number]) =>
    kind === 'endpoint' || (kind === 'run' && segments[0] === 'serve' && segments.length > 1);
  if (mineOnly.some(isServe)) yield tellable(await servePage(context, asking, signal));
  if (mineOnly.some(({ kind }) => kind === 'job')) {
    yield { incremental: true, ...jobsPage((await jobs(asking.api, signal)).items, context) };
  }
  const wanted = mineOnly
    .filter((parts) => parts.kind === 'run' && !isServe(parts))
    .flatMap(({ segments }) => nameIn(segments, session));
  for (const name of [...new Set(wanted)].slice(0, most.runs)) {
    try {
      yield { incremental: true, ...(await describeJob(name, context, asking, signal)) };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof HttpError) || !/^(missing|forbidden|broken)$/.test(error.kind)) throw error;
      asking.host.log.debug('Ray does not tell of what is on screen', { job: name, reason: error.message });
    }
  }
}

/** A look concludes nothing. */
function tellable({ entities = [], edges = [], runs = [], problems = [] }: CatalogChange): CatalogChange {
  return { incremental: true, entities, edges, runs, problems };
}

/** By which the API knows it: a submission's id, or of a driver of this session its job id. */
function nameIn([first, second]: readonly string[], session: string): readonly string[] {
  if (first === undefined) return [];
  if (session !== '' && first === session) return second === undefined ? [] : [second];
  return /^session_\d{4}-/.test(first) ? [] : [first];
}

async function describeJob(
  name: string,
  context: RunContext,
  { api, logs, host }: Describing,
  signal: AbortSignal,
): Promise<CatalogChange> {
  const found = await job(name, api, signal);
  if (found === undefined) return {};
  const run = jobRun(found, context);
  const tasks = found.job === undefined ? [] : (await failedTasks(api, { detail: true, job: found.job }, signal)).items;
  const more = await workerLogs(found, context, { api }, signal);
  const files = new Set(run.logs.map(({ file }) => file));
  const named = await namedIn(found, run.linked.length > 0, context, { logs, host }, signal);
  const own = run.id;
  return {
    ...jobsPage([found], context),
    runs: [
      {
        ...run,
        logs: [...run.logs, ...more.filter(({ file }) => !files.has(file))],
        linked: [...new Set([...run.linked, ...named])].filter((id) => id !== own),
      },
      ...taskRuns(tasks, [found], context),
    ],
  };
}

/** Runs of other tools, and searches of Tune, that the driver's log names. One that is still written is read once for it. */
async function namedIn(
  job: RayJob,
  isKnown: boolean,
  context: RunContext,
  { logs, host }: Pick<Describing, 'logs' | 'host'>,
  signal: AbortSignal,
): Promise<readonly EntityId[]> {
  const { submission, status } = job;
  if (submission === undefined || (isKnown && !hasEnded(status))) return [];
  try {
    const { text } = await logs.read({ of: 'job', submission }, signal);
    return [...mine(text, context.instances), ...searchesIn(text, job, context)];
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof HttpError)) throw error;
    host.log.debug('no log to look for runs in', { job: submission, reason: error.message });
    return [];
  }
}

/** What Tune writes when it begins (2.60.0, seen 2026-11-23): a table with the name. It must have begun while the job ran. */
function searchesIn(
  text: string,
  { startedAt = 0, endedAt = Infinity }: RayJob,
  { searches }: RunContext,
): readonly EntityId[] {
  const names = [...text.slice(0, 1_000_000).matchAll(/Configuration for experiment {1,200}([^\s│]{1,200})/g)];
  const found = [...new Set(names.map(([, name = '']) => name))].slice(0, 10).flatMap(searches);
  return found.flatMap((run) => {
    const at = run.startedAt ?? 0;
    return at >= startedAt && at <= endedAt ? [run.id] : [];
  });
}

/** `worker-<worker>-<job>-<pid>.out` and `.err` on the node of the driver; empty ones and those of other nodes are not known here. */
async function workerLogs(
  { job, node }: RayJob,
  context: RunContext,
  { api }: Pick<Asking, 'api'>,
  signal: AbortSignal,
): Promise<readonly LogPlace[]> {
  if (job === undefined || node === undefined || !/^[0-9a-f]{1,64}$/i.test(job)) return [];
  const files = await logFiles(node, `worker-*-${job}-*`, api, signal);
  return files
    .filter((file) => /^worker-\w+-\w+-\d+\.(?:out|err)$/.test(file))
    .sort()
    .slice(0, most.workers)
    .map((file) => {
      const [, pid, suffix] = /-(\d+)\.(out|err)$/.exec(file) ?? [];
      return place({ of: 'file', node, file }, `worker ${pid}${suffix === 'err' ? ' errors' : ''}`, context);
    });
}
