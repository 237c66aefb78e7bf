// Task runs: the history of tasks as runs of graphs and of their tasks, and that of dynamic tables as runs of the tables; pure.
import type { EntityId } from '../../../catalog/entity.ts';
import type { Run, RunStatus } from '../../../catalog/run.ts';
import { said } from '../../json.ts';
import type { Row } from '../ask/rows.ts';
import { idsOf, type ObjectName, type Place, written } from '../ids.ts';
import { objectName } from '../objects/shapes.ts';
import type { Graphs } from '../objects/tasks.ts';
import { eventLogs, messageOf, queryUrl } from './queries.ts';

export interface TaskContext {
  readonly place: Place;
  readonly graphs: Graphs;
  readonly known: (id: EntityId) => Run | undefined;
}

export const taskColumns = [
  ...['NAME', 'DATABASE_NAME', 'SCHEMA_NAME', 'STATE', 'QUERY_ID', 'ERROR_CODE', 'ERROR_MESSAGE', 'SCHEDULED_TIME'],
  ...['QUERY_START_TIME', 'COMPLETED_TIME', 'ROOT_TASK_ID', 'RUN_ID', 'ATTEMPT_NUMBER'],
] as const;

export const refreshColumns = [
  ...['NAME', 'DATABASE_NAME', 'SCHEMA_NAME', 'STATE', 'STATE_MESSAGE', 'QUERY_ID', 'DATA_TIMESTAMP'],
  ...['REFRESH_START_TIME', 'REFRESH_END_TIME', 'REFRESH_ACTION'],
] as const;

/** Of tasks, and of the graphs that they are parts of. */
export function taskRuns(rows: readonly Row[], context: TaskContext): readonly Run[] {
  const graphs = new Map<EntityId, Run[]>();
  const runs = rows.flatMap((row) => {
    const run = taskRun(row, context);
    if (run?.parent === undefined) return [];
    graphs.set(run.parent, [...(graphs.get(run.parent) ?? []), run]);
    return [run];
  });
  return [...[...graphs].map(([id, parts]) => graphRun(id, parts, context)), ...runs];
}

/** Undefined for what has not begun and for what says too little. */
function taskRun(row: Row, { place, graphs }: TaskContext): Run | undefined {
  const name = objectName(row);
  const scheduledFor = row.time('scheduled_time');
  const run = row.raw('run_id') ?? (scheduledFor === undefined ? undefined : String(scheduledFor));
  const status = taskStatus(row.raw('state'));
  if (!name || run === undefined || status === undefined || !/^[\w:.-]{1,60}$/.test(run)) return undefined;
  const ids = idsOf(place);
  const root = rootOf(row.raw('root_task_id'), name, graphs);
  const attempt = row.number('attempt_number') ?? 1;
  const query = row.raw('query_id');
  return said<Run>({
    id: ids.graphRun(root, run, name[2], ...(attempt > 1 ? [String(attempt)] : [])),
    of: [ids.task(root, name[2])],
    name: `${written(name)} ${scheduledFor === undefined ? run : new Date(scheduledFor).toISOString()}`,
    status,
    startedAt: row.time('query_start_time'),
    endedAt: row.time('completed_time'),
    scheduledFor,
    parent: ids.graphRun(root, run),
    attempt,
    environment: place.environment,
    message: status === 'failed' || status === 'skipped' ? messageOf(row) : undefined,
    url: query === undefined ? undefined : queryUrl(query, place),
    metrics: [],
    params: query === undefined ? [] : [{ name: 'query id', value: query }],
    inputs: [],
    outputs: [],
    logs: graphs.mayLog(name) && status !== 'skipped' ? eventLogs(row, place, 'query_start_time') : [],
    linked: query === undefined ? [] : [ids.query(query)],
  });
}

function rootOf(root: string | undefined, name: ObjectName, graphs: Graphs): ObjectName {
  return (root === undefined ? undefined : graphs.rootById(root)) ?? graphs.rootOf(name);
}

