// One question to a Prometheus or Alertmanager: its credential, and the envelope around every answer.
import type { ConnectionConfig, Secret } from '../../../protocol/connection.ts';
import type { HttpAnswer, HttpRequest, LiveHost } from '../../connector.ts';
import { HttpError } from '../../httpError.ts';
import { isRecord, oneLine } from '../../json.ts';

export type Query = readonly (readonly [string, string])[];

export interface Api {
  readonly host: LiveHost;
  /** Of the connection. */
  readonly name: string;
  /** `host:port/prefix`, for messages. */
  readonly address: string;
  /** `data` of the answer. Rejects with an HttpError, also for an answer that is not Prometheus' own. */
  data(path: string, query: Query, signal: AbortSignal): Promise<unknown>;
  /** Anything else of the server, as it comes. */
  raw(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
}

/** Of all rules with their alerts, and of the names of some hundred thousand metrics. */
const maxBytes = 64 * 1024 * 1024;

export function createApi({ name, url }: ConnectionConfig, host: LiveHost): Api {
  const { host: at, pathname } = new URL(url);
  const address = `${at}${pathname.replace(/\/+$/, '')}`;
  const raw: Api['raw'] = async (request, signal) => {
    const secret = await host.secret();
    return host.fetch(secret ? { ...request, authorization: authorization(secret) } : request, signal);
  };
  return {
    ...{ host, name, address, raw },
    data: async (path, query, signal) => {
      const answer = (await raw({ path, query, maxBytes }, signal)).json();
      if (isRecord(answer) && answer.status === 'success' && answer.data !== undefined) return answer.data;
      const why = isRecord(answer) ? oneLine(answer.error, 300) : undefined;
      throw new HttpError(
        'broken',
        `${name}: what answers at ${address}${path} is no Prometheus${why ? ` (${why})` : ''}. The connection needs the address below which Prometheus has its /api/v1.`,
      );
    },
  };
}

function authorization(secret: Secret): string {
  if (secret.kind === 'token') return `Bearer ${secret.token}`;
  const bytes = new TextEncoder().encode(`${secret.username}:${secret.password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
