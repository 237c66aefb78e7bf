// Content: what runs, known by its hash alone, so that git can be asked which commits hold it; the text itself is never kept.

/**
 * `git`: ids that git gives to these bytes, as they are first, then with other line ends and with or without the last one.
 * `dbt`: the checksum of a node in dbt's manifest.
 */
export type ContentHash =
  | { readonly kind: 'git'; readonly ids: readonly string[] }
  | { readonly kind: 'dbt'; readonly sha256: string };

/** Of what its tool hands out or has hashed itself; nothing means: the tool does not hand it out, or was not asked. */
export interface Content {
  /** As the tool says it, with `/`: below a repository, below a folder of one, or absolute where it runs; at least a file name. */
  readonly file: string;
  readonly hash: ContentHash;
  /** The source of a notebook: where the repository has the notebook as `.ipynb`, that it has no such text proves nothing. */
  readonly isNotebook?: true;
  /** What the tool calls it: `DAG version 3`. */
  readonly version?: string;
  /** Epoch ms: when its tool said so; absent: as of the facts or the run it stands in. */
  readonly at?: number;
}

/** What of a content does not count where it is found again, because its tool hands out or hashes another form of it. */
export type Aside = 'line ends' | 'white space';

/** Which commits of a repository hold a content. Hashes of commits are full, paths are relative to the repository, with `/`. */
export type ContentMatch =
  /** The commit that is checked out holds it: since `first`, which brought it. `edited`: the file as saved is another. */
  | {
      readonly is: 'checkedOut';
      readonly path: string;
      readonly first: string;
      readonly edited: boolean;
      readonly branch?: string;
      readonly aside?: Aside;
    }
  /** Brought by `first`, still there in `last`. `behind`: so many commits were checked out since then; absent: the checkout does not come after it. */
  | {
      readonly is: 'committed';
      readonly path: string;
      readonly first: string;
      readonly last: string;
      /** A branch or tag that holds them; the one that is checked out, if it does. */
      readonly branch?: string;
      readonly behind?: number;
      readonly aside?: Aside;
    }
  /** The file as saved is it; no commit is. */
  | { readonly is: 'saved'; readonly path: string; readonly aside?: Aside }
  /** All of the history that there is was looked through: made by hand, or of another repository. */
  | { readonly is: 'nowhere' }
  /** Could not ask, with the next step. */
  | { readonly is: 'unknown'; readonly reason: string };
