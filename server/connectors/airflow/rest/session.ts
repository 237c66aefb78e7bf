// Session: how we show who we are: Airflow 3 hands out tokens for a password, Airflow 2 takes the password itself.
import { addressOf } from '../../../protocol/connection.ts';
import type { HttpAnswer, HttpRequest, LiveHost } from '../../connector.ts';
import { HttpError } from '../../httpError.ts';
import { record, text } from '../../json.ts';

/** `v2` is the API of Airflow 3, `v1` that of Airflow 2. */
export type Generation = 'v2' | 'v1';

interface Account {
  readonly name: string;
  readonly url: string;
}

/**
 * Asks with the connection's secret, and once more with a new token when the old one has run out. Read off Airflow
 * 3.3.2 and 2.10.5, 2026-11-23: an expired token is 401 "Token Expired", one signed with another key (a server that was
 * started anew) is 403 "Invalid JWT token"; there is no refresh, one logs in again.
 */
export class Session {
  readonly #account: Account;
  readonly #host: LiveHost;
  #token: string | undefined;
  #login: Promise<string | undefined> | undefined;

  constructor(account: Account, host: LiveHost) {
    this.#account = account;
    this.#host = host;
  }

  /** Rejects like `host.fetch`; 403 is `forbidden` unless the token itself was refused, which is `unauthorized`. */
  async ask(
    request: HttpRequest,
    generation: Generation,
    signal: AbortSignal,
    expected: readonly number[] = [],
  ): Promise<HttpAnswer> {
    const authorization = await this.#authorization(generation, signal);
    try {
      return await this.#once(request, authorization, signal, expected);
    } catch (error) {
      if (!(error instanceof HttpError) || error.kind !== 'unauthorized') throw error;
      if (this.#token === authorization) this.#token = undefined;
      const renewed = await this.#renewed(generation, authorization, error, signal);
      return await this.#once(request, renewed, signal, expected);
    }
  }

  /** For what is open to all; gateways in front of hosted Airflows want their ready token even there. */
  async knock(request: HttpRequest, signal: AbortSignal, expected: readonly number[]): Promise<HttpAnswer> {
    const secret = await this.#host.secret();
    const ready = secret?.kind === 'token' ? { ...request, authorization: `Bearer ${secret.token}` } : request;
    return this.#host.fetch(ready, signal, expected);
  }

  async #once(
    request: HttpRequest,
    authorization: string | undefined,
    signal: AbortSignal,
    expected: readonly number[],
  ): Promise<HttpAnswer> {
    const sent = authorization === undefined ? request : { ...request, authorization };
    const answer = await this.#host.fetch(sent, signal, [...expected, 403]);
    if (answer.status !== 403) return answer;
    const { name, url } = this.#account;
    const detail = detailOf(answer);
    const place = `${name}: ${addressOf(url)}`;
    if (/JWT|token/i.test(detail)) {
      throw new HttpError('unauthorized', `${place} refuses the token (403 ${detail}). Sign in again.`, {
        status: 403,
      });
    }
    throw new HttpError(
      'forbidden',
      `${place} does not allow ${request.path} (403${detail && ` ${detail}`}). Ask for an account with the role Viewer or more.`,
      { status: 403 },
    );
  }

  async #authorization(generation: Generation, signal: AbortSignal): Promise<string | undefined> {
    if (this.#token !== undefined) return this.#token;
    const secret = await this.#host.secret();
    if (secret?.kind === 'token') return `Bearer ${secret.token}`;
    if (secret === undefined) return undefined;
    if (generation === 'v1') return basic(secret.username, secret.password);
    return this.#logIn({ method: 'POST', json: { username: secret.username, password: secret.password } }, signal);
  }

  /** Another way in than the one that was refused; rejects with the refusal when there is none. */
  async #renewed(
    generation: Generation,
    refused: string | undefined,
    refusal: HttpError,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const secret = await this.#host.secret();
    if (secret === undefined && generation === 'v2') {
      // Only a server that makes everyone an administrator hands out a token for nothing; else this is 403.
      try {
        return await this.#logIn({ method: 'GET' }, signal);
      } catch (error) {
        signal.throwIfAborted();
        throw error instanceof HttpError && error.kind === 'unauthorized' ? refusal : error;
      }
    }
    const authorization = await this.#authorization(generation, signal);
    if (authorization === undefined || authorization === refused) throw explained(refusal, generation, refused);
    return authorization;
  }

  /** Several requests that find the token gone share one login. */
  async #logIn(request: Pick<HttpRequest, 'method' | 'json'>, signal: AbortSignal): Promise<string | undefined> {
    this.#login ??= this.#newToken(request, signal).finally(() => {
      this.#login = undefined;
    });
    try {
      return await this.#login;
    } catch (error) {
      signal.throwIfAborted();
      // The login that was shared may have been given up by another caller.
      if (error instanceof HttpError) throw error;
      return this.#newToken(request, signal);
    }
  }

  async #newToken(request: Pick<HttpRequest, 'method' | 'json'>, signal: AbortSignal): Promise<string | undefined> {
    const answer = await this.#host.fetch({ path: '/auth/token', ...request }, signal, [403, 404, 405, 422]);
    const { name, url } = this.#account;
    if (answer.status >= 400) {
      throw new HttpError(
        'unauthorized',
        `${name}: ${addressOf(url)} gives no token for ${request.method === 'GET' ? 'nothing' : 'a user name and password'} ` +
          `(${answer.status} at /auth/token). Sign in with ${request.method === 'GET' ? 'a user name and password' : 'a token'} instead.`,
        { status: answer.status },
      );
    }
    const body = record(answer.json());
    // The models say access_token, a page of the documentation jwt_token.
    const token = text(body.access_token) ?? text(body.jwt_token);
    if (token === undefined) {
      throw new HttpError('broken', `${name}: ${addressOf(url)} answered /auth/token without a token. Check the url.`);
    }
    this.#token = `Bearer ${token}`;
    return this.#token;
  }
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

function explained(refusal: HttpError, generation: Generation, refused: string | undefined): HttpError {
  if (generation === 'v2' || !refused?.startsWith('Basic ')) return refusal;
  const advice = 'Airflow 2 takes passwords only if [api] auth_backends names airflow.api.auth.backend.basic_auth.';
  return new HttpError('unauthorized', `${refusal.message} ${advice}`, { status: refusal.status, cause: refusal });
}

function detailOf(answer: HttpAnswer): string {
  try {
    const body = record(JSON.parse(answer.text));
    return (text(body.detail) ?? text(body.title) ?? '').slice(0, 200);
  } catch {
    return '';
  }
}
