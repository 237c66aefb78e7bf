// Other people's SQLite files: read-only, one state per snapshot, and clear words when they are locked or damaged.
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { openDatabase } from '../../server/world/database.ts';
import { WorldError } from '../../server/world/failure.ts';
import { testFolder } from '../support/folder.ts';

function made(file: string, ...statements: readonly string[]): DatabaseSync {
  const database = new DatabaseSync(file);
  for (const statement of statements) database.exec(statement);
  return database;
}

function fails(work: () => unknown, kind: string, words: RegExp): void {
  assert.throws(work, (error) => {
    assert.ok(error instanceof WorldError, String(error));
    assert.equal(error.kind, kind);
    assert.match(error.message, words);
    return true;
  });
}

test('rows come with their columns; integers beyond 2^53 as bigint, others as numbers', (t) => {
  const file = path.join(testFolder(t).path, 'a.db');
  made(file, 'CREATE TABLE t (a, b)', "INSERT INTO t VALUES (1, 'x'), (9007199254740993, NULL)").close();
  const database = openDatabase(file);
  assert.deepEqual(
    database.all('SELECT a, b FROM t ORDER BY rowid').map((row) => ({ ...row })),
    [
      { a: 1, b: 'x' },
      { a: 9007199254740993n, b: null },
    ],
  );
  assert.deepEqual({ ...database.all('SELECT b FROM t WHERE a = ?', 1)[0] }, { b: 'x' });
  database.close();
});

test('nothing can be written through it', (t) => {
  const file = path.join(testFolder(t).path, 'a.db');
  made(file, 'CREATE TABLE t (a)').close();
  const before = readFileSync(file);
  const database = openDatabase(file);
  assert.throws(() => database.all('INSERT INTO t VALUES (1)'), /readonly|attempt to write/);
  database.close();
  assert.deepEqual(readFileSync(file), before);
});

for (const mode of ['delete', 'wal']) {
  test(`a snapshot of a store in ${mode} mode does not change while its owner writes`, (t) => {
    const file = path.join(testFolder(t).path, 'a.db');
    const owner = made(file, `PRAGMA journal_mode = ${mode}`, 'CREATE TABLE t (a)', 'INSERT INTO t VALUES (1)');
    const database = openDatabase(file, 50);
    const count = () => database.all('SELECT count(*) AS n FROM t')[0]?.n;
    database.snapshot(() => {
      assert.equal(count(), 1);
      // In delete mode the owner has to wait for us: that is why snapshots are short.
      try {
        owner.exec('INSERT INTO t VALUES (2)');
      } catch (error) {
        assert.match(String(error), /locked/);
      }
      assert.equal(count(), 1);
    });
    owner.exec('INSERT INTO t VALUES (3)');
    assert.equal(count(), mode === 'wal' ? 3 : 2);
    database.close();
    owner.close();
  });
}

test('a snapshot ends when its work throws, and the owner can write again', (t) => {
  const file = path.join(testFolder(t).path, 'a.db');
  const owner = made(file, 'CREATE TABLE t (a)');
  const database = openDatabase(file);
  assert.throws(
    () =>
      database.snapshot(() => {
        database.all('SELECT * FROM t');
        throw new Error('mine');
      }),
    /^Error: mine$/,
  );
  owner.exec('INSERT INTO t VALUES (1)');
  assert.equal(database.all('SELECT * FROM t').length, 1);
  database.close();
  owner.close();
});

test('a store that is locked exclusively is busy, says so within the timeout, and opens afterwards', (t) => {
  const file = path.join(testFolder(t).path, 'a.db');
  const owner = made(file, 'CREATE TABLE t (a)', 'BEGIN EXCLUSIVE', 'INSERT INTO t VALUES (1)');
  const started = performance.now();
  fails(() => openDatabase(file, 100), 'busy', /a\.db is locked by another program that is writing it/);
  assert.ok(performance.now() - started < 20_000);
  owner.exec('COMMIT');
  const database = openDatabase(file, 100);
  assert.equal(database.all('SELECT * FROM t').length, 1);
  database.close();
  owner.close();
});

test('a damaged file, a text file, a folder and nothing are told apart', (t) => {
  const folder = testFolder(t, { 'text.db': 'this is no database at all\n'.repeat(100) }).path;
  fails(() => openDatabase(path.join(folder, 'text.db')), 'broken', /text\.db is not a SQLite file or is damaged/);
  fails(() => openDatabase(folder), 'broken', /is not a file/);
  fails(() => openDatabase(path.join(folder, 'none.db')), 'missing', /none\.db is not there/);
});

test('damage further inside is found by the query that meets it', async (t) => {
  const folder = testFolder(t).path;
  const file = path.join(folder, 'a.db');
  made(
    file,
    'CREATE TABLE t (a)',
    'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO t SELECT hex(randomblob(50)) FROM n',
  ).close();
  const bytes = readFileSync(file);
  bytes.fill(0xff, 8192, bytes.length - 4096);
  writeFileSync(file, bytes);
  const database = openDatabase(file);
  fails(() => database.all('SELECT * FROM t'), 'broken', /a\.db is not a SQLite file or is damaged/);
  database.close();
});

test('an empty file is an empty database', (t) => {
  const folder = testFolder(t, { 'zero.db': '' }).path;
  const database = openDatabase(path.join(folder, 'zero.db'));
  assert.deepEqual(database.all('SELECT name FROM sqlite_schema'), []);
  database.close();
});

test('a store whose writer died in the middle says how it is repaired', (t) => {
  const folder = testFolder(t).path;
  const file = path.join(folder, 'a.db');
  const owner = made(
    file,
    'CREATE TABLE t (a)',
    'INSERT INTO t VALUES (hex(randomblob(20000)))',
    'PRAGMA cache_size = 1',
  );
  owner.exec('BEGIN');
  for (let index = 0; index < 50; index++) owner.exec('INSERT INTO t VALUES (hex(randomblob(5000)))');
  // What the disk holds when the writer is killed now.
  copyFileSync(file, path.join(folder, 'dead.db'));
  copyFileSync(`${file}-journal`, path.join(folder, 'dead.db-journal'));
  owner.exec('ROLLBACK');
  owner.close();
  fails(() => openDatabase(path.join(folder, 'dead.db')), 'broken', /left half-written by a program that ended/);
});

test('a store that may not be read says whose permission is missing', (t) => {
  const folder = testFolder(t);
  const file = folder.at('secret.db');
  made(file, 'CREATE TABLE t (a)').close();
  chmodSync(folder.path, 0o755);
  chmodSync(file, 0o000);
  const root = process.geteuid?.() === 0;
  // Nothing is forbidden to root, who becomes nobody for this one call.
  if (root) process.seteuid?.(65534);
  try {
    fails(
      () => openDatabase(file),
      'forbidden',
      /secret\.db could not be opened for reading .* Give your user read permission on it/,
    );
  } finally {
    if (root) process.seteuid?.(0);
  }
});
