// Incidents and their evidence, as the view, the command line and the log page receive them.

export type IncidentKind = 'failedRun' | 'failedTest' | 'staleTable' | 'missedRun' | 'metricRule' | 'alert';

/** A place in a log or a source file; `line` is 1-based, `file` absolute. */
export interface LinePlace {
  readonly file: string;
  /** In a notebook: among all its cells, from 0; `line` counts inside of it. */
  readonly cell?: number;
  readonly line: number;
}

export interface Incident {
  /** Stable over refreshes: the same trouble keeps its id. */
  readonly id: string;
  readonly kind: IncidentKind;
  /** Tool text inside; show as text. */
  readonly title: string;
  /** The entity that is failing. */
  readonly entity: string;
  /** The run that failed or logged the datapoint, when there is one. */
  readonly run?: string;
  /** Epoch ms when it began to fail, as far as the records go. */
  readonly since: number;
  /** Epoch ms of the newest sign of it. */
  readonly lastSeen: number;
  readonly owner?: string;
  /** One line: `AUC 0.71 is below 0.80`, `KeyError: 'churned'`. */
  readonly summary: string;
  /** Why nobody is paged for it (a silence, a downtime); absent: somebody is, as far as is known. */
  readonly muted?: string;
}

/** One hop of the explanation, in order from the symptom to the cause. */
export interface Evidence {
  /** `found`: the hop was made; `missing`: it could not be, and `advice` says how to supply the link. */
  readonly status: 'found' | 'missing';
  /** What was found, in one line. */
  readonly title: string;
  /** Why this follows from the hop before it. */
  readonly reason: string;
  /** Who says so, e.g. the source's name. */
  readonly source: string;
  /** Epoch ms of the fact. */
  readonly at?: number;
  /** Entity or run it is about. */
  readonly about?: string;
  readonly place?: LinePlace;
  readonly url?: string;
  readonly advice?: string;
}

/** The line of a log that matters, and the frames that lead to it. */
export interface RootLine {
  /** 1-based line in the log. */
  readonly line: number;
  /** The text of it, without escape sequences, at most 500 characters. */
  readonly text: string;
  readonly reason: string;
}

export interface LogFrame {
  /** 1-based line in the log. */
  readonly logLine: number;
  /** As written in the log. */
  readonly file: string;
  readonly line: number;
  readonly function?: string;
  /** Where it is in the workspace today; absent when the file is not of the workspace. */
  readonly local?: LinePlace;
  /** Said when the file has changed since the run: `line 31 then, line 38 now (commit 5be1f0a)`. */
  readonly moved?: string;
}

export interface EvidenceChain {
  readonly incident?: Incident;
  readonly title: string;
  readonly evidence: readonly Evidence[];
  /** The run whose log explains it; absent when the chain broke before. */
  readonly run?: string;
  readonly log?: LogTarget;
}

/** Where a line that was found stands, so that it is not looked for again. */
export interface FoundAt {
  /** Where it begins in the log. */
  readonly byte: number;
  /** How many shown lines of the same line of the log come before it. */
  readonly within: number;
}

export interface LogTarget {
  readonly run: string;
  readonly file: string;
  readonly root?: RootLine;
  /** Of `root`. */
  readonly at?: FoundAt;
}

/** At most 2 MB of a log around a byte, ready to show: text lines without escapes, JSON lines made readable. */
export interface LogWindow {
  readonly run: string;
  readonly file: string;
  readonly title: string;
  readonly text: string;
  /** Byte range of the file that `text` shows. */
  readonly from: number;
  readonly to: number;
  readonly size: number;
  /** 0-based line of `text` to reveal. */
  readonly reveal?: number;
  readonly frames: readonly LogFrame[];
  /** Other logs of the same run: tries, triggerer, worker. */
  readonly others: readonly { readonly run: string; readonly file: string; readonly title: string }[];
}
