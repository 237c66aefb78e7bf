// Api: one question to a Marquez, or what speaks its API; and all pages of one of its lists, bounded.
import { addressOf, type ConnectionConfig } from '../../../protocol/connection.ts';
import type { HttpRequest, LiveHost } from '../../connector.ts';
import { HttpError } from '../../httpError.ts';
import { isRecord, type JsonRecord, list, number } from '../../json.ts';

export type Query = readonly (readonly [string, string])[];

/** A page of jobs holds the last ten runs of each, with all their facets. */
const maxBytes = 64 * 1024 * 1024;
export const pageSize = 100;
/** Of one list. */
const mostPages = 1_000;

export class Api {
  /** `name: host`, for messages. */
  readonly place: string;
  readonly #host: LiveHost;

  constructor(connection: ConnectionConfig, host: LiveHost) {
    this.place = `${connection.name}: ${addressOf(connection.url)}`;
    this.#host = host;
  }

  /** Below `/api/v1`; `path` is percent-encoded. Rejects like `LiveHost.fetch`, also for what is no object. */
  async get(path: string, query: Query, signal: AbortSignal): Promise<JsonRecord> {
    const secret = await this.#host.secret();
    // Marquez itself asks for no credential; what stands before it may (its Python client sends MARQUEZ_API_KEY as a bearer).
    const authorization =
      secret?.kind === 'token'
        ? `Bearer ${secret.token}`
        : secret && `Basic ${Buffer.from(`${secret.username}:${secret.password}`, 'utf8').toString('base64')}`;
    const request: HttpRequest = { path: `/api/v1${path}`, query, maxBytes };
    const answer = await this.#host.fetch(
      authorization === undefined ? request : { ...request, authorization },
      signal,
    );
    const json = answer.json();
    if (isRecord(json)) return json;
    throw this.#foreign(path);
  }

  /** The list in `field` of an answer. */
  items(answer: JsonRecord, field: string, path: string): readonly unknown[] {
    if (Array.isArray(answer[field])) return list(answer[field]);
    throw this.#foreign(path);
  }

  #foreign(path: string): HttpError {
    return new HttpError(
      'broken',
      `${this.place} answered something else than a Marquez does (/api/v1${path}). Correct the url of the connection: it ends where /api/v1 begins.`,
    );
  }
}

/** Encoded as one segment of a path. */
export function segment(text: string): string {
  return encodeURIComponent(text);
}

export interface ListPage<T> {
  readonly items: readonly T[];
  /** Of this page, why the list is not whole; the list ends with it. */
  readonly gap?: string;
  /** It is the last one, and nothing is missing. */
  readonly isEnd?: true;
}

export interface Listed<T> {
  readonly path: string;
  readonly field: string;
  /** In the plural, for messages. */
  readonly what: string;
  /** Undefined when an item is not what we know. */
  readonly read: (item: unknown) => T | undefined;
  readonly key: (item: T) => string;
}

/**
 * Page by page, each item once. Paging is by offset, so a list that moves meanwhile may give an item twice or leave one
 * out, which shows at its end. Rejects like `get`.
 */
export async function* listPages<T>(
  api: Api,
  { path, field, what, read, key }: Listed<T>,
  signal: AbortSignal,
): AsyncGenerator<ListPage<T>, void, void> {
  const seen = new Set<string>();
  let unread = 0;
  let offset = 0;
  for (let count = 0; count < mostPages; count += 1) {
    signal.throwIfAborted();
    const query = [['limit', String(pageSize)] as const, ['offset', String(offset)] as const];
    const answer = await api.get(path, query, signal);
    const given = api.items(answer, field, path);
    const total = number(answer.totalCount);
    const read_ = given.map(read);
    unread += read_.filter((item) => item === undefined).length;
    const items = read_.filter((item) => item !== undefined).filter((item) => !seen.has(key(item)));
    for (const item of items) seen.add(key(item));
    offset += given.length;
    const isEnd = given.length === 0 || (total === undefined ? given.length < pageSize : offset >= total);
    const gap = isEnd ? gapOf(what, seen.size, unread, total) : undefined;
    if (isEnd) {
      yield gap === undefined ? { items, isEnd } : { items, gap };
      return;
    }
    if (items.length === 0 && read_.some((item) => item !== undefined)) {
      yield { items, gap: `the list of ${what} repeats its pages` };
      return;
    }
    yield { items };
  }
  yield { items: [], gap: `only the first ${seen.size.toLocaleString('en')} ${what} were read` };
}

function gapOf(what: string, seen: number, unread: number, total: number | undefined): string | undefined {
  if (unread > 0) return `${unread} ${what} have a shape that is not known`;
  return total !== undefined && seen < total
    ? `${seen} of ${total} ${what} were listed; they changed meanwhile`
    : undefined;
}
