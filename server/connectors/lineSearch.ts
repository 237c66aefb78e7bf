// Line search: where in a stream of bytes the first line with one of some words begins, in one pass and a few kB of memory.
import type { LogSought } from './connector.ts';

const lineEnd = 10;

/**
 * `chunks` begin at the byte `from` of the log. Undefined when there is none before `to` or the end; what is left of the
 * stream is not read. A line longer than memory has no limit here: only where it began is kept.
 */
export async function findLine(chunks: AsyncIterable<Uint8Array>, sought: LogSought): Promise<number | undefined> {
  const { words, from, to = Number.POSITIVE_INFINITY } = sought;
  const scan = new LineScan(words, from);
  if (scan.isEmpty) return undefined;
  for await (const chunk of chunks) {
    const begins = scan.read(chunk);
    if (begins !== undefined) return begins < to ? begins : undefined;
    if (scan.lineStart >= to) return undefined;
  }
  return undefined;
}

interface Needle {
  readonly bytes: Buffer;
  /** From its byte that is the rarest in this log: memchr looks for that, and seldom stops for nothing. */
  anchor: Buffer;
  before: number;
}

/** Looks for words in pieces that follow one another. */
export class LineScan {
  readonly #needles: readonly Needle[];
  /** Of a word, all but its last byte: so much may stand at the end of a piece without being one. */
  readonly #overlap: number;
  /** The end of what was read, in which a word may begin, and the byte it ends before. */
  #rest: Buffer = Buffer.alloc(0);
  #at: number;
  #lineStart: number;
  #isAnchored = false;

  /** `from`: where the first piece begins; the line there is taken to begin there. */
  constructor(words: readonly string[], from: number) {
    this.#needles = words
      .filter((word) => word !== '')
      .map((word) => ({ bytes: Buffer.from(word), anchor: Buffer.from(word), before: 0 }));
    this.#overlap = Math.max(1, ...this.#needles.map(({ bytes }) => bytes.length)) - 1;
    this.#at = from;
    this.#lineStart = from;
  }

  get isEmpty(): boolean {
    return this.#needles.length === 0;
  }

  /** Where the line begins that was not at its end yet, or that the last piece ended with. */
  get lineStart(): number {
    return this.#lineStart;
  }

  /** Where the line of the first hit begins. */
  read(chunk: Uint8Array): number | undefined {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    if (!this.#isAnchored) this.#choose(bytes);
    const rest = this.#rest;
    const early = rest.length === 0 ? -1 : this.#first(Buffer.concat([rest, bytes.subarray(0, this.#overlap)]));
    // No word holds a line end, so no line ends between its beginning and the end of what was read.
    if (early >= 0 && early < rest.length) return this.#lineStart;
    const hit = this.#first(bytes);
    const line = hit < 0 ? 0 : bytes.lastIndexOf(lineEnd, hit) + 1;
    if (hit >= 0) return line > 0 ? this.#at + line : this.#lineStart;
    const last = bytes.lastIndexOf(lineEnd) + 1;
    if (last > 0) this.#lineStart = this.#at + last;
    this.#at += bytes.length;
    if (this.#overlap > 0) {
      const end = bytes.subarray(-this.#overlap);
      this.#rest = end.length === this.#overlap ? Buffer.from(end) : this.#joined(rest, end);
    }
    return undefined;
  }

  #joined(rest: Buffer, end: Buffer): Buffer {
    return Buffer.from(Buffer.concat([rest, end]).subarray(-this.#overlap));
  }

  #first(bytes: Buffer): number {
    let first = -1;
    for (const needle of this.#needles) {
      const within = first < 0 ? bytes : bytes.subarray(0, first + needle.bytes.length - 1);
      const at = find(within, needle);
      if (at >= 0) first = at;
    }
    return first;
  }

  /** By the first piece: all of a log looks alike. */
  #choose(bytes: Buffer): void {
    this.#isAnchored = true;
    const counts = new Uint32Array(256);
    for (const byte of bytes.subarray(0, 16_384)) counts[byte] = (counts[byte] ?? 0) + 1;
    for (const needle of this.#needles) {
      let rarest = 0;
      for (const [index, byte] of needle.bytes.entries())
        if ((counts[byte] ?? 0) < (counts[needle.bytes[rarest] ?? 0] ?? 0)) rarest = index;
      needle.before = rarest;
      needle.anchor = needle.bytes.subarray(rarest);
    }
  }
}

function find(bytes: Buffer, { bytes: word, anchor, before }: Needle): number {
  for (let at = bytes.indexOf(anchor, before); at >= 0; at = bytes.indexOf(anchor, at + 1)) {
    const begins = at - before;
    if (before === 0 || bytes.compare(word, 0, before, begins, at) === 0) return begins;
  }
  return -1;
}
