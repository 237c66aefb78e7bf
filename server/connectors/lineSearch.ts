// Line search: where in a stream of bytes the first line with one of some words begins, in one pass and a few kB of memory.
import type { LogSought } from './connector.ts';

const lineEnd = 10;

/**
 * `chunks` begin at the byte `from` of the log. Undefined when there is none before `to` or the end; what is left of the
 * stream is not read. A line longer than memory has no limit here: only where it began is kept.
 */
export async function findLine(chunks: AsyncIterable<Uint8Array>, sought: LogSought): Promise<number | undefined> {
  const { words, from, to = Number.POSITIVE_INFINITY } = sought;
  const needles = words.filter((word) => word !== '').map((word) => Buffer.from(word));
  if (needles.length === 0) return undefined;
  const overlap = Math.max(...needles.map(({ length }) => length)) - 1;
  let lineStart = from;
  /** The end of what was read, in which a word may begin, and the byte it begins at. */
  let rest: Buffer = Buffer.alloc(0);
  let at = from;
  for await (const chunk of chunks) {
    const bytes =
      rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([rest, chunk]);
    const hit = first(bytes, needles);
    if (hit !== undefined) {
      const line = bytes.lastIndexOf(lineEnd, hit) + 1;
      const begins = line > 0 ? at + line : lineStart;
      return begins < to ? begins : undefined;
    }
    const kept = Math.min(overlap, bytes.length);
    const last = bytes.lastIndexOf(lineEnd) + 1;
    if (last > 0) lineStart = at + last;
    if (lineStart >= to) return undefined;
    at += bytes.length - kept;
    rest = Buffer.from(bytes.subarray(bytes.length - kept));
  }
  return undefined;
}

function first(bytes: Buffer, needles: readonly Buffer[]): number | undefined {
  let found: number | undefined;
  for (const needle of needles) {
    // What lies behind the first one found cannot be the first.
    const end = found === undefined ? bytes.length : Math.min(bytes.length, found + needle.length - 1);
    const index = bytes.subarray(0, end).indexOf(needle);
    if (index >= 0) found = index;
  }
  return found;
}
