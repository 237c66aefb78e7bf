// CatalogStore: our own database of what the tools said; opens whatever happened to its file.
import { chmodSync, closeSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Catalog } from './catalog.ts';
import { Connection, StoreError } from './sqlite/connection.ts';
import { createCatalog } from './sqlite/reads.ts';
import { prepareSchema } from './sqlite/schema.ts';
import { countOf } from './sqlite/sources.ts';
import { dropWanted, readNote, readWanted, type Wanted, writeNote, writeWanted } from './sqlite/wanted.ts';
import { type CatalogWriter, createWriter } from './sqlite/writer.ts';

export { StoreError, type StoreTrouble } from './sqlite/connection.ts';
export type { Scan, ScanOptions } from './sqlite/scan.ts';
export type { Progress, SourceIdentity } from './sqlite/sources.ts';
export type { Wanted } from './sqlite/wanted.ts';
export type { CatalogWriter } from './sqlite/writer.ts';

export interface StoreOptions {
  /** Epoch ms; names files that are kept aside, and spaces out attempts to open again. Default: the machine's clock. */
  readonly now?: () => number;
  /** How long to wait for another process; default 1,000 ms. */
  readonly busyTimeoutMs?: number;
  /** Largest size of the file, in pages of 4 KB; beyond it the disk counts as full. Default: no limit. */
  readonly mostPages?: number;
  /** Told what happened to the file while it was open; each thing once. */
  readonly onNotice?: (notice: string) => void;
}

export interface OpenedStore {
  readonly store: CatalogStore;
  /** What happened to the file and what it means, for the user; absent when all is well. */
  readonly notice?: string;
}

const retryMs = 2000;
const inMemory = ':memory:';

/**
 * Opening never fails: a damaged file and one of a newer version are kept aside and begun anew, a file that cannot be
 * used at all is replaced by memory until it can.
 */
export class CatalogStore {
  readonly #path: string;
  readonly #now: () => number;
  readonly #busyTimeoutMs: number;
  readonly #mostPages: number | undefined;
  readonly #onNotice: (notice: string) => void;
  readonly #catalog: Catalog;
  readonly #notices: string[] = [];
  #connection: Connection;
  #inode: number | undefined;
  #checkedAt: number;
  #reading = 0;

  private constructor(storePath: string, options: StoreOptions) {
    this.#path = storePath;
    this.#now = options.now ?? Date.now;
    this.#busyTimeoutMs = options.busyTimeoutMs ?? 1000;
    this.#mostPages = options.mostPages;
    this.#onNotice = options.onNotice ?? (() => {});
    this.#checkedAt = this.#now();
    this.#connection = this.#open();
    this.#catalog = createCatalog(() => this.#connection);
  }

  /** `:memory:` for a store that nobody else sees. */
  static open(storePath: string, options: StoreOptions = {}): OpenedStore {
    let opened = false;
    const store = new CatalogStore(storePath, { ...options, onNotice: (text) => opened && options.onNotice?.(text) });
    opened = true;
    const notice = store.#notices.join(' ');
    return notice ? { store, notice } : { store };
  }

