// Log window: at most 2 MB of one of a run's own logs, readable, around a byte or around the line that matters.
import { logName, type Run } from '../catalog/run.ts';
import type { FoundAt, LogWindow } from '../protocol/incident.ts';
import { bodies } from './log/prefixes.ts';
import { allFrames, type TraceFrame } from './log/pythonTraces.ts';
import { findInLog, type LogReader, megabytes } from './logSearch.ts';
import type { LogSpan } from './logSpan.ts';
import { type LogLine, type LogText, logText, windowBytes } from './logText.ts';

export interface LogAsked {
  readonly run: Run;
  /** One of the run's own log files; default the last one. Anything else is refused. */
  readonly file?: string;
  /** Byte to centre on; default the line that matters, else the end. */
  readonly around?: number;
  /** The line that matters, where somebody has found it already. */
  readonly at?: FoundAt;
  /** When it went wrong, for the search. */
  readonly span?: LogSpan;
  /** Other tries and parts of the same run, for `others`. */
  readonly related: readonly Run[];
}

/** A window whose frames are not mapped to local files yet; their lines count in `window.text`. */
export interface OpenedLog {
  readonly window: Omit<LogWindow, 'frames'>;
  readonly frames: readonly TraceFrame[];
  readonly root?: FoundAt;
}

const mostFrames = 2000;

/** Never rejects: what cannot be read is a `problem` with the next step. */
export async function openLog(reader: LogReader, asked: LogAsked): Promise<OpenedLog | { readonly problem: string }> {
  const { run, file = run.logs.at(-1)?.file } = asked;
  const place = run.logs.find((log) => log.file === file);
  if (file === undefined)
    return {
      problem: `${run.name} has no log that Plumbline can read. Name its log folder under logs: in plumbline.yaml.`,
    };
  if (!place) return { problem: `${logName(file)} is not a log of ${run.name}, so it is not opened.` };
  try {
    const stat = await reader.stat(file);
    if (stat?.kind !== 'file')
      return {
        problem: `${logName(file)} is not there any more: the log was removed or moved since the last scan. Sync again.`,
      };
    const { atLeast = false } = stat;
    if (stat.size === 0 && !atLeast) return { problem: `${logName(file)} is empty: nothing has been logged yet.` };
    let unsearched: string | undefined;
    const search = (): Promise<FoundAt | undefined> =>
      findInLog(reader, file, asked.span).catch((error: unknown) => {
        unsearched = error instanceof Error ? error.message : String(error);
        return undefined;
      });
    const root = asked.at ?? (asked.around === undefined ? await search() : undefined);
    const around = aroundOf(asked.around ?? root?.byte ?? stat.size, stat.size, atLeast);
    // Where nobody knows the end, it is behind what is asked for.
    const end = atLeast ? Math.max(stat.size, around + windowBytes) : stat.size;
    const from = end <= windowBytes ? 0 : windowStart(around, end);
    const bytes = await reader.readRange(file, from, windowBytes);
    const isEnd = atLeast && bytes.length < windowBytes;
    const size = isEnd ? from + bytes.length : Math.max(end, from + (atLeast ? bytes.length + 1 : 0));
    const text = logText(bytes, from, size);
    const shown = showText(text, size, atLeast && !isEnd, unsearched);
    const reveal = root ? rootAt(text.lines, root) : lineAt(text.lines, around);
    const window = {
      run: run.id,
      file,
      title: windowTitle(run.name, place.title),
      text: shown.text,
      from: text.from,
      to: text.to,
      size,
      ...(reveal === undefined ? {} : { reveal: reveal + shown.added }),
      others: othersOf(asked, file),
    };
    const frames = allFrames(bodies(text.lines), mostFrames);
    return {
      window,
      frames: frames.map((frame) => ({ ...frame, index: frame.index + shown.added })),
      ...(root ? { root } : {}),
    };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Whoever follows a log asks for a byte far behind its end; where nobody knows the end, what is known of it is shown. */
function aroundOf(asked: number, size: number, atLeast: boolean): number {
  return !atLeast || asked > 2 ** 50 ? Math.min(asked, size) : asked;
}

function windowStart(around: number, size: number): number {
  const middle = Math.floor(around - windowBytes / 2);
  return Math.max(0, Math.min(middle, size - windowBytes));
}

/** The cap is said where it bites: on a line of its own at either end. */
function showText(
  { lines, from, to }: LogText,
  size: number,
  isOpen: boolean,
  unsearched: string | undefined,
): { readonly text: string; readonly added: number } {
  const shown = lines.map(({ text }) => text);
  const before =
    from > 0 ? [`──── ${megabytes(from)} of this log before this are not shown: Previous Part shows more ────`] : [];
  const after =
    to >= size
      ? []
      : [
          isOpen
            ? '──── This packed log may go on after this: Next Part shows more ────'
            : `──── ${megabytes(size - to)} of this log after this are not shown: Next Part shows more ────`,
        ];
  if (unsearched !== undefined)
    after.push(`──── The line that matters was looked for, and not to the end: ${unsearched} ────`);
  return { text: [...before, ...shown, ...after].join('\n'), added: before.length };
}

function rootAt(lines: readonly LogLine[], { byte, within }: FoundAt): number | undefined {
  const first = lines.findIndex((line) => line.byte === byte);
  return first < 0 ? undefined : Math.min(first + within, lines.length - 1);
}

/** The line that holds the byte; the last one for a byte past the end. */
function lineAt(lines: readonly LogLine[], byte: number): number | undefined {
  const after = lines.findIndex((line) => line.byte > byte);
  const last = after < 0 ? lines.length - 1 : after - 1;
  return lines.length === 0 ? undefined : Math.max(0, last);
}

function othersOf({ run, related }: LogAsked, file: string): LogWindow['others'] {
  const all = [run, ...related].flatMap((one) =>
    one.logs.map((log) => ({
      run: one.id,
      file: log.file,
      title: one.id === run.id ? log.title : `${one.name}: ${log.title}`,
    })),
  );
  return [...new Map(all.map((other) => [other.file, other])).values()].filter((other) => other.file !== file);
}

/** `attempt 2` alone would not say whose: the run's own name counts its tries. */
function windowTitle(run: string, log: string): string {
  return /^attempt \d+$/.test(log) ? run : `${run}: ${log}`;
}
