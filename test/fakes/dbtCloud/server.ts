// A fake dbt Cloud: an HTTP(S) server with the Administrative API's envelope, offsets and refusals; dbt-cloud-cli reads it (test/real).
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { cloudTime, type FakeRun, type FakeState, fakeState, type Json } from './state.ts';

export interface FakeDbtCloud {
  readonly url: string;
  readonly state: FakeState;
  /** `GET /path?query` of everything that came. */
  readonly asked: string[];
  /** Answers instead of the account, where it answers. */
  fault: ((path: string) => { readonly status: number; readonly body: string } | undefined) | undefined;
  close(): Promise<void>;
}

export const serviceToken = 'dbtc_fake-service-token';

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function envelope(status: number, data: unknown, extra: Json = {}): Answer {
  const words =
    status === 200 ? 'Success!' : status === 401 ? 'Invalid token.' : 'The requested resource was not found';
  const said = { code: status, is_success: status === 200, user_message: words, developer_message: '' };
  return { status, body: JSON.stringify({ status: said, data, extra }) };
}

const lost = (): Answer => envelope(404, null);

/** On loopback. `now`: epoch ms. `secure`: key and certificate. */
export async function fakeDbtCloud(
  now: number,
  more: { readonly jobs?: number } = {},
  secure?: https.ServerOptions,
): Promise<FakeDbtCloud> {
  const state = fakeState(now, more);
  const asked: string[] = [];

  const answer = (url: URL, authorization: string): Answer => {
    const planned = fake.fault?.(`${url.pathname}${url.search}`);
    if (planned) return planned;
    if (!/^(Token|Bearer) /.test(authorization) || authorization.split(' ')[1] !== serviceToken)
      return envelope(401, null);
    // Its paths end with a slash; it sends whoever forgets it there.
    const isFile = /\/artifacts\/[^/]+\.json$/.test(url.pathname);
    if (!url.pathname.endsWith('/') && !isFile)
      return { status: 301, body: '', headers: { location: `${url.pathname}/${url.search}` } };
    return routed(state, url);
  };

  const handler = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    asked.push(`${request.method} ${request.url}`);
    const { status, body, headers } = answer(
      new URL(request.url ?? '/', 'http://any'),
      request.headers.authorization ?? '',
    );
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body);
  };
  const server = secure ? https.createServer(secure, handler) : http.createServer(handler);
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeDbtCloud = {
    url: `${secure ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ state, asked, fault: undefined },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return fake;
}

function routed(state: FakeState, url: URL): Answer {
  const query = url.searchParams;
  const whole = { id: state.account, name: 'Acme', state: 1, plan: 'enterprise' };
  if (/^\/api\/v[23]\/accounts\/$/.test(url.pathname)) return paged([whole], query);
  const [, version, account, rest = ''] = /^\/api\/(v[23])\/accounts\/(\d+)\/(.*)$/.exec(url.pathname) ?? [];
  if (account !== String(state.account)) return lost();
  if (rest === '') return envelope(200, whole);
  if (rest === 'projects/' && version === 'v3') return paged(state.projects, query);
  if (rest === 'environments/' && version === 'v3') return paged(state.environments, query);
  const [, ofProject] = /^projects\/(\d+)\/environments\/$/.exec(rest) ?? [];
  if (ofProject !== undefined && version === 'v3')
    return paged(
      state.environments.filter(({ project_id }) => String(project_id) === ofProject),
      query,
    );
  if (version !== 'v2') return lost();
  if (rest === 'jobs/') return paged(ordered(state.jobs, query.get('order_by') ?? 'id'), query);
  if (rest === 'runs/') return runPage(state, query);
  const [, id, file] = /^runs\/(\d+)\/(?:artifacts\/(.*))?$/.exec(rest) ?? [];
  const run = state.runs.find((one) => String(one.id) === id);
  if (!run) return lost();
  return file === undefined ? envelope(200, runOf(run, state, query)) : artifact(run, file, query);
}

function paged(items: readonly Json[], query: URLSearchParams): Answer {
  const limit = Math.min(Number(query.get('limit') ?? 100), 100);
  const offset = Number(query.get('offset') ?? 0);
  const page = items.slice(offset, offset + limit);
  const pagination = { count: page.length, total_count: items.length };
  return envelope(200, page, { filters: { limit, offset }, order_by: query.get('order_by'), pagination });
}

function ordered(items: readonly Json[], by: string): readonly Json[] {
  const field = by.replace(/^-/, '');
  const sorted = items.toSorted((a, b) => Number(a[field]) - Number(b[field]));
  return by.startsWith('-') ? sorted.reverse() : sorted;
}

function runPage(state: FakeState, query: URLSearchParams): Answer {
  const job = query.get('job_definition_id');
  const wanted = state.runs.filter((run) => job === null || String(run.job) === job);
  // Steps and logs are told of one run, never in a list.
  const plain = new URLSearchParams(query);
  plain.set(
    'include_related',
    related(query)
      .filter((one) => !/steps|logs/.test(one))
      .join(','),
  );
  return paged(
    ordered(
      wanted.map((run) => runOf(run, state, plain)),
      query.get('order_by') ?? 'id',
    ),
    query,
  );
}

/** As JSON or with commas between. */
function related(query: URLSearchParams): readonly string[] {
  const written = query.get('include_related') ?? '';
  return written.startsWith('[') ? JSON.parse(written) : written.split(',').filter(Boolean);
}

function runOf(run: FakeRun, state: FakeState, query: URLSearchParams): Json {
  const asked = related(query);
  const job = state.jobs.find(({ id }) => id === run.job) ?? {};
  const { project_id, environment_id } = job;
  const has = (file: string): boolean => run.steps.some(({ artifacts }) => file in artifacts);
  const ended = run.finishedAt === undefined ? null : cloudTime(run.finishedAt);
  return {
    ...{
      id: run.id,
      account_id: state.account,
      project_id,
      environment_id,
      job_definition_id: run.job,
      job_id: run.job,
    },
    ...{ status: run.status, status_humanized: words(run.status), status_message: run.message ?? null },
    ...{ git_branch: 'main', git_sha: run.commit, dbt_version: 'latest', is_complete: ended !== null },
    ...{ created_at: cloudTime(run.createdAt), started_at: cloudTime(run.createdAt + 5000), finished_at: ended },
    ...{ artifacts_saved: has('manifest.json'), has_docs_generated: has('catalog.json') },
    ...{ has_sources_generated: has('sources.json'), in_progress: ended === null, is_error: run.status === 20 },
    href: `https://ab123.us1.dbt.com/deploy/${state.account}/projects/${project_id}/runs/${run.id}/`,
    trigger: asked.includes('trigger') ? { id: run.id, cause: run.cause } : null,
    job: asked.includes('job') ? job : null,
    run_steps: asked.includes('run_steps')
      ? run.steps.map((step) => stepOf(step, run, asked.includes('debug_logs')))
      : [],
  };
}

