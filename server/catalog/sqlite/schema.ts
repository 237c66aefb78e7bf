// Schema: the tables of our store, as numbered migrations.
import { type Connection, StoreError } from './connection.ts';

/** "Plum", so that another program's file is never taken for ours. */
const applicationId = 0x506c756d;

/**
 * Append only: number n brings a store of version n-1 to version n.
 * Times are REAL, because an integer beyond 2^53 written by a strange tool could not be read back.
 * The revision begins anywhere, so that a store built anew is not taken for the one before it.
 * Invariant: no column holds a secret.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
   INSERT INTO meta VALUES ('revision', abs(random()) % 1000000000);
   CREATE TABLE sources (
     id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, tool TEXT NOT NULL, scope TEXT NOT NULL, kinds TEXT NOT NULL,
     environment TEXT, health TEXT NOT NULL, scanned_at REAL, failing_since REAL, reason TEXT,
     scan INTEGER NOT NULL, history_scan INTEGER NOT NULL);
   CREATE TABLE entities (
     id TEXT NOT NULL, source INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, aliases TEXT, facts TEXT,
     as_of REAL NOT NULL, scan INTEGER NOT NULL, changed INTEGER NOT NULL, gone_at REAL,
     PRIMARY KEY (id, source)) WITHOUT ROWID;
   CREATE TABLE names (
     kind TEXT NOT NULL, key TEXT NOT NULL, entity TEXT NOT NULL, source INTEGER NOT NULL,
     PRIMARY KEY (kind, key, entity, source)) WITHOUT ROWID;
   CREATE TABLE edges (
     from_id TEXT NOT NULL, to_id TEXT NOT NULL, relation TEXT NOT NULL, origin TEXT NOT NULL, source INTEGER NOT NULL,
     evidence TEXT NOT NULL, as_of REAL NOT NULL, scan INTEGER NOT NULL,
     PRIMARY KEY (from_id, to_id, relation, origin, source)) WITHOUT ROWID;
   CREATE INDEX edges_to ON edges (to_id);
   CREATE TABLE runs (
     id TEXT NOT NULL, source INTEGER NOT NULL, key TEXT NOT NULL, at REAL NOT NULL, status TEXT NOT NULL, parent TEXT,
     body TEXT NOT NULL, as_of REAL NOT NULL, scan INTEGER NOT NULL, gone_at REAL,
     PRIMARY KEY (id, source)) WITHOUT ROWID;
   CREATE INDEX runs_key ON runs (key);
   CREATE INDEX runs_parent ON runs (parent, at) WHERE parent IS NOT NULL;
   CREATE INDEX runs_failed ON runs (at) WHERE status = 'failed';
   CREATE TABLE run_of (
     entity TEXT NOT NULL, at REAL NOT NULL, run TEXT NOT NULL, source INTEGER NOT NULL,
     PRIMARY KEY (entity, at, run, source)) WITHOUT ROWID;
   CREATE TABLE run_use (
     entity TEXT NOT NULL, role TEXT NOT NULL, at REAL NOT NULL, run TEXT NOT NULL, source INTEGER NOT NULL,
     PRIMARY KEY (entity, role, at, run, source)) WITHOUT ROWID;
   CREATE TABLE series (
     metric TEXT NOT NULL, run TEXT NOT NULL, source INTEGER NOT NULL, first_at REAL NOT NULL, last_at REAL NOT NULL,
     points TEXT NOT NULL, as_of REAL NOT NULL, scan INTEGER NOT NULL,
     PRIMARY KEY (metric, run, source)) WITHOUT ROWID;
   CREATE TABLE history (
     entity TEXT NOT NULL, field TEXT NOT NULL, source INTEGER NOT NULL, seen_from REAL NOT NULL, seen_until REAL,
     value TEXT NOT NULL,
     PRIMARY KEY (entity, field, source, seen_from)) WITHOUT ROWID;
   CREATE TABLE coverage (
     source INTEGER NOT NULL, kind TEXT NOT NULL, scope TEXT NOT NULL, as_of REAL NOT NULL,
     PRIMARY KEY (source, kind, scope)) WITHOUT ROWID;`,
  `CREATE TABLE watches (
     source INTEGER NOT NULL, seen_from REAL NOT NULL, seen_until REAL NOT NULL,
     PRIMARY KEY (source, seen_from)) WITHOUT ROWID;
   CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, beat_at REAL NOT NULL) WITHOUT ROWID;`,
  `CREATE INDEX history_freshness ON history (entity) WHERE field = 'freshness' AND seen_until IS NULL;`,
  `ALTER TABLE sources ADD COLUMN ended_scan INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE sources ADD COLUMN whole_at REAL;
   UPDATE sources SET ended_scan = scan;
   ALTER TABLE entities ADD COLUMN first_seen REAL;
   ALTER TABLE entities ADD COLUMN last_seen REAL;
   ALTER TABLE entities ADD COLUMN missed_at REAL;
   UPDATE entities SET first_seen = as_of, last_seen = as_of;
   ALTER TABLE edges ADD COLUMN first_seen REAL;
   ALTER TABLE edges ADD COLUMN missed_at REAL;
   UPDATE edges SET first_seen = as_of;
   ALTER TABLE history ADD COLUMN absent INTEGER NOT NULL DEFAULT 0;
   CREATE TABLE edge_history (
     from_id TEXT NOT NULL, to_id TEXT NOT NULL, relation TEXT NOT NULL, origin TEXT NOT NULL, source INTEGER NOT NULL,
     evidence TEXT NOT NULL, seen_from REAL NOT NULL, seen_until REAL NOT NULL, missed_at REAL, gone_at REAL NOT NULL,
     PRIMARY KEY (from_id, to_id, relation, origin, source, seen_from)) WITHOUT ROWID;
   CREATE INDEX edge_history_to ON edge_history (to_id);
   CREATE TABLE listed (
     source INTEGER NOT NULL, kind TEXT NOT NULL, scope TEXT NOT NULL, seen_from REAL NOT NULL, seen_until REAL NOT NULL,
     PRIMARY KEY (source, kind, scope, seen_from)) WITHOUT ROWID;
   CREATE TABLE events (
     entity TEXT NOT NULL, field TEXT NOT NULL, at REAL NOT NULL, source INTEGER NOT NULL, value TEXT,
     evidence TEXT NOT NULL, PRIMARY KEY (entity, field, at, source)) WITHOUT ROWID;`,
  `ALTER TABLE sources ADD COLUMN cursor TEXT;
   ALTER TABLE sources ADD COLUMN full_scanned_at REAL;
   CREATE TABLE wanted (
     window TEXT PRIMARY KEY, focused INTEGER NOT NULL, ids TEXT NOT NULL, at REAL NOT NULL) WITHOUT ROWID;`,
  `ALTER TABLE sources ADD COLUMN clean_at REAL;
   UPDATE sources SET clean_at = whole_at;`,
  `CREATE INDEX history_alerting ON history (entity)
     WHERE field = 'state' AND seen_until IS NULL AND value NOT IN ('ok', 'unknown', '');`,
  `INSERT OR IGNORE INTO run_use
     SELECT linked.value, 'names', runs.at, runs.id, runs.source FROM runs, json_each(runs.body, '$.linked') AS linked;`,
];

export type SchemaAge = 'current' | 'newer';

/**
 * Makes or updates the tables. `newer`: written by a later version of Plumbline, nothing was touched.
 * Throws a StoreError `corrupt` when the file is a database, but not ours.
 */
export function prepareSchema(connection: Connection, upTo: number = migrations.length): SchemaAge {
  const version = Number(connection.get('PRAGMA user_version')?.user_version);
  const owner = Number(connection.get('PRAGMA application_id')?.application_id);
  const tables = Number(connection.get('SELECT count(*) AS n FROM sqlite_master')?.n);
  if (tables > 0 && owner !== applicationId) {
    throw new StoreError('corrupt', `The store ${connection.path} was made by another program.`);
  }
  if (version > upTo) return 'newer';
  if (version === upTo) return 'current';
  connection.writing(() => {
    // Another window may have done it while we waited for the lock.
    const now = Number(connection.get('PRAGMA user_version')?.user_version);
    for (const migration of migrations.slice(now, upTo)) connection.execute(migration);
    connection.execute(`PRAGMA application_id = ${applicationId}`);
    connection.execute(`PRAGMA user_version = ${Math.max(now, upTo)}`);
  });
  return 'current';
}
