// Log text: bytes of a log as readable lines, each remembering which line and byte of the file it came from.
import { plainLine } from './log/escapes.ts';
import { recordLines, type ShownLine } from './log/records.ts';

/** How much of a log is shown or searched at once. */
export const windowBytes = 2 * 1024 * 1024;
const maxLine = 10_000;

export interface LogLine extends ShownLine {
  /** 0-based line of the chunk that was read. */
  readonly from: number;
  /** Where that line begins in the file. */
  readonly byte: number;
}

export interface LogText {
  readonly lines: readonly LogLine[];
  /** Byte range of the file that the lines show: half lines at the edges of the chunk are left out. */
  readonly from: number;
  readonly to: number;
}

/**
 * `offset` is where `bytes` begin in the file of `size` bytes. The half line at the start (and at the end, unless the file
 * ends there: it may still be written) is left out, except when the chunk is one single line.
 */
export function logText(bytes: Uint8Array, offset: number, size: number): LogText {
  const decoder = new TextDecoder('utf-8');
  const [start, end] = wholeLines(bytes, offset, size);
  const lines: LogLine[] = [];
  let from = 0;
  for (let at = start; at < end; from++) {
    const found = bytes.indexOf(10, at);
    const stop = found < 0 || found > end ? end : found;
    const raw = decoder.decode(bytes.subarray(at, stop));
    for (const shown of shownLines(raw)) lines.push({ ...shown, from, byte: offset + at });
    at = stop + 1;
  }
  return { lines, from: offset + start, to: offset + end };
}

function wholeLines(bytes: Uint8Array, offset: number, size: number): readonly [number, number] {
  const startsInside = offset > 0;
  const endsInside = offset + bytes.length < size;
  const firstEnd = bytes.indexOf(10);
  const lastStart = bytes.lastIndexOf(10) + 1;
  const start = startsInside && firstEnd >= 0 ? firstEnd + 1 : 0;
  const end = endsInside && lastStart > start ? lastStart : bytes.length;
  return start < end ? [start, end] : [0, bytes.length];
}

function shownLines(raw: string): readonly ShownLine[] {
  const record = recordLines(raw);
  if (!record) return [{ text: shorten(plainLine(raw)) }];
  return record.map((line) => ({ ...line, text: shorten(plainLine(line.text)) }));
}

function shorten(line: string): string {
  if (line.length <= maxLine) return line;
  return `${line.slice(0, maxLine)} … (${line.length - maxLine} more characters in this line)`;
}
