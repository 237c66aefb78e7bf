// Read: the history of an entity as rows, as answers "as of", and as changes.
import {
  type AsOf,
  asOf,
  changesOf,
  type FieldChange,
  type Held,
  type Interval,
  type Past,
  surest,
  type Told,
} from '../../asOf.ts';
import type { HistoryEntry } from '../../catalog.ts';
import type { EntityId } from '../../entity.ts';
import type { Facts } from '../../facts.ts';
import type { Connection, Row } from '../connection.ts';
import { decode } from '../json.ts';
import { listedIntervals } from './listed.ts';
import { ownRecordOf } from './own.ts';
import { existence, existing } from './record.ts';

const mostRows = 1000;

/** What was seen and what the tool recorded itself, in order of time; that there was no value is left out. */
export function readHistory(connection: Connection, id: EntityId, field?: string): readonly HistoryEntry[] {
  const rows = connection.all(
    `SELECT field, value, seen_from, seen_until, NULL AS evidence, source FROM history
     WHERE entity = ? AND (? IS NULL OR field = ?) AND absent = 0
     UNION ALL
     SELECT field, value, at, at, evidence, source FROM events
     WHERE entity = ? AND (? IS NULL OR field = ?) AND value IS NOT NULL
     ORDER BY 3, 1, 6 LIMIT ?`,
    ...[id, field ?? null, field ?? null, id, field ?? null, field ?? null, mostRows],
  );
  return rows.map((row) => ({
    entity: id,
    field: String(row.field),
    value: String(row.value),
    seenFrom: Number(row.seen_from),
    ...(row.seen_until === null ? {} : { seenUntil: Number(row.seen_until) }),
    ...(row.evidence === null ? {} : { evidence: String(row.evidence) }),
  }));
}

/** By an index of its own: freshness is rare among what is followed. */
export function readStale(connection: Connection, limit: number): readonly EntityId[] {
  const rows = connection.all(
    `SELECT DISTINCT entity FROM history
     WHERE field = 'freshness' AND seen_until IS NULL AND value NOT IN ('pass', '') ORDER BY entity LIMIT ?`,
    limit,
  );
  return rows.map((row) => String(row.entity));
}

/** By an index of its own that holds no others. */
export function readAlerting(connection: Connection, limit: number): readonly EntityId[] {
  const rows = connection.all(
    `SELECT DISTINCT entity FROM history
     WHERE field = 'state' AND seen_until IS NULL AND value NOT IN ('ok', 'unknown', '') ORDER BY entity LIMIT ?`,
    limit,
  );
  return rows.map((row) => String(row.entity));
}

export function readAsOf(connection: Connection, id: EntityId, field: string, time: number): AsOf {
  const pasts = pastsOf(connection, id, field);
  // A source that never speaks of a field does not say that there is none.
  const speaking = pasts.filter(({ held, told }) => told.length > 0 || held.some(({ value }) => value !== undefined));
  const seen = surest((speaking.length > 0 ? speaking : pasts).map((past) => asOf(past, time)));
  return seen.answer === 'notWatched' ? (ownRecordOf(connection, id, field, time) ?? seen) : seen;
}

/** Of one field, or of all that ever changed, in order of time. */
export function readChanges(connection: Connection, id: EntityId, field?: string): readonly FieldChange[] {
  return changedFields(connection, id)
    .filter((one) => field === undefined || one === field)
    .flatMap((one) => pastsOf(connection, id, one).flatMap((past) => changesOf(one, past)))
    .sort((a, b) => a.to - b.to);
}

/** Whether somebody looked at the source again and again around a time. */
export function watchedBy(connection: Connection, source: number): (time: number) => boolean {
  const intervals = watchesOf(connection, source);
  return (time) => intervals.some(({ from, until }) => from <= time && time <= until);
}

/** Those that changed or may have; most never do, and then nothing else is read. */
function changedFields(connection: Connection, id: EntityId): readonly string[] {
  const rows = connection.all(
    `SELECT field FROM history WHERE entity = ? GROUP BY field HAVING count(*) > 1
     UNION SELECT field FROM events WHERE entity = ? ORDER BY 1`,
    ...[id, id],
  );
  return rows.map((row) => String(row.field)).filter((field) => field !== existence);
}

function watchesOf(connection: Connection, source: number): readonly Interval[] {
  return connection
    .all('SELECT seen_from, seen_until FROM watches WHERE source = ? ORDER BY seen_from', source)
    .map((row) => ({ from: Number(row.seen_from), until: Number(row.seen_until) }));
}

