// One question to an MLflow server: its credential, its workspace, and what a refusal means in MLflow's own terms.
import type { ConnectionConfig, Secret } from '../../../../protocol/connection.ts';
import type { HttpAnswer, HttpRequest, LiveHost } from '../../../connector.ts';
import { HttpError } from '../../../httpError.ts';

export interface Api {
  readonly host: LiveHost;
  /** `host:port/prefix`, for messages. */
  readonly address: string;
  /** Where MLflow's own routes begin here, `/api/2.0` or `/ajax-api/2.0`; known once one of them was answered. */
  readonly root: string;
  /** Below `<root>/mlflow/`. Rejects with an HttpError. */
  json(name: string, question: Question, signal: AbortSignal): Promise<unknown>;
  /** The same for one thing by its name: undefined when there is no such thing, or it cannot be named so. */
  find(name: string, query: readonly (readonly [string, string])[], signal: AbortSignal): Promise<unknown>;
  /** Anything else of the server, as it comes. */
  raw(request: HttpRequest, signal: AbortSignal, expected?: readonly number[]): Promise<HttpAnswer>;
}

/** A GET with its query, or a POST with its body. */
export type Question = { readonly query: readonly (readonly [string, string])[] } | { readonly body: object };

export function createApi(connection: ConnectionConfig, host: LiveHost): Api {
  const { host: address, pathname } = new URL(connection.url);
  const where = `${address}${pathname.replace(/\/+$/, '')}`;
  const headers = connection.workspace ? [['X-MLFLOW-WORKSPACE', connection.workspace] as const] : [];
  const raw: Api['raw'] = async (request, signal, expected) => {
    const secret = await host.secret();
    const sent = { ...request, headers: [...headers, ...(request.headers ?? [])] };
    try {
      return await host.fetch(secret ? { ...sent, authorization: authorization(secret) } : sent, signal, expected);
    } catch (error) {
      throw explained(error, connection, where);
    }
  };
  const ask = async (root: string, name: string, question: Question, signal: AbortSignal) => {
    const asked = 'body' in question ? { method: 'POST' as const, json: question.body } : { query: question.query };
    const answer = await raw({ path: `${root}/mlflow/${name}`, ...asked }, signal);
    try {
      return answer.json();
    } catch (error) {
      throw explained(error, connection, where);
    }
  };
  let root: string | undefined;
  const json: Api['json'] = async (name, question, signal) => {
    if (root !== undefined) return ask(root, name, question, signal);
    let missing: unknown;
    for (const candidate of roots) {
      try {
        const answer = await ask(candidate, name, question, signal);
        root = candidate;
        return answer;
      } catch (error) {
        if (!isKind(error, 'missing')) throw error;
        missing ??= error;
      }
    }
    throw missing;
  };
  return {
    ...{ host, address: where, raw, json },
    get root() {
      return root ?? roots[0];
    },
    find: async (name, query, signal) => {
      try {
        return await json(name, { query }, signal);
      } catch (error) {
        if (isKind(error, 'missing') || isKind(error, 'refused')) return undefined;
        throw error;
      }
    },
  };
}

/** The first is beside the prefix in MLflow 2, where only the second, the UI's, is below it (2.22 and 3.17, tried 2026-11-23). */
const roots = ['/api/2.0', '/ajax-api/2.0'] as const;

function isKind(error: unknown, kind: HttpError['kind']): boolean {
  return error instanceof HttpError && error.kind === kind;
}

/** User and password first, as MLflow's own client does (utils/rest_utils.py of 3.17, read 2026-11-23). */
function authorization(secret: Secret): string {
  if (secret.kind === 'token') return `Bearer ${secret.token}`;
  const bytes = new TextEncoder().encode(`${secret.username}:${secret.password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

/** MLflow hosted by Databricks speaks this API, but keeps its models in Unity Catalog and its users elsewhere. */
export function isDatabricks(url: string): boolean {
  const { hostname } = new URL(url);
  return /(^|\.)(cloud\.databricks\.(com|us|mil)|azuredatabricks\.(net|us|cn)|gcp\.databricks\.com)$/.test(hostname);
}

/**
 * The texts are those of MLflow 3.17 and 2.22 (server/security_utils.py, server/handlers.py; both servers asked 2026-11-23):
 * 403 `Invalid Host header` since 3.5, 503 ``Endpoint … disabled … `--artifacts-only` mode``, 404 as an HTML page for
 * a route that the server does not have.
 */
export function explained(error: unknown, { name, url, workspace }: ConnectionConfig, where: string): unknown {
  if (!(error instanceof HttpError)) return error;
  const again = (message: string, kind = error.kind) =>
    new HttpError(kind, `${name}: ${message}`, {
      ...(error.status === undefined ? {} : { status: error.status }),
      ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
      cause: error,
    });
  if (error.kind === 'forbidden' && /Invalid Host header/i.test(error.message)) {
    const { host } = new URL(url);
    return again(
      `the MLflow server behind ${where} refuses the host name ${host} (403, "Invalid Host header"). ` +
        `Start it with --allowed-hosts "${host}" (or MLFLOW_SERVER_ALLOWED_HOSTS), keeping the names it has now, or connect by an address it knows.`,
    );
  }
  if (error.kind === 'unavailable' && /--artifacts-only/.test(error.message)) {
    return again(
      `${where} is an MLflow server that hands out artifacts alone (--artifacts-only): it knows no runs and no models. Connect to the tracking server instead.`,
    );
  }
  // A server without workspaces answers 500 FEATURE_DISABLED to the header (3.17).
  if (workspace !== undefined && /workspace/i.test(error.message) && error.status !== undefined) {
    const kind = error.status >= 500 ? 'refused' : error.kind;
    return again(
      `${where} does not accept the workspace ${workspace}. Correct "workspace" of the connection, or leave it out when the server has none. (${error.message})`,
      kind,
    );
  }
  return error;
}
