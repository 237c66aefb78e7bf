// A small MLflow server on loopback that gives recorded answers in pages, and can be changed or broken by a test.
import type http from 'node:http';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import type { LiveConnector, LiveHost } from '../../../server/connectors/connector.ts';
import { mlflow } from '../../../server/connectors/mlflow/index.ts';
import type { ConnectionConfig, Secret } from '../../../server/protocol/connection.ts';
import { createHttp } from '../../../server/world/http/client.ts';
import { memoryLog } from '../../support/log.ts';
import { type Served, served } from '../../support/web.ts';
import { artifactList, errors, history, stores } from './answers.ts';

interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: http.IncomingHttpHeaders;
}

/** Status and body instead of the answer; undefined: the answer itself. */
export type Reply = readonly [status: number, body: unknown] | undefined;

export interface Store {
  experiments: readonly unknown[];
  models: readonly unknown[];
  versions: readonly unknown[];
  runs: readonly unknown[];
  /** Undefined: MLflow 2. */
  loggedModels: readonly unknown[] | undefined;
}

export interface FakeServer extends Served {
  readonly url: string;
  readonly store: Store;
  /** Looked at first. */
  break(reply: (asked: Asked) => Reply): void;
}

export type Generation = keyof typeof stores;
export const generations: readonly Generation[] = ['3.17.2', '2.22.5'];

export async function fakeServer(t: TestContext, generation: Generation = '3.17.2'): Promise<FakeServer> {
  const store: Store = structuredClone(stores[generation]);
  let broken: (asked: Asked) => Reply = () => undefined;
  const server = await served(t, (request, answer) => {
    void text(request).then((sent) => {
      const url = new URL(request.url ?? '', 'http://local');
      const body = sent === '' ? {} : (JSON.parse(sent) as Asked['body']);
      const asked = { path: url.pathname, query: url.searchParams, body, headers: request.headers };
      const [status, value] = broken(asked) ?? reply(asked, store, generation);
      const isText = typeof value === 'string';
      const type = !isText ? 'application/json' : value.startsWith('<') ? 'text/html; charset=utf-8' : 'text/plain';
      answer.writeHead(status, { 'content-type': type }).end(isText ? value : JSON.stringify(value));
    });
  });
  return {
    ...server,
    url: `http://127.0.0.1:${server.port}`,
    store,
    break: (reply) => {
      broken = reply;
    },
  };
}

function reply(asked: Asked, store: Store, version: string): readonly [number, unknown] {
  if (asked.path === '/version') return [200, version];
  if (asked.path === '/get-artifact') return [200, 'epoch 1\n'];
  switch (asked.path.replace('/api/2.0/mlflow/', '')) {
    case 'experiments/search':
      return page(store.experiments, 'experiments', asked);
    case 'registered-models/search':
      return page(store.models, 'registered_models', asked);
    case 'registered-models/get': {
      const found = store.models.find((model) => (model as { name: string }).name === asked.query.get('name'));
      return found ? [200, { registered_model: found }] : [404, errors.noModel];
    }
    case 'model-versions/search':
      return page(store.versions.filter(isMatch(asked.query.get('filter') ?? '')), 'model_versions', asked);
    case 'runs/search':
      return page(store.runs.filter(isMatch(String(asked.body.filter ?? ''))), 'runs', asked);
    case 'runs/get':
      return [200, { run: store.runs.filter(isMatch(`run_id IN ('${asked.query.get('run_id')}')`))[0] }];
    case 'logged-models/search':
      return store.loggedModels ? page(store.loggedModels, 'models', asked) : [404, errors.noRoute];
    case 'metrics/get-history-bulk-interval':
      return [200, asked.query.get('metric_key') === 'auc' ? { metrics: history } : {}];
    case 'artifacts/list':
      return [200, artifactList[(asked.query.get('path') ?? '') as keyof typeof artifactList]];
    default:
      return [404, errors.noRoute];
  }
}

/** A token is the offset, as MLflow's are. */
function page(all: readonly unknown[], field: string, { query, body }: Asked): readonly [number, unknown] {
  const size = Number(body.max_results ?? query.get('max_results'));
  if (!(size > 0 && size <= 50_000)) return [400, errors.pageSize];
  const start = Number(body.page_token ?? query.get('page_token') ?? 0);
  const some = all.slice(start, start + size);
  const next = start + size < all.length ? { next_page_token: String(start + size) } : {};
  return [200, { ...(some.length > 0 ? { [field]: some } : {}), ...next }];
}

/** As much of the filter language as is asked for. */
function isMatch(filter: string): (record: unknown) => boolean {
  const names = /^name=['"](.*)['"]$/.exec(filter)?.[1];
  const ids = /run_id IN \((.*)\)/.exec(filter)?.[1]?.split(',');
  return (record) => {
    const { info, ...outer } = (record ?? {}) as Record<string, unknown>;
    const fields = (info ?? outer) as Record<string, number | string | undefined>;
    if (names !== undefined) return fields.name === names;
    if (ids) return ids.includes(`'${fields.run_id}'`);
    return filter
      .split(' and ')
      .filter((clause) => clause !== '')
      .every((clause) => {
        const [, field = '', operator, value = ''] = /^attributes\.(\w+) (>=|<|!=) (.*)$/.exec(clause) ?? [];
        const ours = fields[field];
        if (operator === '!=') return ours !== value.replaceAll("'", '');
        // As in SQL: nothing compares to what is not there.
        return ours !== undefined && (operator === '<' ? Number(ours) < Number(value) : Number(ours) >= Number(value));
      });
  };
}

export interface Connecting extends Partial<ConnectionConfig> {
  readonly secret?: Secret;
  readonly skewMs?: number;
  readonly now?: () => number;
}

/** Over the real HTTP module, without the manners around it. */
export function connected(url: string, more: Connecting = {}): LiveConnector {
  const { secret, skewMs = 0, now = () => Date.parse('2026-11-23T14:00:00Z'), ...config } = more;
  const connection: ConnectionConfig = { name: 'live', tool: 'mlflow', url, ...config };
  const fetch = createHttp({ connection, env: {} });
  const host: LiveHost = { fetch, secret: async () => secret, skewMs, log: memoryLog(), now };
  if (!mlflow.connect) throw new Error('MLflow has no live connector');
  return mlflow.connect(connection, host);
}
