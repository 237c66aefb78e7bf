// ConfigRow: one row of the tables that say which keys of YAML and JSON name what. A new format is a few rows, no code.
import type { EntityKind } from '../../../catalog/entity.ts';
import type { Role } from '../../reference.ts';
import type { Opens } from '../../summary.ts';

/**
 * Another value of the same file: `^name` stands beside the value (below the key, for rows about keys), `^^name` in the
 * map around that one, and so on; lists do not count. `^a.b` goes down again.
 */
export type Near = string;

/**
 * How a value becomes names.
 * `name`: a text, or each text of a list. `address`: an address by its scheme, else nothing. `modelOrName`: a model URI,
 * else a registered model's name. `sql`: the tables of a query; `maybeSql` where other
 * texts stand as well. `shell`: what a command line names. `ref`: a bare dbt
 * `ref('x')` or `source('s', 't')`. `bucket`: the name of a bucket, with its key where `beside` names one. `datadog`, `promql`: the metrics of a query.
 * `yaml`: more YAML, in a text. `dataset`: an OpenLineage dataset, the map itself. `nothing`: it is no
 * reference, whatever it looks like.
 */
export type ConfigReading =
  | 'name'
  | 'address'
  | 'modelOrName'
  | 'sql'
  | 'maybeSql'
  | 'shell'
  | 'ref'
  | 'bucket'
  | 'datadog'
  | 'promql'
  | 'yaml'
  | 'dataset'
  | 'nothing';

export interface ConfigRow {
  /** Steps with dots between: a key, `*` any key, `[]` each item of a list, `**` any depth. */
  readonly at: string;
  /** Shown as `via`. */
  readonly id: string;
  readonly tool: string;
  readonly kind: EntityKind;
  readonly role: Role;
  /** The key itself, not its value. */
  readonly key?: true;
  readonly read?: ConfigReading;
  /** Only what its first group matches is the name; nothing where it does not match. */
  readonly pattern?: string;
  /** Dotted in front of the name, but not where it stands. */
  readonly prefix?: Near;
  /** Dotted in front of `qualifiedName`, else of the name, in `detail.qualified`, when any of them is given. */
  readonly qualify?: readonly Near[];
  readonly qualifiedName?: Near;
  readonly beside?: Near;
  readonly version?: Near;
  readonly alias?: Near;
  readonly container?: Near;
  readonly group?: Near;
  /** All must match what they name; a missing value is an empty text. */
  readonly when?: readonly (readonly [Near, string])[];
  /** What stands in the same map (below the key, for a key) belongs to this job, task or group. */
  readonly opens?: Opens;
}

export interface ConfigShape {
  readonly id: string;
  /** Of the file's path, with `/`. */
  readonly file?: string;
  /** Alternatives; each a list of paths that must be there, with `=` and a pattern for what must stand there. */
  readonly has?: readonly (readonly string[])[];
  /** Both `file` and `has` must hold; else one of them is enough. */
  readonly both?: true;
  /** No other rows are asked of such a file; without rows of its own, addresses are not looked for either. */
  readonly alone?: true;
  readonly rows: readonly ConfigRow[];
}

export type RowParts = Omit<ConfigRow, 'at' | 'id' | 'tool' | 'kind' | 'role'>;

/** A row of a tool, written short. */
export function rowOf(tool: string) {
  return (at: string, id: string, kind: EntityKind, role: Role, parts: RowParts = {}): ConfigRow => ({
    at,
    id: `${tool}.${id}`,
    tool,
    kind,
    role,
    ...parts,
  });
}
