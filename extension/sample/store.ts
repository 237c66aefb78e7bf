// Moves the times in the sample's MLflow store, and points its artifacts at the folder they were unpacked to.
import { DatabaseSync } from 'node:sqlite';
import { type Shift, shiftNumber, shiftText } from './shift.ts';

/**
 * Rewrites the store in one transaction: every time in milliseconds, every date in text, and `movedFrom` at the start
 * of a path to `movedTo`.
 * @throws {Error} when the file is no SQLite database
 */
export function shiftStore(file: string, shift: Shift, movedFrom: string, movedTo: string): void {
  const db = new DatabaseSync(file);
  try {
    db.exec('PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE');
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all();
    for (const table of tables)
      shiftTable(db, String(table.name), shift, (text) => text.replaceAll(movedFrom, movedTo));
    db.exec('COMMIT');
  } finally {
    db.close();
  }
}

function shiftTable(db: DatabaseSync, table: string, shift: Shift, move: (text: string) => string): void {
  const rows = db.prepare(`SELECT rowid AS "rowid of sample", * FROM "${table}"`);
  rows.setReadBigInts(true);
  for (const row of rows.all()) {
    const changed: [string, string | bigint][] = [];
    for (const [column, value] of Object.entries(row)) {
      if (column === 'rowid of sample') continue;
      const moved = shiftValue(value, shift, move);
      if (moved !== undefined && moved !== value) changed.push([column, moved]);
    }
    if (changed.length === 0) continue;
    const set = changed.map(([column]) => `"${column}" = ?`).join(', ');
    const update = db.prepare(`UPDATE "${table}" SET ${set} WHERE rowid = ?`);
    update.run(...changed.map(([, value]) => value), row['rowid of sample'] as bigint);
  }
}

function shiftValue(value: unknown, shift: Shift, move: (text: string) => string): string | bigint | undefined {
  if (typeof value === 'string') return move(shiftText(value, shift));
  if (typeof value !== 'bigint') return undefined;
  const moved = shiftNumber(Number(value), shift);
  return moved === undefined ? undefined : BigInt(moved);
}
