// A fake Databricks workspace: an HTTP server with state, page tokens and error shapes; the official SDK accepts it (test/real).
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, type Asked, fail, ok } from './answers.ts';
import { jobRoutes } from './jobs.ts';
import { otherRoutes } from './others.ts';
import { type FakeState, fakeState, type Size } from './state.ts';
import { unityRoutes } from './unity.ts';

export type { FakeState, Json } from './state.ts';

export interface FakeDatabricks {
  readonly url: string;
  readonly state: FakeState;
  /** `METHOD /path` of every request that came, in order. */
  readonly asked: string[];
  /** `METHOD /path parameter` of all of them. */
  readonly parameters: Set<string>;
  /** Tokens that are taken; those that have run out are 401, others 403 `Invalid access token`. */
  readonly tokens: Set<string>;
  readonly expired: Set<string>;
  /** How many tokens `/oidc/v1/token` gave. */
  readonly given: () => number;
  /** Answers instead of the workspace, where it answers. */
  fault: ((asked: Asked) => Answer | undefined) | undefined;
  close(): Promise<void>;
}

/** Of the service principal that `/oidc/v1/token` knows. */
export const client = { id: 'client-1', secret: 'oauth-secret-1' } as const;
export const personalToken = 'dapi-fake-token';

/** On loopback. `now`: see `fakeState`. */
export async function fakeDatabricks(now: number, size?: Size): Promise<FakeDatabricks> {
  const state = fakeState(now, size);
  const asked: string[] = [];
  const parameters = new Set<string>();
  const tokens = new Set<string>([personalToken]);
  const expired = new Set<string>();
  let given = 0;
  const routes = [...jobRoutes(state), ...unityRoutes(state), ...otherRoutes(state)];

  const answer = (one: Asked): Answer => {
    const planned = fake.fault?.(one);
    if (planned) return planned;
    if (one.path === '/oidc/v1/token') return tokenFor(one);
    // Open to all; the SDK finds the way to OAuth by it (0.156).
    if (one.path === '/.well-known/databricks-config')
      return ok({
        oidc_endpoint: `${fake.url}/oidc`,
        workspace_id: state.workspaceId,
        account_id: 'acc-1',
        cloud: 'AWS',
      });
    if (one.path === '/oidc/.well-known/oauth-authorization-server')
      return ok({
        authorization_endpoint: `${fake.url}/oidc/v1/authorize`,
        token_endpoint: `${fake.url}/oidc/v1/token`,
      });
    const token = /^Bearer (.+)$/.exec(one.authorization)?.[1];
    if (token === undefined) return fail(401, 'UNAUTHENTICATED', 'Request to access without credentials.');
    if (expired.has(token)) return fail(401, 'UNAUTHENTICATED', 'Access token expired.');
    if (!tokens.has(token)) return fail(403, 'PERMISSION_DENIED', 'Invalid access token.');
    for (const { method, path, handle } of routes) {
      const match = method === one.method ? path.exec(one.path) : null;
      if (match) return handle(one, ...match.slice(1).map(decodeURIComponent));
    }
    return fail(404, 'ENDPOINT_NOT_FOUND', `No API found for '${one.method} ${one.path}'`);
  };

  const tokenFor = (one: Asked): Answer => {
    const basic = `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`;
    const form = new URLSearchParams(one.body);
    if (one.method !== 'POST' || form.get('grant_type') !== 'client_credentials' || form.get('scope') !== 'all-apis')
      return { status: 400, body: JSON.stringify({ error: 'invalid_request', error_description: 'grant_type' }) };
    if (one.authorization !== basic)
      return {
        status: 401,
        body: JSON.stringify({ error: 'invalid_client', error_description: 'Client authentication failed' }),
      };
    given += 1;
    tokens.add(`oauth-${given}`);
    return ok({ access_token: `oauth-${given}`, token_type: 'Bearer', expires_in: 3600, scope: 'all-apis' });
  };

  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://any');
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push(`${request.method} ${url.pathname}`);
      for (const name of url.searchParams.keys()) parameters.add(`${request.method} ${url.pathname} ${name}`);
      const { status, body, headers } = answer({
        ...{ method: request.method ?? 'GET', path: url.pathname, query: url.searchParams },
        ...{ body: Buffer.concat(chunks).toString('utf8'), authorization: request.headers.authorization ?? '' },
        range: request.headers.range,
      });
      const usual = { 'content-type': 'application/json', 'x-databricks-org-id': state.workspaceId };
      response.writeHead(status, { ...usual, ...headers });
      response.end(body);
    });
  });
  // As load balancers do; a test that works for seconds between two questions finds its connection open.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeDatabricks = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ state, asked, parameters, tokens, expired, given: () => given, fault: undefined },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return fake;
}
