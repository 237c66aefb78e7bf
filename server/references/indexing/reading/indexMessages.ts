// Messages between the indexer and its worker; plain data.
import type { UserRules } from '../../rules/userRules.ts';
import type { FileResult } from '../closedFile.ts';
import type { PackedFile } from '../packed.ts';

/** What decides which files are read, and how. */
export interface ReadingPlan {
  /** Absolute. */
  readonly folders: readonly string[];
  /** Globs as in the editor's `files.exclude`, from the folder on. */
  readonly excluded: readonly string[];
  /** The user's own, beside ours. */
  readonly rules: Pick<UserRules, 'rules' | 'sqlCalls'>;
  /** Where to keep what was read between sessions; absent: nowhere. */
  readonly keptIn?: string;
}

export type ToIndexWorker =
  /** Comes first. */
  | { readonly type: 'plan'; readonly plan: ReadingPlan }
  /** Walk the folders and summarise what is in them, as far as it is not kept from before. */
  | { readonly type: 'folders' }
  /** Summarise these files (absolute) again; what is gone is told as removed. */
  | { readonly type: 'files'; readonly files: readonly string[] }
  /** So many answers were taken in: the worker never is far ahead, or thousands of files wait in memory. */
  | { readonly type: 'taken'; readonly answers: number }
  | { readonly type: 'pause'; readonly paused: boolean }
  /** What came of files, to be kept beside them with the next `keep`. */
  | { readonly type: 'results'; readonly results: readonly EvaluatedFile[] }
  /** All answers up to number `answer` were evaluated: they are kept; of the uris `open` nothing is. */
  | { readonly type: 'keep'; readonly answer: number; readonly open: readonly string[] };

export interface EvaluatedFile {
  readonly uri: string;
  readonly result: FileResult;
}

export interface KnownFile {
  readonly packed: PackedFile;
  readonly result?: FileResult;
}

export interface FromIndexWorker {
  /** Counts up from 1. */
  readonly answer: number;
  readonly files: readonly KnownFile[];
  /** Uris of files that are not there any more. */
  readonly removed: readonly string[];
  /** The last of what was kept from before; what follows are differences from it. */
  readonly restored?: boolean;
  /** Files read of those to be read. */
  readonly progress?: { readonly read: number; readonly of: number };
  /** Set in the last message to a question. */
  readonly done: boolean;
  /** The answer to `keep`. */
  readonly kept?: true;
  /** Why nothing can be kept. */
  readonly trouble?: string;
}
