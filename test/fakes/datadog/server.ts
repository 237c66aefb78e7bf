// A fake Datadog: an HTTP server with state, pages, keys, rate limit headers and error shapes; the official client accepts it (test/real).
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, type Asked, fail } from './answers.ts';
import { eventRoutes } from './events.ts';
import { metricRoutes } from './metrics.ts';
import { monitorRoutes } from './monitors.ts';
import { otherRoutes } from './others.ts';
import { sloRoutes } from './slos.ts';
import { type FakeState, fakeState, type Size } from './state.ts';

export type { FakeState, Json } from './state.ts';

export interface FakeDatadog {
  readonly url: string;
  readonly state: FakeState;
  /** `METHOD /path` of every request that came, in order. */
  readonly asked: string[];
  /** `METHOD /path parameter` of all of them. */
  readonly parameters: Set<string>;
  /** Answers instead of Datadog, where it answers. */
  fault: ((asked: Asked) => Answer | undefined) | undefined;
  /** What the rate limit headers of its answers say; where it is silent they say that much is left. */
  limitOf: ((path: string) => { readonly limit: number; readonly remaining: number } | undefined) | undefined;
  close(): Promise<void>;
}

export const keys = {
  api: 'a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0',
  application: 'b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1b1',
} as const;
/** What tests of many tools send to each. */
export const bearer = 'dapi-fake-token';

/** On loopback. `now`: see `fakeState`. */
export async function fakeDatadog(now: number, size?: Size): Promise<FakeDatadog> {
  const state = fakeState(now, size);
  const asked: string[] = [];
  const parameters = new Set<string>();
  const routes = [
    ...monitorRoutes(state),
    ...metricRoutes(state),
    ...otherRoutes(state),
    ...eventRoutes(state),
    ...sloRoutes(state),
  ];

  const answer = (one: Asked, headers: http.IncomingHttpHeaders): Answer => {
    const planned = fake.fault?.(one);
    if (planned) return planned;
    const isBearer = headers.authorization === `Bearer ${bearer}`;
    if (!isBearer && headers['dd-api-key'] !== keys.api) return fail(403, 'Forbidden');
    // Only the API key is asked for there.
    if (!isBearer && one.path !== '/api/v1/validate' && headers['dd-application-key'] !== keys.application)
      return fail(headers['dd-application-key'] === undefined ? 401 : 403, 'Forbidden');
    for (const { method, path, handle } of routes) {
      const match = method === one.method ? path.exec(one.path) : null;
      if (match) return handle(one, ...match.slice(1).map(decodeURIComponent));
    }
    return fail(404, 'Not found');
  };

  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://any');
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push(`${request.method} ${url.pathname}`);
      for (const name of url.searchParams.keys()) parameters.add(`${request.method} ${url.pathname} ${name}`);
      const body = Buffer.concat(chunks).toString('utf8');
      const one = { method: request.method ?? 'GET', path: url.pathname, query: url.searchParams, body };
      const { status, body: told, headers } = answer(one, request.headers);
      const { limit, remaining } = fake.limitOf?.(one.path) ?? { limit: 300, remaining: 299 };
      const limits = {
        ...{
          'x-ratelimit-limit': String(limit),
          'x-ratelimit-remaining': String(remaining),
          'x-ratelimit-period': '60',
        },
        ...{ 'x-ratelimit-reset': '30', 'x-ratelimit-name': 'fake' },
      };
      response.writeHead(status, { 'content-type': 'application/json', ...limits, ...headers });
      response.end(told);
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeDatadog = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ state, asked, parameters, fault: undefined, limitOf: undefined },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return fake;
}
