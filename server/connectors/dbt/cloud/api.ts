// Api: questions to dbt Cloud, the envelope around every answer, and lists that go on by offset, bounded.
import { addressOf, type ConnectionConfig } from '../../../protocol/connection.ts';
import type { HttpAnswer, LiveHost } from '../../connector.ts';
import { HttpError } from '../../httpError.ts';
import { isRecord, list, number, record } from '../../json.ts';

export type Query = readonly (readonly [string, string])[];

const pageSize = 100;
/** Of a run with the logs of its steps, or of one artifact. */
const maxBytes = 128 * 1024 * 1024;

export interface Listing<T> {
  readonly items: readonly T[];
  /** Why more may exist than was read; absent: it is whole. */
  readonly gap?: string;
}

export interface Asked<T> {
  /** In the plural, for messages. */
  readonly what: string;
  readonly path: string;
  readonly query?: Query;
  readonly mostPages: number;
  /** Undefined when an item is not what we know. */
  readonly read: (item: unknown) => T | undefined;
  /** True: what was read is enough; then the list has no gap. */
  readonly enough?: (page: readonly T[]) => boolean;
}

/**
 * Paths and the envelope as dbt-cloud-cli 0.9.1 and the public documents of the Administrative API (v2, and v3 for
 * projects and environments) have them, read 2026-11-23; paths end with a slash, artifacts' do not.
 */
export class Api {
  /** `name: host`, for messages. */
  readonly place: string;
  readonly #name: string;
  readonly #host: LiveHost;

  constructor({ name, url }: Pick<ConnectionConfig, 'name' | 'url'>, host: LiveHost) {
    this.place = `${name}: ${addressOf(url)}`;
    this.#name = name;
    this.#host = host;
  }

  /** `data` of the answer. Rejects like `fetch`, also for an answer that is not dbt Cloud's. */
  async data(path: string, query: Query, signal: AbortSignal): Promise<unknown> {
    return (await this.#envelope(path, query, signal)).data;
  }

  /** A file that a run left; undefined when it left none of that name. */
  async artifact(path: string, query: Query, signal: AbortSignal): Promise<unknown> {
    const answer = await this.#ask(path, query, signal, [404]);
    return answer.status === 404 ? undefined : answer.json();
  }

  /** Rejects with what asking rejects with. The end is where a page is not full or all that are counted came. */
  async list<T>(
    { what, path, query = [], mostPages, read, enough }: Asked<T>,
    signal: AbortSignal,
  ): Promise<Listing<T>> {
    const items: T[] = [];
    let unread = 0;
    let before: string | undefined;
    for (let offset = 0, page = 0; page < mostPages; page += 1) {
      signal.throwIfAborted();
      const paged = [['limit', String(pageSize)] as const, ['offset', String(offset)] as const];
      const answer = await this.#envelope(path, [...query, ...paged], signal);
      if (!Array.isArray(answer.data)) throw this.#strange(path);
      const found = list(answer.data);
      // An offset that is not understood gives the same page for ever.
      const text = JSON.stringify(found[0]);
      if (found.length > 0 && text === before) return { items, gap: `the list of ${what} comes again and again` };
      before = text;
      const known = found.flatMap((item) => read(item) ?? []);
      unread += found.length - known.length;
      items.push(...known);
      if (enough?.(known)) return { items };
      offset += found.length;
      const total = number(record(record(answer.extra).pagination).total_count);
      const isEnd = total === undefined ? found.length < pageSize : offset >= total;
      if (found.length === 0 && !isEnd) return { items, gap: `${total} ${what} are counted, ${offset} were told` };
      if (isEnd) return unread > 0 ? { items, gap: `${unread} ${what} have a shape that is not known` } : { items };
    }
    return { items, gap: `only the first ${items.length} ${what} were read` };
  }

  async #envelope(path: string, query: Query, signal: AbortSignal): Promise<ReturnType<typeof record>> {
    const answer = (await this.#ask(path, query, signal, [])).json();
    if (!isRecord(answer) || !('data' in answer) || !isRecord(answer.status)) throw this.#strange(path);
    return answer;
  }

  #strange(path: string): HttpError {
    return new HttpError(
      'broken',
      `${this.place} answered ${path} with something that is not dbt Cloud's. Use the address at which you open it, such as https://ab123.us1.dbt.com.`,
    );
  }

  async #ask(path: string, query: Query, signal: AbortSignal, expected: readonly number[]): Promise<HttpAnswer> {
    const secret = await this.#host.secret();
    // Service tokens and personal ones are both sent so; `Token` in place of `Bearer` means the same.
    const token = secret?.kind === 'token' ? secret.token : secret?.password;
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    try {
      return await this.#host.fetch({ path, query, maxBytes, ...authorization }, signal, expected);
    } catch (error) {
      if (!(error instanceof HttpError) || error.kind !== 'unauthorized') throw error;
      const advice = `A token is of one account, and an account has its own address (${this.#name}: Account settings, Access URLs).`;
      throw new HttpError('unauthorized', `${error.message} ${advice}`, { status: 401, cause: error });
    }
  }
}
