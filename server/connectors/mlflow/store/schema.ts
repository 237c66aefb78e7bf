// Which tables and columns of an MLflow database we read, and whether this database has them.
import type { ReadOnlyDatabase } from '../../connector.ts';
import type { StoreProblem } from '../shape.ts';
import { type Row, text } from './rows.ts';

interface TableShape {
  readonly needed: readonly string[];
  /** Read as NULL where the schema revision does not have them. */
  readonly optional: readonly string[];
  readonly part: StoreProblem['part'];
}

// Looked at in stores written by MLflow 2.22 (revision 0584bdc529eb) and 3.17 (dc11669786a5), 2026-11-23.
// Read by columns and not by revision: a newer schema is fine as long as these are there.
const tables = {
  experiments: {
    needed: ['experiment_id', 'name', 'lifecycle_stage'],
    optional: ['artifact_location', 'creation_time', 'last_update_time'],
    part: 'experiments',
  },
  experiment_tags: { needed: ['key', 'value', 'experiment_id'], optional: [], part: 'details' },
  runs: {
    needed: ['run_uuid', 'status', 'experiment_id', 'lifecycle_stage', 'start_time'],
    optional: ['name', 'user_id', 'end_time', 'artifact_uri', 'source_name', 'source_version'],
    part: 'runs',
  },
  latest_metrics: { needed: ['key', 'value', 'timestamp', 'step', 'run_uuid'], optional: ['is_nan'], part: 'details' },
  metrics: { needed: ['key', 'value', 'timestamp', 'step', 'run_uuid'], optional: ['is_nan'], part: 'details' },
  params: { needed: ['key', 'value', 'run_uuid'], optional: [], part: 'details' },
  tags: { needed: ['key', 'value', 'run_uuid'], optional: [], part: 'details' },
  inputs: { needed: ['source_type', 'source_id', 'destination_type', 'destination_id'], optional: [], part: 'details' },
  datasets: {
    needed: ['dataset_uuid', 'name', 'dataset_source_type', 'dataset_source'],
    optional: ['digest', 'dataset_profile'],
    part: 'details',
  },
  registered_models: {
    needed: ['name'],
    optional: ['creation_time', 'last_updated_time', 'description'],
    part: 'registry',
  },
  registered_model_tags: { needed: ['key', 'value', 'name'], optional: [], part: 'details' },
  registered_model_aliases: { needed: ['alias', 'version', 'name'], optional: [], part: 'registry' },
  model_versions: {
    needed: ['name', 'version'],
    optional: [
      ...['creation_time', 'last_updated_time', 'description', 'user_id', 'current_stage', 'source', 'run_id'],
      ...['status', 'status_message', 'storage_location'],
    ],
    part: 'registry',
  },
  model_version_tags: { needed: ['key', 'value', 'name', 'version'], optional: [], part: 'details' },
  logged_models: {
    needed: ['model_id'],
    optional: ['source_run_id', 'artifact_location', 'lifecycle_stage'],
    part: 'details',
  },
} as const satisfies Record<string, TableShape>;

export type TableName = keyof typeof tables;

/** A store is one from these two; the other tables came with later versions. */
const core: readonly TableName[] = ['experiments', 'runs'];

export interface Schema {
  /** Alembic's id of the schema; `unknown` when the store does not say. */
  readonly revision: string;
  /** Columns to select, absent ones as NULL; undefined when the table cannot be read. */
  columns(table: TableName): string | undefined;
  readonly problems: readonly StoreProblem[];
}

/** Throws when it is no MLflow store, or one whose runs cannot be read; `path` is for the message. */
export function readSchema(database: ReadOnlyDatabase, path: string): Schema {
  const present = new Set(
    database
      .all("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")
      .map((row) => text(row, 'name') ?? ''),
  );
  const revision = present.has('alembic_version') ? revisionOf(database) : 'unknown';
  const columns = new Map<TableName, string>();
  const problems: StoreProblem[] = [];
  for (const [name, shape] of Object.entries(tables) as readonly [TableName, TableShape][]) {
    if (!present.has(name)) {
      if (core.includes(name)) throw new Error(notAStore(path, name, present.size, revision));
      continue;
    }
    const has = new Set(database.all(`SELECT name FROM pragma_table_info('${name}')`).map((row) => text(row, 'name')));
    const missing = shape.needed.find((column) => !has.has(column));
    if (missing === undefined) {
      columns.set(name, [...shape.needed, ...shape.optional.map((c) => (has.has(c) ? c : `NULL AS ${c}`))].join(', '));
      continue;
    }
    const message = `${path} has no column ${name}.${missing} (schema revision ${revision}).`;
    const advice = 'It was written by an MLflow version that Plumbline does not know; update Plumbline.';
    if (core.includes(name)) throw new Error(`${message} ${advice}`);
    problems.push({ part: shape.part, message, advice });
  }
  return { revision, columns: (table) => columns.get(table), problems };
}

function revisionOf(database: ReadOnlyDatabase): string {
  const [row] = database.all('SELECT version_num FROM alembic_version LIMIT 1') as readonly Row[];
  return (row && text(row, 'version_num')) ?? 'unknown';
}

function notAStore(path: string, table: string, tableCount: number, revision: string): string {
  if (tableCount === 0)
    return `${path} is an empty database: MLflow has not written to it yet. Log a run, then scan again.`;
  return `${path} has no table ${table} (schema revision ${revision}): it is no MLflow store. Name another file, or run "mlflow db upgrade".`;
}
