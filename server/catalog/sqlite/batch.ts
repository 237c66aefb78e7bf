// Batch: writes in transactions of bounded size, so that nobody waits long and a crash loses little.
import type { Connection } from './connection.ts';

const batchRows = 2000;

/** A page of at most so many rows is written whole or not at all. */
export function inBatches<T>(connection: Connection, items: readonly T[], write: (item: T) => boolean): boolean {
  let changed = false;
  for (let from = 0; from < items.length; from += batchRows) {
    connection.writing(() => {
      let batchChanged = false;
      for (const item of items.slice(from, from + batchRows)) batchChanged = write(item) || batchChanged;
      if (batchChanged) bumpRevision(connection);
      changed ||= batchChanged;
    });
  }
  return changed;
}

/** Counting walks over everything, so it is done here, by the writer, and not when somebody asks. */
export function countEntities(connection: Connection): void {
  connection.run(
    "INSERT OR REPLACE INTO meta VALUES ('size', (SELECT count(DISTINCT id) FROM entities WHERE gone_at IS NULL))",
  );
}

export function bumpRevision(connection: Connection): void {
  connection.run("UPDATE meta SET value = value + 1 WHERE key = 'revision'");
}
