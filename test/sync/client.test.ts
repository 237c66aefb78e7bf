// The sync worker as the server uses it: a real thread, a real store, two windows.
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { CatalogStore } from '../../server/catalog/store.ts';
import { SyncClient, type SyncStatus } from '../../server/sync/client.ts';
import { until } from '../support/clock.ts';
import { type TestFolder, testFolder } from '../support/folder.ts';
import { memoryLog } from '../support/log.ts';

function event(type: string, minute: number, run = 1): string {
  return `${JSON.stringify({
    eventType: type,
    eventTime: `2026-11-20T10:0${minute}:00Z`,
    run: { runId: `0195f1c2-0000-7000-8000-00000000000${run}` },
    job: { namespace: 'acme', name: 'train' },
  })}\n`;
}

function open(context: TestContext, folder: TestFolder) {
  const statuses: SyncStatus[] = [];
  const log = memoryLog();
  let revision = -1;
  const client = new SyncClient(
    { storePath: folder.at('store/catalog.db'), folders: [folder.at('w')], trusted: false },
    {
      onChanged: (now) => {
        revision = now;
      },
      onStatus: (status) => statuses.push(status),
      onNotice: () => {},
      log,
    },
  );
  context.after(() => client.stop());
  return { client, statuses, log, state: () => statuses.at(-1)?.state, revision: () => revision };
}

test('reads at start and after a poke, answers a rescan, and a second window follows and takes over', async (context) => {
  const folder = testFolder(context, { 'w/events.ndjson': event('START', 0) });
  const first = open(context, folder);
  await until('ready', () => first.state() === 'ready', 15_000);
  const { store } = CatalogStore.open(folder.at('store/catalog.db'));
  context.after(() => store.close());
  const status = () => store.snapshot().run('run:openlineage://acme/0195f1c2-0000-7000-8000-000000000001')?.status;
  assert.equal(status(), 'unknown');
  assert.equal(first.statuses.at(-1)?.sources[0]?.health, 'fresh');

  const second = open(context, folder);
  await until('the second to follow', () => second.state() === 'reading', 15_000);

  const before = first.revision();
  appendFileSync(folder.at('w/events.ndjson'), event('COMPLETE', 5));
  first.client.poke([folder.at('w/events.ndjson')]);
  await until('the new event', () => status() === 'success');
  await until('the first to tell', () => first.revision() > before);
  await until('the second to notice', () => second.revision() === first.revision());

  appendFileSync(folder.at('w/events.ndjson'), event('FAIL', 6));
  await first.client.rescan();
  assert.equal(status(), 'failed');

  await first.client.stop();
  await until('the second to write', () => second.state() === 'ready', 15_000);
  await second.client.rescan();
});

test('freshen gives up at its deadline and never fails', async (context) => {
  const folder = testFolder(context, { 'w/events.ndjson': event('START', 0) });
  const { client } = open(context, folder);
  const began = Date.now();
  await client.freshen(['job:openlineage://acme/train'], 30);
  assert.ok(Date.now() - began < 10_000);
  await client.stop();
  await client.freshen(['job:openlineage://acme/train'], 30);
  await client.rescan();
});
