// Log search: reads a log's file, whole or its ends, for the line that says why; says where in the file it is.
import type { ConnectorHost } from '../connectors/connector.ts';
import type { RootLine } from '../protocol/incident.ts';
import type { TraceFrame } from './log/pythonTraces.ts';
import { type LogLine, logText, windowBytes } from './logText.ts';
import { type PickedRoot, pickRoot } from './rootLine.ts';

/** The part of the world that reading logs needs. */
export type LogReader = Pick<ConnectorHost, 'stat' | 'readRange'>;

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

/** Undefined when the file is not there, is empty, or holds nothing that speaks of trouble. Rejects as the reader does. */
export async function findInLog(reader: LogReader, file: string): Promise<FoundRoot | undefined> {
  const size = (await reader.stat(file))?.size ?? 0;
  if (size === 0) return undefined;
  if (size <= windowBytes) return searchPart(reader, file, 0, size, '');
  const said = `the last 2 MB of ${megabytes(size)}`;
  const tail = await searchPart(reader, file, size - windowBytes, size, `; found in ${said}`);
  if (tail?.telling) return tail;
  const head = await searchPart(
    reader,
    file,
    0,
    size,
    `; found in the first 2 MB of ${megabytes(size)}, ${said} hold no better one`,
  );
  return head?.telling || !tail ? head : tail;
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
  if (end > countedBytes) return undefined;
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
