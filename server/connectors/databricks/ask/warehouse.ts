// Warehouse: SQL statements through a warehouse that is running anyway; one that is stopped is never woken in the background.
import type { LiveHost } from '../../connector.ts';
import { HttpError } from '../../httpError.ts';
import { list, number, oneLine, record, text } from '../../json.ts';
import type { Api } from './api.ts';
import { segment } from './api.ts';

export interface Answered {
  readonly columns: readonly string[];
  /** Every cell as text, as the API tells it; null is NULL. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** There was more than was fetched. */
  readonly isCut: boolean;
}

const statements = '/api/2.0/sql/statements';
const mostRows = 20_000;
const mostChunks = 20;
const mostPolls = 20;

/**
 * `seconds` counts, from sending to answer, how long warehouses worked for us: an upper bound of what our questions
 * keep them awake.
 */
export class Warehouses {
  readonly #api: Api;
  readonly #host: LiveHost;
  #ms = 0;

  constructor(api: Api, host: LiveHost) {
    this.#api = api;
    this.#host = host;
  }

  get seconds(): number {
    return Math.ceil(this.#ms / 1000);
  }

  /** One that runs now; undefined when none does. A serverless one first, since it ends soonest by itself. */
  async running(signal: AbortSignal): Promise<string | undefined> {
    const answer = await this.#api.get('/api/2.0/sql/warehouses', [], signal);
    const found = list(answer.warehouses).flatMap((each) => {
      const one = record(each);
      const id = text(one.id);
      return id !== undefined && one.state === 'RUNNING'
        ? [{ id, isServerless: one.enable_serverless_compute === true }]
        : [];
    });
    return (found.find(({ isServerless }) => isServerless) ?? found[0])?.id;
  }

  /** Rejects with the words of the database when the statement fails; `parameters` are texts. */
  async query(
    warehouse: string,
    statement: string,
    parameters: readonly (readonly [string, string])[],
    signal: AbortSignal,
  ): Promise<Answered> {
    const began = performance.now();
    try {
      return await this.#run(warehouse, statement, parameters, signal);
    } finally {
      this.#ms += performance.now() - began;
      this.#host.log.info('a warehouse worked for us', { warehouse, seconds: this.seconds });
    }
  }

  async #run(
    warehouse: string,
    statement: string,
    parameters: readonly (readonly [string, string])[],
    signal: AbortSignal,
  ): Promise<Answered> {
    const json = {
      ...{ warehouse_id: warehouse, statement, wait_timeout: '30s', on_wait_timeout: 'CONTINUE' },
      ...{ disposition: 'INLINE', format: 'JSON_ARRAY', row_limit: mostRows },
      parameters: parameters.map(([name, value]) => ({ name, value, type: 'STRING' })),
    };
    let answer = await this.#api.json({ path: statements, method: 'POST', json }, signal);
    const id = text(answer.statement_id);
    for (let polls = 0; polls < mostPolls && /^(PENDING|RUNNING)$/.test(stateOf(answer)); polls += 1) {
      if (id === undefined) break;
      answer = await this.#api.get(`${statements}/${segment(id)}`, [], signal);
    }
    const state = stateOf(answer);
    if (state !== 'SUCCEEDED') {
      // A failed statement is HTTP 200.
      const words = oneLine(record(record(answer.status).error).message) ?? (state || 'nothing was said of its state');
      if (id !== undefined && /^(PENDING|RUNNING)$/.test(state)) await this.#cancel(id, signal);
      throw new HttpError('refused', `${this.#api.place}: the SQL warehouse did not answer: ${words}`, { status: 200 });
    }
    return this.#rows(id, answer, signal);
  }

  async #rows(id: string | undefined, answer: ReturnType<typeof record>, signal: AbortSignal): Promise<Answered> {
    const manifest = record(answer.manifest);
    const columns = list(record(manifest.schema).columns).map((column) => text(record(column).name) ?? '');
    const rows: (readonly (string | null)[])[] = [];
    let result = record(answer.result);
    for (let chunks = 0; ; chunks += 1) {
      for (const row of list(result.data_array))
        rows.push(list(row).map((cell) => (typeof cell === 'string' ? cell : null)));
      const next = number(result.next_chunk_index);
      if (next === undefined || id === undefined) return { columns, rows, isCut: manifest.truncated === true };
      if (chunks >= mostChunks || rows.length >= mostRows) return { columns, rows, isCut: true };
      result = record(await this.#api.get(`${statements}/${segment(id)}/result/chunks/${next}`, [], signal));
    }
  }

  /** What we do not wait for must not go on. */
  async #cancel(id: string, signal: AbortSignal): Promise<void> {
    await this.#api
      .ask({ path: `${statements}/${segment(id)}/cancel`, method: 'POST', json: {} }, signal, [400, 404, 409])
      .catch(() => undefined);
  }
}

function stateOf(answer: ReturnType<typeof record>): string {
  return text(record(answer.status).state) ?? '';
}
