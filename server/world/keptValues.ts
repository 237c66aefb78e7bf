// Kept values: a file of our own with values by key, written all or nothing; one that is damaged or of another version begins anew.
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

export interface KeptValue {
  readonly key: string;
  readonly value: Uint8Array;
}

export interface KeptValues {
  /** All whose key begins like this, in order of key. */
  all(prefix: string): Iterable<KeptValue>;
  /** In one transaction. */
  write(changed: Iterable<KeptValue>, removed: Iterable<string>): void;
  close(): void;
}

/** How long another process that writes is waited for, in ms. */
const patience = 2000;

/** `version`: what the values depend on as a whole. Throws when the file can be neither used nor replaced. */
export function openKeptValues(file: string, version: string): KeptValues {
  try {
    return open(file, version);
  } catch {
    for (const ending of ['', '-wal', '-shm']) rmSync(`${file}${ending}`, { force: true });
    return open(file, version);
  }
}

function open(file: string, version: string): KeptValues {
  const database = new DatabaseSync(file, { timeout: patience });
  try {
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS version (value TEXT NOT NULL);`);
    if (database.prepare('SELECT value FROM version').get()?.value !== version) {
      database.exec('DELETE FROM kept; DELETE FROM version;');
      database.prepare('INSERT INTO version VALUES (?)').run(version);
    }
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    *all(prefix) {
      const rows = database
        .prepare('SELECT key, value FROM kept WHERE key >= ? AND key < ? ORDER BY key')
        .iterate(prefix, `${prefix}\u{10ffff}`);
      for (const { key, value } of rows)
        if (typeof key === 'string' && value instanceof Uint8Array) yield { key, value };
    },
    write(changed, removed) {
      database.exec('BEGIN IMMEDIATE');
      try {
        const put = database.prepare('INSERT OR REPLACE INTO kept VALUES (?, ?)');
        for (const { key, value } of changed) put.run(key, value);
        const drop = database.prepare('DELETE FROM kept WHERE key = ?');
        for (const key of removed) drop.run(key);
        database.exec('COMMIT');
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => database.close(),
  };
}
