// Connection: one SQLite connection to our own store, its prepared statements, and its failures in words.
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** `full`: no space; `locked`: another process holds it; `corrupt`: the file is damaged or no database; `readOnly`: may not write. */
export type StoreTrouble = 'full' | 'locked' | 'corrupt' | 'readOnly' | 'other';

export class StoreError extends Error {
  readonly trouble: StoreTrouble;

  constructor(trouble: StoreTrouble, message: string, cause?: unknown) {
    super(message, { cause });
    this.trouble = trouble;
  }
}

export interface ConnectionOptions {
  readonly readOnly: boolean;
  /** How long a statement waits for another process before it fails. */
  readonly busyTimeoutMs: number;
}

export class Connection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly path: string;
  #depth = 0;

  constructor(path: string, { readOnly, busyTimeoutMs }: ConnectionOptions) {
    this.path = path;
    this.#database = this.#speak(() => new DatabaseSync(path, { readOnly, timeout: busyTimeoutMs }));
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#speak(() => this.#statement(sql).get(...values));
  }

  all(sql: string, ...values: SQLInputValue[]): readonly Row[] {
    return this.#speak(() => this.#statement(sql).all(...values));
  }

  /** How many rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return this.#speak(() => Number(this.#statement(sql).run(...values).changes));
  }

  execute(sql: string): void {
    this.#speak(() => this.#database.exec(sql));
  }

  /** One snapshot: what others write meanwhile is not seen. Inside another transaction it is that one. */
  reading<T>(work: () => T): T {
    return this.#transaction('BEGIN', work);
  }

  /** All or nothing. Inside another transaction it is that one. */
  writing<T>(work: () => T): T {
    return this.#transaction('BEGIN IMMEDIATE', work);
  }

  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #transaction<T>(begin: string, work: () => T): T {
    if (this.#depth > 0) return work();
    this.execute(begin);
    this.#depth = 1;
    try {
      const result = work();
      this.execute('COMMIT');
      return result;
    } catch (error) {
      // A full disk rolls back by itself; a second ROLLBACK would hide the reason.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    } finally {
      this.#depth = 0;
    }
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #speak<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw inWords(error, this.path);
    }
  }
}

/** Result codes: sqlite.org/rescode.html, read 2026-11-23. */
function inWords(error: unknown, path: string): unknown {
  if (error instanceof StoreError) return error;
  const code = typeof error === 'object' && error !== null && 'errcode' in error ? Number(error.errcode) & 0xff : -1;
  const said = error instanceof Error ? error.message : String(error);
  const fail = (trouble: StoreTrouble, message: string) => new StoreError(trouble, message, error);
  switch (code) {
    case 5:
    case 6:
      return fail(
        'locked',
        `The store ${path} is locked by another process. Close what uses it, then run Plumbline: Restart.`,
      );
    case 8:
      return fail('readOnly', `The store ${path} may not be written. Check the rights of its folder.`);
    case 11:
    case 26:
      return fail('corrupt', `The store ${path} is damaged (${said}).`);
    case 13:
      return fail('full', `There is no space left for the store ${path}. Free some space; what was read before stays.`);
    case 10:
    case 14:
      return fail('other', `The store ${path} cannot be opened or read (${said}). Check its folder and its rights.`);
    default:
      return code < 0 ? error : fail('other', `The store ${path} failed: ${said}.`);
  }
}
