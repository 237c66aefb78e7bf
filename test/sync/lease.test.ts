// Lease: one writer per store file; a silent one is replaced and told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CatalogStore } from '../../server/catalog/store.ts';
import { Lease } from '../../server/sync/lease.ts';
import { until } from '../support/clock.ts';
import { testFolder } from '../support/folder.ts';

test('the second window waits, takes over when the first one leaves, and when it falls silent', async (context) => {
  const file = testFolder(context).at('catalog.db');
  const said: string[] = [];
  let silent = false;
  const window = (name: string, now: () => number) => {
    const { store } = CatalogStore.open(file);
    const lease = new Lease({
      store,
      now,
      onHeld: () => said.push(`${name} writes`),
      onLost: () => said.push(`${name} lost`),
      beatMs: 10,
      staleMs: 200,
    });
    context.after(() => {
      lease.stop();
      store.close();
    });
    return lease;
  };
  // A silent window is one whose beats do not get through: here its clock stands still.
  const frozen = Date.now();
  const first = window('first', () => (silent ? frozen - 10_000 : Date.now()));
  const second = window('second', Date.now);
  first.start();
  second.start();
  assert.deepEqual(said, ['first writes']);
  first.stop();
  await until('the second to write', () => second.held);
  assert.deepEqual(said, ['first writes', 'second writes']);
  second.stop();
  first.start();
  assert.equal(first.held, true);
  second.start();
  silent = true;
  await until('the second to steal', () => second.held);
  await until('the first to notice', () => !first.held);
  assert.deepEqual(said.slice(2), ['first writes', 'second writes', 'first lost']);
});
