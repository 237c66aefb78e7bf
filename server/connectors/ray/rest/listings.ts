// Listings: what a Ray head lists: jobs, failed tasks, applications, each checked; nothing of it comes in pages.
import { HttpError } from '../../httpError.ts';
import { isRecord, list, number, record, text } from '../../json.ts';
import type { Api } from './api.ts';
import {
  type JobName,
  type RayApplication,
  type RayJob,
  type RayTask,
  readApplication,
  readJob,
  readJobName,
  readTask,
} from './told/shapes.ts';

export interface Listed<T> {
  readonly items: readonly T[];
  /** What of the answer was not as expected, in words. */
  readonly surprises: readonly string[];
}

const mostJobs = 200_000;
/** Of failed tasks; the state API cuts off what is beyond its limit, and has no pages. */
export const mostTasks = 500;

export interface ListedJobs extends Listed<RayJob> {
  /** Of all, also of those that were not wanted. */
  readonly names: readonly JobName[];
}

/**
 * All of the session: the list has no pages and takes no filter; read wholly are those that are `wanted`. Rejects like
 * `fetch`.
 */
export async function jobs(
  api: Api,
  signal: AbortSignal,
  wanted: (name: JobName) => boolean = () => true,
): Promise<ListedJobs> {
  const answer = await api.ask({ path: '/api/jobs/', maxBytes: 256_000_000 }, signal);
  const said = answer.json();
  if (!Array.isArray(said)) throw broken(api, '/api/jobs/', 'something that is no list');
  const all = said.slice(0, mostJobs).flatMap((value: unknown) => {
    const name = readJobName(value);
    return name === undefined ? [] : [{ name, value }];
  });
  const once = new Map(all.map((each) => [each.name.submission ?? `driver ${each.name.job}`, each]));
  const unread = Math.min(said.length, mostJobs) - all.length;
  const again = all.length - once.size;
  const [total, most] = [said.length, mostJobs].map((count) => count.toLocaleString('en'));
  return {
    items: [...once.values()].flatMap(({ name, value }) => (wanted(name) ? (readJob(value) ?? []) : [])),
    names: [...once.values()].map(({ name }) => name),
    surprises: [
      ...(unread > 0 ? [`${api.place} answered with ${unread} × jobs without an id or a status; left out`] : []),
      ...(again > 0 ? [`${api.place} listed ${again} × a job again that it had listed before`] : []),
      ...(said.length > mostJobs ? [`${api.place} has ${total} jobs; the first ${most} are read`] : []),
    ],
  };
}

/** One job by its submission or job id; undefined when Ray does not know it (any more). */
export async function job(id: string, api: Api, signal: AbortSignal): Promise<RayJob | undefined> {
  const answer = await api.ask({ path: `/api/jobs/${encodeURIComponent(id.toWellFormed())}` }, signal, [404]);
  return answer.status === 404 ? undefined : readJob(answer.json());
}

/** Failed tasks; in detail they say why and when, at several times the size. Of this job or of this task alone, if one is given. */
export async function failedTasks(
  api: Api,
  { detail, job, task }: { readonly detail: boolean; readonly job?: string; readonly task?: string },
  signal: AbortSignal,
): Promise<Listed<RayTask>> {
  const filters = [
    ['state', 'FAILED'] as const,
    ...(job === undefined ? [] : [['job_id', job] as const]),
    ...(task === undefined ? [] : [['task_id', task] as const]),
  ];
  const query = [
    ['limit', String(mostTasks)] as const,
    ['detail', String(detail)] as const,
    ...filters.flatMap(([name, value]) => [
      ['filter_keys', name] as const,
      ['filter_predicates', '='] as const,
      ['filter_values', value] as const,
    ]),
  ];
  const result = await state(api, { path: '/api/v0/tasks', query }, signal);
  const items = list(result.result);
  const tasks = items.flatMap((each) => readTask(each) ?? []);
  const total = number(result.num_filtered) ?? number(result.total) ?? items.length;
  const surprises: string[] = [];
  if (tasks.length < items.length)
    surprises.push(`${api.place} answered with ${items.length - tasks.length} × tasks without an id; left out`);
  // Not a problem: nothing concludes anything from a task that is not there.
  return {
    items: tasks,
    surprises: total > items.length && items.length < mostTasks ? [...surprises, cut(api, total)] : surprises,
  };
}

function cut({ place }: Api, total: number): string {
  return `${place} says that ${total.toLocaleString('en')} tasks failed and lists fewer`;
}

/** Names of files below a node's folder of logs. */
export async function logFiles(node: string, glob: string, api: Api, signal: AbortSignal): Promise<readonly string[]> {
  const query = [['node_id', node] as const, ['glob', glob] as const];
  const groups = Object.values(await state(api, { path: '/api/v0/logs', query }, signal));
  return groups.flatMap((group) => list(group).flatMap((each) => text(each) ?? []));
}

/** `data.result` of an answer of the state API; a question that it refuses is an error of 4xx or 5xx with `msg`. */
async function state(
  api: Api,
  request: { readonly path: string; readonly query: readonly (readonly [string, string])[] },
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  const said = record((await api.ask(request, signal)).json());
  const result = record(said.data).result;
  if (said.result === true && isRecord(result)) return result;
  throw broken(api, request.path, text(said.msg)?.slice(0, 200) ?? 'no result');
}

/** Undefined where Serve is not installed. An application is listed whole: as many as there are. */
export async function applications(api: Api, signal: AbortSignal): Promise<Listed<RayApplication> | undefined> {
  const answer = await api.ask({ path: '/api/serve/applications/' }, signal, [404, 501]);
  if (answer.status >= 400) return undefined;
  const said = record(answer.json());
  if (!isRecord(said.applications)) throw broken(api, '/api/serve/applications/', 'no applications');
  const all = Object.values(said.applications);
  const items = all.flatMap((each) => readApplication(each) ?? []);
  const left = all.length - items.length;
  return {
    items,
    surprises:
      left > 0 ? [`${api.place} answered with ${left} × applications without a name or a status; left out`] : [],
  };
}

function broken({ place }: Api, path: string, what: string): HttpError {
  const next = 'Check that a supported Ray (2.x) answers there, and what stands before it.';
  return new HttpError('broken', `${place} answered ${path} with ${what}. ${next}`);
}
