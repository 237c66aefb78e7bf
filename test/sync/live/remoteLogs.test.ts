// Remote logs: read like files, asked for once while they are complete, again while they grow, never written anywhere.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remoteLog } from '../../../server/catalog/run.ts';
import type { FetchedLog } from '../../../server/connectors/connector.ts';
import { remoteLogs } from '../../../server/sync/live/remoteLogs.ts';
import { hostAt } from '../../support/scan.ts';

function reader(answers: Record<string, FetchedLog>) {
  const asked: string[] = [];
  const clock = { now: 0 };
  const logs = remoteLogs({
    local: hostAt('2026-11-23'),
    now: () => clock.now,
    ask: async ({ source, key, ask }) => {
      if (ask !== 'whole') return { unable: true };
      asked.push(`${source} ${key}`);
      const answer = answers[key];
      if (!answer) throw new Error(`${source}: 404 at /logs. The log was cleared.`);
      return { whole: answer };
    },
  });
  return { logs, asked, clock };
}

const words = async (logs: ReturnType<typeof remoteLogs>, file: string, from = 0, length = 100) =>
  new TextDecoder().decode(await logs.readRange(file, from, length));

test('a complete log is asked for once, a growing one again after five seconds', async () => {
  const answers = { done: { text: 'grün\nred', complete: true }, runs: { text: 'one', complete: false } };
  const { logs, asked, clock } = reader(answers);
  const [done, runs] = [remoteLog('prod air/flow', 'done'), remoteLog('prod air/flow', 'runs')];
  const [stat, text] = await Promise.all([logs.stat(done), words(logs, done)]);
  assert.deepEqual([stat?.kind, stat?.size, text], ['file', 9, 'grün\nred']);
  assert.equal(await words(logs, done, 6, 2), 're');
  assert.deepEqual(asked, ['prod air/flow done']);
  assert.equal(await words(logs, runs), 'one');
  answers.runs = { text: 'one two', complete: true };
  assert.equal(await words(logs, runs), 'one');
  clock.now = 5_000;
  assert.equal(await words(logs, runs), 'one two');
  assert.equal(await words(logs, done), 'grün\nred');
  assert.equal(asked.length, 3);
  clock.now = 11 * 60_000;
  await words(logs, done);
  assert.equal(asked.length, 4);
});

test('why there is none is said in the words of who was asked; the next time it is asked again', async () => {
  const answers: Record<string, FetchedLog> = {};
  const { logs } = reader(answers);
  const file = remoteLog('prod', 'x');
  await assert.rejects(logs.stat(file), /prod: 404 at \/logs\. The log was cleared\./);
  answers.x = { text: 'there', complete: true };
  assert.equal(await words(logs, file), 'there');
});

test('memory is bounded: what was read longest ago goes', async () => {
  const text = 'x'.repeat(30_000_000);
  const { logs, asked } = reader({
    a: { text, complete: true },
    b: { text, complete: true },
    c: { text, complete: true },
  });
  for (const key of ['a', 'b', 'c', 'c', 'b', 'a']) await logs.stat(remoteLog('s', key));
  assert.deepEqual(asked, ['s a', 's b', 's c', 's a']);
});

test('files of this machine are read as ever', async () => {
  const { logs, asked } = reader({});
  assert.equal((await logs.stat(import.meta.filename))?.kind, 'file');
  assert.match(await words(logs, import.meta.filename, 0, 30), /^\/\/ Remote logs/);
  assert.equal(asked.length, 0);
});

interface Growing {
  text: string;
  identity: string;
}

function inPieces(log: Growing) {
  const asked: string[] = [];
  const clock = { now: 0 };
  const logs = remoteLogs({
    local: hostAt('2026-11-23'),
    now: () => clock.now,
    ask: async (question) => {
      const bytes = new TextEncoder().encode(log.text);
      if (question.ask === 'stat') return { stat: { size: bytes.length, identity: log.identity, complete: false } };
      if (question.ask !== 'range') return { unable: true };
      const { offset, length } = question;
      asked.push(`${offset}+${length}`);
      return { bytes: bytes.slice(offset, offset + length) };
    },
  });
  return { logs, asked, clock };
}

test('of a log that is read by ranges only the new end is asked for again', async () => {
  const log = { text: 'one\ntwo\n', identity: '7' };
  const { logs, asked, clock } = inPieces(log);
  const file = remoteLog('worker', '/var/log/app.log');
  assert.equal((await logs.stat(file))?.size, 8);
  assert.equal(await words(logs, file), 'one\ntwo\n');
  assert.equal(await words(logs, file, 4, 3), 'two');
  log.text += 'three\n';
  clock.now = 2_000;
  assert.equal((await logs.stat(file))?.size, 14);
  assert.equal(await words(logs, file), 'one\ntwo\nthree\n');
  assert.deepEqual(asked, ['0+100', '8+92']);
});

test('a log that was rotated or cut off is read anew', async () => {
  const log = { text: 'one\ntwo\n', identity: '7' };
  const { logs, clock } = inPieces(log);
  const file = remoteLog('worker', '/var/log/app.log');
  await words(logs, file);
  for (const [at, next] of [
    [2_000, { text: 'another one\n', identity: '8' }],
    [4_000, { text: 'cut\n', identity: '8' }],
  ] as const) {
    Object.assign(log, next);
    clock.now = at;
    await logs.stat(file);
    assert.equal(await words(logs, file), next.text);
  }
});

test('whoever cannot search says so', async () => {
  const { logs } = inPieces({ text: 'one', identity: '7' });
  assert.equal(await logs.search(remoteLog('worker', 'x'), { words: ['one'], from: 0 }), 'unable');
  assert.equal(await logs.search(import.meta.filename, { words: ['one'], from: 0 }), 'unable');
});
