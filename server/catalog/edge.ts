// Edge: one step of lineage, always drawn from upstream to downstream.
import type { EntityId } from './entity.ts';

export type EdgeOrigin = 'reported' | 'declared' | 'code' | 'matched';

/**
 * What `from` has to do with `to`:
 * `reads` data → its reader, `writes` writer → data, `runs` caller → what it starts, `made` run or job → model or version,
 * `contains` whole → part (job → task, model → version), `measures` what is measured → metric, `same` two names joined by a rule.
 */
export type EdgeRelation = 'reads' | 'writes' | 'runs' | 'made' | 'contains' | 'measures' | 'same';

export interface Edge {
  readonly from: EntityId;
  readonly to: EntityId;
  readonly relation: EdgeRelation;
  readonly origin: EdgeOrigin;
  /** In words, what says so: `dbt manifest parent_map`, `OpenLineage run 0195…`, `dags/train.py:14`. */
  readonly evidence: string;
  /** In answers as of an earlier time only: why it is not certain that it was there then. Absent: it was seen. */
  readonly unsure?: 'between' | 'notWatched';
}

/** An edge with who said it and when (epoch ms). */
export interface SourcedEdge extends Edge {
  readonly source: string;
  readonly asOf: number;
}
