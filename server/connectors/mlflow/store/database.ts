// An MLflow store in one SQLite file, read in short snapshots so that a training run never waits for us.
import { dirname } from 'node:path';
import type { ConnectorHost, ReadOnlyDatabase } from '../../connector.ts';
import {
  type MlflowStore,
  pointValue,
  runsPerPage,
  type StoredDataset,
  type StoredPoint,
  type StoredRun,
  seriesPoints,
  type Tag,
} from '../shape.ts';
import { readListing } from './databaseListing.ts';
import { group, number, type Row, text } from './rows.ts';
import { readSchema, type Schema, type TableName } from './schema.ts';

export function databaseStore(path: string, host: ConnectorHost): MlflowStore {
  return {
    folder: dirname(path),
    fingerprint: async () => {
      // Commits to a write-ahead store touch only its log file.
      const files = await Promise.all([path, `${path}-wal`].map((file) => host.stat(file)));
      return files.map((file) => (file ? `${file.size}@${file.modifiedAt}` : '-')).join(' ');
    },
    read: async () => {
      const database = await host.openSqlite(path);
      try {
        const { schema, listing, runIds } = database.snapshot(() => {
          const schema = readSchema(database, path);
          const listing = readListing(database, schema);
          const runIds = database
            .all("SELECT run_uuid FROM runs WHERE lifecycle_stage = 'active' ORDER BY start_time DESC, run_uuid")
            .map((row) => text(row, 'run_uuid') ?? '');
          return { schema, listing, runIds };
        });
        return {
          listing,
          close: () => database.close(),
          pages: async function* (signal) {
            for (let start = 0; start < runIds.length; start += runsPerPage) {
              signal.throwIfAborted();
              const ids = runIds.slice(start, start + runsPerPage);
              yield { runs: database.snapshot(() => readRuns(database, schema, ids)), problems: [] };
            }
          },
        };
      } catch (error) {
        database.close();
        throw error;
      }
    },
  };
}

/** Runs in the order of `ids`; one that was deleted meanwhile is left out. */
function readRuns(database: ReadOnlyDatabase, schema: Schema, ids: readonly string[]): readonly StoredRun[] {
  const list = JSON.stringify(ids);
  const some = (table: TableName, rest = ''): Map<string, Row[]> => {
    const columns = schema.columns(table);
    if (columns === undefined) return new Map();
    const sql = `SELECT ${columns} FROM ${table} WHERE run_uuid IN (SELECT value FROM json_each(?)) ${rest}`;
    return group(database.all(sql, list), (row) => text(row, 'run_uuid'));
  };
  const runs = some('runs', "AND lifecycle_stage = 'active'");
  const latest = some('latest_metrics', 'ORDER BY key');
  const params = some('params', 'ORDER BY key');
  const tags = some('tags', 'ORDER BY key');
  const history = readHistory(database, schema, list);
  const inputs = readInputs(database, schema, list);
  const outputs = readOutputs(database, schema, list);
  const stored: StoredRun[] = [];
  for (const id of ids) {
    const row = runs.get(id)?.[0];
    if (!row) continue;
    const points = history.get(id) ?? [];
    stored.push({
      id,
      experimentId: text(row, 'experiment_id') ?? '',
      name: text(row, 'name'),
      status: text(row, 'status') ?? '',
      user: text(row, 'user_id'),
      startedAt: number(row, 'start_time'),
      endedAt: number(row, 'end_time'),
      artifactUri: text(row, 'artifact_uri'),
      sourceName: text(row, 'source_name'),
      sourceVersion: text(row, 'source_version'),
      metrics: (latest.get(id) ?? []).map(toPoint),
      history: points.map(toPoint),
      params: (params.get(id) ?? []).map(toTag),
      tags: (tags.get(id) ?? []).map(toTag),
      inputs: inputs.get(id) ?? [],
      loggedModels: outputs.get(id) ?? [],
    });
  }
  return stored;
}

