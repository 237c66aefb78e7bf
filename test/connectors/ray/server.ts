// A small Ray dashboard on loopback that gives recorded answers of 2.60.0, and can be changed or broken by a test.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Catalog } from '../../../server/catalog/catalog.ts';
import type { LiveConnector, LiveHost } from '../../../server/connectors/connector.ts';
import { ray } from '../../../server/connectors/ray/index.ts';
import type { ConnectionConfig, Secret } from '../../../server/protocol/connection.ts';
import { createHttp } from '../../../server/world/http/client.ts';
import { memoryLog } from '../../support/log.ts';
import { served } from '../../support/web.ts';

export interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization?: string;
}

/** Status and body instead of the answer; undefined: the answer itself. */
export type Reply = readonly [status: number, body: unknown] | undefined;

export interface FakeHead {
  readonly url: string;
  readonly asked: Asked[];
  /** Looked at first. */
  break(reply: (asked: Asked) => Reply): void;
}

export function recorded(name: 'jobs' | 'tasks' | 'brief' | 'serve' | 'version'): unknown {
  return JSON.parse(readFileSync(path.join(import.meta.dirname, 'answers', `${name}.json`), 'utf8'));
}

/** A job as Ray tells it, with other fields. */
export function jobLike(fields: Readonly<Record<string, unknown>>): unknown {
  const [first] = recorded('jobs') as readonly object[];
  return { ...first, ...fields };
}

function usual({ path: place, query }: Asked): readonly [number, unknown] {
  switch (place) {
    case '/api/version':
      return [200, recorded('version')];
    case '/api/jobs/':
      return [200, recorded('jobs')];
    case '/api/v0/tasks':
      return [200, recorded(query.get('detail') === 'true' ? 'tasks' : 'brief')];
    case '/api/serve/applications/':
      return [200, recorded('serve')];
    default:
      return [404, `Not found: ${place}`];
  }
}

export async function fakeHead(context: TestContext): Promise<FakeHead> {
  let broken: (asked: Asked) => Reply = () => undefined;
  const asked: Asked[] = [];
  const server = await served(context, (request, answer) => {
    const url = new URL(request.url ?? '', 'http://local');
    const { authorization } = request.headers;
    const one = {
      path: url.pathname,
      query: url.searchParams,
      ...(authorization === undefined ? {} : { authorization }),
    };
    asked.push(one);
    const [status, body] = broken(one) ?? usual(one);
    const isText = typeof body === 'string';
    answer.writeHead(status, { 'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json' });
    answer.end(isText ? body : JSON.stringify(body));
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    asked,
    break: (reply) => {
      broken = reply;
    },
  };
}

/** Over the real HTTP module, without the manners around it; its ids are of `head`. */
export function connectedTo(
  head: FakeHead,
  more: { readonly secret?: Secret; readonly catalog?: Catalog } = {},
): LiveConnector {
  const connection: ConnectionConfig = { name: 'live', tool: 'ray', url: head.url, instance: 'head' };
  const http = createHttp({ connection });
  const host: LiveHost = {
    fetch: http,
    secret: async () => more.secret,
    skewMs: 0,
    log: memoryLog(),
    now: Date.now,
  };
  const connector = ray.connect?.(connection, host, more.catalog);
  if (!connector) throw new Error('Ray has no live connector');
  return connector;
}