function stepOf(step: FakeRun['steps'][number], run: FakeRun, isWhole: boolean): Json {
  const times = { started_at: cloudTime(run.createdAt + 5000), finished_at: cloudTime(run.createdAt + 60_000) };
  const { index, name, status, logs, debug } = step;
  const texts = { logs, debug_logs: isWhole ? debug : null, truncated_debug_logs: debug.slice(-1000) };
  return {
    id: run.id * 100 + index,
    run_id: run.id,
    index,
    name,
    status,
    status_humanized: words(status),
    ...times,
    ...texts,
  };
}

function words(status: number): string {
  const known: Readonly<Record<number, string>> = {
    ...{ 1: 'Queued', 2: 'Starting', 3: 'Running', 10: 'Success', 20: 'Error', 30: 'Cancelled' },
  };
  return known[status] ?? 'Unknown';
}

/** Without `step`: those of the last one that left any. The list is of names. */
function artifact(run: FakeRun, file: string, query: URLSearchParams): Answer {
  const index = query.get('step');
  const left = run.steps.filter(({ artifacts }) => Object.keys(artifacts).length > 0);
  const step = index === null ? left.at(-1) : run.steps.find((one) => String(one.index) === index);
  if (file === '') return envelope(200, Object.keys(step?.artifacts ?? {}));
  const found = step?.artifacts[file];
  return found === undefined ? lost() : { status: 200, body: JSON.stringify(found) };
}
