// Edges' history: edges that nobody says any more, with when they were said.
import type { Neighbours } from '../../catalog.ts';
import type { EdgeOrigin, EdgeRelation, SourcedEdge } from '../../edge.ts';
import type { EntityId } from '../../entity.ts';
import type { Connection, Row } from '../connection.ts';
import type { ScanState } from '../scanState.ts';
import { watchedBy } from './read.ts';

const mostEdges = 2000;

/**
 * Edges of the source that this whole scan did not say again go, and are remembered. How many went.
 * An edge was seen last by the scan that said it, or by a later one of all there is that left it standing.
 */
export function forgetEdges({ connection, source, scan, at }: ScanState): number {
  connection.run(
    `INSERT OR REPLACE INTO edge_history
       (from_id, to_id, relation, origin, source, evidence, seen_from, seen_until, missed_at, gone_at)
     SELECT e.from_id, e.to_id, e.relation, e.origin, e.source, e.evidence, coalesce(e.first_seen, e.as_of),
       min(?, max(e.as_of, coalesce(s.whole_at, e.as_of))), e.missed_at, ?
     FROM edges e JOIN sources s ON s.id = e.source WHERE e.source = ? AND e.scan < ?`,
    ...[at, at, source, scan],
  );
  return connection.run('DELETE FROM edges WHERE source = ? AND scan < ?', source, scan);
}

/**
 * Edges that were there at a time, or may have been: `unsure` says why it is not certain. What was looked for then, and
 * not said, is left out.
 */
export function readNeighboursAt(connection: Connection, id: EntityId, time: number): Neighbours {
  const watches = new Map<number, (time: number) => boolean>();
  const isWatched = (source: number): boolean => {
    const known = watches.get(source) ?? watchedBy(connection, source);
    watches.set(source, known);
    return known(time);
  };
  const side = (column: 'from_id' | 'to_id') => {
    const found = new Map<string, SourcedEdge>();
    for (const row of rowsOf(connection, column, id)) {
      const then = stateAt(row, time, isWatched);
      if (then === 'absent') continue;
      const key = [row.from_id, row.to_id, row.relation, row.origin, row.source].join('\n');
      const known = found.get(key);
      // The row of a time it was seen says more than one before or after.
      if (!known?.unsure && known) continue;
      found.set(key, { ...edgeOf(row), ...(then === 'seen' ? {} : { unsure: then }) });
    }
    return [...found.values()];
  };
  return { upstream: side('to_id'), downstream: side('from_id') };
}

/** An edge that is there now was said, or left as it was, by every scan without problems since it came. */
function rowsOf(connection: Connection, column: 'from_id' | 'to_id', id: EntityId): readonly Row[] {
  return connection.all(
    `SELECT e.*, s.name AS source_name FROM (
       SELECT h.from_id, h.to_id, h.relation, h.origin, h.source, h.evidence, h.seen_from, h.seen_until, h.missed_at,
         h.gone_at FROM edge_history h WHERE h.${column} = ?
       UNION ALL
       SELECT c.from_id, c.to_id, c.relation, c.origin, c.source, c.evidence, coalesce(c.first_seen, c.as_of),
         max(c.as_of, coalesce((SELECT clean_at FROM sources WHERE id = c.source), c.as_of)), c.missed_at, NULL
       FROM edges c WHERE c.${column} = ?
     ) e JOIN sources s ON s.id = e.source ORDER BY e.from_id, e.to_id, e.relation, e.origin, s.name, e.seen_from LIMIT ?`,
    ...[id, id, mostEdges],
  );
}

type Then = 'seen' | 'absent' | 'between' | 'notWatched';

function stateAt(row: Row, time: number, isWatched: (source: number) => boolean): Then {
  const [from, until] = [Number(row.seen_from), Number(row.seen_until)];
  const source = Number(row.source);
  if (time >= from && time <= until)
    return time === from || time === until || isWatched(source) ? 'seen' : 'notWatched';
  if (time > until) {
    if (row.gone_at === null) return 'notWatched';
    return time < Number(row.gone_at) ? 'between' : 'absent';
  }
  if (row.missed_at === null) return 'notWatched';
  return time > Number(row.missed_at) ? 'between' : isWatched(source) ? 'absent' : 'notWatched';
}

/** Relation and origin come from our own types, by way of our own writer. */
function edgeOf(row: Row): SourcedEdge {
  return {
    from: String(row.from_id),
    to: String(row.to_id),
    relation: row.relation as EdgeRelation,
    origin: row.origin as EdgeOrigin,
    evidence: String(row.evidence),
    source: String(row.source_name),
    asOf: Number(row.seen_until),
  };
}