/** One that was tried again counts by its last try; what was known of it before counts unless it has moved on. */
function graphRun(id: EntityId, parts: readonly Run[], { known, place }: TaskContext): Run {
  const attempt = Math.max(...parts.map((part) => part.attempt ?? 1));
  const newest = parts.filter((part) => (part.attempt ?? 1) === attempt);
  const before = known(id);
  const isSame = (before?.attempt ?? 1) === attempt;
  const statuses = newest.map(({ status }) => status);
  const failed = newest.find(({ status }) => status === 'failed');
  const status: RunStatus = statuses.some((one) => one === 'running' || one === 'queued')
    ? 'running'
    : failed || (isSame && before?.status === 'failed')
      ? 'failed'
      : statuses.every((one) => one === 'skipped') && before === undefined
        ? 'skipped'
        : 'success';
  const [first] = parts;
  const starts = [before?.startedAt, ...parts.map((part) => part.startedAt)].filter((at) => at !== undefined);
  const ends = newest.map((part) => part.endedAt).filter((at) => at !== undefined);
  const root = first?.of[0]?.replace(/^task:/, 'job:').replace(/\/[^/]*$/, '');
  return said<Run>({
    id,
    of: root === undefined ? [] : [root],
    name: first?.scheduledFor === undefined ? id : new Date(first.scheduledFor).toISOString(),
    status,
    startedAt: starts.length > 0 ? Math.min(...starts) : undefined,
    endedAt: status === 'running' || ends.length === 0 ? undefined : Math.max(...ends),
    scheduledFor: first?.scheduledFor,
    attempt,
    environment: place.environment,
    message: failed
      ? `${failed.name}: ${failed.message ?? 'failed'}`
      : isSame && status === 'failed'
        ? before?.message
        : undefined,
    metrics: [],
    params: [],
    inputs: [],
    outputs: [],
    logs: [],
    linked: [],
  });
}

/** Undefined for what is only planned. */
function taskStatus(state: string | undefined): RunStatus | undefined {
  switch ((state ?? '').toUpperCase()) {
    case 'EXECUTING':
      return 'running';
    case 'SUCCEEDED':
      return 'success';
    case 'FAILED':
    case 'FAILED_AND_AUTO_SUSPENDED':
    case 'CANCELLED':
      return 'failed';
    case 'SKIPPED':
      return 'skipped';
    case 'SCHEDULED':
    case '':
      return undefined;
    default:
      return 'unknown';
  }
}

/** A refresh that found nothing new is no run. */
export function refreshRun(row: Row, place: Place): Run | undefined {
  const name = objectName(row);
  const [at, query] = [row.time('data_timestamp'), row.raw('query_id')];
  const state = (row.raw('state') ?? '').toUpperCase();
  const status: RunStatus | undefined = state === 'UPSTREAM_FAILED' ? 'skipped' : taskStatus(state);
  const isIdle = status === 'success' && row.raw('refresh_action')?.toUpperCase() === 'NO_DATA';
  if (!name || at === undefined || status === undefined || isIdle) return undefined;
  const ids = idsOf(place);
  return said<Run>({
    id: ids.graphRun(name, String(at)),
    of: [ids.table(name)],
    name: `refresh ${written(name)}`,
    status,
    startedAt: row.time('refresh_start_time'),
    endedAt: row.time('refresh_end_time'),
    scheduledFor: at,
    environment: place.environment,
    message: status === 'failed' || status === 'skipped' ? messageOf(row) : undefined,
    url: query === undefined ? undefined : queryUrl(query, place),
    metrics: [],
    params: query === undefined ? [] : [{ name: 'query id', value: query }],
    inputs: [],
    outputs: status === 'success' ? [{ id: ids.table(name), name: written(name) }] : [],
    logs: [],
    linked: query === undefined ? [] : [ids.query(query)],
  });
}
