// Scan of objects: which databases, tables and columns there are, by SHOW, which needs no warehouse; and what it concludes.
import type { CatalogChange } from '../../../catalog/change.ts';
import type { Column } from '../../../catalog/facts.ts';
import { knownFacts } from '../../knownFacts.ts';
import { idsOf, inSql, literal, type ObjectName, scopeOf } from '../ids.ts';
import { coveredIn, type Poll, partly } from '../poll.ts';
import { nameIn, readColumn, readDynamic, readObject, type StoredDynamic, type StoredObject } from './shapes.ts';
import { tableOf } from './tables.ts';

/** SHOW gives no more (docs.snowflake.com/sql-reference/sql/show-objects, 2026-11). */
const showMost = 10_000;
const most = { databases: 500, schemas: 2_000, pages: 60, columnSchemas: 100, newTables: 40 };
/** Of Snowflake itself: that its views are there is known, their columns come when they are looked at. */
const own = /^SNOWFLAKE(_SAMPLE_DATA)?$/;

interface Budget {
  /** Questions for columns. */
  left: number;
}

/** Databases; the objects of each, 10,000 a question; columns of whole schemas the first time, later those of new tables. */
export async function* tablesPart(poll: Poll): AsyncIterable<CatalogChange> {
  const shown = await partly(poll, 'databases', () => poll.api.ask('SHOW DATABASES', poll.signal), true);
  if (!shown) return;
  const databases = shown.rows.flatMap((row) => nameIn(row) ?? []);
  poll.memory.databases = databases.filter((name) => !own.test(name));
  const dynamic = await dynamicTables(poll);
  const budget: Budget = { left: poll.last === undefined ? most.columnSchemas : most.newTables };
  let isWhole = databases.length === shown.rows.length && databases.length <= most.databases;
  for (const database of databases.slice(0, most.databases)) {
    const found: Found = { objects: [], isWhole: true };
    yield* objectsOf(database, found, dynamic, budget, poll);
    if (found.isWhole) yield { covered: [{ kind: 'table', scope: scopeOf(poll.place.account, database) }] };
    else isWhole = false;
  }
  if (isWhole) yield { covered: coveredIn(poll, ['table']) };
  if (budget.left <= 0)
    poll.host.log.info(`${poll.api.place}: columns of the other tables are read when they are looked at`);
}

async function dynamicTables(poll: Poll): Promise<ReadonlyMap<string, StoredDynamic>> {
  const shown = await partly(poll, 'dynamic tables', () => poll.api.ask('SHOW DYNAMIC TABLES IN ACCOUNT', poll.signal));
  const read = shown?.rows.flatMap((row) => readDynamic(row) ?? []) ?? [];
  return new Map(read.map((one) => [keyOf(one.name), one]));
}

interface Found {
  readonly objects: StoredObject[];
  isWhole: boolean;
}

async function* objectsOf(
  database: string,
  found: Found,
  dynamic: ReadonlyMap<string, StoredDynamic>,
  budget: Budget,
  poll: Poll,
): AsyncIterable<CatalogChange> {
  const known = knownFacts(poll);
  const ids = idsOf(poll.place);
  for await (const page of pagesOf(database, found, poll)) {
    const columns = own.test(database) ? new Map<string, readonly Column[]>() : await columnsFor(page, budget, poll);
    yield {
      entities: page.map((object) => {
        const key = keyOf(object.name);
        const before = known(ids.table(object.name));
        const more = { dynamic: dynamic.get(key), columns: columns.get(key), known: before };
        return tableOf(object, poll.place, more);
      }),
    };
  }
}

/** The whole database in one question; where that is not all, schema by schema from name to name. */
async function* pagesOf(database: string, found: Found, poll: Poll): AsyncIterable<readonly StoredObject[]> {
  const what = `tables of ${database}`;
  const first = await ask(`SHOW OBJECTS IN DATABASE ${inSql([database])}`, what, poll);
  if (!first?.isRead) found.isWhole = false;
  if (!first) return;
  if (first.count < showMost) {
    yield first.objects;
    return;
  }
  const shown = await partly(poll, what, () =>
    poll.api.ask(`SHOW SCHEMAS IN DATABASE ${inSql([database])}`, poll.signal),
  );
  const schemas = shown?.rows.flatMap((row) => nameIn(row) ?? []) ?? [];
  if (!shown || schemas.length >= most.schemas) found.isWhole = false;
  for (const schema of schemas.slice(0, most.schemas)) yield* pagesOfSchema([database, schema], found, poll);
}

