// Api: which generation of the REST API a server speaks, and questions asked in its paths.
import { addressOf, type ConnectionConfig } from '../../../protocol/connection.ts';
import type { HttpAnswer, HttpRequest, LiveHost } from '../../connector.ts';
import { HttpError } from '../../httpError.ts';
import { record, text } from '../../json.ts';
import { type Generation, Session } from './session.ts';

export type { Generation } from './session.ts';

export type Query = readonly (readonly [string, string])[];

export class Api {
  /** `name: host`, for messages. */
  readonly place: string;
  readonly #session: Session;
  #found: { readonly generation: Generation; readonly version: string } | undefined;

  constructor(connection: ConnectionConfig, host: LiveHost) {
    this.place = `${connection.name}: ${addressOf(connection.url)}`;
    this.#session = new Session(connection, host);
  }

  /** Asked once; `forget` makes it be asked again. `/version` needs no account on a plain server (3.3.2, 2.10.5). */
  async server(signal: AbortSignal): Promise<{ readonly generation: Generation; readonly version: string }> {
    this.#found ??= (await this.#probe('v2', signal)) ?? (await this.#probe('v1', signal));
    if (this.#found) return this.#found;
    throw new HttpError(
      'missing',
      `${this.place} has neither /api/v2/version (Airflow 3) nor ` +
        '/api/v1/version (Airflow 2). Correct the url of the connection; it ends where the web page of Airflow begins.',
      { status: 404 },
    );
  }

  /** After an upgrade of the server its paths are others. */
  forget(): void {
    this.#found = undefined;
  }

  /** `path` below `/api/v?`. Rejects like `LiveHost.fetch`. */
  async get(path: string, query: Query, signal: AbortSignal): Promise<unknown> {
    return (await this.ask({ path, query }, signal)).json();
  }

  async ask(request: HttpRequest, signal: AbortSignal, expected: readonly number[] = []): Promise<HttpAnswer> {
    const { generation } = await this.server(signal);
    return this.#session.ask({ ...request, path: `/api/${generation}${request.path}` }, generation, signal, expected);
  }

  async #probe(
    generation: Generation,
    signal: AbortSignal,
  ): Promise<{ readonly generation: Generation; readonly version: string } | undefined> {
    const request = { path: `/api/${generation}/version` };
    const answer = await this.#session.knock(request, signal, [404, 405]);
    if (answer.status >= 400) return undefined;
    const version = text(record(answer.json()).version);
    return version === undefined ? undefined : { generation, version: version.slice(0, 40) };
  }
}

/** One segment of a path: run ids hold `:` and `+`. */
export function segment(name: string): string {
  return encodeURIComponent(name);
}
