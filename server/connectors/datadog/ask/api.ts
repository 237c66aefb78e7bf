// Api: questions to Datadog with both keys or a bearer token, and what its refusals mean.
import { addressOf, type ConnectionConfig, type Secret } from '../../../protocol/connection.ts';
import type { HttpRequest, LiveHost } from '../../connector.ts';
import { HttpError } from '../../httpError.ts';
import { list, oneLine, record, text } from '../../json.ts';
import { Limits } from './limits.ts';

export type Query = readonly (readonly [string, string])[];

export interface Api {
  readonly host: LiveHost;
  /** Of the connection. */
  readonly name: string;
  /** `host:port/prefix`, for messages. */
  readonly address: string;
  /** Rejects with an HttpError. Keys that Datadog does not know are `unauthorized`, a right they lack is `forbidden`. */
  get(path: string, query: Query, signal: AbortSignal): Promise<unknown>;
  /** A question that is too long for an address. */
  search(path: string, json: object, signal: AbortSignal): Promise<unknown>;
  /** An answer that is none of Datadog's. */
  broken(what: string): HttpError;
}

/** A thousand monitors with long messages. */
const maxBytes = 64 * 1024 * 1024;

export function createApi({ name, url }: ConnectionConfig, host: LiveHost): Api {
  const address = addressOf(url);
  const limits = new Limits(`${name}: ${address}`);
  const ask = async (request: HttpRequest, signal: AbortSignal): Promise<unknown> => {
    limits.admit(request.path, host.now());
    const secret = await host.secret();
    try {
      const answer = await host.fetch({ ...request, ...(secret && keys(secret)), maxBytes }, signal);
      limits.heard(request.path, answer.header, host.now());
      return answer.json();
    } catch (error) {
      if (!(error instanceof HttpError) || error.kind !== 'forbidden') throw error;
      throw await refusal(error, request.path, secret, signal);
    }
  };
  /** A wrong API key and a missing right are both 403 (recorded answers of the official client's tests). */
  const refusal = async (error: HttpError, path: string, secret: Secret | undefined, signal: AbortSignal) => {
    if (secret === undefined)
      return new HttpError(
        'unauthorized',
        `${name}: ${address} answers nobody without keys (${error.status ?? 403} at ${path}). Sign in with an API key and an application key.`,
        { status: error.status ?? 403, cause: error },
      );
    if (secret.kind !== 'basic') return error;
    const said = await host.fetch({ path: '/api/v1/validate', ...keys(secret) }, signal, [401, 403]);
    if (said.status === 200)
      return new HttpError(
        'forbidden',
        `${name}: ${address} knows the API key and answered ${error.status ?? 403} to ${path}: the application key is of nobody, or may not read this. Sign in again with an application key of this organisation, or ask for its permission.`,
        {
          status: error.status ?? 403,
          cause: error,
          ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
        },
      );
    return new HttpError(
      'unauthorized',
      `${name}: ${address} does not know the API key (${error.status ?? 403} at ${path}). Sign in again with an API key and an application key of this site.`,
      { status: said.status, cause: error },
    );
  };
  return {
    ...{ host, name, address },
    get: (path, query, signal) => ask({ path, query }, signal),
    search: (path, json, signal) => ask({ path, json, method: 'POST', repeatable: true }, signal),
    broken: (what) =>
      new HttpError(
        'broken',
        `${name}: what answers at ${address} is no Datadog: ${what}. The connection needs the address of its API, for example https://api.datadoghq.eu.`,
      ),
  };
}

/** Both keys go in headers of their own (docs.datadoghq.com/api/latest/authentication, 2026-11). */
function keys(secret: Secret): Pick<HttpRequest, 'headers' | 'authorization'> {
  if (secret.kind === 'token') return { authorization: `Bearer ${secret.token}` };
  return {
    headers: [
      ['DD-API-KEY', secret.username],
      ['DD-APPLICATION-KEY', secret.password],
    ],
  };
}

/** v1 and most of v2 write errors as texts, some of v2 as objects with `title` and `detail`. Undefined: it names none. */
export function saidBy(answer: unknown): string | undefined {
  const errors = [...list(record(answer).errors), record(answer).error].flatMap((error) => {
    const one = record(error);
    return text(error) ?? text(one.detail) ?? text(one.title) ?? [];
  });
  return oneLine(errors.join('; '), 300);
}
