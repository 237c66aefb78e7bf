// Logs of Databricks: output with its error, several tasks, purged runs, files of DBFS and volumes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logKey, parseLogKey } from '../../../server/connectors/databricks/logKey.ts';
import { fakeDatabricks } from '../../fakes/databricks/server.ts';
import { failure } from '../../support/web.ts';
import { databricksOver } from './connected.ts';

const signal = new AbortController().signal;

async function reader(t: { after(run: () => unknown): void }) {
  const fake = await fakeDatabricks(Date.now());
  t.after(() => fake.close());
  const { connector } = databricksOver(fake);
  return { fake, read: async (key: string) => connector.readLog?.(key, signal) };
}

const trace =
  'Traceback (most recent call last):\n  File "jobs/score.py", line 14, in <module>\nKeyError: \'tenure\'\n';

test('what a task printed, then its error with the trace, once', async (t) => {
  const { read } = await reader(t);
  assert.deepEqual(await read('output/7702'), { text: `reading features\nscoring\n${trace}`, complete: true });
});

test('a run of several tasks has the output of each', async (t) => {
  const { read } = await reader(t);
  const log = await read('output/77');
  assert.equal(log?.text, `== prep ==\n== score ==\nreading features\nscoring\n${trace}== validate ==\n`);
});

test('a run that Databricks threw away is said to be gone from there', async (t) => {
  const { read } = await reader(t);
  const error = await failure(read('output/4711'));
  assert.equal(error.kind, 'missing');
  assert.match(error.message, /^live: .* has no run 4711 any more: Databricks keeps runs for 60 days/);
});

test('delivered logs are read from DBFS in pieces and from volumes', async (t) => {
  const { fake, read } = await reader(t);
  const long = Array.from({ length: 300_000 }, (_, n) => `line ${n}`).join('\n');
  fake.state.files.set('/cluster-logs/c1/driver/stdout', long);
  assert.equal((await read('file/dbfs:/cluster-logs/c1/driver/stdout'))?.text, long);
  assert.ok(fake.asked.filter((asked) => asked.endsWith('/dbfs/read')).length > 2);
  assert.equal((await read('file//Volumes/main/ml/logs/driver.txt'))?.text, 'from a volume\n');
  const error = await failure(read('file/dbfs:/cluster-logs/c1/driver/stderr'));
  assert.match(error.message, /deliver their logs about every five minutes/);
});

test('only the end of a log of many megabytes is shown, and said so', async (t) => {
  const { fake, read } = await reader(t);
  const long = Array.from({ length: 900_000 }, (_, n) => `line ${n}`).join('\n');
  for (const path of ['/logs/long', '/Volumes/main/ml/logs/long']) fake.state.files.set(path, long);
  for (const key of ['file/dbfs:/logs/long', 'file//Volumes/main/ml/logs/long']) {
    const words = (await read(key))?.text ?? '';
    assert.match(words, /^\[Plumbline: the end of a log of [\d,]+ bytes\]\nline \d+\n/);
    assert.ok(words.endsWith('line 899999') && words.length < 8_100_000);
  }
});

test('keys come back as they were, and nothing else is one', () => {
  for (const key of [
    { kind: 'output', run: '7' },
    { kind: 'file', path: 'dbfs:/a b/c' },
  ] as const)
    assert.deepEqual(parseLogKey(logKey(key)), key);
  for (const text of ['', 'output/', 'output/x', 'file//etc/passwd', 'file/dbfs:/a/../b', 'file/s3://b/k'])
    assert.equal(parseLogKey(text), undefined);
});
