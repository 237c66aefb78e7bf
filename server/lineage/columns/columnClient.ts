// Column client: asks the column worker, started when needed and ended when idle; remembers answers by what was asked.
import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { type Analysis, type ColumnEdge, columnEdges } from './columnEdges.ts';
import type { ColumnAnswer, ColumnQuestion } from './columnWorker.ts';
import { queriesIn } from './queries.ts';

const idleMs = 30_000;
/** The library cannot be interrupted: after this the query is given up, and the worker begins anew. */
const patienceMs = 10_000;
const mostRemembered = 2_000;

/** From source the worker is a .ts file beside this one; from a bundle it is dist/columnWorker.mjs. */
function workerFile(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './columnWorker.ts' : './columnWorker.mjs', import.meta.url);
}

export class ColumnClient {
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #last = 0;
  readonly #waiting = new Map<number, (analysis: Analysis | undefined) => void>();
  readonly #known = new Map<string, Promise<Analysis | undefined>>();

  /** In the order of the text; queries that no dialect can read are left out. `table`: see `queriesIn`. */
  async edges(
    text: string,
    options: { readonly table?: string; readonly dialect?: string } = {},
  ): Promise<readonly ColumnEdge[]> {
    const found: ColumnEdge[] = [];
    for (const query of queriesIn(text, options.table)) {
      const analysis = await this.#analysis(query.sql, dialectsFor(query.sql, options.dialect));
      if (analysis) found.push(...columnEdges(query, analysis));
    }
    return found;
  }

  dispose(): void {
    this.#end();
  }

  #analysis(sql: string, dialects: readonly string[]): Promise<Analysis | undefined> {
    const key = createHash('sha256').update(`${dialects.join()}\n${sql}`).digest('base64');
    const known = this.#known.get(key);
    if (known) return known;
    const asked = this.#ask(sql, dialects);
    this.#known.set(key, asked);
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size > mostRemembered) this.#known.delete(oldest);
    return asked;
  }

  #ask(sql: string, dialects: readonly string[]): Promise<Analysis | undefined> {
    const number = ++this.#last;
    return new Promise((resolve) => {
      const patience = setTimeout(() => this.#end(), patienceMs);
      this.#waiting.set(number, (analysis) => {
        clearTimeout(patience);
        resolve(analysis);
      });
      const question: ColumnQuestion = { number, sql, dialects };
      this.#start().postMessage(question);
    });
  }

  #start(): Worker {
    clearTimeout(this.#idle);
    if (this.#worker) return this.#worker;
    const worker = new Worker(workerFile());
    // The patience of a question keeps the process up; an idle worker must not.
    worker.unref();
    worker.on('message', (answer: ColumnAnswer) => this.#answer(answer));
    worker.on('error', () => {
      if (this.#worker === worker) this.#end();
    });
    this.#worker = worker;
    return worker;
  }

  #answer({ number, analysis }: ColumnAnswer): void {
    this.#waiting.get(number)?.(analysis);
    this.#waiting.delete(number);
    if (this.#waiting.size > 0) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#end(), idleMs);
    this.#idle.unref();
  }

  #end(): void {
    clearTimeout(this.#idle);
    void this.#worker?.terminate();
    this.#worker = undefined;
    for (const resolve of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }
}

/** The one that is known, else those that the quotes speak for, then the most tolerant. */
function dialectsFor(sql: string, dialect: string | undefined): readonly string[] {
  const rest = sql.includes('`')
    ? ['bigquery', 'databricks', 'mysql']
    : /\[\w/.test(sql)
      ? ['tsql', 'bigquery', 'duckdb']
      : ['snowflake', 'postgresql', 'bigquery', 'databricks', 'duckdb', 'tsql'];
  return dialect === undefined ? rest : [...new Set([dialect, ...rest])];
}
