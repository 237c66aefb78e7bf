// Session: asks with the connection's secret: a token as it is, a service principal's id and secret against tokens that end.
import type { HttpAnswer, HttpRequest, LiveHost } from '../../connector.ts';
import { HttpError } from '../../httpError.ts';
import { number, record, text } from '../../json.ts';

/** A token is not begun with when it ends within this. */
const spareMs = 60_000;
/** Databricks' tokens live an hour; for an answer that does not say. */
const usualLifeMs = 600_000;

/**
 * OAuth M2M: `POST /oidc/v1/token` with HTTP Basic, form `grant_type=client_credentials&scope=all-apis`
 * (docs.databricks.com/dev-tools/auth/oauth-m2m; databricks-sdk 0.156 asks so too, 2026-11-23).
 */
export class Session {
  readonly #place: string;
  readonly #host: LiveHost;
  #token: { readonly value: string; readonly until: number; readonly of: string } | undefined;
  #renewing: Promise<string> | undefined;

  /** `place`: `name: host`, for messages. */
  constructor(place: string, host: LiveHost) {
    this.#place = place;
    this.#host = host;
  }

  /** Rejects like `host.fetch`; a refused token is `unauthorized`, whichever status says so. */
  async ask(request: HttpRequest, signal: AbortSignal, expected: readonly number[]): Promise<HttpAnswer> {
    const authorization = await this.#authorization(signal);
    try {
      return await this.#once(request, authorization, signal, expected);
    } catch (error) {
      if (!(error instanceof HttpError) || error.kind !== 'unauthorized') throw error;
      if (this.#token?.value === authorization) this.#token = undefined;
      const renewed = await this.#authorization(signal);
      if (renewed === undefined || renewed === authorization) throw error;
      return await this.#once(request, renewed, signal, expected);
    }
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
    const said = saidBy(answer);
    // A token that has run out or was taken back is 403 as often as 401 (sheet of the API; not seen by ourselves).
    if (/(invalid|expired|revoked).{0,20}token|token.{0,20}(invalid|expired|revoked)/i.test(said)) {
      throw new HttpError('unauthorized', `${this.#place} refuses the token (403 ${said}). Sign in again.`, {
        status: 403,
      });
    }
    throw new HttpError(
      'forbidden',
      `${this.#place} does not allow ${request.path} (403${said && ` ${said}`}). Ask for the right to read it.`,
      { status: 403 },
    );
  }

  async #authorization(signal: AbortSignal): Promise<string | undefined> {
    const secret = await this.#host.secret();
    if (secret === undefined) return undefined;
    if (secret.kind === 'token') return `Bearer ${secret.token}`;
    const of = `Basic ${Buffer.from(`${secret.username}:${secret.password}`, 'utf8').toString('base64')}`;
    if (this.#token?.of === of && this.#token.until > this.#host.now()) return this.#token.value;
    this.#renewing ??= this.#renew(of, signal).finally(() => {
      this.#renewing = undefined;
    });
    try {
      return await this.#renewing;
    } catch (error) {
      signal.throwIfAborted();
      // What was shared may have been given up by another caller.
      if (error instanceof HttpError) throw error;
      return this.#renew(of, signal);
    }
  }

  async #renew(of: string, signal: AbortSignal): Promise<string> {
    const form = [['grant_type', 'client_credentials'] as const, ['scope', 'all-apis'] as const];
    const request: HttpRequest = { path: '/oidc/v1/token', method: 'POST', form, authorization: of, repeatable: true };
    const answer = await this.#host.fetch(request, signal, [400, 401, 403]);
    if (answer.status >= 400) {
      throw new HttpError(
        'unauthorized',
        `${this.#place} gives no token for this client id and secret (${answer.status} at /oidc/v1/token). ` +
          'Sign in with the id of a service principal as user name and its OAuth secret as password, or with a token.',
        { status: answer.status },
      );
    }
    const said = record(answer.json());
    const token = text(said.access_token);
    if (token === undefined)
      throw new HttpError('broken', `${this.#place} answered /oidc/v1/token without a token. Check the url.`);
    const seconds = number(said.expires_in);
    const lifeMs = seconds === undefined || seconds <= 0 ? usualLifeMs : seconds * 1000;
    this.#token = { value: `Bearer ${token}`, until: this.#host.now() + Math.max(lifeMs - spareMs, 0), of };
    return this.#token.value;
  }
}

/** The words of an answer that refuses, never longer than a line. */
export function saidBy(answer: Pick<HttpAnswer, 'text'>): string {
  let said: unknown;
  try {
    const body = record(JSON.parse(answer.text));
    const words = [text(body.error_code) ?? text(body.error), text(body.message) ?? text(body.error_description)];
    said = words.filter((word) => word !== undefined).join(': ');
  } catch {
    said = answer.text.startsWith('<') ? '' : answer.text;
  }
  return (text(said) ?? '').replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').slice(0, 200);
}
