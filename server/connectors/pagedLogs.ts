// Paged logs: logs that their tool only gives in pages by time, as logs that are read by ranges.
import type { LogSought, LogStat, RangedLogs } from './connector.ts';
import { findLine } from './lineSearch.ts';
import { type AskPage, PagedText } from './pagedText.ts';

const mostOpen = 4;
/** Pages that are read to know how long a log is; more than that is "at least". */
const pagesCounted = 4;
const pieceBytes = 1_000_000;
/** Pages come to us one by one: what is longer is not searched to its end. */
const searchedBytes = 200_000_000;
/** A window that ended so long ago gets nothing more; agents send with delay. */
const settledMs = 10 * 60_000;

/** What the key of a log stands for. */
export interface PagedLog {
  readonly ask: AskPage;
  /** Epoch ms; absent: it goes on. */
  readonly until?: number;
}

export class PagedLogs implements RangedLogs {
  readonly #name: string;
  readonly #logOf: (key: string) => PagedLog | undefined;
  readonly #now: () => number;
  /** The one used last at the end. */
  readonly #open = new Map<string, PagedText>();

  /** `name`: of the connection. `logOf`: undefined for what is no key of a log. */
  constructor(name: string, logOf: (key: string) => PagedLog | undefined, now: () => number) {
    this.#name = name;
    this.#logOf = logOf;
    this.#now = now;
  }

  async stat(key: string, signal: AbortSignal): Promise<LogStat | undefined> {
    const log = this.#known(key);
    const text = this.#textOf(key, log);
    await text.reach(text.size + 1, pagesCounted, signal);
    while (!text.hasEnded && text.size < pagesCounted * pieceBytes) await text.reach(text.size + 1, 1, signal);
    return {
      size: text.size,
      ...(text.hasEnded ? {} : { atLeast: true }),
      complete: text.hasEnded && log.until !== undefined && this.#now() - log.until > settledMs,
    };
  }

  readRange(key: string, offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    return this.#textOf(key, this.#known(key)).readRange(offset, length, signal);
  }

  async search(key: string, sought: LogSought, signal: AbortSignal): Promise<number | undefined> {
    const text = this.#textOf(key, this.#known(key));
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

  #textOf(key: string, { ask }: PagedLog): PagedText {
    const known = this.#open.get(key) ?? new PagedText(ask);
    this.#open.delete(key);
    this.#open.set(key, known);
    const [oldest] = this.#open.keys();
    if (this.#open.size > mostOpen && oldest !== undefined) this.#open.delete(oldest);
    return known;
  }

  #known(key: string): PagedLog {
    const log = this.#logOf(key);
    if (!log) throw new Error(`${this.#name} has no such log. Open it from its run again.`);
    return log;
  }
}
