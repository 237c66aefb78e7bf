// Wanted: what each window has on its screen and whether it has the focus, for the one window that asks the servers.
import type { EntityId } from '../entity.ts';
import type { Connection } from './connection.ts';
import { decode, encode } from './json.ts';

export interface Wanted {
  readonly focused: boolean;
  /** What is looked at most comes first. */
  readonly ids: readonly EntityId[];
}

/** `at`: epoch ms. Said again and again: a window that is silent is closed. */
export function writeWanted(connection: Connection, window: string, { focused, ids }: Wanted, at: number): void {
  connection.writing(() =>
    connection.run(
      'INSERT OR REPLACE INTO wanted (window, focused, ids, at) VALUES (?, ?, ?, ?)',
      ...[window, focused ? 1 : 0, encode(ids), at],
    ),
  );
}

/** Of windows that spoke since then (epoch ms), those with the focus first. */
export function readWanted(connection: Connection, since: number): readonly Wanted[] {
  return connection
    .all('SELECT focused, ids FROM wanted WHERE at >= ? ORDER BY focused DESC, at DESC LIMIT 50', since)
    .map((row) => ({ focused: row.focused === 1, ids: decode<readonly EntityId[]>(String(row.ids)) }));
}

/** Of this window, and of all that are silent since `before` (epoch ms). */
export function dropWanted(connection: Connection, window: string, before: number): void {
  connection.writing(() => connection.run('DELETE FROM wanted WHERE window = ? OR at < ?', window, before));
}

/** A word between windows, by its key; not of the catalog, so the revision stays. Never a secret. */
export function writeNote(connection: Connection, key: string, text: string): void {
  connection.writing(() => connection.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', `note ${key}`, text));
}

export function readNote(connection: Connection, key: string): string | undefined {
  const value = connection.get('SELECT value FROM meta WHERE key = ?', `note ${key}`)?.value;
  return value === undefined || value === null ? undefined : String(value);
}
