// LineageGraph: a laid-out neighbourhood of one entity, as it travels to the panel and the command line.

export type LineageRunStatus = 'queued' | 'running' | 'success' | 'failed' | 'skipped' | 'unknown';
export type LineageOrigin = 'reported' | 'declared' | 'code' | 'matched';
export type LineageDirection = 'upstream' | 'downstream';

/** Why it is not certain that something was there at an earlier time: it came or went about then; or nobody looked. */
export type LineageUnsure = 'absent' | 'between' | 'notWatched';

export interface LineageNode {
  /** Entity id; a name that no tool knows has `code:<kind>:<name>`. */
  readonly id: string;
  readonly kind: string;
  /** Tool text: draw it as text, never as HTML. */
  readonly label: string;
  readonly tool: string;
  /** Last status and when (epoch ms), if it ever ran. */
  readonly status?: LineageRunStatus;
  readonly statusAt?: number;
  /** Whether `openSource` can go to a line of code. */
  readonly hasSource: boolean;
  /** As of an earlier time only: absent when it was seen then. */
  readonly unsure?: LineageUnsure;
  /** Neighbours that are not drawn. */
  readonly hiddenUpstream: number;
  readonly hiddenDownstream: number;
  /** Centre and size, in the layout's points. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface LineageEdge {
  readonly from: string;
  readonly to: string;
  readonly relation: string;
  /** Who says so; several origins mean agreement. */
  readonly origins: readonly LineageOrigin[];
  readonly evidence: readonly string[];
  /** As of an earlier time only: absent when it was seen then. */
  readonly unsure?: LineageUnsure;
  /** Control points of a Bézier path: start, then triples, as Graphviz gives them. */
  readonly points: readonly (readonly [number, number])[];
}

export interface LineageGraph {
  readonly focus: string;
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly LineageEdge[];
  readonly width: number;
  readonly height: number;
  /** How many entities were left out because of the size limit; 0 when nothing was. */
  readonly leftOut: number;
  /** Catalog revision it was made from. */
  readonly revision: number;
  /** Present when it was asked for an earlier time. */
  readonly asOf?: LineageAsOf;
}

/** Times in epoch ms. */
export interface LineageAsOf {
  readonly time: number;
  /** When anything was looked at for the first time; absent when nothing ever was. */
  readonly watchedFrom?: number;
  /** What the focus looked like then, of what is followed: aliases, stage, owner, schedule, columns … */
  readonly fields: readonly LineageFieldAsOf[];
}

/** One answer of `catalog/asOf.ts`, with what it is about. */
export type LineageFieldAsOf = { readonly entity: string; readonly field: string } & (
  | {
      readonly answer: 'known';
      readonly value?: string;
      readonly since?: number;
      readonly until?: number;
      readonly source: string;
      readonly evidence?: string;
    }
  | {
      readonly answer: 'between';
      readonly from: number;
      readonly to: number;
      readonly before?: string;
      readonly after?: string;
      readonly source: string;
    }
  | { readonly answer: 'notWatched'; readonly seenBefore?: LineageSighting; readonly seenAfter?: LineageSighting }
);

/** Without a value there was none. */
export interface LineageSighting {
  readonly value?: string;
  readonly at: number;
}

/** Which hidden neighbours the user has opened. */
export interface LineageExpansion {
  readonly id: string;
  readonly direction: LineageDirection;
}

export interface EntityDetails {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly rows: readonly { readonly label: string; readonly value: string }[];
  readonly age: string;
  readonly lastFailedRun?: string;
  /** One of its runs says its commit. */
  readonly hasCommit?: boolean;
}
