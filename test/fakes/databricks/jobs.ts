// The fake's Jobs API 2.2.
import { type Answer, type Asked, fail, get, ok, paged, type Route, sizeOf } from './answers.ts';
import type { FakeState, Json } from './state.ts';

const invalid = (message: string): Answer => fail(400, 'INVALID_PARAMETER_VALUE', message);

export function jobRoutes(state: FakeState): readonly Route[] {
  return [
    get(/^\/api\/2\.2\/jobs\/list$/, (asked) => jobs(state, asked)),
    get(/^\/api\/2\.2\/jobs\/get$/, ({ query }) => {
      const job = state.jobs.find((one) => String(one.job_id) === query.get('job_id'));
      return job ? ok(job) : invalid(`Job ${query.get('job_id')} does not exist.`);
    }),
    get(/^\/api\/2\.2\/jobs\/runs\/list$/, (asked) => runs(state, asked)),
    get(/^\/api\/2\.2\/jobs\/runs\/get$/, ({ query }) => {
      const run = state.runs.find((one) => String(one.run_id) === query.get('run_id'));
      return run ? ok(run) : purged(query.get('run_id'));
    }),
    get(/^\/api\/2\.2\/jobs\/runs\/get-output$/, ({ query }) => output(state, query.get('run_id'))),
  ];
}

/** No 404: the SDK makes "not found" of these words (errors/overrides.py). */
function purged(run: string | null): Answer {
  return invalid(`Run ${run} does not exist.`);
}

function jobs(state: FakeState, { query }: Asked): Answer {
  const size = sizeOf(query, 'limit', 20, 100);
  if (size === undefined) return invalid('limit must be between 1 and 100');
  const name = query.get('name');
  const found = state.jobs.filter((job) => name === null || (job.settings as Json).name === name);
  const page = paged(
    found.map((job) => expanded(job, query)),
    'jobs',
    size,
    query,
  );
  return ok({ ...page, has_more: page.next_page_token !== undefined });
}

function expanded(job: Json, query: URLSearchParams): Json {
  if (query.get('expand_tasks') === 'true') return job;
  const { tasks: _, ...settings } = job.settings as Json;
  return { ...job, settings };
}

function runs(state: FakeState, { query }: Asked): Answer {
  const size = sizeOf(query, 'limit', 20, 25);
  if (size === undefined) return invalid('limit must be greater than 0 and less than 25');
  const [from, to] = [
    Number(query.get('start_time_from') ?? 0),
    Number(query.get('start_time_to') ?? Number.MAX_VALUE),
  ];
  const found = state.runs.filter((run) => {
    const isGoing = (run.status as Json).state !== 'TERMINATED';
    const start = Number(run.start_time);
    if (query.get('job_id') !== null && String(run.job_id) !== query.get('job_id')) return false;
    if (query.get('active_only') === 'true' && !isGoing) return false;
    if (query.get('completed_only') === 'true' && isGoing) return false;
    if (query.get('run_type') !== null && run.run_type !== query.get('run_type')) return false;
    return start >= from && start <= to;
  });
  const tasks = query.get('expand_tasks') === 'true';
  const shown = tasks ? found : found.map(({ tasks: _, job_clusters: __, ...run }) => run);
  const page = paged(shown, 'runs', size, query);
  return ok({ ...page, has_more: page.next_page_token !== undefined });
}

function output(state: FakeState, id: string | null): Answer {
  const known = state.outputs.get(Number(id));
  if (known) return ok(known);
  const parent = state.runs.find((run) => String(run.run_id) === id);
  if (parent) {
    const words =
      'Retrieving the output of runs with multiple tasks is not supported. Please retrieve the output of each individual task run instead.';
    return invalid(words);
  }
  const of = state.runs.find((run) => ((run.tasks ?? []) as Json[]).some((task) => String(task.run_id) === id));
  const task = ((of?.tasks ?? []) as Json[]).find((one) => String(one.run_id) === id);
  return of && task ? ok({ metadata: { ...of, ...task } }) : purged(id);
}
