// OpenLineage's own client writes its events into a real moto server with s3fs: each is read once, and what is new alone.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { environment } from '../../scripts/python/environments.mjs';
import { CatalogStore } from '../../server/catalog/store.ts';
import { LiveScan } from '../../server/sync/live/liveScan.ts';
import { memoryLog } from '../support/log.ts';
import { connectedTo, type Moto, motoServer } from './motoServer.ts';

const signal = new AbortController().signal;
const score = 'job:openlineage://acme/churn.score';
const stops: (() => Promise<void>)[] = [];
let moto: Moto;
let store: CatalogStore;

before(async () => {
  const said: string[] = [];
  moto = await motoServer({ diagnostic: (message) => said.push(message), after: (stop) => stops.push(stop) });
  store = CatalogStore.open(':memory:').store;
  await put('acme-lineage');
});

after(async () => {
  store?.close();
  for (const stop of stops) await stop();
});

async function put(place: string, body: Buffer | string = ''): Promise<void> {
  const answer = await fetch(`${moto.url}/${place}`, { method: 'PUT', body: new Uint8Array(Buffer.from(body)) });
  assert.ok(answer.ok, await answer.text());
}

async function emit(): Promise<void> {
  const { python } = await environment('openlineage');
  const child = spawn(python, [path.join(import.meta.dirname, 'openlineage_emit.py')], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said += String(part)));
  const storage_options = { key: 'AKIDEXAMPLE', secret: 'secret-of-the-test', endpoint_url: moto.url };
  child.stdin.end(
    JSON.stringify({ type: 'file', log_file_path: 's3://acme-lineage/events/ol', append: false, storage_options }),
  );
  const [code] = await once(child, 'close');
  assert.equal(code, 0, said);
}

function connectedWith(watch: readonly string[]) {
  const { connector, asked } = connectedTo(moto.url, { name: 'events', tool: 'openlineage', watch });
  const sync = async () => {
    const from = asked();
    const scan = new LiveScan({ connector, store, now: () => Date.parse('2026-11-20T12:00:00Z'), log: memoryLog() });
    const { problems } = await scan.scan(false, 6 * 3_600_000, signal);
    return { problems, count: asked() - from };
  };
  return { connector, sync };
}

test('events below a prefix are read once each, what comes later too, packed or not', async () => {
  await emit();
  const { connector, sync } = connectedWith(['acme-lineage/events/']);
  assert.match(await connector.greet(signal), /^OpenLineage events in S3, 1 prefix$/);
  const first = await sync();
  assert.deepEqual([first.problems, first.count], [[], 11], 'a listing and ten events');
  const catalog = store.snapshot();
  const runs = catalog.runs(score, { limit: 5 });
  assert.deepEqual(
    runs.map(({ status, message }) => [status, message]),
    [['failed', "KeyError: 'age'"]],
  );
  assert.equal(catalog.factsBySource('job:openlineage://acme/churn.build_features')[0]?.facts.owner, 'team:growth');
  assert.equal((await sync()).count, 1, 'nothing changed: a listing');
  assert.equal(store.snapshot().runs(score, { limit: 5 }).length, 1, 'and what was known stays');

  const event = {
    ...{
      eventType: 'COMPLETE',
      eventTime: '2026-11-20T01:00:00Z',
      run: { runId: '01941f29-7c00-7000-8000-000000000007' },
    },
    ...{ job: { namespace: 'acme', name: 'churn.score' }, inputs: [], outputs: [] },
  };
  await put('acme-lineage/events/late.jsonl.gz', gzipSync(`${JSON.stringify(event)}\n{"no": "event"}\n`));
  const next = await sync();
  assert.equal(next.count, 2);
  assert.match(
    next.problems.join(),
    /events: s3:\/\/acme-lineage\/events\/late\.jsonl\.gz holds 1 × what is no OpenLineage event/,
  );
  assert.equal(store.snapshot().runs(score, { limit: 5 }).length, 2);
});

test('without a prefix, or in a bucket that is not there, it says what to do', async () => {
  await assert.rejects(connectedWith([]).sync(), /Name the bucket and prefix in "watch"/);
  await assert.rejects(connectedWith(['not-there/x']).sync(), /events.*not-there/);
});
