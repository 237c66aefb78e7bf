// Ids: how things of a Snowflake account are named in the catalog, and how its names are written in SQL; pure.
import { type EntityId, entityId } from '../../catalog/entity.ts';

/** Which account answers, once that is known. */
export interface Place {
  /** `myorg-prod`, what the connection declares, or its address. */
  readonly account: string;
  /** Other names of the account in addresses: of its host, of its locator with the region. */
  readonly spellings: readonly string[];
  /** Of its pages in Snowsight, without a slash at the end; absent where organisation and account are not told. */
  readonly url?: string;
  /** Name of the source. */
  readonly source: string;
  readonly environment?: string;
}

/** Database, schema, object. */
export type ObjectName = readonly [string, string, string];

export type Ids = ReturnType<typeof idsOf>;

export function idsOf({ account }: Pick<Place, 'account'>) {
  const of = (kind: 'table' | 'job' | 'model', name: readonly string[]): EntityId =>
    entityId(kind, 'snowflake', account, ...name.map(folded));
  return {
    table: (name: ObjectName): EntityId => of('table', name),
    /** Of a graph of tasks, by its root. */
    job: (root: ObjectName): EntityId => of('job', root),
    task: (root: ObjectName, task: string): EntityId =>
      entityId('task', 'snowflake', account, ...root.map(folded), folded(task)),
    model: (name: ObjectName): EntityId => of('model', name),
    version: (model: ObjectName, version: string): EntityId =>
      entityId('version', 'snowflake', account, ...[...model, version].map(folded)),
    /** By the id of the query: that is what logs and other tools write. */
    query: (query: string): EntityId => entityId('run', 'snowflake', account, query.toLowerCase()),
    /** Of a graph, or of one of its tasks, which have an id of their own before any query has begun. */
    graphRun: (root: ObjectName, run: string, ...task: readonly string[]): EntityId =>
      entityId('run', 'snowflake', account, ...root.map(folded), run, ...task.map(folded)),
    metric: (name: string): EntityId => entityId('metric', 'snowflake', account, name),
  };
}

/**
 * Names without quotes are stored in upper case and written in any; OpenLineage and dbt write them in lower case, so that
 * ids agree. One that needs its quotes keeps them, since `"churn"` and `CHURN` are two things.
 */
export function folded(name: string): string {
  return isPlain(name) ? name.toLowerCase() : `"${name}"`;
}

/** As people write it: without quotes where none are needed. */
export function written(name: readonly string[]): string {
  return name.map((part) => (isPlain(part) ? part : quoted(part))).join('.');
}

/** As SQL takes it, whatever is in it. */
export function inSql(name: readonly string[]): string {
  return name.map(quoted).join('.');
}

export function literal(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** `"ml"` is `ml`, `ml` is `ML`: what a person writes for the name of a role or warehouse. */
export function identifier(text: string): string {
  const inner = /^"([^"]{1,255})"$/.exec(text.trim())?.[1];
  return inner ?? text.trim().toUpperCase();
}

function isPlain(name: string): boolean {
  return /^[A-Z_][A-Z0-9_$]*$/.test(name);
}

function quoted(part: string): string {
  return `"${part.replaceAll('"', '""')}"`;
}

/** As Snowflake tells both names; hosts write `-` for `_`. */
export function accountKey(organization: string, account: string): string {
  return `${organization}-${account}`.toLowerCase();
}

export function scopeOf(account: string, ...container: readonly string[]): string {
  return entityId('table', 'snowflake', account, ...container.map(folded))
    .replace(/^table:/, '')
    .replace(/\/$/, '');
}
