// Big log: five GB of a scoring service, ten days with a time on every line, into which a line of trouble is put; and how its rows are judged.
import { closeSync, openSync, writeSync } from 'node:fs';
import type { LogPlace, Run } from '../../server/catalog/run.ts';
import { type LogReader, megabytes } from '../../server/incidents/logSearch.ts';
import type { LogSpan } from '../../server/incidents/logSpan.ts';
import { openLog } from '../../server/incidents/logWindow.ts';

export const gigabytes = 5;
export const width = 128;
export const lines = (gigabytes * 1024 ** 3) / width;
const secondLines = 50;
const began = Date.UTC(2026, 10, 10);
const mustMs = 1_000;
const mustMb = 100;

/** Where in it the trouble is, and whether it is known when it happened. */
export interface Asked {
  readonly where: string;
  readonly line: number;
  readonly isTimeKnown?: true;
  /** What a search over GB takes is told, and promised to nobody. */
  readonly isSearched?: true;
}

export const plain: readonly Asked[] = [
  { where: 'at the end', line: lines - 1_000 },
  { where: 'at the start', line: 1_000 },
  { where: 'in the middle, when is known', line: lines / 2, isTimeKnown: true },
  { where: 'after nine tenths, when is known', line: Math.floor(lines * 0.9), isTimeKnown: true },
  { where: 'in the middle, when is not known', line: lines / 2, isSearched: true },
  { where: 'shortly before the end, when is not known', line: lines - 40_000, isSearched: true },
];

export interface Row {
  readonly what: string;
  readonly isSearched: boolean;
  /** To the first byte that came, in ms. */
  readonly firstByteMs: number;
  /** From that to the window with the error in it, in ms. */
  readonly shownMs: number;
  /** The most resident memory on the way, above what there was before, in MB. */
  readonly memoryMb: number;
  /** Questions that were asked of the log's place. */
  readonly questions: number;
  readonly found: boolean;
  /** Where something is promised a busy machine is given five; the best one counts. */
  readonly tries: number;
}

const padded = (words: string): string => `${words.padEnd(width - 1)}\n`;
const stampOf = (line: number): string => {
  const at = new Date(began + Math.floor(line / secondLines) * 1000).toISOString();
  return `${at.slice(0, 10)} ${at.slice(11, 19)},000`;
};
const quiet = (line: number): string => padded(`${stampOf(line)} INFO churn.score: scored another thousand rows`);

export function fill(file: string): void {
  const blockLines = secondLines * 8192;
  const stampBytes = stampOf(0).length;
  const block = Buffer.from(quiet(0).repeat(blockLines));
  const handle = openSync(file, 'w');
  for (let line = 0; line < lines; line += blockLines) {
    for (let second = 0; second < blockLines; second += secondLines) {
      const stamp = Buffer.from(stampOf(line + second));
      for (let one = second; one < second + secondLines; one += 1) stamp.copy(block, one * width, 0, stampBytes);
    }
    writeSync(handle, block, 0, Math.min(blockLines, lines - line) * width);
  }
  closeSync(handle);
}

/** Puts the trouble into it; what is answered takes it out again. */
export function trouble(file: string, { line }: Asked): () => void {
  const put = (text: string): void => {
    const handle = openSync(file, 'r+');
    writeSync(handle, text, line * width);
    closeSync(handle);
  };
  put(padded(`${stampOf(line)} ERROR churn.score: column tenure is missing`));
  return () => put(quiet(line));
}

export interface Opening {
  readonly reader: LogReader;
  /** A `remoteLog` address. */
  readonly file: string;
  /** By `performance.now()`; 0 while nothing has come. */
  firstByteAt(): number;
  questions(): number;
}

const mostTries = 5;

/** `row` measures once. */
export async function tried(asked: Asked, row: (asked: Asked) => Promise<Row>): Promise<Row> {
  let best = await row(asked);
  let tries = 1;
  for (; !asked.isSearched && !holds(best) && tries < mostTries; tries += 1) {
    const next = await row(asked);
    if (holds(next) || next.shownMs < best.shownMs) best = next;
  }
  return { ...best, tries };
}

/** Opens it at the line that matters, as Jump to Logs does. */
export async function measured(asked: Asked, opening: () => Opening): Promise<Row> {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const sampling = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 5);
  const startedAt = performance.now();
  const { reader, file, firstByteAt, questions } = opening();
  try {
    const opened = await openLog(reader, {
      ...{ run: runWith([{ file, title: 'score.log' }]), related: [] },
      ...(asked.isTimeKnown && { span: spanOf(asked) }),
    });
    const shownAt = performance.now();
    most = Math.max(most, process.memoryUsage().rss);
    const text =
      'window' in opened ? (opened.window.text.split('\n')[opened.window.reveal ?? -1] ?? '') : opened.problem;
    return {
      ...{ what: asked.where, isSearched: asked.isSearched === true, questions: questions(), tries: 1 },
      firstByteMs: Math.round(firstByteAt() - startedAt),
      shownMs: Math.round(shownAt - firstByteAt()),
      memoryMb: Math.round((most - before) / 1e6),
      found: text.includes('column tenure is missing'),
    };
  } finally {
    clearInterval(sampling);
  }
}

/** A run of an hour that failed then. */
function spanOf({ line }: Asked): LogSpan {
  const at = began + Math.floor(line / secondLines) * 1000;
  return { since: at - 60 * 60_000, until: at + 60_000 };
}

function runWith(logs: readonly LogPlace[]): Run {
  const nothing = { metrics: [], params: [], inputs: [], outputs: [], linked: [] };
  return { id: 'run:ssh://worker/score.log', of: [], name: 'score.log', status: 'unknown', logs, ...nothing };
}

export function holds({ found, shownMs, memoryMb }: Row): boolean {
  return found && shownMs <= mustMs && memoryMb <= mustMb;
}

export function words(place: string, rows: readonly Row[]): string {
  const told = rows.map((row) => {
    const { what, firstByteMs, shownMs, memoryMb, questions, found, tries } = row;
    const seen = found ? `shown ${shownMs} ms after it` : `NOT FOUND in ${shownMs} ms`;
    const verdict = holds(row) ? 'holds' : 'DOES NOT HOLD';
    return `  error ${what}: first byte after ${firstByteMs} ms, ${seen}, ${questions} questions, ${memoryMb} MB more: ${verdict}${tries > 1 ? ` in ${tries} tries` : ''}`;
  });
  const size = megabytes(lines * width);
  return [`A log of ${size} ${place} (limits: ${mustMs} ms after the first byte, ${mustMb} MB more)`, ...told].join(
    '\n',
  );
}
