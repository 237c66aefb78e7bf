// Striped search: a log that can be read from any byte, searched in several streams at once, each in the stretch of it that is its turn.
import type { LogSought } from './connector.ts';
import { LineScan } from './lineSearch.ts';

export interface Striped {
  readonly size: number;
  /** At most `length` bytes from `from`, as they come; it ends when `signal` aborts. */
  read(from: number, length: number, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** Stores give one stream so much and no more; a client has more room than that. */
const streams = 3;
/** So long that to begin one costs nothing beside reading it. */
const usualStripe = 32_000_000;

interface Scanned {
  /** Where the line of the first hit begins. */
  readonly hit?: number;
  /** Where the line begins that goes on behind it. */
  readonly lineStart: number;
}

/** Where the first line with one of the words begins, as `findLine`. What was begun behind a hit is ended. */
export async function findStriped(
  log: Striped,
  { words, from, to = log.size }: LogSought,
  signal: AbortSignal,
  stripe = usualStripe,
): Promise<number | undefined> {
  const end = Math.min(to, log.size);
  const most = Math.max(...words.map((word) => Buffer.byteLength(word)), 1);
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const turns: Promise<Scanned>[] = [];
  let next = from;
  const begin = (): void => {
    if (next >= end) return;
    const isLast = next + stripe >= end;
    const stretch = { from: next, to: isLast ? end : next + stripe, more: isLast ? log.size - end : most - 1 };
    const turn = scanned(log, words, stretch, both);
    // It is waited for in its turn; what fails behind a hit is of no interest.
    turn.catch(() => {});
    turns.push(turn);
    next += stripe;
  };
  try {
    let lineStart = from;
    for (let count = 0; count < streams; count += 1) begin();
    for (let begins = from; begins < end; begins += stripe) {
      const turn = await turns.shift();
      if (!turn) return undefined;
      // The first line of a stretch has begun in one before it.
      if (turn.hit !== undefined) {
        const line = turn.hit === begins ? lineStart : turn.hit;
        return line < to ? line : undefined;
      }
      if (turn.lineStart > begins) lineStart = turn.lineStart;
      begin();
    }
    return undefined;
  } finally {
    stop.abort();
  }
}

/** `more`: bytes behind it in which a word may end that begins in it; of the last one, its last line. */
async function scanned(
  log: Striped,
  words: readonly string[],
  { from, to, more }: { readonly from: number; readonly to: number; readonly more: number },
  signal: AbortSignal,
): Promise<Scanned> {
  const scan = new LineScan(words, from);
  let at = from;
  let lineStart = from;
  for await (const chunk of log.read(from, to - from + more, signal)) {
    const own = chunk.subarray(0, Math.max(0, to - at));
    const hit = own.length > 0 ? scan.read(own) : undefined;
    if (hit !== undefined) return { hit, lineStart: hit };
    if (own.length > 0) lineStart = scan.lineStart;
    const late = own.length < chunk.length ? scan.read(chunk.subarray(own.length)) : undefined;
    if (late !== undefined) return late < to ? { hit: late, lineStart } : { lineStart };
    if (scan.lineStart >= to && at + chunk.length > to) return { lineStart };
    at += chunk.length;
  }
  return { lineStart };
}
