// Scheduler: scans when something changed, once at a time, backs off, stops; with a connector whose world is in the test.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { CatalogChange } from '../../../server/catalog/change.ts';
import { CatalogStore } from '../../../server/catalog/store.ts';
import type { ConnectorFactory } from '../../../server/connectors/connector.ts';
import { usualBackoff, waitAfter } from '../../../server/sync/health.ts';
import { concerns, mayBeNew } from '../../../server/sync/local/pokes.ts';
import { Scheduler, type SchedulerOptions } from '../../../server/sync/local/scheduler.ts';
import { createHost } from '../../../server/world/host.ts';
import { until } from '../../support/clock.ts';
import { memoryLog } from '../../support/log.ts';

/** What the tool under the connector is like just now. */
class World {
  fingerprint = '1';
  names: readonly string[] = ['churn'];
  fails: Error | undefined;
  pageMs = 0;
  sources: readonly string[] = ['/w/store'];
  scans = 0;
  running = 0;
  mostRunning = 0;
  disposed = 0;

  get factory(): ConnectorFactory {
    return {
      tool: 'mlflow',
      discover: ({ root }) =>
        this.sources.map((path) => ({ name: `mlflow ${path}`, tool: 'mlflow', path, workspaceFolder: root })),
      create: (source) => ({
        source,
        scope: `mlflow:/${source.path}`,
        kinds: ['model'],
        fingerprint: async () => this.fingerprint,
        scan: (signal) => this.scan(source.path, signal),
        dispose: () => {
          this.disposed += 1;
        },
      }),
    };
  }

  async *scan(path: string, signal: AbortSignal): AsyncIterable<CatalogChange> {
    this.scans += 1;
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    try {
      if (this.fails) throw this.fails;
      for (const name of this.names) {
        await pause(this.pageMs);
        signal.throwIfAborted();
        yield { entities: [{ id: `model:mlflow:/${path}/${name}`, kind: 'model', name }] };
      }
      yield { covered: [{ kind: 'model', scope: `mlflow:/${path}` }] };
    } finally {
      this.running -= 1;
    }
  }
}

function schedule(context: TestContext, world: World, more: Partial<SchedulerOptions> = {}) {
  const { store } = CatalogStore.open(':memory:');
  const states: string[] = [];
  let changes = 0;
  const scheduler = new Scheduler({
    folders: ['/w'],
    store,
    host: createHost({ log: memoryLog(), trusted: false }),
    connectors: [world.factory],
    onChanged: () => {
      changes += 1;
    },
    onState: (state, trouble) => states.push(trouble ? `${state}: ${trouble}` : state),
    pollMs: 20,
    settleMs: 10,
    backoff: { firstMs: 30, mostMs: 100 },
    chance: () => 0.5,
    ...more,
  });
  context.after(() => scheduler.stop());
  const models = () =>
    store
      .snapshot()
      .list('model', 99)
      .filter(({ goneAt }) => goneAt === undefined)
      .map(({ name }) => name);
  return { scheduler, store, states, models, changes: () => changes };
}

