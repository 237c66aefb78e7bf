// Columns: what data is made of, as the facets `columnLineage` (1-2-0) and `lineage` (1-0-0, 2026) say; pure.
import { list, record, text } from '../../json.ts';
import type { Facets, Name } from './events.ts';

/** Data that flows into other data, and which columns of it make which. */
export interface ColumnFlow {
  readonly from: Name;
  /** Key of the dataset that is made. */
  readonly to: string;
  /** `AGE → age`, sorted. */
  readonly columns: readonly string[];
  /** True when it was said of the data itself, false when a job said it of itself. */
  readonly isAlone: boolean;
}

interface Flow {
  readonly from: Name;
  readonly columns: readonly string[];
}

/** Of one entry: a wide table has so many. */
const mostColumns = 300;

function nameOf(value: unknown): Name | undefined {
  const { namespace, name, type } = record(value);
  const read = text(name);
  return read === undefined || type === 'JOB' ? undefined : { namespace: text(namespace) ?? 'default', name: read };
}

/** What one `fields` of either facet says; `inputs` is how it calls the columns that a column is made of. */
function fieldFlows(fields: unknown, inputs: 'inputFields' | 'inputs'): readonly Flow[] {
  return Object.entries(record(fields))
    .slice(0, mostColumns)
    .flatMap(([column, value]) =>
      list(record(value)[inputs]).flatMap((input) => {
        const from = nameOf(input);
        const field = text(record(input).field);
        return from ? [{ from, columns: field === undefined ? [] : [`${field} → ${column}`] }] : [];
      }),
    );
}

function wholeFlows(inputs: unknown): readonly Flow[] {
  return list(inputs).flatMap((input) => {
    const from = nameOf(input);
    return from ? [{ from, columns: [] }] : [];
  });
}

/** By the data they come from. */
function merged(flows: readonly Flow[]): readonly Flow[] {
  const all = new Map<string, { readonly from: Name; readonly columns: Set<string> }>();
  for (const { from, columns } of flows) {
    const key = `${from.namespace}\n${from.name}`;
    const known = all.get(key) ?? { from, columns: new Set() };
    for (const column of columns) known.columns.add(column);
    all.set(key, known);
  }
  return [...all.values()].map(({ from, columns }) => ({ from, columns: [...columns] }));
}

/** What a dataset is made of, by its own facets. */
export function flowsInto({ facets }: { readonly facets: Facets }): readonly Flow[] {
  const old = record(facets.columnLineage);
  const now = record(facets.lineage);
  return merged([
    ...fieldFlows(old.fields, 'inputFields'),
    ...wholeFlows(old.dataset),
    ...fieldFlows(now.fields, 'inputs'),
    ...wholeFlows(now.inputs),
  ]);
}

/** What a job says that flows over it: from data, into data, or both. */
export interface JobFlow {
  readonly from?: Name;
  readonly to?: Name;
  readonly columns: readonly string[];
}

/** Entries of a job's `lineage` facet; one that names another job as its target is that job's business. */
export function jobFlows({ namespace, name, facets }: Name & { readonly facets: Facets }): readonly JobFlow[] {
  return list(record(facets.lineage).entries).flatMap((value): readonly JobFlow[] => {
    const entry = record(value);
    const sources = merged([...fieldFlows(entry.fields, 'inputs'), ...wholeFlows(entry.inputs)]);
    if (entry.type !== 'JOB') {
      const to = nameOf(entry);
      if (!to) return [];
      return sources.length === 0 ? [{ to, columns: [] }] : sources.map((flow) => ({ ...flow, to }));
    }
    const isOwn = entry.name === undefined || (entry.name === name && (entry.namespace ?? namespace) === namespace);
    return isOwn ? sources : [];
  });
}

/** `; columns AGE → age, …`, or nothing. */
export function columnsText(columns: readonly string[]): string {
  const most = 20;
  if (columns.length === 0) return '';
  const more = columns.length > most ? ` and ${columns.length - most} more` : '';
  return `; columns ${columns.toSorted().slice(0, most).join(', ')}${more}`;
}
