// Near: existing names that a name may have been meant to be.
import { distance } from 'fastest-levenshtein';
import type { EntityId, EntityKind } from '../entity.ts';
import { nameKey, partSeparator } from '../names.ts';
import type { Connection, Row } from './connection.ts';

const mostCompared = 1500;
const longest = 200;

/**
 * Ids in order of likeness: other case, two swapped letters, or a slip of one letter in four, in the last part of the name.
 * In a large catalog those that begin like it are looked at first, and not all of the rest.
 */
export function nearIds(
  connection: Connection,
  kind: EntityKind,
  name: string,
  tool: string | undefined,
): readonly EntityId[] {
  const asked = lastPart(nameKey(kind, name));
  const most = asked.length < 4 ? 1 : Math.max(2, Math.floor(asked.length / 4));
  const best = new Map<EntityId, number>();
  for (const row of rowsToCompare(connection, kind, asked, tool)) {
    const id = String(row.entity);
    const candidate = lastPart(String(row.key));
    if (Math.abs(candidate.length - asked.length) > most) continue;
    const away = apart(asked, candidate);
    if (away <= most && away < (best.get(id) ?? Number.POSITIVE_INFINITY)) best.set(id, away);
  }
  return [...best].sort(([a, awayA], [b, awayB]) => awayA - awayB || (a < b ? -1 : 1)).map(([id]) => id);
}

/** How many letters a key is away from a name, in their last parts. */
export function nearness(kind: EntityKind, name: string, key: string): number {
  return apart(lastPart(nameKey(kind, name)), lastPart(key));
}

function apart(asked: string, candidate: string): number {
  return distance(asked.toLowerCase(), candidate.toLowerCase());
}

function rowsToCompare(connection: Connection, kind: EntityKind, asked: string, tool?: string): readonly Row[] {
  const range = tool ? [`${kind}:${tool}://`, `${kind}:${tool}:/0`] : [`${kind}:`, `${kind};`];
  const begins = [asked.slice(0, Math.ceil(asked.length / 2)), asked.slice(0, 1), ''];
  return begins.flatMap((prefix) =>
    connection.all(
      'SELECT key, entity FROM names WHERE kind = ? AND key >= ? AND key < ? AND entity >= ? AND entity < ? LIMIT ?',
      ...[kind, prefix, `${prefix}\u{10ffff}`, ...range, mostCompared],
    ),
  );
}

function lastPart(key: string): string {
  const [last = key] = key.split(partSeparator, 1);
  return last.slice(0, longest);
}
