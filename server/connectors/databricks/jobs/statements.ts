// Statements: SQL that failed in a warehouse within a job, as parts of the run of its task (databricks-sdk 0.156, 2026-11-23).
import type { CatalogChange } from '../../../catalog/change.ts';
import type { Run } from '../../../catalog/run.ts';
import { number, oneLine, record, said, text } from '../../json.ts';
import type { Query } from '../ask/api.ts';
import { idsOf, type Place } from '../ids.ts';
import { listed, type Poll } from '../poll.ts';
import { idText } from './shapes.ts';

const day = 86_400_000;
/** A statement that began before the last poll may have failed since. */
const overlapMs = 30 * 60_000;
const mostPages = 3;

export interface StoredStatement {
  readonly id: string;
  /** Of the task, else of the job. */
  readonly run: string;
  readonly text?: string;
  readonly error?: string;
  readonly user?: string;
  readonly warehouse?: string;
  readonly startedAt?: number;
  readonly endedAt?: number;
}

/** Undefined for what no job has run: what people try out by hand is nobody's failure. */
export function readStatement(value: unknown): StoredStatement | undefined {
  const query = record(value);
  const id = text(query.query_id);
  const job = record(record(query.query_source).job_info);
  const run = idText(job.job_task_run_id) ?? idText(job.job_run_id);
  if (id === undefined || !/^[0-9a-f-]{8,64}$/i.test(id) || run === undefined) return undefined;
  return said<StoredStatement>({
    id,
    run,
    text: oneLine(query.query_text, 200),
    error: oneLine(query.error_message),
    user: oneLine(query.executed_as_user_name) ?? oneLine(query.user_name),
    warehouse: oneLine(query.warehouse_id),
    startedAt: number(query.query_start_time_ms),
    endedAt: number(query.query_end_time_ms),
  });
}

/** One question: statements that failed since the last poll, the first time within a day; at most 300. */
export async function statementsPart(poll: Poll): Promise<CatalogChange> {
  const from = Math.floor(poll.last === undefined ? poll.now - day : poll.last.at - overlapMs);
  const query: Query = [
    ['filter_by.query_start_time_range.start_time_ms', String(from)],
    ['filter_by.statuses', 'FAILED'],
    ['max_results', '100'],
  ];
  const listing = await listed(poll, {
    ...{ what: 'failed SQL statements', path: '/api/2.0/sql/history/queries', query, field: 'res', mostPages },
    // Those of people are many and known to be none of ours.
    read: (item) => readStatement(item) ?? 'other',
    key: (one) => (one === 'other' ? one : one.id),
  });
  const ours = listing?.items.filter((one) => one !== 'other') ?? [];
  return { runs: ours.map((one) => statementRun(one, poll.place)) };
}

function statementRun(statement: StoredStatement, place: Place): Run {
  const ids = idsOf(place);
  return said<Run>({
    id: ids.run(statement.id),
    of: [],
    name: statement.text ?? `statement ${statement.id}`,
    status: 'failed',
    startedAt: statement.startedAt,
    endedAt: statement.endedAt,
    parent: ids.run(statement.run),
    user: statement.user,
    where: statement.warehouse,
    environment: place.environment,
    message: statement.error,
    url: `${place.url}/sql/history?queryId=${encodeURIComponent(statement.id)}`,
    metrics: [],
    params: [],
    inputs: [],
    outputs: [],
    logs: [],
    linked: [],
  });
}
