// GitRepository: what may be asked of the user's git; read-only, made real in `server/world/git.ts`.
import type { Content, ContentMatch } from '../catalog/content.ts';

export type { Content, ContentMatch } from '../catalog/content.ts';

export interface Commit {
  /** Full hash. */
  readonly hash: string;
  readonly author: string;
  /** Epoch ms of the author date. */
  readonly at: number;
  /** First line of the message. */
  readonly subject: string;
}

/** Where a line of a file at a commit is in the file of today. Lines are 1-based. */
export type MappedLine =
  | { readonly found: 'same' | 'moved'; readonly path: string; readonly line: number }
  /** The line was changed or deleted; `line` is where it stood. */
  | { readonly found: 'changed'; readonly path: string; readonly line: number }
  /** The file is not there any more, or the commit or file is not known to this repository. */
  | { readonly found: 'unknown'; readonly reason: string };

/**
 * How a commit stands to what is checked out (HEAD): `behind` by so many commits that came after it here, `ahead` by
 * so many that are not here. `atLeast`: the clone is shallow, and does not hold all of them.
 */
export type CommitRelation =
  | { readonly is: 'same' }
  | { readonly is: 'behind' | 'ahead'; readonly by: number; readonly atLeast?: true }
  | { readonly is: 'diverged'; readonly ahead: number; readonly behind: number; readonly atLeast?: true }
  /** With the next step. */
  | { readonly is: 'unknown'; readonly reason: string };

/** Between the file of a commit and the file of today, as saved; line endings do not count. */
export interface FileDifference {
  /** Lines. */
  readonly added: number;
  readonly removed: number;
  /** A unified diff, at most 2,000 lines; empty when nothing differs. */
  readonly text: string;
}

export interface LineAuthor {
  readonly author: string;
  /** Of the file at HEAD. */
  readonly lines: number;
  /** Epoch ms of the newest commit of theirs that is still seen in it. */
  readonly at: number;
}

/**
 * Paths are absolute paths of today's work tree; a file that was renamed since a commit is followed back.
 * Answers are undefined when the repository does not hold the commit or the file. Rejects when git cannot be run,
 * with the next step.
 */
export interface GitRepository {
  /** Absolute path of the work tree. */
  readonly root: string;
  /** Full hash; undefined before the first commit. */
  headCommit(): Promise<string | undefined>;
  commit(hash: string): Promise<Commit | undefined>;
  /** The text of the file at a commit, under the name it had then. */
  fileAt(commit: string, path: string): Promise<string | undefined>;
  /** Whether the file of today (as saved) differs from the commit's; line endings do not count. */
  changedSince(commit: string, path: string): Promise<boolean | undefined>;
  /** Undefined like `changedSince`; a file that is not there any more has lost all its lines. */
  differenceSince(commit: string, path: string): Promise<FileDifference | undefined>;
  relation(commit: string): Promise<CommitRelation>;
  /**
   * Which commits hold a content: of all branches and tags, the one that is checked out first. `near`: where the file
   * that it is of may stand today, best first. What is not found within 30 s is `unknown`, like everything git refuses.
   */
  holding(content: Content, near: readonly string[], signal?: AbortSignal): Promise<ContentMatch>;
  /** Of the lines of the file at HEAD, most lines first, at most 20; empty when HEAD does not have it. */
  authors(path: string): Promise<readonly LineAuthor[]>;
  /** `path` may be the name of today or the name at the commit. */
  mapLine(commit: string, path: string, line: number): Promise<MappedLine>;
  /** Whether `older` is `newer` or one of its ancestors; undefined when one of them is not known here. */
  isAncestor(older: string, newer: string): Promise<boolean | undefined>;
  /** Commits after `since` up to `until` (default: HEAD), newest first, at most `limit`; `path` narrows to one file. */
  log(since: string, options?: LogOptions): Promise<readonly Commit[]>;
}

export interface LogOptions {
  readonly path?: string;
  readonly until?: string;
  /** Default 50. */
  readonly limit?: number;
}
