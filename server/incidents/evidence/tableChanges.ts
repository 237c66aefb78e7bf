// Table changes: what changed in a table's columns while we watched, and where its definition is.
import type { Catalog, HistoryEntry } from '../../catalog/catalog.ts';
import type { EntityId } from '../../catalog/entity.ts';
import type { Evidence } from '../../protocol/incident.ts';
import { utc } from '../trouble/missedRuns.ts';
import { nameOf } from '../trouble/runs.ts';
import { sourceOf } from './hops.ts';

/** The last change of the columns, and the file that defines the table. Empty when neither is known. */
export function columnHops(catalog: Catalog, table: EntityId): readonly Evidence[] {
  const hops: Evidence[] = [];
  const source = sourceOf(catalog, table);
  const name = nameOf(catalog, table);
  const change = lastChange(catalog.history(table, 'columns'));
  if (change)
    hops.push({
      status: 'found',
      title: `Columns of ${name} changed: ${change.words}`,
      reason: `Seen between ${utc(change.from)} and ${utc(change.to)}`,
      source,
      at: change.to,
      about: table,
    });
  const { definedAt } = catalog.facts(table);
  if (definedAt)
    hops.push({
      status: 'found',
      title: `${name} is defined in ${definedAt.path.split(/[/\\]/).at(-1)}`,
      reason: 'It is what the test looks at',
      source,
      about: table,
      place: { file: definedAt.path, line: definedAt.line },
    });
  return hops;
}

function lastChange(history: readonly HistoryEntry[]) {
  const after = history.at(-1);
  // A value that still holds is another source's word, not what was before.
  const before = history.findLast((entry) => entry !== after && entry.seenUntil !== undefined);
  if (!before || !after || (before.seenUntil ?? 0) > after.seenFrom) return undefined;
  const old = columnNames(before.value);
  const now = columnNames(after.value);
  const gone = old.filter((name) => !now.includes(name));
  const added = now.filter((name) => !old.includes(name));
  if (gone.length === 0 && added.length === 0) return undefined;
  const words = [...gone.map((name) => `${name} is gone`), ...added.map((name) => `${name} is new`)];
  return { words: words.slice(0, 6).join(', '), from: before.seenUntil ?? before.seenFrom, to: after.seenFrom };
}

/** History keeps one `name type` a line. */
function columnNames(value: string): readonly string[] {
  return value.split('\n').map((column) => column.split(' ')[0] ?? '');
}
