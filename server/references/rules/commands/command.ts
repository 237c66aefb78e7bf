// Command: one row of the tables that say which words of a command line name what. A new program is a new row, no code.
import type { EntityKind } from '../../../catalog/entity.ts';
import type { Role } from '../../reference.ts';

/**
 * How a word becomes names.
 * `name`: as it stands. `address`: an address by its scheme. `table`: a table, `project:data.t` too; `dotted`: only one with a dot.
 * `selector`: dbt's, `+orders+,source:crm.customers`. `sql`: a text of SQL. `shell`: a text of shell.
 * `bucket`: a bucket, with the key beside it. `remote`: the host of `user@host:/path`.
 * `json`: the field `field` of a text of JSON. `url`: what a REST address is about.
 */
export type WordReading =
  | 'name'
  | 'address'
  | 'table'
  | 'dotted'
  | 'selector'
  | 'sql'
  | 'shell'
  | 'bucket'
  | 'remote'
  | 'json'
  | 'url';

/** An option as it is written, a position behind the subcommand, `last` of the positions, or `each` of them. */
export type WordKey = number | string;

export interface CommandTake {
  readonly from: readonly WordKey[];
  readonly role: Role;
  readonly read: WordReading;
  /** Where the reading does not say it. */
  readonly kind?: EntityKind;
  /** The option is followed by words up to the next option. */
  readonly many?: true;
  /** Of a bucket. */
  readonly key?: readonly WordKey[];
  readonly field?: string;
  /** What the name stands in: the DAG of a task. */
  readonly container?: WordKey;
}

export interface CommandRule {
  /** Shown as `via`. */
  readonly id: string;
  /** Words behind the program, options left out: `jobs run-now`; `|` between those that are alike. */
  readonly sub?: string;
  readonly takes: readonly CommandTake[];
}

export interface Program {
  readonly tool: string;
  readonly names: readonly string[];
  /** Options that no value follows; of the others, a value does if it does not begin with a dash. */
  readonly flags?: string;
  /** Instead of `flags`: the options that a value follows, of a program that has more of the others. */
  readonly values?: string;
  /** Words that begin with a dash and are no options: `-put` of `hdfs dfs`. */
  readonly verbs?: string;
  readonly rules: readonly CommandRule[];
}
