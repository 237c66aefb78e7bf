// Catalog: the one thing features ask. Reads only; every answer comes from one snapshot.
import type { AsOf, FieldChange } from './asOf.ts';
import type { SourcedEdge } from './edge.ts';
import type { Entity, EntityId, EntityKind } from './entity.ts';
import type { Facts, SourcedFacts } from './facts.ts';
import type { MetricPoint, Run } from './run.ts';

/** Who was asked, how it went. `never`: not scanned yet; `stale`: last good scan is old, nothing failed. */
export type Health = 'never' | 'fresh' | 'stale' | 'failing' | 'forbidden';

/** A configured or discovered place that metadata comes from: one connector over one store, file or folder. */
export interface Source {
  /** Unique, readable: `mlflow metadata/mlflow/mlflow.db`. */
  readonly name: string;
  /** `mlflow`, `airflow`, `dbt`, `openlineage`, `git`. */
  readonly tool: string;
  /** `tool://instance`. */
  readonly scope: string;
  readonly kinds: readonly EntityKind[];
  readonly health: Health;
  /** Epoch ms of the last scan that ended well. */
  readonly scannedAt?: number;
  /** Why it is failing or forbidden, and what to do next. */
  readonly reason?: string;
  readonly environment?: string;
}

/** Whether "not there" may be said, and if not, why not. */
export type Coverage =
  | { readonly covered: true; readonly asOf: number }
  | { readonly covered: false; readonly reason: UnknownReason };

export type UnknownReason =
  | { readonly why: 'noConnection'; readonly tool: string }
  | { readonly why: 'neverScanned'; readonly source: string }
  | { readonly why: 'failing'; readonly source: string; readonly since?: number; readonly message: string }
  | { readonly why: 'forbidden'; readonly source: string; readonly message: string }
  | { readonly why: 'partial'; readonly source: string }
  | { readonly why: 'otherEnvironment'; readonly environment: string };

/** What a run did with something; `names` is a run of another tool that its tags or texts name. */
export type RunUse = 'reads' | 'writes' | 'names';

export interface RunRange {
  /** Epoch ms, inclusive. */
  readonly since?: number;
  /** Epoch ms, exclusive. */
  readonly until?: number;
  readonly limit?: number;
}

export interface HistoryEntry {
  readonly entity: EntityId;
  readonly field: string;
  readonly value: string;
  readonly seenFrom: number;
  /** Absent while it still holds. */
  readonly seenUntil?: number;
  /** The tool's own record says so: it began exactly at `seenFrom`, and `seenUntil` says nothing more. */
  readonly evidence?: string;
}

export interface Neighbours {
  readonly upstream: readonly SourcedEdge[];
  readonly downstream: readonly SourcedEdge[];
}

export interface Catalog {
  /** Grows with every change of an answer; a scan that found nothing new changes only how old the facts are, and not this. */
  readonly revision: number;
  /** How many entities there are, the gone ones not counted, as of the last scan that ended. */
  size(): number;
  get(id: EntityId): Entity | undefined;
  /** Later sources win field by field. Empty object when nothing is known. */
  facts(id: EntityId): Facts;
  factsBySource(id: EntityId): readonly SourcedFacts[];
  /**
   * Entities with this name or alias, compared by `names.ts` (case, quotes, partial qualification of tables).
   * `tool` narrows to one tool's ids. Gone entities are included, with `goneAt`.
   */
  find(kind: EntityKind, name: string, tool?: string): readonly Entity[];
  /** Entities whose name matches a pattern with `*`; at most `limit`, by name. */
  match(kind: EntityKind, pattern: string, limit: number): readonly Entity[];
  list(kind: EntityKind, limit: number): readonly Entity[];
  /** Existing, not gone entities whose names are a slip away from this one, nearest first; at most `limit`. */
  near(kind: EntityKind, name: string, limit: number, tool?: string): readonly Entity[];
  neighbours(id: EntityId): Neighbours;
  /** Newest first, by start or scheduled time. */
  runs(of: EntityId, range?: RunRange): readonly Run[];
  run(id: EntityId): Run | undefined;
  /** Runs whose `parent` is this one, oldest first. */
  childRuns(id: EntityId): readonly Run[];
  /** Runs that had this entity among their outputs (`writes`) or inputs (`reads`), or name this run (`names`), newest first. */
  runsUsing(id: EntityId, role: RunUse, limit: number): readonly Run[];
  /** Runs of a kind of tool that failed, newest first. */
  failedRuns(since: number, limit: number): readonly Run[];
  /** Points of a metric over all runs, oldest first. */
  series(metric: EntityId, range?: RunRange): readonly (MetricPoint & { readonly run: EntityId })[];
  /** Whether every source of `tool` (and, if given, of a scope starting with `scope`) that can know `kind` has listed it. */
  covers(kind: EntityKind, tool: string, scope?: string): Coverage;
  sources(): readonly Source[];
  /** In order of time. */
  history(id: EntityId, field?: string): readonly HistoryEntry[];
  /** Changes of one field, or of all that are followed, in order of time; the first sight of a value is none. */
  changes(id: EntityId, field?: string): readonly FieldChange[];
  /** What a field was at a time (epoch ms). The field `exists` is `yes` while the entity is there. */
  asOf(id: EntityId, field: string, time: number): AsOf;
  /** Edges that were there at a time (epoch ms), or may have been; see `Edge.unsure`. */
  neighboursAt(id: EntityId, time: number): Neighbours;
  /** Tables whose freshness is `warn` or `error` now, by id; gone ones are included. */
  staleTables(limit: number): readonly EntityId[];
  /** Monitors whose state is neither `ok` nor `unknown` now, by id; gone ones are included. */
  alertingMonitors(limit: number): readonly EntityId[];
  /**
   * When a source was asked again and again, half an hour apart at most, without a failure between (epoch ms, both ends
   * included), oldest first.
   */
  watched(source: string): readonly { readonly from: number; readonly until: number }[];
}
