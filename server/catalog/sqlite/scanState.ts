// ScanState: which source a row comes from and when it was seen; what every write needs to know.
import type { Connection } from './connection.ts';

export interface ScanState {
  readonly connection: Connection;
  readonly source: number;
  /** Number of this scan of this source; rows not seen in it carry a lower one. */
  readonly scan: number;
  /** Epoch ms. */
  readonly at: number;
  /** Number of the last scan whose changes history holds. */
  readonly recorded: number;
  /** When the last scan without problems began (epoch ms). */
  readonly cleanAt: number | undefined;
  /** It tells only what changed. */
  readonly incremental: boolean;
}

/** Of the scan that was just begun. */
export function scanState(connection: Connection, source: number, at: number): ScanState {
  const row = connection.get('SELECT scan, history_scan, clean_at FROM sources WHERE id = ?', source);
  const cleanAt = typeof row?.clean_at === 'number' ? row.clean_at : undefined;
  return {
    connection,
    source,
    scan: Number(row?.scan),
    at,
    recorded: Number(row?.history_scan),
    cleanAt,
    incremental: false,
  };
}

/** Undefined for what is no time at all, so that a strange tool cannot break a table. */
export function validTime(at: number | undefined): number | undefined {
  return at !== undefined && Number.isFinite(at) ? at : undefined;
}
