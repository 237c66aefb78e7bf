// Listed: when a kind was listed wholly in a scope, again and again; what a listing did not hold was not there.
import type { Interval } from '../../asOf.ts';
import type { Covered } from '../../change.ts';
import type { EntityId } from '../../entity.ts';
import type { Connection } from '../connection.ts';
import type { ScanState } from '../scanState.ts';

/** Looks further apart do not make one watch: a laptop slept, or no window was open. */
export const longestGapMs = 30 * 60_000;

export function extendListed({ connection, source, at }: ScanState, covered: readonly Covered[]): void {
  for (const { kind, scope } of covered) {
    const extended = connection.run(
      `UPDATE listed SET seen_until = max(seen_until, ?)
       WHERE source = ? AND kind = ? AND scope = ? AND seen_until >= ?
         AND seen_from = (SELECT max(seen_from) FROM listed WHERE source = ? AND kind = ? AND scope = ?)`,
      ...[at, source, kind, scope, at - longestGapMs, source, kind, scope],
    );
    if (extended === 0)
      connection.run('INSERT OR REPLACE INTO listed VALUES (?, ?, ?, ?, ?)', source, kind, scope, at, at);
  }
}

interface Listing {
  readonly scope: string;
  readonly until: number;
}

/** What was listed before a scan does not change while it runs, and is asked for every new entity. */
const before = new WeakMap<ScanState, Map<string, readonly Listing[]>>();

/** When a listing that ended held this entity or proved that it was not there; undefined when none could. */
export function lastListed(state: ScanState, id: EntityId): number | undefined {
  const kind = id.slice(0, id.indexOf(':'));
  const known = before.get(state) ?? new Map<string, readonly Listing[]>();
  before.set(state, known);
  const listings = known.get(kind) ?? listingsOf(state, kind);
  known.set(kind, listings);
  let last: number | undefined;
  for (const { scope, until } of listings) {
    const isOfIt = id.startsWith(scope, kind.length + 1) && id.charAt(kind.length + 1 + scope.length) === '/';
    if (isOfIt && (last === undefined || until > last)) last = until;
  }
  return last;
}

function listingsOf({ connection, source }: ScanState, kind: string): readonly Listing[] {
  return connection
    .all(
      'SELECT scope, max(seen_until) AS seen_until FROM listed WHERE source = ? AND kind = ? GROUP BY scope',
      ...[source, kind],
    )
    .map((row) => ({ scope: String(row.scope), until: Number(row.seen_until) }));
}

/** In order of time, joined where they touch. */
export function listedIntervals(connection: Connection, source: number, id: EntityId): readonly Interval[] {
  const colon = id.indexOf(':');
  const scope = id.slice(colon + 1);
  const rows = connection
    .all(
      'SELECT scope, seen_from, seen_until FROM listed WHERE source = ? AND kind = ? ORDER BY seen_from',
      ...[source, id.slice(0, colon)],
    )
    .filter((row) => scope.startsWith(`${String(row.scope)}/`));
  return joined(rows.map((row) => ({ from: Number(row.seen_from), until: Number(row.seen_until) })));
}

/** Given in order of their beginning. */
export function joined(intervals: readonly Interval[]): readonly Interval[] {
  const found: Interval[] = [];
  for (const one of intervals) {
    const last = found.at(-1);
    if (last && one.from <= last.until)
      found[found.length - 1] = { from: last.from, until: Math.max(last.until, one.until) };
    else found.push(one);
  }
  return found;
}
