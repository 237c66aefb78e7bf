// CatalogChange: one page of what a connector saw, and what that page lets us conclude.
import type { Edge } from './edge.ts';
import type { Entity, EntityId, EntityKind } from './entity.ts';
import type { Facts } from './facts.ts';
import type { MetricPoint, Run } from './run.ts';

export interface SeenEntity extends Omit<Entity, 'goneAt' | 'aliases'> {
  readonly aliases?: readonly string[];
  readonly facts?: Facts;
}

/** Points of one metric of one run, in order of time. `metric` is a `metric:` id. They take the place of those before. */
export interface MetricSeries {
  readonly metric: EntityId;
  /** Of a metric that no run logs but a tool watches: the group, as `{model="churn"}`, which is no id. */
  readonly run: EntityId;
  readonly points: readonly MetricPoint[];
}

/** A listing that was allowed and ended: every entity of this kind in this scope has been seen in this scan. */
export interface Covered {
  readonly kind: EntityKind;
  /** `tool://instance` or `tool://instance/container`; see `Coverage`. */
  readonly scope: string;
}

/**
 * A part that could not be read; the rest of the scan stands, but nothing it could have listed is covered: of a live
 * connector what it still says is `covered` or `continued`, of the others nothing at all.
 */
export interface ScanProblem {
  readonly message: string;
  /** The next step for the user. */
  readonly advice?: string;
}

/** What a tool's own record (event log, audit log) says of the past. The same one may be told again and again. */
export interface PastChange {
  readonly entity: EntityId;
  /** As history names it: `owner`, `paused`, `schedule`, `status`, `alias champion` … */
  readonly field: string;
  /** From then on; absent: there was none from then on. */
  readonly value?: string;
  /** Epoch ms, by the tool's clock. */
  readonly at: number;
  /** In words: `Airflow event log 4711: ana paused it`. */
  readonly evidence: string;
}

export interface CatalogChange {
  readonly entities?: readonly SeenEntity[];
  readonly edges?: readonly Edge[];
  readonly runs?: readonly Run[];
  readonly series?: readonly MetricSeries[];
  readonly events?: readonly PastChange[];
  readonly covered?: readonly Covered[];
  readonly problems?: readonly ScanProblem[];
  /**
   * The scan says what changed since the last one: edges and runs that it does not mention stay. Said on its first page.
   * Kinds in `covered` were listed wholly all the same. An entity with `facts` is told wholly; without, it is only
   * mentioned and keeps those it has.
   */
  readonly incremental?: boolean;
  /** Incremental: what was covered before and still is, though it was not listed again. */
  readonly continued?: readonly Covered[];
  /**
   * Where the next scan goes on, if this one ends well; opaque to all but the connector. The last one counts. A part
   * that had a problem must not be behind it: it is asked for again from where it was.
   */
  readonly cursor?: string;
}
