// GitRepository: what may be asked of the user's git; read-only, made real in `server/world/git.ts`.

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
