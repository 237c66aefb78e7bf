// Column flows: from which columns of which tables the columns of a table are made, as its SQL says.
import type { Entity, EntityId } from '../catalog/entity.ts';
import { tableParts } from '../catalog/names.ts';
import type { ColumnEdge } from '../lineage/columns/columnEdges.ts';
import type { ColumnSource } from '../lineage/columns/columnMemory.ts';
import type { FeatureContext } from './context.ts';
import { fileOf } from './fileUri.ts';

const mostSources = 4;

/** The SQL that fills these, which are names of one table: as a tool compiled it, else the files that write it. */
export function columnSources(
  { catalog, referencesTo }: Pick<FeatureContext, 'catalog' | 'referencesTo'>,
  ids: readonly EntityId[],
): readonly ColumnSource[] {
  const tables = ids.flatMap((id) => catalog.get(id) ?? []).filter(({ kind }) => kind === 'table');
  const compiled = tables.flatMap(({ id, name }): ColumnSource[] => {
    const text = catalog.facts(id).compiledSql;
    return text === undefined ? [] : [{ text, table: name }];
  });
  if (compiled.length > 0) return compiled.slice(0, mostSources);
  const files = new Map<string, ColumnSource>();
  for (const { id, name } of tables) {
    for (const { uri, reference } of referencesTo(id)) {
      const file = /\.sql$/i.test(uri) && /^(?:defines|writes)$/.test(reference.role) ? fileOf(uri) : undefined;
      // The file of a dbt model fills the table that it defines, and does not say so.
      if (file !== undefined) files.set(file, { file, ...(reference.role === 'defines' && { table: name }) });
    }
  }
  return [...files.values()].slice(0, mostSources);
}

/** Of the edges of these sources, those into this table, one for each column. */
export function flowsInto(tables: readonly Entity[], edges: readonly ColumnEdge[]): readonly ColumnEdge[] {
  const names = tables.flatMap(({ name, aliases }) => [name, ...aliases]).map(partsOf);
  const byColumn = new Map<string, ColumnEdge>();
  for (const edge of edges) {
    const to = partsOf(edge.to.table);
    if (!names.some((name) => endsAlike(name, to)) || (edge.from.length === 0 && edge.open.length === 0)) continue;
    if (!byColumn.has(edge.to.column)) byColumn.set(edge.to.column, edge);
  }
  return [...byColumn.values()];
}

const partsOf = (name: string): readonly string[] => tableParts(name).map((part) => part.toLowerCase());

/** One may be qualified further than the other. */
function endsAlike(one: readonly string[], other: readonly string[]): boolean {
  const length = Math.min(one.length, other.length);
  return one.slice(-length).join('\n') === other.slice(-length).join('\n');
}

/** `raw.events.at, raw.customers.id`; a column whose table the query leaves open has a `?`. */
export function sourcesOf({ from, open }: ColumnEdge): readonly string[] {
  return [...from.map(({ table, column }) => `${table}.${column}`), ...open.map((name) => `?.${name}`)];
}
