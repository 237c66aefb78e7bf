// Mined: texts are read once more when somebody becomes known whom they may name, once, and not for every newcomer at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { knownInstances, mine } from '../../server/catalog/mine.ts';
import type { Run } from '../../server/catalog/run.ts';
import { CatalogStore } from '../../server/catalog/store.ts';
import type { LiveConnector } from '../../server/connectors/connector.ts';
import { LiveScan } from '../../server/sync/live/liveScan.ts';
import { readKept, writeKept } from '../../server/sync/mined.ts';
import { memoryLog } from '../support/log.ts';
import { begins, hour, minute } from './live/world.ts';

const signal = new AbortController().signal;
const text = 'Run submitted with run_id: 4711';

/** An Airflow whose one run says something in its log, read in scans of all there is only. */
function airflow(store: CatalogStore, mines: boolean) {
  const scans: string[] = [];
  const catalog = store.snapshot();
  const connector: LiveConnector = {
    source: { name: 'af', tool: 'airflow' },
    scope: 'airflow://af:8080',
    kinds: ['job', 'run'],
    mines,
    async *scan(_signal, since) {
      scans.push(since ?? 'full');
      const linked = mine(text, knownInstances(catalog.sources(), []));
      const run: Run = {
        ...{ id: 'run:airflow://af:8080/score/1', of: [], name: 'score 1', status: 'success', linked },
        ...{ metrics: [], params: [], inputs: [], outputs: [], logs: [] },
      };
      yield { ...(since === undefined ? { runs: [run] } : { incremental: true }), cursor: `c${scans.length}` };
    },
    async *describe() {},
    greet: async () => 'Airflow',
  };
  let at = begins;
  const parts = { connector, store, now: () => at, log: memoryLog() };
  const scan = new LiveScan({ ...parts, known: catalog });
  const sync = async (): Promise<string | undefined> => {
    at += minute;
    await scan.scan(false, 6 * hour, signal);
    return scans.at(-1);
  };
  return {
    scan,
    sync,
    linked: () => catalog.run('run:airflow://af:8080/score/1')?.linked,
    pass: (ms: number) => (at += ms),
  };
}

const meet = (store: CatalogStore, tool: string, instance: string): void =>
  store.writer().register({ name: `${tool} ${instance}`, tool, scope: `${tool}://${instance}`, kinds: ['job'] });

test('a workspace that becomes known later has its links with the next scan, and one scan of all is enough', async () => {
  const { store } = CatalogStore.open(':memory:');
  const { scan, sync, linked, pass } = airflow(store, true);
  assert.deepEqual([await sync(), await sync()], ['full', 'c1']);
  assert.deepEqual(linked(), []);
  assert.equal(scan.isBehind, false);
  meet(store, 'databricks', 'dbc-1.cloud.databricks.com');
  assert.equal(scan.isBehind, true);
  assert.equal(await sync(), 'full');
  assert.deepEqual(linked(), ['run:databricks://dbc-1.cloud.databricks.com/4711']);
  assert.equal(scan.isBehind, false);
  assert.deepEqual([await sync(), await sync()], ['c3', 'c4']);
  meet(store, 'databricks', 'dbc-2.cloud.databricks.com');
  assert.equal(await sync(), 'c5', 'it was asked for everything a moment ago');
  pass(10 * minute);
  assert.equal(await sync(), 'full', 'and was not forgotten');
  assert.equal(linked()?.length, 2);
  meet(store, 'airflow', 'other:8080');
  pass(hour);
  assert.equal(await sync(), 'c7', 'nobody reads texts for other instances of the tool itself');
  store.writer().removeSource('databricks dbc-1.cloud.databricks.com');
  assert.equal(await sync(), 'c8', 'who is gone is no reason');
});

test('another process knows what the last one read; a connector that reads no texts is left alone', async () => {
  const { store } = CatalogStore.open(':memory:');
  await airflow(store, true).sync();
  meet(store, 'databricks', 'dbc-1.cloud.databricks.com');
  assert.equal(await airflow(store, true).sync(), 'full');
  const plain = CatalogStore.open(':memory:').store;
  const { scan, sync } = airflow(plain, false);
  await sync();
  meet(plain, 'databricks', 'dbc-1.cloud.databricks.com');
  assert.deepEqual([scan.isBehind, await sync()], [false, 'c1']);
});

test('a cursor is kept as it is, whatever is in it, with and without who was known', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string()), (cursor, instances) => {
      const kept = { cursor, instances, againAt: begins };
      assert.deepEqual(readKept(writeKept(kept)), kept);
      assert.equal(readKept(cursor).cursor, cursor);
    }),
  );
  assert.equal(readKept('{"kept":1}').cursor, '{"kept":1}');
  assert.equal(readKept(undefined).cursor, undefined);
});
