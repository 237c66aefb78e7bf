// History: what a tool said of an entity over time, one row per value that held.
import type { HistoryEntry } from '../catalog.ts';
import type { EntityId } from '../entity.ts';
import type { Facts } from '../facts.ts';
import type { Connection } from './connection.ts';
import { decode } from './json.ts';
import type { ScanState } from './scanState.ts';

/**
 * Fields that are followed, as `field → value`. An alias of a model is the field `alias <name>`, its value the version.
 * The value of `columns` is one `name type` per line.
 */
function followed(facts: Facts): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const set = (field: string, value: string | boolean | undefined) => {
    if (value !== undefined) values.set(field, String(value));
  };
  set('owner', facts.owner);
  set('schedule', facts.schedule);
  set('paused', facts.paused);
  set('stage', facts.stage);
  set('latestVersion', facts.latestVersion);
  set('freshness', facts.freshness);
  for (const { alias, version } of facts.modelAliases ?? []) set(`alias ${alias}`, version);
  if (facts.columns) {
    set('columns', facts.columns.map(({ name, type }) => (type ? `${name} ${type}` : name)).join('\n'));
  }
  return values;
}

/**
 * Compares what this scan saw with the values that held before. A new value is seen from this scan on;
 * the old one was last seen by the scan before, so that the change lies between the two.
 */
export function recordHistory(
  state: ScanState,
  id: EntityId,
  facts: string | null,
  lastSeen: number | undefined,
): void {
  const { connection, source, at } = state;
  const values = followed(facts ? decode<Facts>(facts) : {});
  const open =
    lastSeen === undefined
      ? []
      : connection.all(
          'SELECT field, value FROM history WHERE entity = ? AND source = ? AND seen_until IS NULL',
          id,
          source,
        );
  const holding = new Map(open.map((row) => [String(row.field), String(row.value)]));
  for (const [field, value] of holding) {
    if (values.get(field) !== value) close(state, id, field, lastSeen ?? at);
  }
  for (const [field, value] of values) {
    if (holding.get(field) !== value) {
      connection.run('INSERT OR REPLACE INTO history VALUES (?, ?, ?, ?, NULL, ?)', id, field, source, at, value);
    }
  }
}

function close({ connection, source }: ScanState, id: EntityId, field: string, until: number): void {
  connection.run(
    'UPDATE history SET seen_until = ? WHERE entity = ? AND field = ? AND source = ? AND seen_until IS NULL',
    ...[until, id, field, source],
  );
}

/** In order of time. */
export function readHistory(connection: Connection, id: EntityId, field?: string): readonly HistoryEntry[] {
  const rows = connection.all(
    `SELECT field, value, seen_from, seen_until FROM history
     WHERE entity = ? AND (? IS NULL OR field = ?) ORDER BY seen_from, field, source LIMIT 1000`,
    ...[id, field ?? null, field ?? null],
  );
  return rows.map((row) => ({
    entity: id,
    field: String(row.field),
    value: String(row.value),
    seenFrom: Number(row.seen_from),
    ...(row.seen_until === null ? {} : { seenUntil: Number(row.seen_until) }),
  }));
}

/** By an index of its own: freshness is rare among what is followed. */
export function readStale(connection: Connection, limit: number): readonly EntityId[] {
  const rows = connection.all(
    `SELECT DISTINCT entity FROM history
     WHERE field = 'freshness' AND seen_until IS NULL AND value <> 'pass' ORDER BY entity LIMIT ?`,
    limit,
  );
  return rows.map((row) => String(row.entity));
}
