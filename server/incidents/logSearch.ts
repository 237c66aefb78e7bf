// Log search: reads a log's file, whole or its ends, for the line that says why; says where in the file it is.
import { parseRemoteLog } from '../catalog/run.ts';
import type { ConnectorHost, FileStat, LogSought } from '../connectors/connector.ts';
import type { RootLine } from '../protocol/incident.ts';
import { findWords } from './log/findWords.ts';
import type { TraceFrame } from './log/pythonTraces.ts';
import { loud } from './log/signs.ts';
import { type LogLine, logText, windowBytes } from './logText.ts';
import { type PickedRoot, pickRoot } from './rootLine.ts';

/** The part of the world that reading logs needs. */
export interface LogReader extends Pick<ConnectorHost, 'readRange'> {
  /** `atLeast`: more follows that nobody has counted, as in a packed log. */
  stat(path: string): Promise<(FileStat & { readonly atLeast?: boolean }) | undefined>;
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

/** Undefined when the file is not there, is empty, or holds nothing that speaks of trouble. Rejects as the reader does. */
export async function findInLog(reader: LogReader, file: string): Promise<FoundRoot | undefined> {
  const { size = 0, atLeast = false } = (await reader.stat(file)) ?? {};
  if (size === 0 && !atLeast) return undefined;
  if (size <= windowBytes && !atLeast) return searchPart(reader, file, 0, size, '');
  const said = `the last 2 MB of ${megabytes(size)}`;
  const tail = atLeast ? undefined : await searchPart(reader, file, size - windowBytes, size, `; found in ${said}`);
  if (tail?.telling) return tail;
  const better = atLeast ? '' : `, ${said} hold no better one`;
  const whole = `${megabytes(size)}${atLeast ? ' and more' : ''}`;
  const head = await searchPart(reader, file, 0, size, `; found in the first 2 MB of ${whole}${better}`);
  if (head?.telling) return head;
  const middle = await searchMiddle(reader, file, size, atLeast);
  return middle ?? tail ?? head;
}

/** Between the ends: places with a loud word, in order, until one tells. Undefined when none does. */
async function searchMiddle(
  reader: LogReader,
  file: string,
  size: number,
  atLeast: boolean,
): Promise<FoundRoot | undefined> {
  const to = atLeast ? undefined : size - windowBytes;
  let from = windowBytes;
  for (let places = 0; places < mostPlaces && (to === undefined || from < to); places++) {
    const at = await findWords(reader, file, { words: loud, from, ...(to !== undefined && { to }) });
    if (at === undefined) return undefined;
    const begin = Math.max(0, at - aboveBytes);
    const where = `; found at ${megabytes(at)} of ${megabytes(Math.max(size, at))}, by a word that stands for trouble`;
    const found = await searchPart(reader, file, begin, Math.max(size, begin + windowBytes + 1), where);
    if (found?.telling) return found;
    from = begin + windowBytes;
  }
  return undefined;
}

async function searchPart(
  reader: LogReader,
  file: string,
  from: number,
  size: number,
  where: string,
): Promise<FoundRoot | undefined> {
  const bytes = await reader.readRange(file, from, windowBytes);
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
