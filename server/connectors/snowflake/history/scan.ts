// Scan of history: what ran since the last time that a warehouse was awake: tasks, dynamic tables, queries.
import type { CatalogChange } from '../../../catalog/change.ts';
import type { EntityId } from '../../../catalog/entity.ts';
import { instancesIn } from '../../../catalog/mining/instances.ts';
import type { QueryOrigin } from '../../queryOrigin.ts';
import { ownTag } from '../ask/api.ts';
import { inSql, literal } from '../ids.ts';
import { stageUrls } from '../objects/stages.ts';
import type { Graphs } from '../objects/tasks.ts';
import { type Poll, partly, throughWarehouse } from '../poll.ts';
import { sqlTime } from '../sqlTime.ts';
import { changesIn, changing } from './changes.ts';
import { isRun, queryColumns, queryRun, writingTypes } from './queries.ts';
import { refreshColumns, refreshRun, taskColumns, taskRuns } from './taskRuns.ts';

const hour = 3_600_000;
/** The functions of INFORMATION_SCHEMA keep 7 days. */
const keptMs = 6.9 * 24 * hour;
const firstMs = 24 * hour;
/** What began before the last time may have ended since. */
const overlapMs = hour / 2;
const functionMost = 10_000;
const mostRuns = 5_000;

export interface History {
  readonly change: CatalogChange;
  /** It was read up to now; else the next one begins where this one did. */
  readonly isRead: boolean;
}

/** Three questions. Nothing at all while no warehouse may be asked: what was missed is read as soon as one is awake. */
export async function historyPart(poll: Poll, graphs: Graphs): Promise<History> {
  const database = await anyDatabase(poll);
  if (poll.warehouse === undefined || database === undefined) return { change: {}, isRead: false };
  const from = beginning(poll);
  const tasks = await throughWarehouse(poll, 'runs of tasks', taskQuestion(database, from));
  const refreshes = await throughWarehouse(poll, 'refreshes of dynamic tables', refreshQuestion(database, from));
  const queries = await throughWarehouse(poll, 'the history of queries', queryQuestion(database, from));
  const { place, catalog } = poll;
  const instances = instancesIn(catalog);
  const named = ({ node, kind, tool }: QueryOrigin): readonly EntityId[] =>
    node && kind ? (catalog?.find(kind, node, tool) ?? []).map(({ id }) => id) : [];
  const runs = [
    ...taskRuns(tasks?.rows ?? [], { place, graphs, known: (id) => catalog?.run(id) }),
    ...(refreshes?.rows ?? []).flatMap((row) => refreshRun(row, place) ?? []),
    ...(queries?.rows ?? [])
      .filter(isRun)
      .flatMap(
        (row) =>
          queryRun(row, { place, instances, named, originOf: poll.originOf, urlOf: stageUrls(poll.memory) }) ?? [],
      ),
  ];
  const isKnown = (id: EntityId): boolean => catalog?.get(id) !== undefined;
  const events = (queries?.rows ?? []).flatMap((row) => changesIn(row, { place, graphs, isKnown }));
  for (const [what, answer] of [
    ['runs of tasks', tasks],
    ['queries', queries],
  ] as const) {
    if ((answer?.rows.length ?? 0) >= mostRuns)
      poll.host.log.info(`${poll.api.place}: of ${what} the last ${mostRuns} since then were read`);
  }
  return { change: { runs, events }, isRead: tasks !== undefined && refreshes !== undefined && queries !== undefined };
}

async function anyDatabase(poll: Poll): Promise<string | undefined> {
  if (poll.memory.databases === undefined && poll.warehouse !== undefined) {
    const shown = await partly(poll, 'databases', () => poll.api.ask('SHOW DATABASES', poll.signal));
    const names = shown?.rows.flatMap((row) => row.raw('name') ?? []);
    poll.memory.databases = names?.filter((name) => !/^SNOWFLAKE(_SAMPLE_DATA)?$/.test(name));
  }
  return poll.memory.database;
}

function beginning({ last, now }: Poll): string {
  const since = last === undefined || last.historyAt === 0 ? now - firstMs : last.historyAt - overlapMs;
  return sqlTime(Math.max(since, now - keptMs));
}

function taskQuestion(database: string, from: string): string {
  return (
    `SELECT ${taskColumns.join(', ')} FROM TABLE(${inSql([database])}.INFORMATION_SCHEMA.TASK_HISTORY(` +
    `SCHEDULED_TIME_RANGE_START => ${from}, RESULT_LIMIT => ${functionMost})) ` +
    `WHERE STATE <> 'SCHEDULED' ORDER BY SCHEDULED_TIME DESC LIMIT ${mostRuns}`
  );
}

function refreshQuestion(database: string, from: string): string {
  return (
    `SELECT ${refreshColumns.join(', ')} FROM TABLE(${inSql([database])}.INFORMATION_SCHEMA.DYNAMIC_TABLE_REFRESH_HISTORY(` +
    `DATA_TIMESTAMP_START => ${from}, RESULT_LIMIT => ${functionMost})) ` +
    `WHERE STATE <> 'SCHEDULED' ORDER BY DATA_TIMESTAMP DESC LIMIT ${mostRuns}`
  );
}

/** Of reading statements only those that say who asked, and no own ones; of others that change a thing itself, those that succeeded. */
function queryQuestion(database: string, from: string): string {
  const writing = writingTypes.map((type) => literal(type)).join(', ');
  const altering = changing.map((begins) => literal(begins)).join(', ');
  return (
    `SELECT ${queryColumns.join(', ')} FROM TABLE(${inSql([database])}.INFORMATION_SCHEMA.QUERY_HISTORY(` +
    `END_TIME_RANGE_START => ${from}, RESULT_LIMIT => ${functionMost})) ` +
    `WHERE COALESCE(QUERY_TAG, '') <> ${literal(ownTag)} AND (QUERY_TYPE IN (${writing}) OR QUERY_TAG <> '' ` +
    `OR QUERY_TEXT ILIKE '%"app": "dbt"%' OR (EXECUTION_STATUS = 'SUCCESS' AND QUERY_TEXT ILIKE ANY (${altering}))) ` +
    `ORDER BY START_TIME DESC LIMIT ${mostRuns}`
  );
}
