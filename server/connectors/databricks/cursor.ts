// Cursor: where the next scan goes on: times of the server, and the runs that had not ended.
import { isRecord, list, number } from '../json.ts';
import { idText } from './jobs/shapes.ts';

export interface Cursor {
  /** Epoch ms by the server's clock: runs that started before it were listed. */
  readonly at: number;
  /** Epoch ms: when tables and models were listed last. */
  readonly unityAt: number;
  /** Runs that had not ended, oldest first. */
  readonly open: readonly string[];
}

const mostOpen = 500;

export function writeCursor({ at, unityAt, open }: Cursor): string {
  return JSON.stringify({ databricks: 1, at, unityAt, open: open.slice(-mostOpen) });
}

/** Undefined for what is no cursor of ours: then all there is must be read. */
export function readCursor(text: string): Cursor | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value.databricks !== 1) return undefined;
  const [at, unityAt] = [number(value.at), number(value.unityAt)];
  if (at === undefined || at <= 0 || at > 8e15 || unityAt === undefined) return undefined;
  return {
    at,
    unityAt,
    open: list(value.open)
      .flatMap((run) => idText(run) ?? [])
      .slice(0, mostOpen),
  };
}
