// Table changes: what changed in a table's columns while we watched, and where its definition is.
import type { FieldChange } from '../../catalog/asOf.ts';
import type { Catalog } from '../../catalog/catalog.ts';
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
  const change = catalog.changes(table, 'columns').at(-1);
  const hop = change && columnHop(catalog, table, change);
  if (hop) hops.push(hop);
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

/** Undefined when no column came or went. */
export function columnHop(catalog: Catalog, table: EntityId, change: FieldChange): Evidence | undefined {
  if (change.before === undefined || change.after === undefined) return undefined;
  const [old, now] = [columnNames(change.before), columnNames(change.after)];
  const gone = old.filter((name) => !now.includes(name)).map((name) => `${name} is gone`);
  const added = now.filter((name) => !old.includes(name)).map((name) => `${name} is new`);
  if (gone.length + added.length === 0) return undefined;
  return {
    status: 'found',
    title: `Columns of ${nameOf(catalog, table)} changed: ${[...gone, ...added].slice(0, 6).join(', ')}`,
    reason: seenWords(change),
    source: change.source,
    at: change.to,
    about: table,
  };
}

export function seenWords({ from, to, evidence }: FieldChange): string {
  if (evidence !== undefined) return `${evidence}, ${utc(to)}`;
  return `Seen between ${utc(from)} and ${utc(to)}`;
}

/** History keeps one `name type` a line. */
function columnNames(value: string): readonly string[] {
  return value.split('\n').map((column) => column.split(' ')[0] ?? '');
}
