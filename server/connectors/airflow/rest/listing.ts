// Listing: all pages of one list, bounded, whatever the server says of its length.
import { HttpError } from '../../httpError.ts';
import { list, number, record } from '../../json.ts';

/** Airflow cuts a higher limit to this without a word ([api] maximum_page_limit; seen with 3.3.2). */
export const pageSize = 100;

/**
 * `changed`: it is longer than what came, because it moved while it was read · `capped`: we stopped at our own cap ·
 * `unread`: items of a shape that is not known · `repeats`: a page came that brought nothing new.
 */
export type Gap = 'changed' | 'capped' | 'unread' | 'repeats';

export interface Listing<T> {
  readonly items: readonly T[];
  /** Absent when it is whole. */
  readonly gap?: Gap;
  /** The gap in words. */
  readonly reason?: string;
}

export interface Pages<T> {
  /** `name: host`, for messages. */
  readonly place: string;
  /** What is listed, in the plural, for messages. */
  readonly what: string;
  /** The field of the answer that holds the items. */
  readonly field: string;
  /** Asks for the page that begins there. */
  readonly page: (offset: number) => Promise<unknown>;
  /** Undefined when an item is not what we know. */
  readonly read: (item: unknown) => T | undefined;
  readonly key: (item: T) => string;
  readonly mostPages: number;
}

/**
 * Offset paging may shift while it reads: an item may come twice (kept once) or be left out, which shows when the
 * number of items differs from what the last page said. Rejects with what `page` rejects with.
 */
export async function listAll<T>(pages: Pages<T>, signal: AbortSignal): Promise<Listing<T>> {
  const found = new Map<string, T>();
  let offset = 0;
  let unread = 0;
  for (let count = 0; count < pages.mostPages; count += 1) {
    signal.throwIfAborted();
    const answer = record(await pages.page(offset));
    if (!Array.isArray(answer[pages.field])) {
      throw new HttpError(
        'broken',
        `${pages.place} answered without "${pages.field}" when asked for its ${pages.what}. Check the url of the connection.`,
      );
    }
    const items = list(answer[pages.field]);
    const total = number(answer.total_entries);
    const before = found.size + unread;
    for (const item of items) {
      const known = pages.read(item);
      if (known === undefined) unread += 1;
      else found.set(pages.key(known), known);
    }
    offset += items.length;
    const ended = items.length === 0 || (total !== undefined && offset >= total);
    if (ended) return ending(pages, found, unread, total);
    if (found.size + unread === before) {
      return { items: [...found.values()], gap: 'repeats', reason: `the list of ${pages.what} repeats its pages` };
    }
  }
  const reason = `only the first ${found.size} ${pages.what} were read`;
  return { items: [...found.values()], gap: 'capped', reason };
}

function ending<T>(
  { what }: Pages<T>,
  found: ReadonlyMap<string, T>,
  unread: number,
  total: number | undefined,
): Listing<T> {
  const items = [...found.values()];
  if (unread > 0) return { items, gap: 'unread', reason: `${unread} ${what} have a shape that is not known` };
  if (total !== undefined && items.length < total) {
    return {
      items,
      gap: 'changed',
      reason: `${items.length} of ${total} ${what} were listed; they changed meanwhile`,
    };
  }
  return { items };
}