/** One for each source that ever had the entity, or recorded something of it. */
function pastsOf(connection: Connection, id: EntityId, field: string): readonly Past[] {
  const kept = connection.all(
    `SELECT e.source, e.as_of, e.first_seen, e.last_seen, e.missed_at, e.changed, e.gone_at, e.facts, s.name, s.history_scan
     FROM entities e JOIN sources s ON s.id = e.source WHERE e.id = ? ORDER BY s.name`,
    id,
  );
  const runs = connection.all(
    `SELECT r.source, r.as_of, s.name FROM runs r JOIN sources s ON s.id = r.source WHERE r.id = ? ORDER BY s.name`,
    id,
  );
  const others = connection.all(
    `SELECT DISTINCT e.source, s.name FROM events e JOIN sources s ON s.id = e.source
     WHERE e.entity = ? AND e.field = ? ORDER BY s.name`,
    ...[id, field],
  );
  const known = new Set([...kept, ...runs].map((row) => row.source));
  return [...kept, ...runs, ...others.filter((row) => !known.has(row.source ?? null))].map((row) => {
    const source = Number(row.source);
    const listed = listedIntervals(connection, source, id);
    const held = heldIn(connection, row, id, field, listed);
    const watched = listed.length > 0 ? listed : watchesOf(connection, source);
    return { source: String(row.name), held, watched, told: toldIn(connection, row, id, field) };
  });
}

/** Of an entity that a source has: its rows, what is known without rows, and that it was not there before it came. */
function heldIn(connection: Connection, of: Row, id: EntityId, field: string, listed: readonly Interval[]): Held[] {
  if (of.as_of === undefined) return [];
  const rows = connection.all(
    `SELECT value, absent, seen_from, seen_until FROM history
     WHERE entity = ? AND field = ? AND source = ? ORDER BY seen_from LIMIT ?`,
    ...[id, field, of.source ?? null, mostRows],
  );
  const confirmed = confirmedUntil(of, listed);
  const held = rows.map((row): Held => {
    const from = Number(row.seen_from);
    const until = Math.max(from, row.seen_until === null ? confirmed : Number(row.seen_until));
    return row.absent === 0 ? { value: String(row.value), from, until } : { from, until };
  });
  if (of.first_seen === undefined) return held;
  const first = Number(of.first_seen ?? of.as_of);
  if (rows.length === 0 && confirmed >= first) {
    const isThere = field === existence && of.gone_at === null;
    held.push({ ...(isThere ? { value: existing } : {}), from: first, until: confirmed });
  }
  const missed = of.missed_at === null ? undefined : Number(of.missed_at);
  const start = missed === undefined ? undefined : listed.find(({ from }) => from <= missed)?.from;
  if (missed !== undefined && start !== undefined && missed < (held[0]?.from ?? first))
    held.unshift({ from: start, until: missed });
  return coalesced(held);
}

/** Not there and there without the value is the same: none. */
function coalesced(held: readonly Held[]): Held[] {
  const found: Held[] = [];
  for (const one of held) {
    const last = found.at(-1);
    if (last && last.value === one.value) found[found.length - 1] = { ...last, until: one.until };
    else found.push(one);
  }
  return found;
}

/** When what is written last was seen last: the entity itself, or a listing that left it as it was. */
function confirmedUntil(of: Row, listed: readonly Interval[]): number {
  const isPending = of.changed !== undefined && Number(of.changed) > Number(of.history_scan);
  if (isPending) return Number(of.last_seen ?? of.first_seen);
  return Math.max(Number(of.as_of), listed.at(-1)?.until ?? 0);
}

function toldIn(connection: Connection, of: Row, id: EntityId, field: string): readonly Told[] {
  const rows = connection.all(
    'SELECT at, value, evidence FROM events WHERE entity = ? AND field = ? AND source = ? ORDER BY at LIMIT ?',
    ...[id, field, of.source ?? null, mostRows],
  );
  const told = rows.map((row): Told => {
    const value = row.value === null ? {} : { value: String(row.value) };
    return { ...value, at: Number(row.at), evidence: String(row.evidence) };
  });
  const created = field === existence && typeof of.facts === 'string' ? decode<Facts>(of.facts).createdAt : undefined;
  const isBefore = created !== undefined && created <= Number(of.first_seen ?? of.as_of);
  return isBefore ? [{ value: existing, at: created, evidence: 'its time of creation' }, ...told] : told;
}