/** `FROM` names the last one that was seen; SHOW lists by name. */
async function* pagesOfSchema(
  schema: readonly [string, string],
  found: Found,
  poll: Poll,
): AsyncIterable<readonly StoredObject[]> {
  const seen = new Set<string>();
  for (let last: string | undefined, pages = 0; ; pages += 1) {
    const from = last === undefined ? '' : ` FROM ${literal(last)}`;
    const statement = `SHOW OBJECTS IN SCHEMA ${inSql(schema)} LIMIT ${showMost}${from}`;
    const page = await ask(statement, `tables of ${schema.join('.')}`, poll);
    if (!page?.isRead) found.isWhole = false;
    if (!page) return;
    const fresh = page.objects.filter(({ name }) => !seen.has(name[2]));
    for (const { name } of fresh) seen.add(name[2]);
    yield fresh;
    if (page.count < showMost) return;
    last = page.objects.at(-1)?.name[2];
    if (fresh.length === 0 || last === undefined || pages >= most.pages) {
      found.isWhole = false;
      const why = fresh.length === 0 ? 'the same ones come again and again' : `only the first ${seen.size} were read`;
      poll.problems.push({ message: `${poll.api.place}: of the tables of ${schema.join('.')} ${why}.` });
      return;
    }
  }
}

interface Page {
  readonly objects: readonly StoredObject[];
  /** Of rows. */
  readonly count: number;
  readonly isRead: boolean;
}

async function ask(statement: string, what: string, poll: Poll): Promise<Page | undefined> {
  const shown = await partly(poll, what, () => poll.api.ask(statement, poll.signal));
  if (!shown) return undefined;
  const objects = shown.rows.flatMap((row) => readObject(row) ?? []);
  const unread = shown.rows.length - objects.length;
  if (unread > 0)
    poll.problems.push({ message: `${poll.api.place}: ${unread} ${what} have a shape that is not known.` });
  return { objects, count: shown.rows.length, isRead: unread === 0 && !shown.isCut };
}

/** By table. The first time whole schemas; later only tables that we do not know yet. */
async function columnsFor(
  objects: readonly StoredObject[],
  budget: Budget,
  poll: Poll,
): Promise<ReadonlyMap<string, readonly Column[]>> {
  const { catalog, last, place } = poll;
  const found = new Map<string, Column[]>();
  const isNew = ({ name }: StoredObject): boolean => catalog?.get(idsOf(place).table(name)) === undefined;
  const wanted = last === undefined ? objects : objects.filter(isNew);
  const usual = wanted.filter(({ name }) => name[1].toUpperCase() !== 'INFORMATION_SCHEMA');
  const places = new Map(
    usual.map(({ name }) =>
      last === undefined
        ? [keyOf(name.slice(0, 2)), `SCHEMA ${inSql(name.slice(0, 2))}`]
        : [keyOf(name), `TABLE ${inSql(name)}`],
    ),
  );
  for (const where of places.values()) {
    if (budget.left <= 0) break;
    budget.left -= 1;
    const shown = await partly(poll, 'columns', () => poll.api.ask(`SHOW COLUMNS IN ${where}`, poll.signal));
    const read = shown?.rows.flatMap((row) => readColumn(row) ?? []) ?? [];
    for (const { of, column } of read) found.set(keyOf(of), [...(found.get(keyOf(of)) ?? []), column]);
    // Of the last one there may be more.
    const cut = (shown?.rows.length ?? 0) >= showMost ? read.at(-1) : undefined;
    if (cut) found.delete(keyOf(cut.of));
  }
  return found;
}

export function keyOf(name: readonly string[] | ObjectName): string {
  return name.join('\n');
}
