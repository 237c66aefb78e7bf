// Cursor: where the next scan goes on: times of the server, each for a part of its own.
import { isRecord, number } from '../json.ts';

/** Epoch ms by the server's clock; 0: never. */
export interface Cursor {
  readonly at: number;
  /** When tables were listed last. */
  readonly tablesAt: number;
  /** What ended before it was read of the history of tasks, dynamic tables and queries: a warehouse had to be awake. */
  readonly historyAt: number;
  /** The same of what changed tables, and of lineage. */
  readonly lineageAt: number;
  readonly changedAt: number;
}

const fields = ['at', 'tablesAt', 'historyAt', 'lineageAt', 'changedAt'] as const;

export function writeCursor(cursor: Cursor): string {
  return JSON.stringify({ snowflake: 1, ...cursor });
}

/** Undefined for what is no cursor of ours: then all there is must be read. */
export function readCursor(text: string): Cursor | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value.snowflake !== 1) return undefined;
  const read = fields.map((field) => number(value[field]));
  if (read.some((at) => at === undefined || at < 0 || at > 8e15)) return undefined;
  const [at = 0, tablesAt = 0, historyAt = 0, lineageAt = 0, changedAt = 0] = read;
  return { at, tablesAt, historyAt, lineageAt, changedAt };
}
