// SQLite files of other people, read-only: short reads that let their owner write, and clear words when they do not.
import { existsSync, statSync } from 'node:fs';
import { DatabaseSync, type DatabaseSyncOptions, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { ReadOnlyDatabase } from '../connectors/connector.ts';
import { codeOf, fileError, messageOf, printable, WorldError } from './failure.ts';

/** How long a locked file is waited for, in ms. The thread stands still meanwhile: only workers open files of others. */
export const busyTimeout = 4000;
/**
 * Between two attempts, in ms. SQLite's own waiting sleeps up to 100 ms at a time, and so may miss every gap that a
 * program leaves which commits hundreds of times a second, as a training loop does.
 */
const pause = 2;

/**
 * Opens a SQLite file for reading. Throws a WorldError when it is not there, not allowed, locked or no SQLite file.
 * Queries outside of `snapshot` each see a state of their own.
 */
export function openDatabase(file: string, timeout: number = busyTimeout): ReadOnlyDatabase {
  requireFile(file);
  const database = connect(file, timeout);
  const statements = new Map<string, StatementSync>();
  const speaking = <T>(work: () => T): T => {
    try {
      return patiently(work, timeout);
    } catch (error) {
      throw databaseError(file, error);
    }
  };
  return {
    all: (sql, ...params) =>
      speaking(() => {
        let statement = statements.get(sql);
        if (!statement) {
          statement = database.prepare(sql);
          statements.set(sql, statement);
        }
        return readAll(statement, params);
      }),
    snapshot: (work) => {
      speaking(() => database.exec('BEGIN'));
      try {
        return work();
      } finally {
        if (database.isTransaction) database.exec('ROLLBACK');
      }
    },
    close: () => {
      statements.clear();
      if (database.isOpen) database.close();
    },
  };
}

function requireFile(file: string): void {
  try {
    if (statSync(file).isFile()) return;
  } catch (error) {
    throw fileError(file, error);
  }
  throw new WorldError('broken', `${printable(file)} is not a file. Name the SQLite file itself.`);
}

function connect(file: string, timeout: number): DatabaseSync {
  const options = { readOnly: true, timeout: 0 };
  const database = opened(file, file, options);
  try {
    // The first read opens the file for real and takes the first lock.
    patiently(() => database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').all(), timeout);
    return database;
  } catch (error) {
    database.close();
    // A write-ahead store in a folder we may not write to cannot be opened beside its owner. Without a log file
    // nobody has it open, so that the file alone is all there is.
    if (sqliteCode(error) === cannotOpen && !existsSync(`${file}-wal`)) {
      return opened(file, `${pathToFileURL(file).href}?mode=ro&immutable=1`, options);
    }
    throw databaseError(file, error);
  }
}

function opened(file: string, address: string, options: DatabaseSyncOptions): DatabaseSync {
  try {
    return new DatabaseSync(address, options);
  } catch (error) {
    throw databaseError(file, error);
  }
}

/** Again while the file is locked, up to `timeout`. Inside of a snapshot only its first read can meet a lock. */
function patiently<T>(work: () => T, timeout: number): T {
  const until = performance.now() + timeout;
  for (;;) {
    try {
      return work();
    } catch (error) {
      const code = sqliteCode(error);
      if ((code !== busy && code !== locked) || performance.now() >= until) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
    }
  }
}

type Row = Readonly<Record<string, unknown>>;

/** Integers beyond 2^53 make the driver refuse the row; only then is it asked for big integers. */
function readAll(statement: StatementSync, params: readonly (string | number | null)[]): readonly Row[] {
  try {
    return statement.all(...params);
  } catch (error) {
    if (codeOf(error) !== 'ERR_OUT_OF_RANGE') throw error;
  }
  statement.setReadBigInts(true);
  try {
    return statement
      .all(...params)
      .map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, small(v)])));
  } finally {
    statement.setReadBigInts(false);
  }
}

function small(value: unknown): unknown {
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

// Primary result codes of SQLite, sqlite.org/rescode.html, read 2026-11-23.
const busy = 5;
const locked = 6;
const readOnly = 8;
const inputOutput = 10;
const corrupt = 11;
const cannotOpen = 14;
const notADatabase = 26;

/** The extended code SQLITE_READONLY_ROLLBACK: a journal must be rolled back, which a reader may not do. */
const halfWritten = 776;

function extendedCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

function sqliteCode(error: unknown): number | undefined {
  const code = extendedCode(error);
  return code === undefined ? undefined : code & 0xff;
}

function databaseError(file: string, error: unknown): WorldError {
  if (error instanceof WorldError) return error;
  const shown = printable(file);
  const said = messageOf(error);
  if (extendedCode(error) === halfWritten) {
    return new WorldError(
      'broken',
      `${shown} was left half-written by a program that ended in the middle. Open it once with that program, which repairs it.`,
      error,
    );
  }
  switch (sqliteCode(error)) {
    case busy:
    case locked:
      return new WorldError(
        'busy',
        `${shown} is locked by another program that is writing it. It is read again at the next scan; if this stays, end that program.`,
        error,
      );
    case corrupt:
    case notADatabase:
      return new WorldError(
        'broken',
        `${shown} is not a SQLite file or is damaged (${said}). Check it with "PRAGMA integrity_check" and restore it from a copy.`,
        error,
      );
    case cannotOpen:
    case readOnly:
      return new WorldError(
        'forbidden',
        `${shown} could not be opened for reading (${said}). Give your user read permission on it and its folder.`,
        error,
      );
    case inputOutput:
      return new WorldError('other', `${shown} could not be read (${said}). Check the disk it is on.`, error);
    default:
      return new WorldError('broken', `${shown}: ${said}. This version of the store may not be supported.`, error);
  }
}
