// Api: one question to a Ray dashboard: its token, and what its refusals mean in Ray's own terms.
import { addressOf, type ConnectionConfig } from '../../../protocol/connection.ts';
import type { HttpAnswer, HttpRequest, LiveHost } from '../../connector.ts';
import { HttpError } from '../../httpError.ts';
import { record, text } from '../../json.ts';

export interface RayVersion {
  readonly version: string;
  /** Other after every start of the head; empty when an old one does not say. */
  readonly session: string;
}

export class Api {
  /** `name: host`, for messages. */
  readonly place: string;
  readonly #host: LiveHost;

  constructor(connection: ConnectionConfig, host: LiveHost) {
    this.place = `${connection.name}: ${addressOf(connection.url)}`;
    this.#host = host;
  }

  /** Rejects like `LiveHost.fetch`; a token that is refused is `unauthorized`, although Ray says 403. */
  async ask(request: HttpRequest, signal: AbortSignal, expected: readonly number[] = []): Promise<HttpAnswer> {
    const secret = await this.#host.secret();
    const authorization =
      secret?.kind === 'token'
        ? `Bearer ${secret.token}`
        : secret && `Basic ${Buffer.from(`${secret.username}:${secret.password}`, 'utf8').toString('base64')}`;
    const sent = authorization === undefined ? request : { ...request, authorization };
    const answer = await this.#host.fetch(sent, signal, [...expected, 401, 403]);
    if (answer.status !== 401 && answer.status !== 403) return answer;
    throw this.#refusal(answer, request.path, secret !== undefined);
  }

  async get(path: string, query: readonly (readonly [string, string])[], signal: AbortSignal): Promise<unknown> {
    return (await this.ask({ path, query }, signal)).json();
  }

  /** There from Ray 2.0 on. */
  async version(signal: AbortSignal): Promise<RayVersion> {
    const answer = await this.ask({ path: '/api/version', maxBytes: 100_000 }, signal, [404]);
    const said = answer.status === 404 ? {} : record(answer.json());
    const version = text(said.ray_version);
    if (version === undefined) {
      throw new HttpError(
        answer.status === 404 ? 'missing' : 'broken',
        `${this.place} is no Ray dashboard: /api/version names no version. Correct the url of the connection; it ends where the dashboard's page begins, and Ray must be installed as ray[default].`,
        { status: answer.status },
      );
    }
    return { version: version.slice(0, 40), session: (text(said.session_name) ?? '').slice(0, 200) };
  }

  /**
   * 401 `Unauthorized: Missing authentication token`, 403 `Forbidden: Invalid authentication token` (2.60.0, seen
   * 2026-11-23); any other 403 is of something that stands before it.
   */
  #refusal({ status, text: said }: HttpAnswer, path: string, hasSecret: boolean): HttpError {
    const words = said
      .slice(0, 200)
      .replace(/[^\x20-\x7e]+/g, ' ')
      .trim();
    if (status === 403 && !/authentication token/i.test(said)) {
      const shown = /^[\w .:,'-]{1,200}$/.test(words) ? ` ${words}` : '';
      return new HttpError(
        'forbidden',
        `${this.place} does not allow ${path} (403${shown}). Ask whoever runs what stands before Ray for the permission.`,
        { status },
      );
    }
    const what = hasSecret ? 'refuses this token' : 'wants a token';
    return new HttpError(
      'unauthorized',
      `${this.place} ${what} (${status}). Sign in with the token of the cluster: "ray get-auth-token" on its head shows it.`,
      { status },
    );
  }
}
