// Lineage scan: the lineage of tables that were touched, by the lineage API, or by the system tables through a warehouse that runs anyway.
import type { CatalogChange } from '../../catalog/change.ts';
import { HttpError } from '../httpError.ts';
import { type Poll, partly } from './poll.ts';
import { columnSources, lineageColumns, rowLineage, tableLineage } from './unity/lineage.ts';
import type { TableName } from './unity/shapes.ts';

const path = '/api/2.0/lineage-tracking';
const most = { tables: 60, columns: 12 };
const day = 86_400_000;

/**
 * Of the tables whose details were read in this scan (all with a full one, new ones in between), the 60 that changed
 * last, one question each; the others when they are looked at. Where there are more, or where the API is not there or
 * not allowed, one query of `system.access.table_lineage`, if a warehouse is running: none is ever started for it.
 */
export async function* lineagePart(poll: Poll): AsyncIterable<CatalogChange> {
  const touched = poll.touched.toSorted((a, b) => (b.updatedAt ?? 0) - (a.updatedAt ?? 0));
  for (const { name } of touched.slice(0, most.tables)) {
    const answer = await lineageOf(name, poll);
    if (answer === 'closed') {
      yield await fromSystemTables(poll);
      return;
    }
    yield tableLineage(answer, name, poll.place);
  }
  if (touched.length > most.tables) yield await fromSystemTables(poll);
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

/** docs.databricks.com/admin/system-tables/lineage, 2026-08: it needs USE of system.access, and holds a year. */
async function fromSystemTables(poll: Poll): Promise<CatalogChange> {
  const { warehouses, signal, host, api } = poll;
  const change = await partly(poll, 'the lineage of tables', async () => {
    const warehouse = await warehouses.running(signal);
    if (warehouse === undefined) {
      host.log.info(`${api.place}: no SQL warehouse is running, so the system tables are not asked for lineage`);
      return {};
    }
    const from = new Date(Math.max(poll.last?.unityAt ?? 0, poll.now - 30 * day)).toISOString();
    const statement =
      `SELECT DISTINCT ${lineageColumns.join(', ')} FROM system.access.table_lineage ` +
      'WHERE event_date >= DATE(:since) AND event_time >= :since AND entity_type IS NOT NULL LIMIT 20000';
    const { rows } = await warehouses.query(warehouse, statement, [['since', from]], signal);
    return rowLineage(rows, poll.place);
  });
  return change ?? {};
}
