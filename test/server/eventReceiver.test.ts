// The receiver of events: who may post, how much, packed or not; what is kept, found and read; and its end.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { CatalogStore } from '../../server/catalog/store.ts';
import { type EventReceiverOptions, EventSwitch, receiveEvents } from '../../server/eventReceiver.ts';
import { runSync } from '../../server/sync/local/run.ts';
import { DayFiles } from '../../server/world/dayFiles.ts';
import { type TestFolder, testFolder } from '../support/folder.ts';
import { memoryLog } from '../support/log.ts';

const now = (): number => Date.parse('2026-11-20T12:00:00Z');
const event = (name: string) => ({
  ...{ eventType: 'COMPLETE', eventTime: '2026-11-20T10:00:00Z', inputs: [], outputs: [] },
  ...{
    run: { runId: '0195f1c2-0000-7000-8000-000000000001', facets: {} },
    job: { namespace: 'acme', name, facets: {} },
  },
});

async function receiving(context: TestContext, more: Partial<EventReceiverOptions> = {}) {
  const folder = testFolder(context, {});
  const at = folder.at('received');
  const receiver = await receiveEvents({ port: 0, folder: at, log: memoryLog(), now, ...more });
  context.after(() => receiver.close());
  const post = (body: string | Buffer, headers: Record<string, string> = {}, path = '/api/v1/lineage') =>
    posted(`${receiver.url}${path}`, body, headers);
  return { folder, at, receiver, post };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function posted(url: string, body: string | Buffer, headers: Record<string, string>, method = 'POST'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      url,
      { method, agent: false, headers: { 'content-type': 'application/json', ...headers } },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

function kept(at: string): readonly string[] {
  if (!existsSync(at)) return [];
  return readdirSync(at).flatMap((name) =>
    readFileSync(`${at}/${name}`, 'utf8')
      .split('\n')
      .filter((line) => line !== ''),
  );
}

async function synced(folder: TestFolder, received: string): Promise<CatalogStore> {
  const { store } = CatalogStore.open(':memory:');
  const { sources } = await runSync({
    folders: [folder.at('ws')],
    received,
    store,
    trusted: true,
    log: memoryLog(),
    now,
  });
  assert.deepEqual(
    sources.map(({ name, health, problems }) => [name, health, problems]),
    [['openlineage received events', 'fresh', []]],
  );
  return store;
}

describe('events that are posted', () => {
  test('plain, packed and in batches are kept and read by the connector of files', async (context) => {
    const { folder, at, post } = await receiving(context);
    assert.equal((await post(JSON.stringify(event('one')))).status, 200);
    const packed = await post(gzipSync(JSON.stringify(event('two'))), { 'content-encoding': 'gzip' });
    assert.equal(packed.status, 200);
    const batch = await post(JSON.stringify([event('three'), event('four')]), {}, '/api/v1/lineage/batch');
    assert.deepEqual([batch.status, batch.text], [204, '']);
    assert.equal(kept(at).length, 4);
    assert.deepEqual(readdirSync(at), ['received-2026-11-20.ndjson']);
    if (process.platform !== 'win32') assert.equal(statSync(`${at}/received-2026-11-20.ndjson`).mode & 0o777, 0o600);
    mkdirSync(folder.at('ws'));
    const store = await synced(folder, at);
    context.after(() => store.close());
    const jobs = store.snapshot().list('job', 10);
    assert.deepEqual(new Set(jobs.map(({ name }) => name)), new Set(['one', 'two', 'three', 'four']));
  });

  test('many at once are all kept, each whole', async (context) => {
    const { at, post } = await receiving(context);
    const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => post(JSON.stringify(event(`job ${n}`)))));
    assert.ok(answers.every(({ status }) => status === 200));
    const names = kept(at).map((line) => String(JSON.parse(line).job.name));
    assert.equal(new Set(names).size, 200);
  });

  test('that are no events, too large or badly packed are refused in words, and nothing of them is kept', async (context) => {
    const { at, post } = await receiving(context);
    assert.match((await post('{')).text, /not JSON/);
    assert.equal((await post(Buffer.from('no gzip'), { 'content-encoding': 'gzip' })).status, 400);
    assert.equal((await post('{}', { 'content-encoding': 'br' })).status, 415);
    const bomb = await post(gzipSync(Buffer.alloc(80 * 1024 * 1024, 32)), { 'content-encoding': 'gzip' });
    assert.equal(bomb.status, 413);
    const claimed = await post('{}', { 'content-length': String(17 * 1024 * 1024) });
    assert.equal(claimed.status, 413);
    assert.deepEqual(kept(at), []);
  });

  test('by pages, under other names, elsewhere or without the key are refused', async (context) => {
    const { at, receiver, post } = await receiving(context, { key: 'only-for-this-test' });
    const body = JSON.stringify(event('one'));
    const auth = { authorization: 'Bearer only-for-this-test' };
    assert.equal((await post(body)).status, 401);
    assert.equal((await post(body, { authorization: 'Bearer only-for-this-tesu' })).status, 401);
    assert.equal((await post(body, { ...auth, origin: 'https://evil.example' })).status, 403);
    assert.equal((await post(body, { ...auth, host: 'evil.example' })).status, 403);
    assert.equal((await post(body, auth, '/elsewhere')).status, 404);
    assert.equal((await posted(`${receiver.url}/api/v1/lineage`, '', auth, 'PUT')).status, 405);
    assert.deepEqual(kept(at), []);
    assert.equal((await post(body, auth)).status, 200);
    assert.equal(kept(at).length, 1);
  });

  test('that cannot be kept are to be sent again', async (context) => {
    const folder = testFolder(context, { received: 'a file where the folder should be' });
    const receiver = await receiveEvents({ port: 0, folder: folder.at('received'), log: memoryLog(), now });
    context.after(() => receiver.close());
    assert.equal((await posted(`${receiver.url}/api/v1/lineage`, JSON.stringify(event('one')), {})).status, 503);
  });

  test('at a port that is taken: in words', async (context) => {
    const { receiver } = await receiving(context);
    const port = Number(new URL(receiver.url).port);
    const again = receiveEvents({ port, folder: '/nowhere', log: memoryLog(), now });
    await assert.rejects(again, new RegExp(`127\\.0\\.0\\.1:${port}: another program listens there already`));
  });
});

