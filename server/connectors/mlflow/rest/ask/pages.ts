// All pages of a listing, one after the other; a listing that never ends is found out.
import { HttpError } from '../../../httpError.ts';
import { isRecord, list, text } from '../../../json.ts';
import type { Api, Question } from './api.ts';

export interface Listing {
  /** Below `/api/2.0/mlflow/`, or the UI's name of it. */
  readonly name: string;
  /** Where the records stand in an answer; MLflow leaves an empty list out. */
  readonly field: string;
  /** Records per answer, at first: too long an answer is asked for again with fewer. */
  readonly size: number;
  readonly method: 'GET' | 'POST';
  readonly ask: readonly (readonly [string, string | readonly string[]])[];
}

/** An answer may be empty and still name a next page; so many in a row are a listing that does not end. */
const mostEmpty = 100;

/**
 * Rejects with an HttpError; `broken` for tokens that come again, too many empty pages, and what is no listing.
 * The token is only a place in the listing, so that the size may change between pages (3.17 and 2.22, tried).
 */
export async function* pagesOf(
  api: Api,
  listing: Listing,
  signal: AbortSignal,
): AsyncGenerator<readonly unknown[], void, void> {
  const tokens = new Set<string>();
  let size = listing.size;
  let empty = 0;
  for (let token: string | undefined; ; ) {
    signal.throwIfAborted();
    let answer: unknown;
    try {
      answer = await api.json(listing.name, question(listing, size, token), signal);
    } catch (error) {
      if (!(error instanceof HttpError) || error.kind !== 'tooBig' || size === 1) throw error;
      size = Math.max(1, Math.floor(size / 8));
      continue;
    }
    if (!isRecord(answer)) throw broken(api, listing, 'with something that is no object');
    const records = answer[listing.field];
    if (records !== undefined && records !== null && !Array.isArray(records)) {
      throw broken(api, listing, `with "${listing.field}" that is no list`);
    }
    yield list(records);
    token = text(answer.next_page_token);
    if (token === undefined) return;
    empty = list(records).length === 0 ? empty + 1 : 0;
    if (tokens.has(token))
      throw broken(api, listing, 'with a page token that it gave before: its pages go in a circle');
    if (empty >= mostEmpty) throw broken(api, listing, `with ${mostEmpty} empty pages in a row`);
    tokens.add(token);
  }
}

/** All of it at once, for listings that are small. */
export async function allOf(api: Api, listing: Listing, signal: AbortSignal): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for await (const page of pagesOf(api, listing, signal)) all.push(...page);
  return all;
}

function question({ method, ask }: Listing, size: number, token: string | undefined): Question {
  const more = [['max_results', String(size)] as const, ...(token ? [['page_token', token] as const] : [])];
  if (method === 'GET') {
    const asked = ask.flatMap(([name, value]) => [value].flat().map((each) => [name, each] as const));
    return { query: [...asked, ...more] };
  }
  return { body: { ...Object.fromEntries(ask), max_results: size, ...(token ? { page_token: token } : {}) } };
}

function broken({ address }: Api, { name }: Listing, how: string): HttpError {
  const next = 'Check what stands between here and the server, and the log of the server.';
  return new HttpError('broken', `${address} answered ${name} ${how}. ${next}`);
}
