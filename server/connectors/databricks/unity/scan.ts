// Scan of Unity Catalog: what each poll asks of catalogs, tables and models, and what it concludes.
import type { CatalogChange, Covered } from '../../../catalog/change.ts';
import { knownFacts } from '../../knownFacts.ts';
import { segment } from '../ask/api.ts';
import type { Listing } from '../ask/pages.ts';
import { scopeOf } from '../ids.ts';
import { coveredIn, listed, type Poll, partly } from '../poll.ts';
import {
  readCatalog,
  readSchema,
  readSummary,
  readTable,
  type StoredCatalog,
  type StoredSchema,
  type StoredSummary,
  type StoredTable,
} from './shapes.ts';
import { edgesOf, mentioned, pathsOf, tableOf } from './tables.ts';

const base = '/api/2.1/unity-catalog';
const most = {
  catalogs: 20,
  summaryPages: 100,
  schemaPages: 20,
  detailed: 200,
  newTables: 40,
};
/** Tables of the tool itself: that they are there is known, their columns come when they are looked at. */
const own = /^(?:system|samples|__databricks_internal)$/;

/**
 * Catalogs; the tables of each by `table-summaries`, 10,000 a page (existence only, so that 100,000 tables are ten
 * requests); the first time, and every six hours, their columns and owners schema by schema, at most 200 requests;
 * afterwards those of new tables only, at most 40 a poll. What is not read then is read when it is looked at.
 */
export async function* tablesPart(poll: Poll): AsyncIterable<CatalogChange> {
  const query = [['max_results', '1000'] as const];
  const catalogs = await listed(poll, {
    ...{ what: 'catalogs', path: `${base}/catalogs`, query, field: 'catalogs', read: readCatalog },
    ...{ key: ({ name }: StoredCatalog) => name, mostPages: most.catalogs },
  });
  if (!catalogs) {
    poll.owes = true;
    return;
  }
  const budget = { left: poll.last === undefined ? most.detailed : most.newTables };
  let isWhole = catalogs.gap === undefined;
  for (const { name } of catalogs.items) {
    const summaries = await summariesOf(name, poll);
    if (summaries === undefined || summaries.gap !== undefined) isWhole = false;
    if (summaries === undefined) continue;
    yield* catalogPages(name, summaries, budget, poll);
  }
  if (isWhole) yield { covered: coveredIn(poll, ['table']) };
  if (budget.left === 0) {
    const { place } = poll.api;
    poll.host.log.info(`${place}: columns and owners of the other tables are read when they are looked at`);
  }
}

/** Unity Catalog OSS has no summaries: undefined is a catalog that could not be listed. */
function summariesOf(catalog: string, poll: Poll): Promise<Listing<StoredSummary> | undefined> {
  return listed(poll, {
    ...{ what: `tables of ${catalog}`, path: `${base}/table-summaries`, field: 'tables', read: readSummary },
    query: [
      ['catalog_name', catalog],
      ['max_results', '10000'],
    ],
    ...{ key: ({ name }: StoredSummary) => name.join('.'), mostPages: most.summaryPages },
  });
}

async function* catalogPages(
  catalog: string,
  summaries: Listing<StoredSummary>,
  budget: { left: number },
  poll: Poll,
): AsyncIterable<CatalogChange> {
  const known = knownFacts(poll);
  const { place } = poll;
  const covered: readonly Covered[] =
    summaries.gap === undefined ? [{ kind: 'table', scope: scopeOf('databricks', place.metastore, catalog) }] : [];
  yield { entities: summaries.items.map((table) => mentioned(table, place, known)), covered };
  if (own.test(catalog)) return;
  if (poll.last === undefined) yield* detailsOfSchemas(catalog, budget, poll);
  else yield* detailsOfNew(summaries.items, budget, poll);
}

async function* detailsOfSchemas(catalog: string, budget: { left: number }, poll: Poll): AsyncIterable<CatalogChange> {
  const query = [['catalog_name', catalog] as const, ['max_results', '1000'] as const];
  const schemas = await listed(poll, {
    ...{ what: `schemas of ${catalog}`, path: `${base}/schemas`, query, field: 'schemas', read: readSchema },
    ...{ key: ({ name }: StoredSchema) => name, mostPages: most.schemaPages },
  });
  for (const { name } of schemas?.items ?? []) {
    if (name === 'information_schema') continue;
    if (budget.left <= 0) return;
    let pages = 0;
    const tables = await listed(poll, {
      ...{ what: `columns of ${catalog}.${name}`, path: `${base}/tables`, field: 'tables', read: readTable },
      query: [
        ['catalog_name', catalog],
        ['schema_name', name],
        ['max_results', '50'],
      ],
      ...{ key: (table: StoredTable) => table.name.join('.'), mostPages: budget.left },
      enough: () => {
        pages += 1;
        return false;
      },
    });
    budget.left = Math.max(0, budget.left - Math.max(1, pages));
    yield tablesPage(tables?.items ?? [], poll);
  }
}

/** Of tables that we have no columns of, one question each: those that were made since. */
async function* detailsOfNew(
  tables: readonly StoredSummary[],
  budget: { left: number },
  poll: Poll,
): AsyncIterable<CatalogChange> {
  const { catalog } = poll;
  if (!catalog) return;
  const fresh = tables.filter((table) => catalog.get(mentioned(table, poll.place, () => undefined).id) === undefined);
  const found: StoredTable[] = [];
  for (const { name } of fresh) {
    if (name[1] === 'information_schema') continue;
    if (budget.left <= 0) break;
    budget.left -= 1;
    const table = await partly(poll, 'columns of new tables', () => oneTable(poll, name));
    if (table) found.push(table);
  }
  yield tablesPage(found, poll);
}

/** Undefined when the answer is no table. */
export async function oneTable(
  { api, signal }: Pick<Poll, 'api' | 'signal'>,
  name: StoredTable['name'],
): Promise<StoredTable | undefined> {
  return readTable(await api.get(`${base}/tables/${segment(name.join('.'))}`, [], signal));
}

function tablesPage(
  tables: readonly StoredTable[],
  { place, touched }: Pick<Poll, 'place' | 'touched'>,
): CatalogChange {
  touched.push(...tables);
  const edges = tables.flatMap((table) => edgesOf(table, place));
  return { entities: [...tables.map((table) => tableOf(table, place)), ...pathsOf(edges)], edges };
}
