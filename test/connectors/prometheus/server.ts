// A Prometheus or Alertmanager on loopback that gives recorded answers, and can be changed or broken by a test.
import type { TestContext } from 'node:test';
import type { Catalog } from '../../../server/catalog/catalog.ts';
import type { LiveConnector, LiveHost } from '../../../server/connectors/connector.ts';
import { alertmanager, prometheus } from '../../../server/connectors/prometheus/index.ts';
import type { ConnectionConfig, Secret } from '../../../server/protocol/connection.ts';
import { createHttp } from '../../../server/world/http/client.ts';
import { memoryLog } from '../../support/log.ts';
import { type Served, served } from '../../support/web.ts';
import * as recorded from './answers.ts';

/** Status and body instead of the answer; undefined: the answer itself. */
export type Reply = readonly [status: number, body: unknown] | undefined;

export interface FakeServer extends Served {
  readonly url: string;
  /** `GET /path?query` of each question. */
  readonly paths: string[];
  /** The header of each question. */
  readonly credentials: (string | undefined)[];
  break(reply: (path: string, query: URLSearchParams) => Reply): void;
}

const answers: Readonly<Record<string, unknown>> = {
  '/api/v1/rules': recorded.rules,
  '/api/v1/label/__name__/values': recorded.names,
  '/api/v1/metadata': recorded.metadata,
  '/api/v1/targets': recorded.targets,
  '/api/v1/status/buildinfo': recorded.buildinfo,
  '/api/v1/query_range': recorded.matrix,
  '/api/v2/alerts': recorded.alerts,
  '/api/v2/silences': recorded.silences,
  '/api/v2/status': { versionInfo: { version: '0.25.0' } },
};

export async function fakeServer(t: TestContext): Promise<FakeServer> {
  let broken: (path: string, query: URLSearchParams) => Reply = () => undefined;
  const paths: string[] = [];
  const credentials: (string | undefined)[] = [];
  const server = await served(t, (request, answer) => {
    const url = new URL(request.url ?? '', 'http://local');
    paths.push(`${url.pathname}${url.search}`);
    credentials.push(request.headers.authorization);
    const known = answers[url.pathname];
    const usual = known === undefined ? ([404, '404 page not found\n'] as const) : ([200, known] as const);
    const [status, body] = broken(url.pathname, url.searchParams) ?? usual;
    const isText = typeof body === 'string';
    answer.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json' });
    answer.end(isText ? body : JSON.stringify(body));
  });
  return {
    ...server,
    ...{ url: `http://127.0.0.1:${server.port}`, paths, credentials },
    break: (reply) => {
      broken = reply;
    },
  };
}

type More = Partial<ConnectionConfig> & {
  readonly secret?: Secret;
  readonly catalog?: Catalog;
  readonly now?: () => number;
  readonly skewMs?: number;
};

export function connected(
  url: string,
  { secret, catalog, now = () => Date.parse('2026-11-23T20:24:00Z'), skewMs = 0, ...config }: More = {},
): LiveConnector {
  const connection: ConnectionConfig = { name: 'prod', tool: 'prometheus', url, instance: 'p', ...config };
  const http = createHttp({ connection });
  const host: LiveHost = { fetch: http, secret: async () => secret, skewMs, log: memoryLog(), now };
  const factory = connection.tool === 'prometheus' ? prometheus : alertmanager;
  if (!factory.connect) throw new Error('It has no live connector.');
  return factory.connect(connection, host, catalog);
}
