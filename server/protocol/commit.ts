// Commit: a file at the commit that a run came from, beside the file of today.

export interface RunCommitParams {
  /** Of a run, of an entity (its newest run that says its commit), or of an incident's entity. */
  readonly id: string;
  /** The open file; absent: the file that defines the entity. */
  readonly uri?: string;
}

/** What to compare; `problem` says in words why there is nothing, and what to do. */
export type RunCommitResult =
  | {
      /** Full hash. */
      readonly commit: string;
      /** Tool text. */
      readonly run: string;
      /** Absolute path of the file of today. */
      readonly file: string;
      readonly unchanged: boolean;
    }
  | { readonly problem: string };

export interface FileAtParams {
  readonly commit: string;
  /** Absolute path of the file of today; one outside the workspace's repositories is refused. */
  readonly file: string;
}

export type FileAtResult = { readonly text: string } | { readonly problem: string };
