// Event log: what procedures and functions of a query logged, out of the account's event table, when somebody opens it.
import type { FetchedLog } from '../connector.ts';
import { HttpError } from '../httpError.ts';
import type { Rows } from './ask/api.ts';
import type { Row } from './ask/rows.ts';
import type { Awake } from './ask/warehouses.ts';
import { qualified } from './history/target.ts';
import { inSql, literal } from './ids.ts';
import type { Asking } from './poll.ts';
import { sqlInstant } from './sqlTime.ts';

const minute = 60_000;
/** A statement may run for two days at most (docs.snowflake.com, STATEMENT_TIMEOUT_IN_SECONDS, 2026-11); events come a little late. */
const longestMs = 49 * 60 * minute;
const mostRows = 5_000;
/** What ended so long ago says nothing more. */
const settledMs = 10 * minute;
/** Nobody who follows a log asks the warehouse more often. */
const goodMs = minute;
const mostKept = 8;
const usualTable = 'SNOWFLAKE.TELEMETRY.EVENTS';
/** For roles that may not see the table itself (docs.snowflake.com/sql-reference/telemetry/events_view, read 2026-11-24). */
const usualView = 'SNOWFLAKE.TELEMETRY.EVENTS_VIEW';

export interface EventLogKey {
  readonly query: string;
  /** Epoch ms. */
  readonly startedAt: number;
}

export function eventLogKey({ query, startedAt }: EventLogKey): string {
  return `events/${query.toLowerCase()}/${Math.floor(startedAt)}`;
}

/** Undefined for what is no key of ours. */
export function parseEventLogKey(text: string): EventLogKey | undefined {
  const [, query, at] = /^events\/([0-9a-f-]{8,64})\/(\d{1,15})$/.exec(text) ?? [];
  return query === undefined || at === undefined ? undefined : { query, startedAt: Number(at) };
}

/** Kept by the connection: what was read a moment ago, and which table it is in. */
export class EventLogs {
  readonly #kept = new Map<string, { readonly at: number; readonly log: FetchedLog }>();
  #table: string | undefined;

  /**
   * One question for the table, once; one to a warehouse that is awake anyway: none is woken. Rejects with the next step
   * when none is, and like `Api.ask`.
   */
  async read(key: EventLogKey, asking: Asking, preferred: string | undefined): Promise<FetchedLog> {
    const { now, warehouses, api, signal } = asking;
    const known = this.#kept.get(eventLogKey(key));
    if (known && Math.abs(now - known.at) < goodMs) return known.log;
    this.#table ??= await tableOf(asking);
    const awake = warehouses.demanded(await warehouses.listed(signal), preferred);
    if (!awake)
      throw new HttpError(
        'refused',
        `${api.place}: what a query logged stands in the event table ${this.#table}, which is read through a warehouse, and none is awake that may be asked. ` +
          'Plumbline wakes none: start one (ALTER WAREHOUSE … RESUME) and open the log again.',
      );
    const log = shown(await this.#rows(key, awake, asking), key, this.#table, now);
    this.#kept.delete(eventLogKey(key));
    this.#kept.set(eventLogKey(key), { at: now, log });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
    return log;
  }

  async #rows(key: EventLogKey, awake: Awake, { warehouses, signal }: Asking): Promise<Rows> {
    const ask = (table: string): Promise<Rows> => warehouses.query(awake, question(table, key), signal);
    const table = this.#table ?? usualTable;
    try {
      return await ask(table);
    } catch (error) {
      signal.throwIfAborted();
      const isHidden = error instanceof HttpError && /^(?:missing|forbidden)$/.test(error.kind);
      if (!isHidden || table !== usualTable) throw error;
      const rows = await ask(usualView);
      this.#table = usualView;
      return rows;
    }
  }
}

/** What the account's parameter says (docs.snowflake.com/developer-guide/logging-tracing/event-table-setting-up, read 2026-11-24). */
async function tableOf({ api, signal }: Asking): Promise<string> {
  try {
    const { rows } = await api.ask(`SHOW PARAMETERS LIKE 'EVENT_TABLE' IN ACCOUNT`, signal);
    const said = rows.find((row) => row.raw('key')?.toUpperCase() === 'EVENT_TABLE')?.raw('value');
    const name = qualified(said ?? '', []);
    return name === undefined || name.join('.') === usualTable ? usualTable : inSql(name);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof HttpError) || !/^(?:forbidden|missing|refused)$/.test(error.kind)) throw error;
    return usualTable;
  }
}

/** Columns: docs.snowflake.com/developer-guide/logging-tracing/event-table-columns and …/unhandled-exception-messages, read 2026-11-24. */
function question(table: string, { query, startedAt }: EventLogKey): string {
  return (
    `SELECT TIMESTAMP AS AT, RECORD['severity_text']::STRING AS SEVERITY, SCOPE['name']::STRING AS LOGGER, ` +
    `VALUE::STRING AS MESSAGE, RECORD_ATTRIBUTES['exception.type']::STRING AS EXCEPTION_TYPE, ` +
    `RECORD_ATTRIBUTES['exception.message']::STRING AS EXCEPTION_MESSAGE, ` +
    `RECORD_ATTRIBUTES['exception.stacktrace']::STRING AS STACKTRACE FROM ${table} ` +
    `WHERE TIMESTAMP >= ${sqlInstant(startedAt - minute)} AND TIMESTAMP < ${sqlInstant(startedAt + longestMs)} ` +
    `AND RECORD_TYPE = 'LOG' AND RESOURCE_ATTRIBUTES['snow.query.id']::STRING = ${literal(query)} ` +
    `ORDER BY TIMESTAMP DESC LIMIT ${mostRows}`
  );
}

function shown({ rows, isCut }: Rows, { query, startedAt }: EventLogKey, table: string, now: number): FetchedLog {
  const newest = rows[0]?.time('at') ?? startedAt;
  const complete = now - Math.max(newest, startedAt) > settledMs;
  if (rows.length === 0)
    return {
      text: `[Plumbline: the event table ${table} has nothing that query ${query} logged; LOG_LEVEL says what is kept]\n`,
      complete,
    };
  const note =
    isCut || rows.length >= mostRows ? `[Plumbline: the last ${rows.length.toLocaleString('en')} lines]\n` : '';
  return { text: note + rows.toReversed().map(lineOf).join(''), complete };
}

/** The stack trace as its language wrote it, below the line that says when. */
function lineOf(row: Row): string {
  const at = row.time('at');
  const when = at === undefined ? '' : `${new Date(at).toISOString()} `;
  const [severity = '', logger] = [row.line('severity', 20), row.line('logger', 200)];
  const [type, words] = [row.line('exception_type', 200), row.raw('exception_message')];
  const exception = type === undefined && words === undefined ? undefined : `${type ?? 'exception'}: ${words ?? ''}`;
  const message = exception ?? row.raw('message') ?? '';
  const trace = row.raw('stacktrace');
  const head = `${when}${severity}${logger === undefined ? '' : ` ${logger}`}: ${message}`;
  return `${[head, trace].filter((part) => part !== undefined).join('\n')}\n`.replace(/\n{2,}$/, '\n');
}