describe('the scheduler', () => {
  test('scans at start and then only when the fingerprint changes', async (context) => {
    const world = new World();
    const { scheduler, models, states } = schedule(context, world);
    scheduler.start();
    await until('the first scan', () => models().length === 1);
    await pause(150);
    assert.equal(world.scans, 1);
    world.names = ['churn', 'lite'];
    world.fingerprint = '2';
    await until('the second scan', () => models().length === 2);
    await until('rest', () => states.at(-1) === 'ready');
    assert.equal(world.scans, 2);
    assert.deepEqual(states, ['syncing', 'ready', 'syncing', 'ready']);
  });

  test('what texts of a source may name is known later: it is read once more, and once', async (context) => {
    const world = new World();
    const live = CatalogStore.open(':memory:').store;
    const { scheduler, models } = schedule(context, world, { live });
    scheduler.start();
    await until('the first scan', () => models().length === 1);
    await pause(80);
    assert.equal(world.scans, 1);
    const scope = 'databricks://dbc-1.cloud.databricks.com';
    const scan = live.writer().startScan({ name: 'jobs', tool: 'databricks', scope, kinds: ['job'] }, Date.now());
    scan.apply({ entities: [{ id: `job:${scope}/1`, kind: 'job', name: 'score' }] });
    scan.finish();
    await until('the second scan', () => world.scans === 2);
    await pause(80);
    assert.equal(world.scans, 2);
  });

  test('sources come and go with the workspace folders, and keep their history under another name', async (context) => {
    const { factory } = new World();
    const perFolder: ConnectorFactory = {
      ...factory,
      discover: ({ root }) => [{ name: 'mlflow store', tool: 'mlflow', path: `${root}/store`, workspaceFolder: root }],
    };
    const { scheduler, store } = schedule(context, new World(), { connectors: [perFolder], folders: ['/one'] });
    const sources = () =>
      store
        .snapshot()
        .sources()
        .map(({ name, health }) => `${name}: ${health}`);
    const historyOf = () => store.snapshot().history('model:mlflow://one/store/churn').length;
    scheduler.start();
    await until('the first scan', () => sources().join() === 'mlflow store: fresh');
    const before = historyOf();
    scheduler.openFolders(['/one', '/two']);
    await until('both', () => sources().join() === 'mlflow store (one): fresh,mlflow store (two): fresh');
    assert.equal(historyOf(), before);
    scheduler.openFolders(['/two']);
    await until('the second alone', () => sources().join() === 'mlflow store: fresh');
    assert.equal(store.snapshot().get('model:mlflow://one/store/churn'), undefined);
    assert.ok(store.snapshot().get('model:mlflow://two/store/churn'));
  });

  test('a poke at the source reads it without waiting for the poll; a poke elsewhere does not', async (context) => {
    const world = new World();
    const { scheduler } = schedule(context, world, { pollMs: 60_000 });
    scheduler.start();
    await until('the first scan', () => world.scans === 1);
    scheduler.poke(['/w/other']);
    await pause(60);
    assert.equal(world.scans, 1);
    for (let count = 0; count < 20; count += 1) scheduler.poke(['/w/store-wal']);
    await until('the scan after the poke', () => world.scans === 2);
    await pause(60);
    assert.equal(world.scans, 2, 'a swarm of pokes is one scan');
  });

  test('never scans a source twice at once, and a rescan asked for meanwhile is done after', async (context) => {
    const world = new World();
    world.pageMs = 60;
    const { scheduler } = schedule(context, world);
    scheduler.start();
    await until('a running scan', () => world.running === 1);
    await Promise.all([scheduler.rescan(), scheduler.rescan()]);
    assert.equal(world.mostRunning, 1);
    assert.equal(world.scans, 2);
  });

  test('a failing source keeps its facts, proves nothing any more, says why, and is asked ever less often', async (context) => {
    const world = new World();
    const { scheduler, store, models } = schedule(context, world);
    scheduler.start();
    await until('the first scan', () => store.snapshot().covers('model', 'mlflow').covered);
    assert.equal(models().length, 1);
    world.fails = new Error('/w/store is locked. Close the program that holds it.');
    world.fingerprint = '2';
    const source = () => store.snapshot().sources()[0];
    await until('failing', () => source()?.health === 'failing');
    assert.equal(source()?.reason, '/w/store is locked. Close the program that holds it.');
    assert.deepEqual(models(), ['churn']);
    assert.equal(store.snapshot().covers('model', 'mlflow').covered, false);
    const scans = world.scans;
    await pause(300);
    await until('another try', () => world.scans > scans);
    const tries = world.scans - scans;
    assert.ok(tries >= 1 && tries <= 6, `${tries} tries in 300 ms after waits of 30, 60, 100, 100 ms`);
    world.fails = undefined;
    await until('healthy again', () => source()?.health === 'fresh');
    assert.equal(store.snapshot().covers('model', 'mlflow').covered, true);
  });

  test('what is no longer listed is gone; a listing that broke makes nothing gone', async (context) => {
    const world = new World();
    world.names = ['churn', 'lite'];
    const { scheduler, models } = schedule(context, world);
    await scheduler.rescan();
    world.fails = new Error('half way');
    await scheduler.rescan();
    assert.deepEqual(models(), ['churn', 'lite']);
    world.fails = undefined;
    world.names = ['churn'];
    await scheduler.rescan();
    assert.deepEqual(models(), ['churn']);
  });

  test('stopping in the middle of a scan ends it at once and concludes nothing', async (context) => {
    const world = new World();
    world.names = Array.from({ length: 1_000 }, (_, index) => `m${index}`);
    world.pageMs = 10;
    const { scheduler, store, models } = schedule(context, world);
    scheduler.start();
    await until('some pages', () => models().length > 3);
    const began = Date.now();
    await scheduler.stop();
    assert.ok(Date.now() - began < 5_000);
    assert.ok(models().length < 1_000);
    assert.equal(store.snapshot().covers('model', 'mlflow').covered, false);
    assert.equal(world.disposed, 1);
  });

  test('new sources are found; one that went away fails with words and is forgotten in the end', async (context) => {
    const world = new World();
    const { scheduler, store } = schedule(context, world);
    await scheduler.rescan();
    world.sources = ['/w/store', '/w/second'];
    await scheduler.rescan();
    assert.deepEqual(
      store
        .snapshot()
        .sources()
        .map(({ name }) => name),
      ['mlflow /w/second', 'mlflow /w/store'],
    );
    world.sources = ['/w/second'];
    await scheduler.rescan();
    const gone = store
      .snapshot()
      .sources()
      .find(({ name }) => name === 'mlflow /w/store');
    assert.equal(gone?.health, 'failing');
    assert.match(gone?.reason ?? '', /not found any more/);
    assert.equal(world.disposed, 1);
  });

  test('freshen looks only at the sources of the ids asked for', async (context) => {
    const world = new World();
    world.sources = ['/w/a', '/w/b'];
    const { scheduler } = schedule(context, world, { pollMs: 60_000 });
    await scheduler.rescan();
    assert.equal(world.scans, 2);
    await scheduler.freshen(['model:mlflow://w/a/churn']);
    assert.equal(world.scans, 2, 'nothing changed');
    world.fingerprint = '2';
    await scheduler.freshen(['model:mlflow://w/a/churn']);
    assert.equal(world.scans, 3);
  });

  test('trouble with our own store is told, not blamed on the source', async (context) => {
    const world = new World();
    const { scheduler, store, states } = schedule(context, world);
    await scheduler.rescan();
    store.close();
    world.fingerprint = '2';
    await scheduler.rescan();
    assert.match(states.at(-1) ?? '', /^ready: /);
  });
});

