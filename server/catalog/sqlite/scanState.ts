// ScanState: which source a row comes from and when it was seen; what every write needs to know.
import type { Connection } from './connection.ts';

export interface ScanState {
  readonly connection: Connection;
  readonly source: number;
  /** Number of this scan of this source; rows not seen in it carry a lower one. */
  readonly scan: number;
  /** Epoch ms. */
  readonly at: number;
}

/** Undefined for what is no time at all, so that a strange tool cannot break a table. */
export function validTime(at: number | undefined): number | undefined {
  return at !== undefined && Number.isFinite(at) ? at : undefined;
}
