// Record: what a tool said of an entity over time, one row per value that held; written on change only.
import { createHash } from 'node:crypto';
import type { PastChange } from '../../change.ts';
import type { EntityId } from '../../entity.ts';
import type { Facts } from '../../facts.ts';
import type { RunStatus } from '../../run.ts';
import type { Row } from '../connection.ts';
import { decode } from '../json.ts';
import type { ScanState } from '../scanState.ts';
import { lastListed } from './listed.ts';

/** Whether the thing is there; rows are written only once it went away. */
export const existence = 'exists';
export const existing = 'yes';
/** Longer values (the columns of a very wide table) are cut, and end with a hash of the whole, so that a change still shows. */
const longestValue = 16_000;

/**
 * Fields that are followed, as `field → value`. An alias of a model is the field `alias <name>`, its value the version.
 * The value of `columns` is one `name type` per line.
 */
function followed(facts: Facts): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const set = (field: string, value: string | boolean | undefined) => {
    if (value !== undefined) values.set(field, bounded(String(value)));
  };
  set('owner', facts.owner);
  set('schedule', facts.schedule);
  set('paused', facts.paused);
  set('stage', facts.stage);
  set('latestVersion', facts.latestVersion);
  set('freshness', facts.freshness);
  set('state', facts.state);
  set('query', facts.query);
  for (const { alias, version } of facts.modelAliases ?? []) set(`alias ${alias}`, version);
  if (facts.columns) {
    set('columns', facts.columns.map(({ name, type }) => (type ? `${name} ${type}` : name)).join('\n'));
  }
  return values;
}

export function bounded(value: string): string {
  if (value.length <= longestValue) return value;
  const kept = value.slice(0, longestValue);
  const hash = createHash('sha256').update(value).digest('hex').slice(0, 16);
  return `${kept.slice(0, Math.max(kept.lastIndexOf('\n'), longestValue / 2))}\n… cut from ${value.length} characters, ${hash}`;
}

interface Values {
  readonly state: ScanState;
  readonly id: EntityId;
  /** When what was recorded last was seen last. */
  readonly lastSeen: number;
}

/**
 * Compares what this scan saw of an entity (a row of `entities`) with what held before. A new value is seen from this
 * scan on; the old one was seen last when the entity was looked at before, so that the change lies between the two.
 */
export function recordHistory(state: ScanState, row: Row): void {
  const { connection, source, at } = state;
  const id = String(row.id);
  const isGone = row.gone_at !== null;
  const values = new Map(followed(row.facts === null || isGone ? {} : decode<Facts>(String(row.facts))));
  if (row.last_seen === null && !isGone) {
    for (const [field, value] of values) open(state, id, field, value);
    return;
  }
  const lastSeen = Math.min(at, Math.max(Number(row.last_seen ?? row.first_seen), lastListed(state, id) ?? 0));
  const rows = connection.all(
    'SELECT field, value, absent FROM history WHERE entity = ? AND source = ? AND seen_until IS NULL',
    ...[id, source],
  );
  const holding = new Map(rows.map((one) => [String(one.field), one.absent === 0 ? String(one.value) : undefined]));
  if (isGone || holding.has(existence)) {
    if (isGone) begin({ state, id, lastSeen }, existence, Number(row.first_seen), existing);
    else values.set(existence, existing);
  }
  for (const [field, value] of holding) {
    if (value === undefined || values.has(field)) continue;
    close(state, id, field, lastSeen);
    open(state, id, field, undefined);
  }
  if (isGone && !holding.has(existence)) open(state, id, existence, undefined);
  for (const [field, value] of values) {
    if (holding.has(field) && holding.get(field) === value) continue;
    if (holding.has(field)) close(state, id, field, lastSeen);
    else begin({ state, id, lastSeen }, field, Number(row.first_seen), undefined);
    open(state, id, field, value);
  }
}

/** What held from the first sight of the entity until now, of a field that nothing was written of. */
function begin({ state, id, lastSeen }: Values, field: string, from: number, value: string | undefined): void {
  const { connection, source, at } = state;
  const isWritten = connection.get(
    'SELECT 1 FROM history WHERE entity = ? AND field = ? AND source = ? LIMIT 1',
    ...[id, field, source],
  );
  if (isWritten || from > lastSeen || from >= at) return;
  connection.run(
    'INSERT INTO history (entity, field, source, seen_from, seen_until, value, absent) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ...[id, field, source, from, lastSeen, value ?? '', value === undefined ? 1 : 0],
  );
}

function open({ connection, source, at }: ScanState, id: EntityId, field: string, value: string | undefined): void {
  connection.run(
    `INSERT OR REPLACE INTO history (entity, field, source, seen_from, seen_until, value, absent)
     VALUES (?, ?, ?, ?, NULL, ?, ?)`,
    ...[id, field, source, at, value ?? '', value === undefined ? 1 : 0],
  );
}

function close({ connection, source }: ScanState, id: EntityId, field: string, until: number): number {
  return connection.run(
    `UPDATE history SET seen_until = max(seen_from, ?)
     WHERE entity = ? AND field = ? AND source = ? AND seen_until IS NULL`,
    ...[until, id, field, source],
  );
}

/** A run whose status is other than when it was seen last, at `lastSeen`. */
export function recordStatus(state: ScanState, id: EntityId, before: string, lastSeen: number, after: RunStatus): void {
  if (close(state, id, 'status', lastSeen) === 0) begin({ state, id, lastSeen }, 'status', lastSeen, before);
  open(state, id, 'status', after);
}

/** True when it was not known yet. */
export function recordEvent({ connection, source }: ScanState, event: PastChange): boolean {
  if (!Number.isFinite(event.at)) return false;
  const value = event.value === undefined ? null : bounded(event.value);
  return (
    connection.run(
      'INSERT OR IGNORE INTO events (entity, field, at, source, value, evidence) VALUES (?, ?, ?, ?, ?, ?)',
      ...[event.entity, event.field, event.at, source, value, event.evidence],
    ) === 1
  );
}
