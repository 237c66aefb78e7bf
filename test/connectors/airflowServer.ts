// AirflowServer: a node:http server that gives the answers recorded from a real Airflow, with its logins and its pages.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Catalog } from '../../server/catalog/catalog.ts';
import { airflow } from '../../server/connectors/airflow/index.ts';
import type { LiveConnector, LiveHost } from '../../server/connectors/connector.ts';
import type { Secret } from '../../server/protocol/connection.ts';
import { createHttp } from '../../server/world/http/client.ts';
import { type MemoryLog, memoryLog } from '../support/log.ts';

export type Generation = 'v1' | 'v2';

export interface Reply {
  readonly status?: number;
  readonly body: unknown;
}

/** Undefined: the recorded answer. */
export type Instead = (asked: { readonly path: string; readonly query: URLSearchParams }) => Reply | undefined;

export interface RecordedAirflow {
  readonly url: string;
  /** `GET /dags`, below the version; emptied by the test. */
  readonly asked: string[];
  instead: Instead;
  /** What is let in; changed by the test when a token runs out. */
  letIn: (authorization: string) => 'yes' | 'expired' | 'foreign' | 'no';
  logins: number;
  /** Whoever asks for a token gets one. */
  allAdmins: boolean;
}

/** The real answers by their path below `/api/v?`. */
export function recorded(generation: Generation): Map<string, unknown> {
  const file = path.join(import.meta.dirname, 'airflowAnswers', `${generation}.ndjson`);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return new Map(
    lines.map((line) => {
      const { path: asked, answer } = JSON.parse(line);
      return [asked, answer];
    }),
  );
}

const statesOf = (query: URLSearchParams) => query.getAll('state').flatMap((state) => state.split(','));

/** As Airflow does it: filters by state, then cuts the page out; a higher limit than 100 is cut without a word. */
function page(answer: unknown, query: URLSearchParams): unknown {
  if (typeof answer !== 'object' || answer === null) return answer;
  const field = Object.entries(answer).find(([, value]) => Array.isArray(value))?.[0];
  if (field === undefined || !query.has('limit')) return answer;
  const states = statesOf(query);
  const all: { readonly state?: string }[] = Object.entries(answer).find(([name]) => name === field)?.[1];
  const items = states.length > 0 ? all.filter(({ state }) => states.includes(state ?? '')) : all;
  const offset = Number(query.get('offset') ?? 0);
  const limit = Math.min(100, Number(query.get('limit')));
  return { ...answer, [field]: items.slice(offset, offset + limit), total_entries: items.length };
}

export async function recordedAirflow(context: TestContext, generation: Generation): Promise<RecordedAirflow> {
  const answers = recorded(generation);
  const server = createServer((request, response) => reply(request, response, answers, generation, state));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const state: RecordedAirflow = {
    url: `http://127.0.0.1:${port}`,
    asked: [],
    instead: () => undefined,
    letIn: (given) => (given === 'Bearer token-1' || given.startsWith('Basic ') ? 'yes' : 'no'),
    logins: 0,
    allAdmins: false,
  };
  return state;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const plain = typeof body === 'string';
  response.writeHead(status, { 'content-type': plain ? 'text/plain' : 'application/json' });
  response.end(plain ? body : JSON.stringify(body));
}

function reply(
  request: IncomingMessage,
  response: ServerResponse,
  answers: ReadonlyMap<string, unknown>,
  generation: Generation,
  state: RecordedAirflow,
): void {
  const url = new URL(request.url ?? '/', 'http://any');
  const below = url.pathname.replace(`/api/${generation}`, '');
  state.asked.push(`${request.method} ${below}`);
  const { status, body } = state.instead({ path: below, query: url.searchParams }) ??
    login(request, url, generation, state) ??
    refused(request, url, generation, state) ?? { status: 200, body: answers.get(below) };
  if (body === undefined) send(response, 404, { detail: 'Not found' });
  else send(response, status ?? 200, status === 200 ? page(body, url.searchParams) : body);
}

function login(request: IncomingMessage, url: URL, generation: Generation, state: RecordedAirflow): Reply | undefined {
  if (generation !== 'v2' || url.pathname !== '/auth/token') return undefined;
  if (request.method === 'GET' && !state.allAdmins) return { status: 403, body: { detail: 'This method is only …' } };
  state.logins += 1;
  return { status: 201, body: { access_token: `token-${state.logins}` } };
}

function refused(
  request: IncomingMessage,
  url: URL,
  generation: Generation,
  state: RecordedAirflow,
): Reply | undefined {
  if (!url.pathname.startsWith(`/api/${generation}/`)) return { status: 404, body: { error: 'not here' } };
  if (url.pathname.endsWith('/version')) return undefined;
  switch (state.letIn(request.headers.authorization ?? '')) {
    case 'yes':
      return undefined;
    case 'expired':
      return { status: 401, body: { detail: 'Token Expired' } };
    case 'foreign':
      return { status: 403, body: { detail: 'Invalid JWT token' } };
    case 'no':
      return { status: 401, body: { detail: 'Not authenticated', title: 'Unauthorized' } };
  }
}

const basic: Secret = { kind: 'basic', username: 'admin', password: 'secret-of-admin' };

export function connected(
  server: { readonly url: string },
  {
    secret = basic,
    catalog,
    now = () => Date.parse('2026-11-23T14:10:00Z'),
  }: { readonly secret?: Secret | null; readonly catalog?: Catalog; readonly now?: () => number } = {},
): { readonly connector: LiveConnector; readonly log: MemoryLog } {
  const connection = { name: 'flow', tool: 'airflow', url: server.url, instance: 'acme' } as const;
  const fetch = createHttp({ connection, env: {} });
  const log = memoryLog();
  const host: LiveHost = {
    fetch,
    secret: async () => secret ?? undefined,
    skewMs: 0,
    log,
    now,
  };
  const connector = airflow.connect?.(connection, host, catalog);
  if (!connector) throw new Error('Airflow cannot be connected');
  return { connector, log };
}
