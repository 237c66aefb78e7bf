// Find words: where in a log of any size the first line with one of some words begins; where the log lies, else by reading it.
import type { ConnectorHost, LogSought } from '../../connectors/connector.ts';

export interface Searchable extends Pick<ConnectorHost, 'readRange'> {
  /** `unable`, or absent: it is found by reading ranges. */
  search?(path: string, sought: LogSought): Promise<number | 'unable' | undefined>;
}

const pieceBytes = 2 * 1024 * 1024;
/** Reading on our own ends after so long; what was not read is not known. */
const patienceMs = 5_000;

/** Undefined when there is none, and when it was not found in the time there is. */
export async function findWords(reader: Searchable, file: string, sought: LogSought): Promise<number | undefined> {
  const found = (await reader.search?.(file, sought)) ?? (reader.search ? undefined : 'unable');
  return found === 'unable' ? readingOn(reader, file, sought) : found;
}

async function readingOn(reader: Searchable, file: string, sought: LogSought): Promise<number | undefined> {
  const { words, from, to = Number.POSITIVE_INFINITY } = sought;
  const needles = words.map((word) => Buffer.from(word));
  const longest = Math.max(0, ...needles.map(({ length }) => length));
  const until = performance.now() + patienceMs;
  let lineStart = from;
  for (let at = from; at < to && performance.now() < until; ) {
    const bytes = Buffer.from(await reader.readRange(file, at, pieceBytes));
    const hits = needles.map((needle) => bytes.indexOf(needle)).filter((index) => index >= 0);
    if (hits.length > 0) {
      const line = bytes.lastIndexOf(10, Math.min(...hits)) + 1;
      const begins = line > 0 ? at + line : lineStart;
      return begins < to ? begins : undefined;
    }
    if (bytes.length < pieceBytes) return undefined;
    const last = bytes.lastIndexOf(10) + 1;
    if (last > 0) lineStart = at + last;
    // A word may lie across two pieces.
    at += bytes.length - longest;
  }
  return undefined;
}
