// Api: SQL statements over Snowflake's SQL API v2, the words of its refusals, and results in several parts.
import { setTimeout as pause } from 'node:timers/promises';
import { accountInHost } from '../../../catalog/mine.ts';
import { addressOf, type ConnectionConfig } from '../../../protocol/connection.ts';
import type { HttpAnswer, LiveHost } from '../../connector.ts';
import { HttpError } from '../../httpError.ts';
import { isRecord, oneLine, record, said, text } from '../../json.ts';
import { identifier } from '../ids.ts';
import { columnsOf, partitionsOf, type Row, rowsIn } from './rows.ts';
import { Session } from './session.ts';

const statements = '/api/v2/statements';
const mostPartitions = 50;
const mostRows = 200_000;
/** How long what runs in a warehouse is waited for, in growing steps. */
const waitsMs = [50, 100, 200, 400, 800, 1_500, 3_000, 5_000, 5_000, 5_000, 10_000, 10_000, 10_000];
const timeoutSeconds = 60;
/** By which our own statements are known in the history of queries. */
export const ownTag = 'plumbline';

export interface Rows {
  readonly rows: readonly Row[];
  /** There was more than was fetched. */
  readonly isCut: boolean;
  /** The id of the query. */
  readonly query?: string;
}

export class Api {
  /** `name: host`, for messages. */
  readonly place: string;
  readonly #session: Session;
  readonly #role: string | undefined;

  constructor(connection: ConnectionConfig, host: LiveHost) {
    const { name, url, role } = connection;
    this.place = `${name}: ${addressOf(url)}`;
    this.#role = role === undefined ? undefined : identifier(role);
    this.#session = new Session(this.place, signingAccount(connection), host);
  }

  /**
   * `warehouse`: absent for what runs without one. Rejects like `LiveHost.fetch`; with `missing` for what does not exist or we may not see, which Snowflake does not
   * tell apart, `forbidden` where it says so, `refused` for all else that it will not run.
   */
  async ask(statement: string, signal: AbortSignal, warehouse?: string): Promise<Rows> {
    const parameters = { QUERY_TAG: ownTag };
    const json = said({ statement, timeout: timeoutSeconds, role: this.#role, warehouse, parameters });
    // A held answer would look like a server that is silent; what needs no warehouse is answered at once.
    const query = warehouse === undefined ? [] : [['async', 'true'] as const];
    const answer = await this.#fetch(
      { path: statements, query, method: 'POST', json, repeatable: true },
      statement,
      signal,
    );
    const ended = answer.status === 202 ? await this.#waited(answer, statement, signal) : answer;
    return this.#rows(ended, statement, signal);
  }

  /** A statement that has not ended is not left running. */
  async #waited(first: HttpAnswer, statement: string, signal: AbortSignal): Promise<HttpAnswer> {
    const handle = handleOf(first);
    if (handle === undefined)
      throw new HttpError('broken', `${this.place} took a statement but gave no handle for it. Check the url.`);
    let isOver = false;
    try {
      for (const wait of waitsMs) {
        const answer = await this.#fetch({ path: `${statements}/${handle}` }, statement, signal);
        if (answer.status !== 202) {
          isOver = true;
          return answer;
        }
        await pause(wait, undefined, { signal });
      }
    } catch (error) {
      isOver = error instanceof HttpError && error.kind !== 'timeout';
      signal.throwIfAborted();
      throw error;
    } finally {
      if (!isOver) await this.#cancel(handle);
    }
    throw new HttpError(
      'refused',
      `${this.place} did not finish a statement within a minute, so it was cancelled: ${shown(statement)}`,
    );
  }

  async #cancel(handle: string): Promise<void> {
    const request = { path: `${statements}/${handle}/cancel`, method: 'POST', json: {} } as const;
    await this.#session.ask(request, AbortSignal.timeout(5_000), [400, 404, 408, 422]).catch(() => undefined);
  }

  async #rows(first: HttpAnswer, statement: string, signal: AbortSignal): Promise<Rows> {
    const answer = first.json();
    const columns = columnsOf(answer);
    if (!columns || !isRecord(answer) || !Array.isArray(answer.data))
      throw new HttpError('broken', `${this.place} answered a statement without rows. Check the url.`);
    const handle = handleOf(first);
    const rows = [...rowsIn(answer, columns)];
    const parts = partitionsOf(answer);
    for (let part = 1; part <= parts && handle !== undefined; part += 1) {
      if (part >= mostPartitions || rows.length >= mostRows) return { rows, isCut: true, query: handle };
      const query = [['partition', String(part)] as const];
      const next = await this.#fetch({ path: `${statements}/${handle}`, query }, statement, signal);
      rows.push(...rowsIn(next.json(), columns));
    }
    return said({ rows, isCut: false, query: handle });
  }

  async #fetch(request: Parameters<Session['ask']>[0], statement: string, signal: AbortSignal): Promise<HttpAnswer> {
    const answer = await this.#session.ask(request, signal, [400, 408, 422]);
    if (answer.status < 400) return answer;
    throw this.#refused(answer, statement);
  }

  /**
   * 422 is an error of SQL: 002003 (42S02) an object that is not there or that the role may not see, 003001 (42501) a
   * privilege that is missing (docs.snowflake.com, sql-api/handling-responses, 2026-11).
   */
  #refused(answer: HttpAnswer, statement: string): HttpError {
    const body = bodyOf(answer);
    const [code = '', state = ''] = [text(body.code), text(body.sqlState)];
    const words = oneLine(body.message, 300)?.replace(/\.$/, '') ?? 'without a word';
    const kind =
      code === '003001' || state === '42501'
        ? 'forbidden'
        : code === '002003' || state === '42S02'
          ? 'missing'
          : 'refused';
    const next =
      kind === 'refused'
        ? ''
        : ' Give the role of this connection the right to see it, or set "role" to one that has it.';
    const message = `${this.place} answered ${answer.status}${code && ` (${code})`} to ${shown(statement)}: ${words}.${next}`;
    return new HttpError(kind, message, { status: answer.status });
  }
}

/** A host writes `-` where the name of the account has `_`; what the connection declares may say it better. */
function signingAccount({ url, instance }: ConnectionConfig): string {
  const inHost = accountInHost(new URL(url).hostname);
  const isSame = instance !== undefined && instance.toLowerCase().replaceAll('_', '-') === inHost;
  return (isSame ? instance : inHost) ?? instance ?? new URL(url).hostname;
}

function handleOf(answer: HttpAnswer): string | undefined {
  const handle = text(bodyOf(answer).statementHandle);
  return handle !== undefined && /^[0-9a-zA-Z-]{8,64}$/.test(handle) ? handle : undefined;
}

function bodyOf(answer: HttpAnswer): ReturnType<typeof record> {
  try {
    return record(JSON.parse(answer.text));
  } catch {
    return {};
  }
}

/** Names of the user's things are in the log of the connection anyway; long texts are not repeated. */
function shown(statement: string): string {
  return statement.length <= 120 ? statement : `${statement.slice(0, 119)}…`;
}
