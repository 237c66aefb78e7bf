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
    read: async (source, key) => {
      asked.push(`${source} ${key}`);
      const answer = answers[key];
      if (!answer) throw new Error(`${source}: 404 at /logs. The log was cleared.`);
      return answer;
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
