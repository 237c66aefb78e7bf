// Pages: all pages of a list that goes on by tokens, bounded, whatever the server says of its end.
import { HttpError } from '../../httpError.ts';
import { type JsonRecord, list, text } from '../../json.ts';
import type { Api, Query } from './api.ts';

/**
 * `capped`: we stopped at our own cap · `unread`: items of a shape that is not known · `repeats`: a token came twice ·
 * `unsaid`: no page said anything of the items, not even that there are none.
 */
export type Gap = 'capped' | 'unread' | 'repeats' | 'unsaid';

export interface Listing<T> {
  readonly items: readonly T[];
  /** Absent when it is whole. */
  readonly gap?: Gap;
  /** The gap in words, for the user. */
  readonly reason?: string;
}

export interface Asked<T> {
  /** What is listed, in the plural, for messages. */
  readonly what: string;
  readonly path: string;
  readonly query: Query;
  /** The field of the answer that holds the items. */
  readonly field: string;
  readonly mostPages: number;
  /** Undefined when an item is not what we know. */
  readonly read: (item: unknown) => T | undefined;
  readonly key: (item: T) => string;
  /** True: what was read is enough; then the list ends here and has no gap. */
  readonly enough?: (page: readonly T[]) => boolean;
}

/** What an answer without items still may hold. */
const around = new Set(['has_more', 'has_next_page', 'next_page_token', 'prev_page_token', 'total_count']);

/**
 * A page may be empty and have a token: the list ends only without one. Proto JSON leaves empty lists out, so an answer
 * without the field says nothing, unless `has_more: false` stands there. Rejects with what asking rejects with.
 */
export async function listAll<T>(api: Api, asked: Asked<T>, signal: AbortSignal): Promise<Listing<T>> {
  const found = new Map<string, T>();
  const tokens = new Set<string>();
  let token: string | undefined;
  let [unread, isSaid] = [0, false];
  for (let count = 0; count < asked.mostPages; count += 1) {
    signal.throwIfAborted();
    const query: Query = token === undefined ? asked.query : [...asked.query, ['page_token', token]];
    const answer = await api.get(asked.path, query, signal);
    isSaid = says(api, asked, answer) || isSaid;
    const page: T[] = [];
    for (const item of list(answer[asked.field])) {
      const known = asked.read(item);
      if (known === undefined) unread += 1;
      else {
        page.push(known);
        found.set(asked.key(known), known);
      }
    }
    if (asked.enough?.(page)) return ending(asked, found, unread, true);
    token = text(answer.next_page_token);
    if (token === undefined) return ending(asked, found, unread, isSaid);
    if (tokens.has(token)) {
      return { items: [...found.values()], gap: 'repeats', reason: `the list of ${asked.what} comes again and again` };
    }
    tokens.add(token);
  }
  const reason = `only the first ${found.size} ${asked.what} were read`;
  return { items: [...found.values()], gap: 'capped', reason };
}

function says<T>(api: Api, { field, what }: Asked<T>, answer: JsonRecord): boolean {
  if (Array.isArray(answer[field])) return true;
  const strange = Object.keys(answer).filter((key) => !around.has(key));
  if (strange.length === 0 && (answer[field] === undefined || answer[field] === null)) return answer.has_more === false;
  throw new HttpError(
    'broken',
    `${api.place} answered without "${field}" when asked for its ${what}. Check that the url is that of a workspace.`,
  );
}

function ending<T>({ what }: Asked<T>, found: ReadonlyMap<string, T>, unread: number, isSaid: boolean): Listing<T> {
  const items = [...found.values()];
  if (unread > 0) return { items, gap: 'unread', reason: `${unread} ${what} have a shape that is not known` };
  return isSaid ? { items } : { items, gap: 'unsaid', reason: `nothing was said of ${what}` };
}