  /** Work on one snapshot: what is written meanwhile is not seen. Must not be asynchronous. */
  read<T>(work: (catalog: Catalog) => T): T {
    if (this.#reading > 0) return work(this.#catalog);
    this.#reopenIfReplaced();
    this.#reading++;
    try {
      return this.#connection.reading(() => work(this.#catalog));
    } catch (error) {
      if (!isCorrupt(error)) throw error;
      this.#startAnew(error.message);
      return this.#connection.reading(() => work(this.#catalog));
    } finally {
      this.#reading--;
    }
  }

  /** What is kept is seen by this store only, and by no other thread: asked for, or because the file cannot be used. */
  get isInMemory(): boolean {
    return this.#connection.path === inMemory;
  }

  /** Reads outside of a transaction: each call sees the newest state. */
  snapshot(): Catalog {
    return this.#catalog;
  }

  /** Same as `read`, over a connection of its own, for work that lets others run in between. */
  async readLong<T>(work: (catalog: Catalog) => Promise<T>): Promise<T> {
    if (this.#connection.path === inMemory) return work(this.#catalog);
    const connection = new Connection(this.#path, { readOnly: true, busyTimeoutMs: this.#busyTimeoutMs });
    try {
      connection.execute('BEGIN');
      return await work(createCatalog(() => connection));
    } finally {
      connection.close();
    }
  }

  /** For one thread of one process at a time; see `takeLease`. */
  writer(): CatalogWriter {
    return createWriter(() => {
      this.#reopenIfReplaced();
      return this.#connection;
    });
  }

  /**
   * True when `holder` may write from now until it has not called for `staleAfterMs`.
   * Time is the wall clock (epoch ms), because the other holder may be another process.
   */
  takeLease(name: string, holder: string, at: number, staleAfterMs: number): boolean {
    this.#reopenIfReplaced();
    return this.#connection.writing(() => {
      const row = this.#connection.get('SELECT holder, beat_at FROM leases WHERE name = ?', name);
      const isFree = !row || row.holder === holder || at - Number(row.beat_at) > staleAfterMs;
      if (isFree) this.#connection.run('INSERT OR REPLACE INTO leases VALUES (?, ?, ?)', name, holder, at);
      return isFree;
    });
  }

  releaseLease(name: string, holder: string): void {
    this.#connection.run('DELETE FROM leases WHERE name = ? AND holder = ?', name, holder);
  }

  /** `window`: any text that is its own; `at`: epoch ms. */
  want(window: string, wanted: Wanted, at: number): void {
    this.#reopenIfReplaced();
    writeWanted(this.#connection, window, wanted, at);
  }

  /** Of windows that spoke since then (epoch ms), those with the focus first. */
  wanted(since: number): readonly Wanted[] {
    return readWanted(this.#connection, since);
  }

  /** A word between windows, by its key; the revision stays. Never a secret. */
  writeNote(key: string, text: string): void {
    this.#reopenIfReplaced();
    writeNote(this.#connection, key, text);
  }

  /** Undefined when none was written. */
  note(key: string): string | undefined {
    return readNote(this.#connection, key);
  }

  /** How many entities a source says there are, the gone ones not counted; it walks over them. */
  countOf(source: string): number {
    return countOf(this.#connection, source);
  }

  /** The window is closed; also forgets those that were silent since `before` (epoch ms). */
  dropWanted(window: string, before: number): void {
    dropWanted(this.#connection, window, before);
  }

  close(): void {
    this.#connection.close();
  }

  #open(): Connection {
    if (this.#path === inMemory) return openMemory();
    try {
      return this.#openFile();
    } catch (error) {
      if (isCorrupt(error)) {
        const kept = this.#keepAside('corrupt');
        this.#say(`${error.message} It was kept as ${kept} and is built anew from your tools.`);
        return this.#openFileOrMemory();
      }
      return this.#fallBack(error);
    }
  }

  #openFileOrMemory(): Connection {
    try {
      return this.#openFile();
    } catch (error) {
      return this.#fallBack(error);
    }
  }

  #fallBack(error: unknown): Connection {
    const said = error instanceof Error ? error.message : String(error);
    this.#say(`${said} Until then Plumbline keeps what it reads in memory only.`);
    this.#inode = undefined;
    return openMemory();
  }

  #openFile(): Connection {
    makePrivate(this.#path);
    const connection = this.#connect();
    if (prepareSchema(connection) === 'newer') {
      connection.close();
      const kept = this.#keepAside('newer');
      this.#say(
        `The store was written by a newer Plumbline. It was kept as ${kept}, and a new one is built from your tools.`,
      );
      makePrivate(this.#path);
      const fresh = this.#connect();
      prepareSchema(fresh);
      this.#inode = inodeOf(this.#path);
      return fresh;
    }
    this.#inode = inodeOf(this.#path);
    return connection;
  }

  #connect(): Connection {
    const connection = new Connection(this.#path, { readOnly: false, busyTimeoutMs: this.#busyTimeoutMs });
    try {
      connection.execute('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16000');
      connection.all('SELECT name FROM sqlite_master');
      if (this.#mostPages !== undefined) connection.execute(`PRAGMA max_page_count = ${Math.floor(this.#mostPages)}`);
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** The file and its companions under a name that tells why; only the base name is told to the user. */
  #keepAside(why: 'corrupt' | 'newer'): string {
    const time = new Date(this.#now()).toISOString().replace(/[:.]/g, '-');
    const kept = `${this.#path}.${why}-${time}`;
    for (const companion of ['-wal', '-shm', '']) {
      try {
        renameSync(`${this.#path}${companion}`, `${kept}${companion}`);
      } catch {
        // A companion that is not there, or a file that cannot be moved: then it has to go.
        rmSync(`${this.#path}${companion}`, { force: true });
      }
    }
    return path.basename(kept);
  }

  #startAnew(reason: string): void {
    this.#connection.close();
    const kept = this.#keepAside('corrupt');
    this.#say(`${reason} It was kept as ${kept} and is built anew from your tools.`);
    this.#connection = this.#openFileOrMemory();
  }

  /** Another process, or we in another thread, may have kept the file aside; and a file we could not use may be free by now. */
  #reopenIfReplaced(): void {
    if (this.#path === inMemory || this.#reading > 0) return;
    const now = this.#now();
    if (now - this.#checkedAt < retryMs) return;
    this.#checkedAt = now;
    if (this.#inode !== undefined && inodeOf(this.#path) === this.#inode) return;
    try {
      const next = this.#openFile();
      this.#connection.close();
      this.#connection = next;
    } catch {
      // Still not to be had: what we hold stays good.
    }
  }

  #say(notice: string): void {
    if (this.#notices.includes(notice)) return;
    this.#notices.push(notice);
    this.#onNotice(notice);
  }
}

function openMemory(): Connection {
  const connection = new Connection(inMemory, { readOnly: false, busyTimeoutMs: 0 });
  prepareSchema(connection);
  return connection;
}

function isCorrupt(error: unknown): error is StoreError {
  return error instanceof StoreError && error.trouble === 'corrupt';
}

/** Owner only, before anything is in it; SQLite gives its companions the same mode. */
function makePrivate(file: string): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new StoreError('other', `The store ${file} cannot be made (${said}). Check the rights of its folder.`, error);
  }
}

function inodeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino;
}
