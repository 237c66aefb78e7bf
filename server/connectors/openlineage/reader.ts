// Reader: events of a growing file, line by line in a stream; a second reading goes on where the first one ended.
import type { ConnectorHost } from '../connector.ts';
import { type LineageEvent, readEvent } from './said/events.ts';

const chunkBytes = 1024 * 1024;
/** A line above this is no event; it is passed over, not held in memory. */
const longestLine = 32 * 1024 * 1024;
/** A file that is one JSON document is read whole. */
const longestDocument = 16 * 1024 * 1024;
const headBytes = 1024;
const mostProblems = 20;

export class EventFile {
  readonly path: string;
  readonly #host: ConnectorHost;
  #head = '';
  /** Bytes read so far, up to the end of a whole line. */
  #offset = 0;
  #line = 0;
  /** Lines that are no events; told with every scan for as long as they stand there. */
  readonly problems: string[] = [];

  constructor(path: string, host: ConnectorHost) {
    this.path = path;
    this.#host = host;
  }

  /** True when the file is not a longer form of what was read: all must be read anew. */
  async replaced(): Promise<boolean> {
    const stat = await this.#host.stat(this.path);
    if (!stat || stat.size < this.#offset) return true;
    return this.#head !== '' && !(await this.#readHead(this.#head.length)).startsWith(this.#head);
  }

  /** New events since the last call. The last line counts without its newline only when it is whole. */
  async *events(signal: AbortSignal): AsyncIterable<LineageEvent> {
    const size = (await this.#host.stat(this.path))?.size ?? 0;
    if (this.#head.length < headBytes) this.#head = await this.#readHead(Math.min(size, headBytes));
    if (this.#offset === 0 && (await this.#isOneDocument(size))) {
      yield* this.#document(size);
      return;
    }
    let position = this.#offset;
    let carried: Uint8Array[] = [];
    let carriedBytes = 0;
    while (position < size) {
      signal.throwIfAborted();
      const chunk = await this.#host.readRange(this.path, position, Math.min(chunkBytes, size - position));
      if (chunk.length === 0) break;
      let from = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        carried.push(chunk.subarray(from, end));
        from = end + 1;
        this.#offset = position + from;
        this.#line += 1;
        const event = carriedBytes > longestLine ? this.#reject('is longer than 32 MB') : this.#parse(carried);
        carried = [];
        carriedBytes = 0;
        if (event) yield event;
      }
      if (carriedBytes <= longestLine) carried.push(chunk.subarray(from));
      else carried = [];
      carriedBytes += chunk.length - from;
      position += chunk.length;
    }
    const rest = carried.length > 0 && carriedBytes <= longestLine ? parseLine(carried) : undefined;
    const event = rest && readEvent(rest.json);
    if (!event) return;
    this.#offset = position;
    this.#line += 1;
    yield event;
  }

  /** Its first line is no JSON by itself: one event (or a list of them) written over many lines, as in debug mode. */
  async #isOneDocument(size: number): Promise<boolean> {
    return (
      size <= longestDocument &&
      /^\s*[[{]\s*(\r?\n|$)/.test(new TextDecoder().decode(await this.#host.readRange(this.path, 0, 64)))
    );
  }

  async *#document(size: number): AsyncIterable<LineageEvent> {
    const parsed = parseLine([await this.#host.readRange(this.path, 0, size)]);
    // Half written still, or no JSON: it is read again until it is.
    if (!parsed || parsed.empty) return;
    this.#offset = size;
    for (const json of Array.isArray(parsed.json) ? parsed.json : [parsed.json]) {
      this.#line += 1;
      const event = readEvent(json) ?? this.#reject('is not an OpenLineage event');
      if (event) yield event;
    }
  }

  #parse(parts: readonly Uint8Array[]): LineageEvent | undefined {
    const parsed = parseLine(parts);
    if (parsed?.empty) return undefined;
    if (!parsed) return this.#reject('is not JSON');
    return readEvent(parsed.json) ?? this.#reject('is not an OpenLineage event');
  }

  #reject(why: string): undefined {
    if (this.problems.length < mostProblems) this.problems.push(`${this.path}:${this.#line} ${why}.`);
    return undefined;
  }

  async #readHead(length: number): Promise<string> {
    return new TextDecoder('latin1').decode(await this.#host.readRange(this.path, 0, length));
  }
}

/** Undefined when it is not JSON. */
function parseLine(parts: readonly Uint8Array[]): { readonly json?: unknown; readonly empty?: true } | undefined {
  const [only] = parts;
  const line = new TextDecoder().decode(parts.length === 1 && only ? only : Buffer.concat(parts)).trim();
  if (line === '') return { empty: true };
  try {
    const json: unknown = JSON.parse(line);
    return { json };
  } catch {
    return undefined;
  }
}
