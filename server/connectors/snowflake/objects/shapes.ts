// Shapes: rows of SHOW and DESCRIBE, read field by field (columns as documented on docs.snowflake.com, 2026-11; those of objects, columns, views and warehouses as fakesnow 0.12.1 has them, too).
import type { Column } from '../../../catalog/facts.ts';
import { list, number, oneLine, record, said, text } from '../../json.ts';
import type { Row } from '../ask/rows.ts';
import type { ObjectName } from '../ids.ts';

/** The longest name that Snowflake takes. */
const longest = 255;

function name(value: unknown): string | undefined {
  const read = text(value);
  return read !== undefined && read.length <= longest ? read : undefined;
}

export function nameIn(row: Row): string | undefined {
  return name(row.raw('name'));
}

/** Of rows that say where they are. */
export function objectName(row: Row): ObjectName | undefined {
  const parts = [name(row.raw('database_name')), name(row.raw('schema_name')), nameIn(row)] as const;
  const [database, schema, own] = parts;
  return database && schema && own ? [database, schema, own] : undefined;
}

/** `PROD.ML."a.b"` as Snowflake writes it inside of texts; undefined when it has not three parts. */
export function qualifiedName(written: unknown): ObjectName | undefined {
  const found = (text(written) ?? '').slice(0, 1000).match(/"(?:[^"]|"")+"|[^."]+/g) ?? [];
  const [database, schema, own, ...more] = found.map((part) =>
    part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part,
  );
  return database && schema && own && more.length === 0 ? [database, schema, own] : undefined;
}

export interface StoredObject {
  readonly name: ObjectName;
  /** `table`, `view`, `dynamic table` … */
  readonly kind?: string;
  readonly comment?: string;
  readonly owner?: string;
  readonly rows?: number;
  readonly bytes?: number;
  /** Epoch ms. */
  readonly createdAt?: number;
}

/** Of SHOW OBJECTS. */
export function readObject(row: Row): StoredObject | undefined {
  const found = objectName(row);
  if (!found) return undefined;
  const kind = row.flag('is_dynamic') ? 'dynamic table' : row.flag('is_iceberg') ? 'iceberg table' : undefined;
  return said<StoredObject>({
    name: found,
    kind: kind ?? row.line('kind', 60)?.toLowerCase(),
    comment: row.line('comment', 2000),
    owner: row.line('owner', 200),
    rows: row.number('rows'),
    bytes: row.number('bytes'),
    createdAt: row.time('created_on'),
  });
}

export interface StoredDynamic {
  readonly name: ObjectName;
  /** `1 hour`, `DOWNSTREAM`. */
  readonly lag?: string;
  readonly refreshMode?: string;
  readonly isSuspended?: boolean;
  readonly warehouse?: string;
  /** Epoch ms: its data are as of then. */
  readonly dataAt?: number;
  readonly text?: string;
}

/** Of SHOW DYNAMIC TABLES. */
export function readDynamic(row: Row): StoredDynamic | undefined {
  const found = objectName(row);
  if (!found) return undefined;
  const state = row.raw('scheduling_state')?.toUpperCase();
  return said<StoredDynamic>({
    name: found,
    lag: row.line('target_lag', 100),
    refreshMode: row.line('refresh_mode', 60),
    isSuspended: state === undefined ? undefined : state.includes('SUSPEND'),
    warehouse: row.line('warehouse', 200),
    dataAt: row.time('data_timestamp'),
    text: row.raw('text')?.slice(0, 50_000),
  });
}

export interface StoredColumn {
  readonly of: ObjectName;
  readonly column: Column;
}

/** Of SHOW COLUMNS: its types are JSON. */
export function readColumn(row: Row): StoredColumn | undefined {
  const [database, schema] = [name(row.raw('database_name')), name(row.raw('schema_name'))];
  const [table, column] = [name(row.raw('table_name')), name(row.raw('column_name'))];
  if (!database || !schema || !table || !column) return undefined;
  const of = [database, schema, table] as const;
  return {
    of,
    column: said({ name: column, type: typeOf(row.json('data_type')), description: row.line('comment', 500) }),
  };
}

/** Of DESCRIBE TABLE: its types are written as in SQL. */
export function readDescribed(row: Row): Column | undefined {
  const column = nameIn(row);
  const kind = row.raw('kind');
  if (column === undefined || (kind !== undefined && kind.toUpperCase() !== 'COLUMN')) return undefined;
  return said({ name: column, type: row.line('type', 100), description: row.line('comment', 500) });
}

/** `{"type":"FIXED","precision":38,"scale":0}` is NUMBER(38,0), as DESCRIBE says it. */
function typeOf(value: unknown): string | undefined {
  const { type, precision, scale, length } = record(value);
  const plain = oneLine(type, 100);
  if (plain === 'FIXED') return `NUMBER(${number(precision) ?? 38},${number(scale) ?? 0})`;
  if (plain === 'REAL') return 'FLOAT';
  if (plain === 'TEXT') return number(length) === undefined ? 'VARCHAR' : `VARCHAR(${number(length)})`;
  if (plain?.startsWith('TIMESTAMP') || plain === 'TIME') return `${plain}(${number(scale) ?? 9})`;
  return plain;
}

export interface StoredTask {
  readonly name: ObjectName;
  /** By which the history of tasks names the root of a graph. */
  readonly task?: string;
  readonly owner?: string;
  readonly comment?: string;
  readonly warehouse?: string;
  readonly schedule?: string;
  readonly isSuspended?: boolean;
  readonly suspendedBecause?: string;
  readonly definition?: string;
  readonly needs: readonly ObjectName[];
  /** The root of the graph that it ends. */
  readonly finalizes?: ObjectName;
  readonly createdAt?: number;
}

/** Of SHOW TASKS. */
export function readTask(row: Row): StoredTask | undefined {
  const found = objectName(row);
  if (!found) return undefined;
  const needs = list(row.json('predecessors')).flatMap((need) => {
    const whole = qualifiedName(need);
    // Tasks of one graph stand in one schema, so their names may come alone.
    const alone = name(need);
    return whole ? [whole] : alone && !alone.includes('.') ? [[found[0], found[1], alone] as const] : [];
  });
  return said<StoredTask>({
    name: found,
    task: row.line('id', 100),
    owner: row.line('owner', 200),
    comment: row.line('comment', 2000),
    warehouse: row.line('warehouse', 200),
    schedule: row.line('schedule', 200),
    isSuspended: row.raw('state') === undefined ? undefined : row.raw('state')?.toLowerCase() === 'suspended',
    suspendedBecause: row.line('last_suspended_reason', 200),
    definition: row.raw('definition')?.slice(0, 50_000),
    needs,
    finalizes: qualifiedName(record(row.json('task_relations')).FinalizedRootTask),
    createdAt: row.time('created_on'),
  });
}
