// Facts: what the tools say of an entity, from whom and as of when.
import type { Alert, AlertLink, MonitorState } from './alert.ts';
import type { Content } from './content.ts';
import type { EntityId } from './entity.ts';

/** A place in a file on this machine. `path` is absolute; `line` is 1-based. */
export interface SourcePlace {
  readonly path: string;
  readonly line: number;
}

export interface ModelAlias {
  readonly alias: string;
  readonly version: string;
}

export interface Column {
  readonly name: string;
  readonly type?: string;
  readonly description?: string;
}

/** One closed set for all kinds; a field that a kind has no use for stays absent. Absent means: the tool did not say. */
export interface Facts {
  readonly description?: string;
  readonly owner?: string;
  /** Page of the tool's own UI; shown as a link only if it is http(s). */
  readonly url?: string;
  readonly tags?: readonly string[];
  /** Epoch ms. */
  readonly createdAt?: number;
  /** Epoch ms: data or definition last changed, as the tool says. */
  readonly updatedAt?: number;
  /** Where a tool's manifest says it is defined (dbt original_file_path, Airflow fileloc). */
  readonly definedAt?: SourcePlace;
  /** What its tool runs for it now, by its hash. */
  readonly content?: Content;
  // model, version
  readonly modelAliases?: readonly ModelAlias[];
  readonly latestVersion?: string;
  readonly stage?: string;
  /** The run that made this version. */
  readonly madeBy?: EntityId;
  readonly artifactUri?: string;
  // job, task
  readonly schedule?: string;
  /** Length of one scheduling period in ms, when the schedule is regular; used to say "should have run". */
  readonly periodMs?: number;
  readonly paused?: boolean;
  readonly operator?: string;
  readonly pool?: string;
  /** Why the definition cannot be used (an import error). */
  readonly broken?: string;
  // table
  /** Whom its own configuration names for the data (dbt's `meta.owner`, the owner of its group); CODEOWNERS is about the code. */
  readonly dataOwner?: string;
  readonly columns?: readonly Column[];
  readonly rows?: number;
  readonly bytes?: number;
  readonly materialized?: string;
  readonly freshness?: 'pass' | 'warn' | 'error';
  readonly compiledSql?: string;
  // metric
  /** `counter`, `gauge`, `histogram` …, as its tool calls it. */
  readonly metricType?: string;
  readonly unit?: string;
  // monitor
  /** What it asks, in its tool's own language; several on lines of their own. */
  readonly query?: string;
  readonly state?: MonitorState;
  /** Groups that are not well now, at most a few hundred; absent: none, or the tool does not say. */
  readonly alerts?: readonly Alert[];
  readonly links?: readonly AlertLink[];
}

/** Facts of one source about one entity. */
export interface SourcedFacts {
  /** Name of the source, e.g. `mlflow (metadata/mlflow/mlflow.db)`. */
  readonly source: string;
  /** Epoch ms of the scan that read them. */
  readonly asOf: number;
  readonly facts: Facts;
}
