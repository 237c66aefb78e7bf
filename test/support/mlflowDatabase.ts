// A small MLflow database as MLflow 3 lays it out, filled row by row by a test.
import { DatabaseSync } from 'node:sqlite';

type Value = string | number | null;

export interface MlflowDatabase {
  readonly raw: DatabaseSync;
  insert(table: string, row: Readonly<Record<string, Value>>): void;
  /** An active run with sensible defaults. */
  run(id: string, more?: Readonly<Record<string, Value>>): void;
  metric(run: string, key: string, value: number, at: number, step?: number): void;
  tag(run: string, key: string, value: string): void;
}

const layout: Readonly<Record<string, string>> = {
  alembic_version: 'version_num TEXT',
  experiments:
    'experiment_id INTEGER PRIMARY KEY, name TEXT, artifact_location TEXT, lifecycle_stage TEXT, creation_time BIGINT, last_update_time BIGINT, workspace TEXT',
  experiment_tags: 'key TEXT, value TEXT, experiment_id INTEGER',
  runs: 'run_uuid TEXT PRIMARY KEY, name TEXT, source_type TEXT, source_name TEXT, entry_point_name TEXT, user_id TEXT, status TEXT, start_time BIGINT, end_time BIGINT, source_version TEXT, lifecycle_stage TEXT, artifact_uri TEXT, experiment_id INTEGER, deleted_time BIGINT',
  metrics: 'key TEXT, value FLOAT, timestamp BIGINT, run_uuid TEXT, step BIGINT, is_nan BOOLEAN',
  latest_metrics: 'key TEXT, value FLOAT, timestamp BIGINT, step BIGINT, is_nan BOOLEAN, run_uuid TEXT',
  params: 'key TEXT, value TEXT, run_uuid TEXT',
  tags: 'key TEXT, value TEXT, run_uuid TEXT',
  inputs: 'input_uuid TEXT, source_type TEXT, source_id TEXT, destination_type TEXT, destination_id TEXT, step BIGINT',
  input_tags: 'input_uuid TEXT, name TEXT, value TEXT',
  datasets:
    'dataset_uuid TEXT, experiment_id INTEGER, name TEXT, digest TEXT, dataset_source_type TEXT, dataset_source TEXT, dataset_schema TEXT, dataset_profile TEXT',
  registered_models: 'name TEXT, creation_time BIGINT, last_updated_time BIGINT, description TEXT, workspace TEXT',
  registered_model_tags: 'key TEXT, value TEXT, name TEXT, workspace TEXT',
  registered_model_aliases: 'alias TEXT, version INTEGER, name TEXT, workspace TEXT',
  model_versions:
    'name TEXT, version INTEGER, creation_time BIGINT, last_updated_time BIGINT, description TEXT, user_id TEXT, current_stage TEXT, source TEXT, run_id TEXT, status TEXT, status_message TEXT, run_link TEXT, storage_location TEXT, workspace TEXT',
  model_version_tags: 'key TEXT, value TEXT, name TEXT, version INTEGER, workspace TEXT',
  logged_models:
    'model_id TEXT, experiment_id INTEGER, name TEXT, artifact_location TEXT, creation_timestamp_ms BIGINT, last_updated_timestamp_ms BIGINT, status INTEGER, lifecycle_stage TEXT, model_type TEXT, source_run_id TEXT, status_message TEXT',
};

/** With experiment 1, `churn`, and schema revision `dc11669786a5`. */
export function mlflowDatabase(file: string): MlflowDatabase {
  const raw = new DatabaseSync(file);
  for (const [table, columns] of Object.entries(layout)) raw.exec(`CREATE TABLE ${table} (${columns})`);
  const insert: MlflowDatabase['insert'] = (table, row) => {
    const names = Object.keys(row);
    const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
    raw.prepare(sql).run(...Object.values(row));
  };
  insert('alembic_version', { version_num: 'dc11669786a5' });
  insert('experiments', { experiment_id: 1, name: 'churn', lifecycle_stage: 'active' });
  return {
    raw,
    insert,
    run: (id, more = {}) =>
      insert('runs', {
        ...{ run_uuid: id, name: `run ${id}`, status: 'FINISHED', start_time: 1000, end_time: 2000 },
        ...{ lifecycle_stage: 'active', experiment_id: 1, artifact_uri: `/nowhere/1/${id}/artifacts` },
        ...more,
      }),
    metric: (run, key, value, at, step = 0) => {
      const nan = Number.isNaN(value);
      const kept = nan ? 0 : Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
      const row = { key, value: kept, timestamp: at, step, is_nan: nan ? 1 : 0, run_uuid: run };
      insert('metrics', row);
      raw.prepare('DELETE FROM latest_metrics WHERE run_uuid = ? AND key = ?').run(run, key);
      insert('latest_metrics', row);
    },
    tag: (run, key, value) => insert('tags', { key, value, run_uuid: run }),
  };
}