test('an address that is none is answered too, and takes nobody with it', async (context) => {
  const { receiver, post, at } = await receiving(context);
  for (const path of ['//', '//[', '/api/v1/lineage//../x', '*']) {
    const status = await new Promise<number>((resolve, reject) => {
      const { port } = new URL(receiver.url);
      const request = http.request({ host: '127.0.0.1', port, path, method: 'POST', agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      request.on('error', reject).end('{}');
    });
    assert.equal(status, 404, path);
  }
  assert.equal((await post(JSON.stringify(event('train')), {}, '/api/v1/lineage/?x=1')).status, 200);
  assert.equal(kept(at).length, 1);
});

test('files are of one day, not too long, and the oldest go', async (context) => {
  const folder = testFolder(context, {
    'ev/received-2026-01-01.ndjson': 'x'.repeat(600),
    'ev/mine.ndjson': 'y'.repeat(600),
  });
  writeFileSync(folder.at('ev/received-2026-01-02.ndjson'), 'x'.repeat(300));
  let at = '2026-11-20T23:59:59Z';
  const files = new DayFiles({
    ...{ folder: folder.at('ev'), now: () => Date.parse(at), log: memoryLog(), most: 500, mostOfFile: 100 },
  });
  await files.append(['a'.repeat(99)]);
  await files.append(['b'.repeat(99)]);
  at = '2026-11-21T00:00:00Z';
  await files.append(['c']);
  const names = readdirSync(folder.at('ev')).sort();
  assert.deepEqual(names, [
    ...['mine.ndjson', 'received-2026-01-02.ndjson', 'received-2026-11-20-2.ndjson'],
    ...['received-2026-11-20.ndjson', 'received-2026-11-21.ndjson'],
  ]);
});

test('the switch listens while a port is set, and lets go of it', async (context) => {
  const folder = testFolder(context, {});
  const log = memoryLog();
  const events = new EventSwitch({ folder: folder.at('received'), log, now });
  context.after(() => events.close());
  const { receiver } = await receiving(context);
  const port = Number(new URL(receiver.url).port);
  await events.use(port);
  assert.match(JSON.stringify(log), /another program listens there already.*another window/);
  await receiver.close();
  await events.use(undefined);
  await events.use(port);
  const url = `http://127.0.0.1:${port}/api/v1/lineage`;
  assert.equal((await posted(url, JSON.stringify(event('one')), {})).status, 200);
  await events.use(undefined);
  await assert.rejects(posted(url, '{}', {}), /ECONNREFUSED/);
  assert.equal(kept(folder.at('received')).length, 1);
});
