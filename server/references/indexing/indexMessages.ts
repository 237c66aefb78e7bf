// Messages between the indexer and its worker; plain data.
import type { FileSummary } from '../summary.ts';

export type ToIndexWorker =
  /** Walk these folders (absolute) and summarise what is in them. */
  | { readonly type: 'folders'; readonly folders: readonly string[] }
  /** Summarise these files (absolute) again; what is gone is told as removed. */
  | { readonly type: 'files'; readonly files: readonly string[] }
  /** So many answers were taken in: the worker never is far ahead, or thousands of files wait in memory. */
  | { readonly type: 'taken'; readonly answers: number };

export interface FromIndexWorker {
  readonly summaries: readonly FileSummary[];
  /** Uris of files that are not there any more. */
  readonly removed: readonly string[];
  /** Set in the last message of an answer. */
  readonly done: boolean;
}