/** Points in order of time; a series of more than `seriesPoints` is thinned evenly here, so that its rows never reach us. */
function readHistory(database: ReadOnlyDatabase, schema: Schema, list: string): Map<string, Row[]> {
  const columns = schema.columns('metrics');
  if (columns === undefined) return new Map();
  const ours = "run_uuid IN (SELECT value FROM json_each(?)) AND key NOT LIKE 'system/%'";
  const counted = database.all(
    `SELECT run_uuid, key FROM metrics WHERE ${ours} GROUP BY run_uuid, key HAVING count(*) > ${seriesPoints}`,
    list,
  );
  const long = JSON.stringify(counted.map((row) => [text(row, 'run_uuid'), text(row, 'key')]));
  const inLong = '(run_uuid, key) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))';
  const short = `SELECT ${columns} FROM metrics WHERE ${ours} AND NOT ${inLong} ORDER BY timestamp, step`;
  const rows = [...database.all(short, list, long)];
  if (counted.length > 0) {
    const thinned = `SELECT * FROM (
      SELECT ${columns}, count(*) OVER (PARTITION BY run_uuid, key) AS total,
        row_number() OVER (PARTITION BY run_uuid, key ORDER BY timestamp, step) AS place
      FROM metrics WHERE ${inLong}
    ) WHERE place = total OR (place - 1) % ((total - 1) / ${seriesPoints} + 1) = 0
    ORDER BY timestamp, step`;
    rows.push(...database.all(thinned, long));
  }
  return group(rows, (row) => text(row, 'run_uuid'));
}

function readInputs(database: ReadOnlyDatabase, schema: Schema, list: string): Map<string, StoredDataset[]> {
  const inputs = schema.columns('inputs');
  const datasets = schema.columns('datasets');
  if (inputs === undefined || datasets === undefined) return new Map();
  const sql = `SELECT i.destination_id AS run_uuid, d.* FROM inputs AS i
    JOIN (SELECT ${datasets} FROM datasets) AS d ON d.dataset_uuid = i.source_id
    WHERE i.source_type = 'DATASET' AND i.destination_type = 'RUN'
      AND i.destination_id IN (SELECT value FROM json_each(?)) ORDER BY d.name`;
  const found = new Map<string, StoredDataset[]>();
  for (const [run, rows] of group(database.all(sql, list), (row) => text(row, 'run_uuid'))) {
    found.set(
      run,
      rows.map((row) => ({
        name: text(row, 'name') ?? '',
        digest: text(row, 'digest'),
        sourceType: text(row, 'dataset_source_type') ?? '',
        source: text(row, 'dataset_source') ?? '',
        profile: text(row, 'dataset_profile'),
      })),
    );
  }
  return found;
}

function readOutputs(database: ReadOnlyDatabase, schema: Schema, list: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  if (schema.columns('inputs') === undefined) return found;
  const sql = `SELECT source_id, destination_id FROM inputs WHERE source_type = 'RUN_OUTPUT'
    AND destination_type = 'MODEL_OUTPUT' AND source_id IN (SELECT value FROM json_each(?)) ORDER BY destination_id`;
  for (const [run, rows] of group(database.all(sql, list), (row) => text(row, 'source_id'))) {
    found.set(
      run,
      rows.map((row) => text(row, 'destination_id') ?? ''),
    );
  }
  return found;
}

/** SQLite has no NaN: a column says so. */
function toPoint(row: Row): StoredPoint {
  const kept = number(row, 'value') ?? Number.NaN;
  const value = number(row, 'is_nan') ? Number.NaN : pointValue(kept);
  return {
    key: text(row, 'key') ?? '',
    value,
    at: number(row, 'timestamp') ?? 0,
    step: number(row, 'step') ?? 0,
  };
}

function toTag(row: Row): Tag {
  return { key: text(row, 'key') ?? '', value: text(row, 'value') ?? '' };
}
