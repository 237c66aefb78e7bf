// Queries: statements of the history that wrote, failed or say who asked, as runs of the tables that they wrote; pure.
import { type EntityId, pathId } from '../../../catalog/entity.ts';
import type { KnownInstances } from '../../../catalog/mine.ts';
import { type LogPlace, type Run, type RunStatus, remoteLog } from '../../../catalog/run.ts';
import { said } from '../../json.ts';
import type { OriginOfQuery, QueryOrigin } from '../../queryOrigin.ts';
import type { Row } from '../ask/rows.ts';
import { eventLogKey } from '../eventLog.ts';
import { idsOf, type ObjectName, type Place, written } from '../ids.ts';
import type { StageUrls } from '../objects/stages.ts';
import { askerOf } from './tag.ts';
import { loadedFrom, writtenBy } from './target.ts';

export interface HistoryContext {
  readonly place: Place;
  readonly instances: KnownInstances;
  /** Entities of the tool that sent a query: dbt's node by its unique id. */
  readonly named: (origin: QueryOrigin) => readonly EntityId[];
  readonly originOf: OriginOfQuery;
  readonly urlOf: StageUrls;
}

/** As `QUERY_HISTORY` has them; `ROWS_PRODUCED` are those that a DML wrote. */
export const queryColumns = [
  ...['QUERY_ID', 'QUERY_TEXT', 'DATABASE_NAME', 'SCHEMA_NAME', 'QUERY_TYPE', 'USER_NAME', 'ROLE_NAME'],
  ...['WAREHOUSE_NAME', 'QUERY_TAG', 'EXECUTION_STATUS', 'ERROR_CODE', 'ERROR_MESSAGE', 'START_TIME', 'END_TIME'],
  'ROWS_PRODUCED',
] as const;

/** What changes data, as the history names the kinds of statements. */
export const writingTypes = [
  ...['INSERT', 'MERGE', 'UPDATE', 'DELETE', 'COPY', 'TRUNCATE_TABLE', 'CREATE_TABLE_AS_SELECT', 'CREATE_TABLE'],
  'MULTI_TABLE_INSERT',
] as const;

/** Others only tell what they changed. */
export function isRun(row: Row): boolean {
  const isWriting = (writingTypes as readonly string[]).includes(row.raw('query_type')?.toUpperCase() ?? '');
  return isWriting || (row.raw('query_tag') ?? '') !== '' || (row.raw('query_text') ?? '').includes('"app": "dbt"');
}

export function queryRun(row: Row, { place, instances, named, originOf, urlOf }: HistoryContext): Run | undefined {
  const query = row.raw('query_id');
  if (query === undefined || !/^[0-9a-f-]{8,64}$/i.test(query)) return undefined;
  const ids = idsOf(place);
  const statement = row.raw('query_text');
  const asker = askerOf(said({ tag: row.raw('query_tag'), statement }), instances, originOf);
  const target =
    statement === undefined ? undefined : writtenBy(statement, [row.raw('database_name'), row.raw('schema_name')]);
  const status = statusOf(row.raw('execution_status'));
  const wrote = target === undefined ? [] : [ids.table(target)];
  const nodes = asker.origin === undefined ? [] : named(asker.origin);
  return said<Run>({
    id: ids.query(query),
    of: [...new Set([...wrote, ...nodes, ...asker.of])],
    name: nameOf(row, target, asker.words),
    status,
    startedAt: row.time('start_time'),
    endedAt: status === 'running' || status === 'queued' ? undefined : row.time('end_time'),
    user: row.line('user_name', 200),
    where: row.line('warehouse_name', 200),
    environment: place.environment,
    message: status === 'failed' ? messageOf(row) : undefined,
    url: queryUrl(query, place),
    metrics: [],
    params: params(row),
    inputs: target === undefined || statement === undefined ? [] : loaded(row, statement, urlOf),
    outputs: target && status === 'success' ? [output(row, target, place)] : [],
    logs: /^\s{0,9}(?:call|execute)\b/i.test(statement ?? '') ? eventLogs(row, place) : [],
    linked: asker.linked,
  });
}

/** Files that were loaded, as the store that holds them knows them. */
function loaded(row: Row, statement: string, urlOf: StageUrls): Run['inputs'] {
  const from = loadedFrom(statement, [row.raw('database_name'), row.raw('schema_name')]);
  if (from === undefined) return [];
  const folder = 'stage' in from ? urlOf(from.stage) : undefined;
  const name = 'url' in from ? from.url : folder === undefined ? undefined : `${folder}${from.path || '/'}`;
  return name === undefined ? [] : [{ id: pathId(name), name }];
}

function output(row: Row, target: ObjectName, place: Place): Run['outputs'][number] {
  return said({ id: idsOf(place).table(target), name: written(target), rows: row.number('rows_produced') });
}

function nameOf(row: Row, target: ObjectName | undefined, words: string | undefined): string {
  const type = row.line('query_type', 60)?.toLowerCase().replaceAll('_', ' ') ?? 'statement';
  const what = target ? `${type} ${written(target)}` : type;
  return words === undefined ? what : `${what} (${words.slice(0, 200)})`;
}

function params(row: Row): Run['params'] {
  return [
    { name: 'query tag', value: row.line('query_tag', 500) },
    { name: 'role', value: row.line('role_name', 200) },
    { name: 'statement', value: row.line('query_text', 1_000) },
  ].flatMap(({ name, value }) => (value === undefined ? [] : [{ name, value }]));
}

/** What the code that a statement called logged, in the account's event table; `started` is the column that says when. */
export function eventLogs(row: Row, { source }: Place, started = 'start_time'): readonly LogPlace[] {
  const [query, startedAt] = [row.raw('query_id'), row.time(started)];
  if (query === undefined || startedAt === undefined) return [];
  return [{ file: remoteLog(source, eventLogKey({ query, startedAt })), title: 'event table' }];
}

/** `FAIL`, `INCIDENT` and `FAILED_WITH_ERROR` mean that it failed; the view of ACCOUNT_USAGE writes `fail`. */
export function statusOf(status: string | undefined): RunStatus {
  const word = (status ?? '').toUpperCase();
  if (word === 'SUCCESS') return 'success';
  if (/^(FAIL|INCIDENT|ABORT|CANCEL)/.test(word)) return 'failed';
  if (/^(RUNNING|RESUMING_WAREHOUSE|BLOCKED)/.test(word)) return 'running';
  return /^QUEUED/.test(word) ? 'queued' : 'unknown';
}

export function messageOf(row: Row): string | undefined {
  const words = [row.line('error_code', 20), row.line('error_message', 500) ?? row.line('state_message', 500)];
  return words.filter((word) => word !== undefined).join(': ') || undefined;
}

/** Snowsight (its own links, 2026-08). */
export function queryUrl(query: string, { url }: Place): string | undefined {
  return url === undefined ? undefined : `${url}/#/compute/history/queries/${query.toLowerCase()}/detail`;
}
