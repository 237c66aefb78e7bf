// Time window: which bytes of a long log were written between two times, found by looking at few of its lines.
import { type LocalTime, lineTime } from './lineTime.ts';

export interface Lookable {
  readonly size: number;
  /** At most `length` bytes from `offset`. */
  read(offset: number, length: number): Promise<Uint8Array>;
  readonly local: LocalTime;
}

const probeBytes = 16 * 1024;
/** Pieces without a line that has a time, such as long traces, before it is given up. */
const mostEmpty = 8;

/** Byte where the first line at or after the time begins (the size when all are earlier); undefined when its lines tell no time. */
export async function firstAt(log: Lookable, time: number): Promise<number | undefined> {
  let [low, high] = [0, log.size];
  // Invariant: what begins before `low` is earlier, what begins at `high` or later is not.
  while (high - low > probeBytes) {
    const middle = Math.floor((low + high) / 2);
    const seen = await nextTimed(log, middle, high);
    if (seen === 'none') return undefined;
    if (seen === undefined || seen.time >= time) high = middle;
    else low = seen.begins;
  }
  const found = await firstWithin(log, low, Math.min(log.size, high + probeBytes), time);
  return found ?? Math.min(high, log.size);
}

interface Timed {
  readonly begins: number;
  readonly time: number;
}

/** The first line with a time that begins behind `from`; undefined when there is none before `to`. */
async function nextTimed(log: Lookable, from: number, to: number): Promise<Timed | 'none' | undefined> {
  let at = from;
  for (let empty = 0; empty < mostEmpty; empty++) {
    if (at >= to) return undefined;
    const bytes = await log.read(at, probeBytes);
    if (bytes.length === 0) return undefined;
    for (const line of linesOf(bytes, at > 0)) {
      const time = lineTime(line.text, log.local);
      if (time !== undefined) return at + line.from < to ? { begins: at + line.from, time } : undefined;
    }
    at += Math.max(1, bytes.lastIndexOf(10) > 0 ? bytes.lastIndexOf(10) : bytes.length);
  }
  return 'none';
}

async function firstWithin(log: Lookable, from: number, to: number, time: number): Promise<number | undefined> {
  const bytes = await log.read(from, to - from);
  for (const line of linesOf(bytes, false)) {
    const written = lineTime(line.text, log.local);
    if (written !== undefined && written >= time) return from + line.from;
  }
  return undefined;
}

/** Each with where it begins; `isInside`: the first one is the rest of a line. */
function* linesOf(bytes: Uint8Array, isInside: boolean): Generator<{ readonly from: number; readonly text: string }> {
  const decoder = new TextDecoder('latin1');
  let from = isInside ? bytes.indexOf(10) + 1 : 0;
  if (isInside && from === 0) return;
  while (from < bytes.length) {
    const end = bytes.indexOf(10, from);
    const stop = end < 0 ? bytes.length : end;
    yield { from, text: decoder.decode(bytes.subarray(from, Math.min(stop, from + 400))) };
    from = stop + 1;
  }
}
