// Scan of lineage: what Snowflake itself knows of which table is made of which, where its edition has it; and when tables changed.
import type { CatalogChange, SeenEntity } from '../../../catalog/change.ts';
import type { Edge } from '../../../catalog/edge.ts';
import { HttpError } from '../../httpError.ts';
import { keptEdges } from '../../keptEdges.ts';
import { knownFacts } from '../../knownFacts.ts';
import type { Rows } from '../ask/api.ts';
import { idsOf, inSql, literal, type ObjectName, scopeOf, written } from '../ids.ts';
import type { Around } from '../memory.ts';
import { stageUrls } from '../objects/stages.ts';
import type { Poll } from '../poll.ts';
import { sqlTime } from '../sqlTime.ts';
import {
  accessLineage,
  accessWords,
  dependencies,
  dependencyWords,
  dynamicInputs,
  inputWords,
  tracedLineage,
  tracedWords,
} from './edges.ts';

const day = 86_400_000;
const most = { access: 5_000, dependencies: 20_000, changed: 5_000, databases: 20 };

export const accessHistory = 'ACCESS_HISTORY';
export const getLineage = 'GET_LINEAGE';

/**
 * ACCESS_HISTORY is up to three hours late and of Enterprise Edition; OBJECT_DEPENDENCIES of all; both need a role with
 * rights on the database SNOWFLAKE. What is refused is asked again after a day, and `greet` says that it is not there.
 */
export async function* lineagePart(poll: Poll): AsyncIterable<CatalogChange> {
  const { last, now, place, memory } = poll;
  const from = sqlTime(
    Math.max(last && last.lineageAt > 0 ? last.lineageAt - 4 * 3_600_000 : now - 7 * day, now - 30 * day),
  );
  const access = await optional(
    poll,
    accessHistory,
    'SELECT QUERY_ID, BASE_OBJECTS_ACCESSED, OBJECTS_MODIFIED FROM SNOWFLAKE.ACCOUNT_USAGE.ACCESS_HISTORY ' +
      `WHERE QUERY_START_TIME >= ${from} AND ARRAY_SIZE(OBJECTS_MODIFIED) > 0 ORDER BY QUERY_START_TIME DESC LIMIT ${most.access}`,
  );
  const made = await optional(
    poll,
    'OBJECT_DEPENDENCIES',
    'SELECT REFERENCED_DATABASE, REFERENCED_SCHEMA, REFERENCED_OBJECT_NAME, REFERENCED_OBJECT_DOMAIN, ' +
      'REFERENCING_DATABASE, REFERENCING_SCHEMA, REFERENCING_OBJECT_NAME, REFERENCING_OBJECT_DOMAIN ' +
      `FROM SNOWFLAKE.ACCOUNT_USAGE.OBJECT_DEPENDENCIES LIMIT ${most.dependencies}`,
  );
  const inputs =
    memory.database === undefined
      ? undefined
      : await optional(
          poll,
          'DYNAMIC_TABLE_GRAPH_HISTORY',
          `SELECT NAME, DATABASE_NAME, SCHEMA_NAME, INPUTS FROM TABLE(${inSql([memory.database])}.INFORMATION_SCHEMA.DYNAMIC_TABLE_GRAPH_HISTORY())`,
        );
  const all = [
    accessLineage(access?.rows ?? [], place, stageUrls(memory)),
    dependencies(made?.rows ?? [], place),
    dynamicInputs(inputs?.rows ?? [], place),
  ];
  yield { entities: all.flatMap(({ entities }) => entities), edges: all.flatMap(({ edges }) => edges) };
  const unasked = [access ? [] : accessWords, made ? [] : dependencyWords, inputs ? [] : inputWords].flat();
  yield* keptLineage(poll, unasked);
}

/** What could not be asked now holds as far as we know. A scan in parts leaves it as it is. */
export function* keptLineage(
  { last, catalog, place }: Poll,
  words: readonly string[] = [accessWords, dependencyWords, inputWords, tracedWords],
): Iterable<CatalogChange> {
  if (last !== undefined || words.length === 0) return;
  const isKept = ({ evidence }: Edge): boolean => words.some((begin) => evidence.startsWith(begin));
  const tables = `table:${scopeOf(place.account)}/`;
  for (const edges of keptEdges({ catalog, source: place.source, tables, isKept })) yield { edges };
}

/** Of tables that changed since: when, and how many rows they have; SHOW does not tell that. */
export async function changedPart(poll: Poll): Promise<CatalogChange> {
  const { last, now, place } = poll;
  const since = sqlTime(last && last.changedAt > 0 ? last.changedAt - 60_000 : now - 30 * day);
  const known = knownFacts(poll);
  const entities: SeenEntity[] = [];
  for (const database of (poll.memory.databases ?? []).slice(0, most.databases)) {
    const answer = await optional(
      poll,
      `INFORMATION_SCHEMA of ${database}`,
      `SELECT TABLE_CATALOG, TABLE_SCHEMA, TABLE_NAME, ROW_COUNT, BYTES, LAST_ALTERED FROM ${inSql([database])}.INFORMATION_SCHEMA.TABLES ` +
        `WHERE LAST_ALTERED >= ${since} ORDER BY LAST_ALTERED DESC LIMIT ${most.changed}`,
    );
    for (const row of answer?.rows ?? []) {
      const [inDatabase, schema, table] = ['table_catalog', 'table_schema', 'table_name'].map((name) => row.raw(name));
      const updatedAt = row.time('last_altered');
      if (!inDatabase || !schema || !table || updatedAt === undefined) continue;
      const name: ObjectName = [inDatabase, schema, table];
      const id = idsOf(place).table(name);
      const facts = known(id);
      const [rows, bytes] = [row.number('row_count'), row.number('bytes')];
      const counts = { ...(rows === undefined ? {} : { rows }), ...(bytes === undefined ? {} : { bytes }) };
      if (facts) entities.push({ id, kind: 'table', name: written(name), facts: { ...facts, updatedAt, ...counts } });
    }
  }
  return { entities };
}

/** One hop up and down of a table on screen. Undefined when it may not be asked now. Enterprise Edition. */
export async function aroundTable(name: ObjectName, poll: Poll): Promise<Around | undefined> {
  if (poll.warehouse === undefined || poll.memory.refused(getLineage, poll.now) !== undefined) return undefined;
  const found: Around[] = [];
  for (const direction of ['UPSTREAM', 'DOWNSTREAM']) {
    const answer = await optional(
      poll,
      getLineage,
      `SELECT * FROM TABLE(SNOWFLAKE.CORE.GET_LINEAGE(${literal(inSql(name))}, 'TABLE', '${direction}', 1))`,
    );
    if (answer) found.push(tracedLineage(answer.rows, poll.place));
  }
  return { entities: found.flatMap(({ entities }) => entities), edges: found.flatMap(({ edges }) => edges) };
}

/** What an edition or a role does not have is no problem: it is said once a day in the log, and by `greet`. */
async function optional(poll: Poll, what: string, statement: string): Promise<Rows | undefined> {
  const { warehouse, warehouses, memory, now, signal, host } = poll;
  if (warehouse === undefined || memory.refused(what, now) !== undefined) return undefined;
  try {
    return await warehouses.query(warehouse, statement, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof HttpError) || !/^(forbidden|missing|refused)$/.test(error.kind)) throw error;
    memory.refuse(what, error.message, now);
    host.log.info(`${what} is not read: the edition of this account does not have it, or the role may not`, {
      reason: error.message,
    });
    return undefined;
  }
}
