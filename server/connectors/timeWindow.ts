// Time window: which bytes of a long log were written between two times, found by looking at few of its lines.
import { type LocalTime, lineTime } from './lineTime.ts';

export interface Lookable {
  readonly size: number;
  /** At most `length` bytes from `offset`. */
  read(offset: number, length: number): Promise<Uint8Array>;
  readonly local: LocalTime;
}

const probeBytes = 16 * 1024;
/** Of a line, for its time. */
const lookedAt = 400;
/** Pieces without a line that has a time, such as long traces, before it is given up. */
const mostEmpty = 8;
/** So much of a log is looked through line by line. */
const readBytes = 4 * probeBytes;
/** A guess by the times at both ends is made this part of the rest to either side of it, so that it is between the two. */
const besideGuess = 1 / 512;

export interface Timed {
  readonly begins: number;
  readonly time: number;
}

/** The first and the last line of a log that tell a time. */
export interface LogEnds {
  readonly first: Timed;
  /** Absent: it is not known, since what stands at the end tells none. */
  readonly last?: Timed;
}

/** Undefined when its lines tell no time. */
export async function endsOf(log: Lookable): Promise<LogEnds | undefined> {
  const first = await nextTimed(log, 0, log.size);
  if (!first || first === 'none') return undefined;
  const last = await lastTimed(log);
  return { first, ...(last && { last }) };
}

/**
 * Byte where the first line at or after the time begins (the size when all are earlier); undefined when its lines tell no
 * time. Where lines are out of order by some seconds it is off by as much. Looks guess by how evenly the log was written:
 * some six into 5 GB; where two guesses miss, what is left is halved by a third one: 50 at most.
 */
export async function firstAt(log: Lookable, time: number, ends?: LogEnds): Promise<number | undefined> {
  const { first, last } = ends ?? (await endsOf(log)) ?? {};
  if (!first) return undefined;
  if (first.time >= time) return first.begins;
  if (last && last.time < time) return log.size;
  let [low, high] = [first, { begins: log.size, time: last?.time ?? time }];
  /** Where the first line with a time begins behind `high`. */
  let found = log.size;
  let before = high.begins - low.begins;
  // Invariant: what begins before `low` is earlier, what begins at `high` or later is not.
  for (let turn = 0; high.begins - low.begins > readBytes; turn++) {
    const rest = high.begins - low.begins;
    if (turn === 2 && rest < before / 8) turn = 0;
    if (turn === 0) before = rest;
    const at = guess(low, high, time, turn);
    const seen = await nextTimed(log, at, high.begins);
    if (seen === 'none') return undefined;
    if (seen && seen.time < time) low = seen;
    else {
      high = { begins: at, time: seen?.time ?? high.time };
      found = seen?.begins ?? found;
    }
    if (turn === 2) turn = -1;
  }
  return (await firstWithin(log, low.begins, high.begins, time)) ?? found;
}

/** First a little before where it should be, then a little behind, then in the middle. */
function guess(low: Timed, high: Timed, time: number, turn: number): number {
  const rest = high.begins - low.begins;
  const between = high.time - low.time;
  if (turn === 2 || between <= 0) return Math.floor(low.begins + rest / 2);
  const beside = rest * besideGuess * (turn === 0 ? -1 : 1);
  const at = Math.floor(low.begins + (rest * (time - low.time)) / between + beside);
  return Math.min(Math.max(at, low.begins + 1), high.begins - 1);
}

/** The first line with a time that begins behind `from` (at 0: there or later), at `to` at the latest; undefined when there is none. */
async function nextTimed(log: Lookable, from: number, to: number): Promise<Timed | 'none' | undefined> {
  let at = from;
  for (let empty = 0; empty < mostEmpty; empty++) {
    if (at >= to) return undefined;
    const bytes = await log.read(at, probeBytes);
    if (bytes.length === 0) return undefined;
    for (const line of linesOf(bytes, at > 0)) {
      const time = lineTime(line.text, log.local);
      if (time !== undefined) return at + line.from <= to ? { begins: at + line.from, time } : undefined;
    }
    at += Math.max(1, bytes.lastIndexOf(10) > 0 ? bytes.lastIndexOf(10) : bytes.length);
  }
  return 'none';
}

/** The last line with a time in the last pieces; undefined when they hold none. */
async function lastTimed(log: Lookable): Promise<Timed | undefined> {
  for (let length = probeBytes; length <= probeBytes * 4; length *= 4) {
    const from = Math.max(0, log.size - length);
    let last: Timed | undefined;
    for (const line of linesOf(await log.read(from, length), from > 0)) {
      const time = lineTime(line.text, log.local);
      if (time !== undefined) last = { begins: from + line.from, time };
    }
    if (last || from === 0) return last;
  }
  return undefined;
}

/** Of the lines that begin at `from` up to and with `to`. */
async function firstWithin(log: Lookable, from: number, to: number, time: number): Promise<number | undefined> {
  const bytes = await log.read(from, to - from + lookedAt);
  for (const line of linesOf(bytes, false)) {
    if (from + line.from > to) return undefined;
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
    yield { from, text: decoder.decode(bytes.subarray(from, Math.min(stop, from + lookedAt))) };
    from = stop + 1;
  }
}
