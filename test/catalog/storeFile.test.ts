// The store's file: damaged, locked, newer, older, full, killed while written, shared by two processes.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { Connection } from '../../server/catalog/sqlite/connection.ts';
import { migrations, prepareSchema } from '../../server/catalog/sqlite/schema.ts';
import { CatalogStore, type SourceIdentity, StoreError } from '../../server/catalog/store.ts';

const source: SourceIdentity = { name: 's', tool: 'mlflow', scope: 'mlflow://i', kinds: ['model'] };
const model = (name: string) => ({ id: `model:mlflow://i/${name}`, kind: 'model', name }) as const;
const noon = Date.parse('2026-11-23T12:00:00Z');

function folder(context: TestContext): string {
  const made = mkdtempSync(path.join(tmpdir(), 'plumbline-store-'));
  context.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

function put(store: CatalogStore, ...names: readonly string[]): void {
  const scan = store.writer().startScan(source, 1);
  scan.apply({ entities: names.map(model) });
  scan.finish();
}

const known = (store: CatalogStore) => store.read((catalog) => catalog.list('model', 10).map(({ name }) => name));

test('what was written is there after a restart, for its owner only', (context) => {
  const file = path.join(folder(context), 'deep', 'catalog.db');
  const first = CatalogStore.open(file);
  assert.equal(first.notice, undefined);
  put(first.store, 'churn');
  for (const companion of ['', '-wal', '-shm']) assert.equal(statSync(file + companion).mode & 0o777, 0o600, companion);
  first.store.close();
  const second = CatalogStore.open(file);
  assert.equal(second.notice, undefined);
  assert.deepEqual(known(second.store), ['churn']);
  second.store.close();
});

test('a file that is no database is kept aside and said once', (context) => {
  const inside = folder(context);
  const file = path.join(inside, 'catalog.db');
  writeFileSync(file, 'this is no database, it is a letter to the editor'.repeat(100));
  const { store, notice } = CatalogStore.open(file, { now: () => noon });
  assert.match(notice ?? '', /damaged .* kept as catalog\.db\.corrupt-2026-11-23T12-00-00-000Z and is built anew/);
  assert.match(
    readFileSync(path.join(inside, 'catalog.db.corrupt-2026-11-23T12-00-00-000Z'), 'utf8'),
    /^this is no database/,
  );
  put(store, 'churn');
  store.close();
  const again = CatalogStore.open(file);
  assert.equal(again.notice, undefined);
  assert.deepEqual(known(again.store), ['churn']);
  again.store.close();
});

test("another program's database is not written to", (context) => {
  const inside = folder(context);
  const file = path.join(inside, 'catalog.db');
  const foreign = new DatabaseSync(file);
  foreign.exec('CREATE TABLE theirs (a)');
  foreign.close();
  const { store, notice } = CatalogStore.open(file);
  assert.match(notice ?? '', /made by another program\. It was kept as catalog\.db\.corrupt-/);
  store.close();
});

test('damage found while reading is kept aside, said once, and reading goes on', (context) => {
  const inside = folder(context);
  const file = path.join(inside, 'catalog.db');
  const { store: before } = CatalogStore.open(file);
  put(before, ...Array.from({ length: 3000 }, (_, n) => `model-${n}`));
  before.close();
  const bytes = readFileSync(file);
  bytes.fill(0xa5, 8192 * 2);
  writeFileSync(file, bytes);
  const notices: string[] = [];
  const { store, notice } = CatalogStore.open(file, { onNotice: (text) => notices.push(text) });
  const read = () => store.read((catalog) => catalog.match('model', '*', 5000).length);
  assert.equal(read(), 0);
  assert.equal(read(), 0);
  assert.equal([notice ?? [], notices].flat().length, 1);
  assert.ok(readdirSync(inside).some((name) => name.startsWith('catalog.db.corrupt-')));
  put(store, 'churn');
  assert.deepEqual(known(store), ['churn']);
  store.close();
});

test('a truncated file does not stop the start', (context) => {
  const file = path.join(folder(context), 'catalog.db');
  const { store: before } = CatalogStore.open(file);
  put(before, ...Array.from({ length: 3000 }, (_, n) => `model-${n}`));
  before.close();
  truncateSync(file, 5000);
  const { store } = CatalogStore.open(file);
  assert.deepEqual(known(store), []);
  put(store, 'churn');
  assert.deepEqual(known(store), ['churn']);
  store.close();
});

test('a store of a newer version is kept aside, not read', (context) => {
  const inside = folder(context);
  const file = path.join(inside, 'catalog.db');
  const { store: newer } = CatalogStore.open(file);
  put(newer, 'from-the-future');
  newer.close();
  const raw = new DatabaseSync(file);
  raw.exec(`PRAGMA user_version = ${migrations.length + 1}`);
  raw.close();
  const { store, notice } = CatalogStore.open(file);
  assert.match(notice ?? '', /newer Plumbline\. It was kept as catalog\.db\.newer-/);
  assert.deepEqual(known(store), []);
  put(store, 'churn');
  store.close();
  assert.equal(CatalogStore.open(file).notice, undefined);
});

test('a store of an older version is updated and keeps what it holds', (context) => {
  const file = path.join(folder(context), 'catalog.db');
  const old = new Connection(file, { readOnly: false, busyTimeoutMs: 100 });
  prepareSchema(old, 1);
  old.run("INSERT INTO sources VALUES (1, 's', 'mlflow', 'mlflow://i', 'model', NULL, 'fresh', 5, NULL, NULL, 1, 1)");
  old.run("INSERT INTO entities VALUES ('model:mlflow://i/churn', 1, 'model', 'churn', NULL, NULL, 5, 1, 1, NULL)");
  old.run("INSERT INTO names VALUES ('model', 'churn', 'model:mlflow://i/churn', 1)");
  old.close();
  const { store, notice } = CatalogStore.open(file);
  assert.equal(notice, undefined);
  assert.deepEqual(known(store), ['churn']);
  assert.equal(store.takeLease('sync', 'a', 1, 10), true);
  store.close();
});

test('a file locked for long: memory meanwhile, and the file again when it is free', (context) => {
  const file = path.join(folder(context), 'catalog.db');
  const { store: before } = CatalogStore.open(file);
  put(before, 'churn');
  before.close();
  const blocker = new DatabaseSync(file);
  blocker.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  let now = noon;
  const { store, notice } = CatalogStore.open(file, { now: () => now, busyTimeoutMs: 50 });
  assert.match(notice ?? '', /is locked by another process\. Close .* in memory only/);
  assert.deepEqual(known(store), []);
  put(store, 'meanwhile');
  assert.deepEqual(known(store), ['meanwhile']);
  now += 5000;
  assert.deepEqual(known(store), ['meanwhile'], 'still locked');
  blocker.exec('ROLLBACK');
  blocker.close();
  now += 5000;
  assert.deepEqual(known(store), ['churn']);
  store.close();
});

test('a folder that cannot be made: memory, with the next step', (context) => {
  const file = path.join(folder(context), 'a-file');
  writeFileSync(file, '');
  const { store, notice } = CatalogStore.open(path.join(file, 'catalog.db'));
  assert.match(notice ?? '', /cannot be made .* Check the rights of its folder\. Until then .* memory only/);
  put(store, 'churn');
  assert.deepEqual(known(store), ['churn']);
});

test('a full disk: the write fails in words, reading goes on, nothing half is left', (context) => {
  const file = path.join(folder(context), 'catalog.db');
  const { store: before } = CatalogStore.open(file);
  put(before, 'churn');
  before.close();
  const connection = new Connection(file, { readOnly: false, busyTimeoutMs: 100 });
  const pages = Number(connection.get('PRAGMA page_count')?.page_count);
  connection.close();
  // A limit on pages is how SQLite itself simulates a full disk; the code is the same, 13.
  const { store } = CatalogStore.open(file, { mostPages: pages + 5 });
  const scan = store.writer().startScan(source, 2);
  assert.throws(
    () => scan.apply({ entities: Array.from({ length: 1500 }, (_, n) => model(`big-${n}`)) }),
    (error) =>
      error instanceof StoreError && error.trouble === 'full' && /no space left.*Free some space/.test(error.message),
  );
  assert.deepEqual(known(store), ['churn']);
  store.close();
});

test('a disk that is really full, where we may make one', (context) => {
  const disk = folder(context);
  const made = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', disk]);
  if (made.status !== 0) {
    context.diagnostic('This user may not mount a small disk; the test with a limit of pages stands for it.');
    return;
  }
  try {
    const file = path.join(disk, 'catalog.db');
    const { store, notice } = CatalogStore.open(file);
    assert.equal(notice, undefined);
    put(store, 'churn');
    const scan = store.writer().startScan(source, 2);
    const page = Array.from({ length: 1500 }, (_, n) => ({
      ...model(`big-${n}`),
      facts: { description: 'x'.repeat(300) },
    }));
    assert.throws(
      () => scan.apply({ entities: page }),
      (error) => error instanceof StoreError && error.trouble === 'full',
    );
    assert.deepEqual(known(store), ['churn']);
    store.close();
    const again = CatalogStore.open(file);
    assert.deepEqual(known(again.store), ['churn']);
    again.store.close();
    assert.throws(() => writeFileSync(path.join(disk, 'filler'), Buffer.alloc(1_000_000)));
    const other = CatalogStore.open(path.join(disk, 'other.db'));
    assert.match(other.notice ?? '', /no space left .* in memory only/);
    put(other.store, 'meanwhile');
    assert.deepEqual(known(other.store), ['meanwhile']);
  } finally {
    spawnSync('umount', [disk]);
  }
});

const childCode = `
  import { CatalogStore } from ${JSON.stringify(path.join(import.meta.dirname, '../../server/catalog/store.ts'))};
  const { store } = CatalogStore.open(process.argv[1]);
  const source = { name: 's', tool: 'mlflow', scope: 'mlflow://i', kinds: ['model'] };
  for (let round = 1; ; round++) {
    const scan = store.writer().startScan(source, round);
    for (let page = 0; page < 5; page++) {
      scan.apply({ entities: Array.from({ length: 200 }, (_, n) => ({
        id: 'model:mlflow://i/p' + page + '-' + n, kind: 'model', name: 'p' + page + '-' + n, facts: { owner: 'round ' + round } })) });
      process.stdout.write('.');
    }
    scan.finish();
  }`;

function writer(file: string): ChildProcess {
  return spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', childCode, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

test('kill -9 at 20 random points: the store opens whole, with each page as it was before or after', {
  timeout: 120_000,
}, async (context) => {
  const file = path.join(folder(context), 'catalog.db');
  for (let kill = 0; kill < 20; kill++) {
    const child = writer(file);
    await once(child.stdout ?? child, 'data');
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const { store, notice } = CatalogStore.open(file);
    assert.equal(notice, undefined);
    const raw = new DatabaseSync(file, { readOnly: true });
    assert.deepEqual({ ...raw.prepare('PRAGMA integrity_check').get() }, { integrity_check: 'ok' });
    raw.close();
    for (let page = 0; page < 5; page++) {
      const owners = store.read((catalog) =>
        catalog.match('model', `p${page}-*`, 1000).map(({ id }) => catalog.facts(id).owner),
      );
      assert.ok(owners.length === 0 || owners.length === 200, `page ${page} is half there: ${owners.length}`);
      assert.ok(new Set(owners).size <= 1, `page ${page} is of two rounds: ${[...new Set(owners)]}`);
    }
    store.close();
  }
});

test('two processes on one store: one writes, the other always reads one state', {
  timeout: 60_000,
}, async (context) => {
  const file = path.join(folder(context), 'catalog.db');
  const { store } = CatalogStore.open(file);
  const child = writer(file);
  try {
    await once(child.stdout ?? child, 'data');
    const first = store.read((catalog) => catalog.revision);
    let revision = first;
    const until = Date.now() + 1500;
    while (Date.now() < until) {
      const seen = store.read((catalog) => {
        const owners = catalog.match('model', 'p0-*', 1000).map(({ id }) => catalog.facts(id).owner);
        return { revision: catalog.revision, owners: new Set(owners).size };
      });
      assert.ok(seen.owners <= 1);
      assert.ok(seen.revision >= revision);
      revision = seen.revision;
    }
    assert.ok(revision > first, 'the writer wrote meanwhile');
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
    store.close();
  }
});

test('a long read sees one state while others write', async (context) => {
  const { store } = CatalogStore.open(path.join(folder(context), 'catalog.db'));
  put(store, 'churn');
  const seen = await store.readLong(async (catalog) => {
    const before = catalog.list('model', 10).length;
    put(store, 'churn', 'fraud');
    await new Promise((resolve) => setTimeout(resolve, 5));
    return [before, catalog.list('model', 10).length];
  });
  assert.deepEqual(seen, [1, 1]);
  assert.equal(known(store).length, 2);
  store.close();
});

test('one holder of a lease at a time, until its heart stops', (context) => {
  const { store } = CatalogStore.open(path.join(folder(context), 'catalog.db'));
  assert.equal(store.takeLease('sync', 'window 1', 1000, 500), true);
  assert.equal(store.takeLease('sync', 'window 2', 1400, 500), false);
  assert.equal(store.takeLease('sync', 'window 1', 1400, 500), true);
  assert.equal(store.takeLease('sync', 'window 2', 1800, 500), false);
  assert.equal(store.takeLease('sync', 'window 2', 2000, 500), true);
  store.releaseLease('sync', 'window 1');
  assert.equal(store.takeLease('sync', 'window 1', 2001, 500), false);
  store.releaseLease('sync', 'window 2');
  assert.equal(store.takeLease('sync', 'window 1', 2002, 500), true);
  store.close();
});
