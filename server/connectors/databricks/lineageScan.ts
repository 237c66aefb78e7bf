// Lineage scan: the lineage of tables that were touched, by the lineage API, or by the system tables through a warehouse that runs anyway.
import type { CatalogChange } from '../../catalog/change.ts';
import type { Edge } from '../../catalog/edge.ts';
import type { EntityId } from '../../catalog/entity.ts';
import { HttpError } from '../httpError.ts';
import { keptEdges } from '../keptEdges.ts';
import { idsOf, scopeOf } from './ids.ts';
import { type Poll, partly } from './poll.ts';
import {
  columnSources,
  flowColumns,
  flowsIn,
  lineageColumns,
  rowLineage,
  tableLineage,
  toldByApi,
  toldByTable,
  withFlows,
} from './unity/lineage.ts';
import type { TableName } from './unity/shapes.ts';

const path = '/api/2.0/lineage-tracking';
const most = { tables: 60, columns: 12 };
const day = 86_400_000;

/**
 * The lineage of tables, and of columns where it is told of all at once; the API tells columns of a table on screen only.
 *
 * Of the tables whose details were read in this scan (all with a full one, new ones in between), the 60 that changed
 * last, one question each; the others when they are looked at. Where there are more, or where the API is not there or
 * not allowed, one query of `system.access.table_lineage` and one of `column_lineage`, if a warehouse is running: none
 * is ever started for it, and none is asked for what is on screen.
 */
export async function* lineagePart(poll: Poll): AsyncIterable<CatalogChange> {
  const touched = poll.touched.toSorted((a, b) => (b.updatedAt ?? 0) - (a.updatedAt ?? 0));
  const asked = new Set<EntityId>();
  for (const { name } of touched.slice(0, most.tables)) {
    const answer = await lineageOf(name, poll);
    if (answer === 'closed') {
      yield* allAtOnce(poll, asked);
      return;
    }
    asked.add(idsOf(poll.place).table(name));
    const { entities, edges } = tableLineage(answer, name, poll.place);
    yield { entities, edges: edges.map((edge) => withKnownFlows(edge, poll)) };
  }
  if (touched.length > most.tables) yield* allAtOnce(poll, asked);
}

/** What could not be asked now, of tables that were not `asked` either, holds as far as we know. */
async function* allAtOnce(poll: Poll, asked: ReadonlySet<EntityId>): AsyncIterable<CatalogChange> {
  const change = await fromSystemTables(poll);
  if (change) {
    yield change;
    return;
  }
  const { catalog, place, last } = poll;
  if (last !== undefined) return;
  const isKept = ({ evidence }: Edge, table: EntityId): boolean =>
    !asked.has(table) && (evidence.startsWith(toldByApi) || evidence.startsWith(toldByTable));
  const tables = `table:${scopeOf('databricks', place.metastore)}/`;
  for (const edges of keptEdges({ catalog, source: place.source, tables, isKept })) yield { edges };
}

/** `closed`: this workspace does not answer to that, or not us. Query parameters: our HTTP sends no body with GET. */
export async function lineageOf(name: TableName, { api, signal }: Pick<Poll, 'api' | 'signal'>): Promise<unknown> {
  const query = [['table_name', name.join('.')] as const, ['include_entity_lineage', 'true'] as const];
  try {
    return await api.get(`${path}/table-lineage`, query, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof HttpError && /^(forbidden|missing|refused)$/.test(error.kind)) return 'closed';
    throw error;
  }
}

/** Columns that were told before, by those who tell them: the lineage of tables alone says none. */
export function withKnownFlows(edge: Edge, { catalog, place }: Pick<Poll, 'catalog' | 'place'>): Edge {
  if (edge.relation !== 'reads' || flowsIn(edge.evidence).length > 0) return edge;
  const before = catalog
    ?.neighbours(edge.to)
    .upstream.find(
      ({ from, relation, source }) => from === edge.from && relation === edge.relation && source === place.source,
    );
  return withFlows(edge, flowsIn(before?.evidence ?? ''));
}

/** What each column is made of, `price ← main.demo.menu.price`; of the first 12. Empty where it is not told. */
export async function columnLineage(
  name: TableName,
  columns: readonly string[],
  { api, signal }: Pick<Poll, 'api' | 'signal'>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const column of columns.slice(0, most.columns)) {
    const query = [['table_name', name.join('.')] as const, ['column_name', column] as const];
    try {
      const sources = columnSources(await api.get(`${path}/column-lineage`, query, signal));
      if (sources.length > 0) found.set(column, sources);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof HttpError && /^(forbidden|missing|refused)$/.test(error.kind)) return found;
      throw error;
    }
  }
  return found;
}

const recent = 'WHERE event_date >= DATE(:since) AND event_time >= :since AND';
const tableQuestion =
  `SELECT DISTINCT ${lineageColumns.join(', ')} FROM system.access.table_lineage ` +
  `${recent} entity_type IS NOT NULL LIMIT 20000`;
const columnQuestion =
  `SELECT DISTINCT ${flowColumns.join(', ')} FROM system.access.column_lineage ` +
  `${recent} source_column_name IS NOT NULL AND target_column_name IS NOT NULL LIMIT 20000`;

/** Undefined when nothing could be asked. docs.databricks.com/admin/system-tables/lineage, 2026-08: it needs USE of system.access, and holds a year. */
async function fromSystemTables(poll: Poll): Promise<CatalogChange | undefined> {
  const { warehouses, signal, host, api } = poll;
  return partly(poll, 'the lineage of tables', async () => {
    const warehouse = await warehouses.running(signal);
    if (warehouse === undefined) {
      host.log.info(`${api.place}: no SQL warehouse is running, so the system tables are not asked for lineage`);
      return undefined;
    }
    const from = new Date(Math.max(poll.last?.unityAt ?? 0, poll.now - 30 * day)).toISOString();
    const since = [['since', from] as const];
    const tables = await warehouses.query(warehouse, tableQuestion, since, signal);
    // A role may see the one and not the other; what is known of tables stays.
    const ask = () => warehouses.query(warehouse, columnQuestion, since, signal);
    const columns = await partly({ problems: [], signal }, 'the lineage of columns', ask);
    const { entities, edges } = rowLineage(tables.rows, columns?.rows ?? [], poll.place);
    return { entities, edges: edges.map((edge) => withKnownFlows(edge, poll)) };
  });
}
