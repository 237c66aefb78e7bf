// Listed: when a kind was listed wholly in a scope, again and again; what a listing did not hold was not there.
import type { Interval } from '../../asOf.ts';
import type { EntityId } from '../../entity.ts';
import type { Connection } from '../connection.ts';
import type { ScanState } from '../scanState.ts';

/** Looks further apart do not make one watch: a laptop slept, or no window was open. */
export const longestGapMs = 30 * 60_000;

/** At the end of a scan, of all that its source covers now, whether it was listed again or is known to be as it was. */
export function extendListed({ connection, source, at }: ScanState): void {
  for (const row of connection.all('SELECT kind, scope FROM coverage WHERE source = ? AND as_of = ?', source, at)) {
    const [kind, scope] = [String(row.kind), String(row.scope)];
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

interface Before {
  readonly scan: string;
  readonly byKind: Map<string, readonly Listing[]>;
}

/** What was listed before a scan does not change while it runs, and is asked for every new entity. */
const before = new WeakMap<Connection, Before>();

/** When a listing that ended held this entity or proved that it was not there; undefined when none could. */
export function lastListed(state: ScanState, id: EntityId): number | undefined {
  const kind = id.slice(0, id.indexOf(':'));
  const { byKind } = beforeScan(state);
  const listings = byKind.get(kind) ?? listingsOf(state, kind);
  byKind.set(kind, listings);
  let last: number | undefined;
  for (const { scope, until } of listings) {
    const isOfIt = id.startsWith(scope, kind.length + 1) && id.charAt(kind.length + 1 + scope.length) === '/';
    if (isOfIt && (last === undefined || until > last)) last = until;
  }
  return last;
}

function beforeScan({ connection, source, scan }: ScanState): Before {
  const key = `${source} ${scan}`;
  const known = before.get(connection);
  if (known?.scan === key) return known;
  const fresh = { scan: key, byKind: new Map<string, readonly Listing[]>() };
  before.set(connection, fresh);
  return fresh;
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
