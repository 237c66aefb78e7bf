// Paged: events that come in pages as one text that is read by bytes; remembers where its pages began.

export interface TextPage {
  /** In order of time; each a line, or several. */
  readonly events: readonly { readonly message: string }[];
  /** Where to go on forwards; absent, or the same as was asked with: there is no more (now). */
  readonly next?: string;
}

/** One request. `from` absent: the first page. */
export type AskPage = (from: string | undefined, signal: AbortSignal) => Promise<TextPage>;

/** Pages of about 1 MB that are still at hand. */
const mostKept = 6;
/** Pages that may follow one another without a new event before it is the end. */
const mostEmpty = 3;

interface Page {
  /** What it is asked with; absent: the first one. */
  readonly from?: string;
  readonly begins: number;
  readonly length: number;
}

export class PagedText {
  readonly #ask: AskPage;
  readonly #pages: Page[] = [];
  /** By the number of its page; the one used last at the end. */
  readonly #kept = new Map<number, Buffer>();
  #next: string | undefined;
  #hasEnded = false;
  #line: Promise<unknown> = Promise.resolve();

  constructor(ask: AskPage) {
    this.#ask = ask;
  }

  /** Bytes that are known to be there. */
  get size(): number {
    const last = this.#pages.at(-1);
    return last ? last.begins + last.length : 0;
  }

  /** No more came the last time. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Reads on to this byte at least, or to the end as of now, at most so many pages. */
  reach(offset: number, mostPages: number, signal: AbortSignal): Promise<void> {
    return this.#alone(async () => {
      this.#hasEnded = false;
      for (let count = 0; count < mostPages && this.size < offset && !this.#hasEnded; count += 1)
        await this.#more(signal);
    });
  }

  async readRange(offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    if (this.size < offset + length) await this.reach(offset + length, Number.POSITIVE_INFINITY, signal);
    return this.#alone(async () => {
      const parts: Buffer[] = [];
      for (const [number, page] of this.#pages.entries()) {
        if (page.begins + page.length <= offset || page.begins >= offset + length) continue;
        const bytes = await this.#bytes(number, page, signal);
        parts.push(bytes.subarray(Math.max(0, offset - page.begins), Math.max(0, offset + length - page.begins)));
      }
      return Buffer.concat(parts);
    });
  }

  async #more(signal: AbortSignal): Promise<void> {
    for (let empty = 0; empty < mostEmpty; empty += 1) {
      const from = this.#next;
      const { events, next } = await this.#ask(from, signal);
      this.#next = next ?? from;
      if (events.length > 0) {
        const bytes = textOf(events);
        this.#keep(this.#pages.length, bytes);
        this.#pages.push({ begins: this.size, length: bytes.length, ...(from === undefined ? {} : { from }) });
        return;
      }
      if (next === undefined || next === from) break;
    }
    this.#hasEnded = true;
  }

  async #bytes(number: number, { from, length }: Page, signal: AbortSignal): Promise<Buffer> {
    const kept = this.#kept.get(number);
    if (kept) {
      this.#keep(number, kept);
      return kept;
    }
    const { events } = await this.#ask(from, signal);
    // A page that grew since is what it was, then what is new on another.
    const bytes = textOf(events).subarray(0, length);
    this.#keep(number, bytes);
    return bytes;
  }

  #keep(number: number, bytes: Buffer): void {
    this.#kept.delete(number);
    this.#kept.set(number, bytes);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#line.then(work, work);
    this.#line = mine.catch(() => {});
    return mine;
  }
}

/** An event is a line, or several; some agents send the line end with it. */
function textOf(events: TextPage['events']): Buffer {
  return Buffer.from(events.map(({ message }) => (message.endsWith('\n') ? message : `${message}\n`)).join(''));
}
