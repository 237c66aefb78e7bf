// Reference: a place in code where an entity is named, and what the code does with it.
import type { EntityKind } from '../catalog/entity.ts';
import type { CellPlace } from '../syntax/notebook/cells.ts';
import type { Range } from '../syntax/text.ts';

export type Role = 'defines' | 'reads' | 'writes' | 'runs' | 'mentions';
export type Confidence = 'literal' | 'constant' | 'guess' | 'partial';

/** Closed: a new detail is a new field here. */
export interface ReferenceDetail {
  readonly version?: string;
  readonly alias?: string;
  readonly stage?: string;
  readonly dialect?: string;
  /** The name qualified by session defaults, where the written one is not. */
  readonly qualified?: string;
  /** TaskGroup prefix of a task. */
  readonly group?: string;
  /** The DAG a task stands in, or the experiment a logged metric goes to, as far as the code says. */
  readonly container?: string;
  /** The name with the values that the workspace gives to its Jinja: a guess, since who runs it may give others. */
  readonly filled?: string;
  /** dbt package or source group. */
  readonly package?: string;
  /** Of a monitor: what it asks, in one spelling (`catalog/monitorQuery.ts`), where the code says all of it. */
  readonly query?: string;
}

/** Where in the code's own structure a reference stands; for code lineage. */
export interface Enclosing {
  /** Qualified name of the innermost function, e.g. `evaluate`; absent at module level. */
  readonly function?: string;
  readonly job?: string;
  readonly task?: string;
  /** Whose query it stands in. */
  readonly monitor?: string;
}

/** Code that a task or job runs: a function of a file of the workspace, or a file as it is written there. */
export interface CodePlace {
  readonly uri?: string;
  readonly file?: string;
  /** Qualified name, e.g. `Trainer.fit`. */
  readonly function?: string;
}

export interface Reference {
  readonly kind: EntityKind;
  /** The value written or computed, never qualified by session defaults; `*` where unknown. */
  readonly name: string;
  readonly role: Role;
  /** The name inside its quotes, or the variable at the place of use. */
  readonly range: Range;
  /** The source text in `range`; of names put together, quoted or escaped, as near as it can be told without the file. */
  readonly text: string;
  /** The tool whose names these are: `mlflow`, `airflow`, `dbt`, `s3`, `sql`, `statsd`, … */
  readonly tool: string;
  readonly detail: ReferenceDetail;
  readonly confidence: Confidence;
  /** Id of the rule that found it, e.g. `mlflow.load_model`. */
  readonly via: string;
  readonly within: Enclosing;
  /** Of what defines a task or a job, or runs one: the code that this runs, as far as it is seen. Absent when none is. */
  readonly calls?: readonly CodePlace[];
}

/** A reference with its file; `uri` as the editor writes it. */
export interface PlacedReference {
  readonly uri: string;
  readonly reference: Reference;
  /** In a notebook, the cell: the lines of the reference are those of all its code cells, one after the other. */
  readonly cell?: CellPlace;
}