describe('waits after failures', () => {
  test('double up to a limit, a quarter more or less', () => {
    const waits = [1, 2, 3, 20, 2_000].map((failures) => waitAfter(failures, usualBackoff, 0.5));
    assert.deepEqual(waits, [5_000, 10_000, 20_000, 300_000, 300_000]);
    assert.equal(waitAfter(1, usualBackoff, 0), 3_750);
    assert.ok(waitAfter(1, usualBackoff, 0.999) < 6_250);
  });
});

describe('pokes', () => {
  const source = { name: 's', tool: 'airflow', path: '/w/logs', workspaceFolder: '/w' };
  const cases: readonly [string, string][] = [
    ['/w/logs/dag_id=a/x.log', 'own'],
    ['/w/dags/a.py', 'perhaps'],
    ['/w/readme.md', 'no'],
    ['/elsewhere/dags/a.py', 'no'],
  ];
  for (const [file, expected] of cases) test(file, () => assert.equal(concerns(file, source), expected));

  test('files that may be a new source', () => {
    const files = [
      '/w/plumbline.yaml',
      '/w/mlflow.db',
      '/w/a.ndjson',
      '/w/dbt/target/manifest.json',
      '/w/a.py',
      '/w/b.md',
    ];
    assert.deepEqual(files.filter(mayBeNew), files.slice(0, 4));
  });
});
