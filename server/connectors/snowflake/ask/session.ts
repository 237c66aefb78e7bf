// Session: asks with the connection's secret: an OAuth token or a programmatic access token as it is, a user's key by tokens that it signs.
import type { HttpAnswer, HttpRequest, LiveHost } from '../../connector.ts';
import { HttpError } from '../../httpError.ts';
import { KeyTokens } from './keyPair.ts';

interface Way {
  readonly authorization?: string;
  /** Snowflake tells OAuth tokens from its own by itself. */
  readonly type?: 'KEYPAIR_JWT';
}

export class Session {
  readonly #place: string;
  readonly #host: LiveHost;
  readonly #tokens: KeyTokens;

  /** `place`: `name: host`, for messages; `account` as the user's key signs for it. */
  constructor(place: string, account: string, host: LiveHost) {
    this.#place = place;
    this.#host = host;
    this.#tokens = new KeyTokens(account);
  }

  /** Rejects like `host.fetch`; a refused token is signed anew once, since the answer told what time it is there. */
  async ask(request: HttpRequest, signal: AbortSignal, expected: readonly number[]): Promise<HttpAnswer> {
    const way = await this.#way();
    try {
      return await this.#once(request, way, signal, expected);
    } catch (error) {
      if (!(error instanceof HttpError) || error.kind !== 'unauthorized' || way.authorization === undefined)
        throw error;
      this.#tokens.forget();
      const renewed = await this.#way();
      const isOther = renewed.authorization !== undefined && renewed.authorization !== way.authorization;
      if (!isOther) throw error;
      return this.#once(request, renewed, signal, expected);
    }
  }

  #once(
    request: HttpRequest,
    { authorization, type }: Way,
    signal: AbortSignal,
    expected: readonly number[],
  ): Promise<HttpAnswer> {
    const headers = type === undefined ? [] : [['x-snowflake-authorization-token-type', type] as const];
    const sent = { ...request, headers, ...(authorization === undefined ? {} : { authorization }) };
    return this.#host.fetch(sent, signal, expected);
  }

  async #way(): Promise<Way> {
    const secret = await this.#host.secret();
    if (secret === undefined) return {};
    if (secret.kind === 'token') return { authorization: `Bearer ${secret.token}` };
    const now = this.#host.now() + this.#host.skewMs;
    try {
      const token = this.#tokens.token(secret.username, secret.password, now);
      return { authorization: `Bearer ${token}`, type: 'KEYPAIR_JWT' };
    } catch {
      throw new HttpError(
        'unauthorized',
        `${this.#place} takes no password (its SQL API has none), and what is stored for ${secret.username} is no private RSA key in PEM. ` +
          'Sign in with an unencrypted private key in place of the password, or with a programmatic access token or an OAuth token.',
      );
    }
  }
}
