// Logs: streams of log groups, whole or in a time window, as logs that are read by ranges.
import type { LogSought, LogStat, RangedLogs } from '../connector.ts';
import { findLine } from '../lineSearch.ts';
import type { LogGroups, LogWindow } from '../logGroups.ts';
import { PagedText } from '../pagedText.ts';
import { parseLogKey } from './key.ts';

const mostOpen = 4;
/** Pages that are read to know how long a log is; more than that is "at least". */
const pagesCounted = 4;
const pieceBytes = 1_000_000;
/** Pages come to us one by one: what is longer is not searched to its end. */
const searchedBytes = 200_000_000;
/** A window that ended so long ago gets nothing more; agents send with delay. */
const settledMs = 10 * 60_000;

export class StreamLogs implements RangedLogs {
  readonly #name: string;
  readonly #groups: LogGroups;
  readonly #now: () => number;
  /** The one used last at the end. */
  readonly #open = new Map<string, PagedText>();

  /** `name`: of the connection. */
  constructor(name: string, groups: LogGroups, now: () => number) {
    this.#name = name;
    this.#groups = groups;
    this.#now = now;
  }

  async stat(key: string, signal: AbortSignal): Promise<LogStat | undefined> {
    const window = this.#windowOf(key);
    const text = this.#textOf(key, window);
    await text.reach(text.size + 1, pagesCounted, signal);
    while (!text.hasEnded && text.size < pagesCounted * pieceBytes) await text.reach(text.size + 1, 1, signal);
    return {
      size: text.size,
      ...(text.hasEnded ? {} : { atLeast: true }),
      complete: text.hasEnded && window.until !== undefined && this.#now() - window.until > settledMs,
    };
  }

  readRange(key: string, offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    return this.#textOf(key, this.#windowOf(key)).readRange(offset, length, signal);
  }

  async search(key: string, sought: LogSought, signal: AbortSignal): Promise<number | undefined> {
    const text = this.#textOf(key, this.#windowOf(key));
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let at = sought.from; at < sought.from + searchedBytes; ) {
        const bytes = await text.readRange(at, pieceBytes, signal);
        if (bytes.length === 0) return;
        at += bytes.length;
        yield bytes;
      }
    }
    return findLine(pieces(), sought);
  }

  #textOf(key: string, window: LogWindow): PagedText {
    const known = this.#open.get(key) ?? this.#paged(window);
    this.#open.delete(key);
    this.#open.set(key, known);
    const [oldest] = this.#open.keys();
    if (this.#open.size > mostOpen && oldest !== undefined) this.#open.delete(oldest);
    return known;
  }

  #paged(window: LogWindow): PagedText {
    return new PagedText((from, signal) => this.#groups.events(window, from === undefined ? {} : { from }, signal));
  }

  #windowOf(key: string): LogWindow {
    const window = parseLogKey(key);
    if (!window) throw new Error(`${this.#name} has no such log. Open it from its run again.`);
    return window;
  }
}
