// Log search: reads a log's file, whole or its ends, for the line that says why; says where in the file it is.
import { parseRemoteLog } from '../catalog/run.ts';
import type { ConnectorHost, FileStat, LogSought, LogStat } from '../connectors/connector.ts';
import type { RootLine } from '../protocol/incident.ts';
import { findWords } from './log/findWords.ts';
import type { TraceFrame } from './log/pythonTraces.ts';
import { loud } from './log/signs.ts';
import { type LogSpan, partWrittenIn } from './logSpan.ts';
import { type LogLine, logText, windowBytes } from './logText.ts';
import { type PickedRoot, pickRoot } from './rootLine.ts';
import { utc } from './trouble/missedRuns.ts';

/** The part of the world that reading logs needs. */
export interface LogReader extends Pick<ConnectorHost, 'readRange'> {
  stat(path: string): Promise<(FileStat & Pick<LogStat, 'atLeast' | 'zoneMinutes'>) | undefined>;
  /** Where the first line with one of the words begins; `unable`, or absent: look for it by reading ranges. */
  search?(path: string, sought: LogSought): Promise<number | 'unable' | undefined>;
}

export interface FoundRoot {
  /** `line` is the 1-based line of the file. */
  readonly root: RootLine;
  /** Where that line begins in the file. */
  readonly byte: number;
  /** How many shown lines of the same line of the file come before it. */
  readonly within: number;
  readonly telling: boolean;
  readonly failure: boolean;
  readonly own?: TraceFrame;
}

/** Lines are counted up to here; in a longer log the number is that within the part that was read. */
const countedBytes = 64 * 1024 * 1024;
/** The same for logs that travel. */
const countedRemotely = 2 * windowBytes;
/** What stands above a line that was found by a word, for its beginning. */
const aboveBytes = 64 * 1024;
/** Places in the middle of a long log that are looked at before it is given up. */
const mostPlaces = 6;

/** What is searched: all of a log, or what was written at a time. */
interface Part {
  readonly file: string;
  readonly from: number;
  readonly to: number;
  /** Of the whole log. */
  readonly size: number;
  readonly atLeast: boolean;
  /** Of a part: which one. */
  readonly said?: string;
}

/**
 * `span`: when it went wrong; of a long log that time is searched first, then all of it. Undefined when the file is not
 * there, is empty, or holds nothing that speaks of trouble. Rejects as the reader does.
 */
export async function findInLog(reader: LogReader, file: string, span?: LogSpan): Promise<FoundRoot | undefined> {
  const { size = 0, atLeast = false, modifiedAt = 0, zoneMinutes } = (await reader.stat(file)) ?? {};
  if (size === 0 && !atLeast) return undefined;
  const whole: Part = { file, from: 0, to: size, size, atLeast };
  if (size <= windowBytes && !atLeast) return searchPiece(reader, whole, 0, '');
  const read = (offset: number, length: number) => reader.readRange(file, offset, length);
  const log = { size, read, modifiedAt, ...(zoneMinutes !== undefined && { zoneMinutes }) };
  const then = span && !atLeast ? await partWrittenIn(log, span) : undefined;
  const said = span && `what was written from ${utc(span.since)} to ${utc(span.until)}`;
  // A byte before its first line, since half lines at the start of a piece are left out.
  const part = then && { ...whole, from: Math.max(0, then.from - 1), to: then.to, ...(said && { said }) };
  const first = part && (await findInPart(reader, part));
  if (first?.telling) return first;
  const found = await findInPart(reader, whole);
  return found?.telling ? found : (first ?? found);
}

/** At its end, at its start, then between them. */
async function findInPart(reader: LogReader, part: Part): Promise<FoundRoot | undefined> {
  const { from, to, atLeast, said } = part;
  const length = megabytes(to - from);
  const of = said === undefined ? length : `the ${length} of ${said}`;
  if (to - from <= windowBytes && !atLeast) return searchPiece(reader, part, from, `; found in ${said ?? of}`);
  const tail = atLeast
    ? undefined
    : await searchPiece(reader, part, to - windowBytes, `; found in the last 2 MB of ${of}`);
  if (tail?.telling) return tail;
  const better = atLeast ? '' : `, the last 2 MB of ${of} hold no better one`;
  const whole = `${of}${atLeast ? ' and more' : ''}`;
  const head = await searchPiece(reader, part, from, `; found in the first 2 MB of ${whole}${better}`);
  if (head?.telling) return head;
  const other = tail ?? head;
  try {
    return (await searchMiddle(reader, part)) ?? other;
  } catch (error) {
    if (!other) throw error;
    const why = error instanceof Error ? error.message : String(error);
    return { ...other, root: { ...other.root, reason: `${other.root.reason}; the rest was not searched: ${why}` } };
  }
}

/** Between the ends: places with a loud word, in order, until one tells. Undefined when none does. */
async function searchMiddle(reader: LogReader, part: Part): Promise<FoundRoot | undefined> {
  const { file, size, atLeast } = part;
  const to = atLeast ? undefined : part.to - windowBytes;
  let from = part.from + windowBytes;
  for (let places = 0; places < mostPlaces && (to === undefined || from < to); places++) {
    const at = await findWords(reader, file, { words: loud, from, ...(to !== undefined && { to }) });
    if (at === undefined) return undefined;
    const begin = Math.max(part.from, at - aboveBytes);
    const where = `; found at ${megabytes(at)} of ${megabytes(Math.max(size, at))}, by a word that stands for trouble`;
    // Where nobody knows the end, it is behind what is looked at.
    const known = atLeast ? { to: begin + windowBytes, size: Math.max(size, begin + windowBytes + 1) } : {};
    const found = await searchPiece(reader, { ...part, ...known }, begin, where);
    if (found?.telling) return found;
    from = begin + windowBytes;
  }
  return undefined;
}

/** At most 2 MB from a byte, to the end of the part. */
async function searchPiece(
  reader: LogReader,
  { file, to, size, atLeast }: Part,
  from: number,
  where: string,
): Promise<FoundRoot | undefined> {
  const most = atLeast ? windowBytes : Math.min(windowBytes, to - from);
  const bytes = await reader.readRange(file, from, most);
  const { lines, from: begins } = logText(bytes, from, size);
  const picked = pickRoot(lines);
  const line = picked && lines[picked.root.line - 1];
  if (!picked || !line) return undefined;
  const before = begins === 0 ? 0 : await linesBefore(reader, file, begins);
  const uncounted = before === undefined ? '; its line number counts from the start of that part' : '';
  const root = {
    ...picked.root,
    line: (before ?? 0) + line.from + 1,
    reason: `${picked.root.reason}${where}${uncounted}`,
  };
  return { root, byte: line.byte, within: withinOf(lines, picked), ...verdict(picked) };
}

function verdict({ telling, kind, own }: PickedRoot): Pick<FoundRoot, 'telling' | 'failure' | 'own'> {
  return { telling, failure: kind !== 'warning', ...(own ? { own } : {}) };
}

function withinOf(lines: readonly LogLine[], { root }: PickedRoot): number {
  const at = root.line - 1;
  let first = at;
  while (first > 0 && lines[first - 1]?.from === lines[at]?.from) first--;
  return at - first;
}

async function linesBefore(reader: LogReader, file: string, end: number): Promise<number | undefined> {
  if (end > (parseRemoteLog(file) ? countedRemotely : countedBytes)) return undefined;
  let count = 0;
  for (let from = 0; from < end; from += windowBytes) {
    const bytes = await reader.readRange(file, from, Math.min(windowBytes, end - from));
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  }
  return count;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
