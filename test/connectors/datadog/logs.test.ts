// Logs of Datadog as texts that are read by ranges: every event once, in order, over page borders, and what comes later.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { logKey } from '../../../server/connectors/datadog/logs/key.ts';
import { fakeDatadog } from '../../fakes/datadog/server.ts';
import { log } from '../../fakes/datadog/state.ts';
import { datadogOver } from './connected.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const minute = 60_000;
const signal = new AbortController().signal;

async function logsOf(t: TestContext, count: number) {
  const fake = await fakeDatadog(now, { logs: count });
  t.after(() => fake.close());
  const { logs } = datadogOver(fake, { now: () => now });
  assert.ok(logs);
  return { fake, logs };
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

test('each event once, over the borders of pages, in the order of time', async (t) => {
  const { fake, logs } = await logsOf(t, 2_500);
  const key = logKey({ query: 'dag_id:big', from: now - 70 * minute, to: now });
  const stat = await logs.stat(key, signal);
  assert.ok(stat && !stat.atLeast);
  const whole = text(await logs.readRange(key, 0, stat.size, signal));
  assert.deepEqual(
    whole
      .trimEnd()
      .split('\n')
      .map((line) => /line (\d+) of many$/.exec(line)?.[1]),
    Array.from({ length: 2_500 }, (_, n) => String(n)),
  );
  assert.equal(text(await logs.readRange(key, 100, 500, signal)), whole.slice(100, 600));
  assert.equal((await logs.readRange(key, stat.size, 10, signal)).length, 0);
  const at = await logs.search?.(key, { words: ['line 2222 of'], from: 0 }, signal);
  assert.ok(at !== undefined && whole.slice(at).split('\n')[0]?.endsWith('line 2222 of many'));
  const asked = fake.asked.length;
  await logs.readRange(key, 0, 10_000, signal);
  assert.equal(fake.asked.length, asked, 'what was read is at hand');
});

test('the trace that stands in the attributes is part of the log', async (t) => {
  const { logs } = await logsOf(t, 0);
  const key = logKey({ query: 'service:train', from: now - 60 * minute, to: now - 30 * minute });
  assert.equal(
    text(await logs.readRange(key, 0, 100_000, signal)),
    [
      '2026-11-23T11:15:00.000Z INFO train@worker-1: begins to fit',
      '2026-11-23T11:15:01.000Z ERROR train@worker-1: fit failed',
      'Traceback (most recent call last):',
      '  File "/opt/dags/train.py", line 14, in fit',
      '    model.fit(features)',
      'ValueError: Input contains NaN',
      '2026-11-23T11:15:02.000Z INFO train@worker-1: gives up',
      '',
    ].join('\n'),
  );
  assert.equal((await logs.stat(key, signal))?.complete, true);
});

test('what is written while it is open is added at its end, also within one millisecond', async (t) => {
  const { fake, logs } = await logsOf(t, 0);
  const key = logKey({ query: 'dag_id:live', from: now - 60 * minute });
  const write = (n: number, at: number) =>
    fake.state.logs.push(log(n, { at, status: 'info', message: `event ${n}`, tags: ['dag_id:live'] }) as never);
  const numbers = async (): Promise<readonly string[]> => {
    const { size = 0 } = (await logs.stat(key, signal)) ?? {};
    return [...text(await logs.readRange(key, 0, size, signal)).matchAll(/event (\d+)/g)].map(([, n]) => n ?? '');
  };
  assert.deepEqual(await numbers(), []);
  write(1, now - 10 * minute);
  assert.deepEqual(await numbers(), ['1']);
  assert.deepEqual(await numbers(), ['1']);
  write(2, now - 10 * minute);
  write(3, now - 5 * minute);
  assert.deepEqual(await numbers(), ['1', '2', '3']);
  write(4, now - 5 * minute);
  assert.deepEqual(await numbers(), ['1', '2', '3', '4']);
  assert.equal((await logs.stat(key, signal))?.complete, false);
});

test('what is no key of a log, and what may not be asked, is said in words', async (t) => {
  const { fake, logs } = await logsOf(t, 0);
  await assert.rejects(logs.stat('nothing', signal), /live has no such log/);
  fake.fault = ({ path }) => (path.includes('/logs/') ? { status: 403, body: '{"errors":["Forbidden"]}' } : undefined);
  await assert.rejects(logs.stat(logKey({ query: '*', from: 0 }), signal), { kind: 'forbidden' });
});
