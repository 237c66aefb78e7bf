// Rate limits of Datadog: what an endpoint allows is not used up, and one that rests keeps nothing else waiting.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AtItsLimit, Limits } from '../../../server/connectors/datadog/ask/limits.ts';
import { logKey } from '../../../server/connectors/datadog/logs/key.ts';
import { fakeDatadog } from '../../fakes/datadog/server.ts';
import { scanned } from '../../support/scan.ts';
import { datadogOver } from './connected.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const signal = new AbortController().signal;

test('an endpoint rests when one is left of many, or none of few, until the time that it says', () => {
  const rests = (limit: string, remaining: string, reset: string, later = 0): boolean => {
    const limits = new Limits('dd: h');
    const headers: Readonly<Record<string, string>> = {
      ...{ 'x-ratelimit-limit': limit, 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': reset },
    };
    limits.heard('/api/v1/monitor/12', (name) => headers[name], now);
    limits.admit('/api/v1/monitor', now);
    try {
      limits.admit('/api/v1/monitor/13', now + later);
      return false;
    } catch (error) {
      assert.ok(error instanceof AtItsLimit);
      assert.match(error.message, /^dd: h lets \/api\/v1\/monitor\/… be asked again in \d+ s/);
      return true;
    }
  };
  assert.deepEqual(
    [rests('300', '1', '30'), rests('300', '2', '30'), rests('2', '1', '30'), rests('2', '0', '30')],
    [true, false, false, true],
  );
  assert.equal(rests('300', '0', '30', 31_000), false);
  assert.deepEqual([rests('300', '', '30'), rests('x', 'y', 'z'), rests('300', '0', '-5')], [false, false, false]);
});

test('logs that may not be searched for a while keep monitors from nothing', async (t) => {
  const fake = await fakeDatadog(now, { logs: 5_000 });
  t.after(() => fake.close());
  let left = 2;
  fake.limitOf = (path) => (path.includes('/logs/') ? { limit: 300, remaining: left-- } : undefined);
  let at = now;
  const connector = datadogOver(fake, { now: () => at });
  const { logs } = connector;
  const key = logKey({ query: 'dag_id:big', from: now - 7_200_000, to: now });
  await assert.rejects(async () => logs?.readRange(key, 0, 50_000_000, signal), /lets .*logs.* be asked again in 30 s/);
  assert.equal(fake.asked.filter((one) => one.includes('/logs/')).length, 2);
  assert.deepEqual((await scanned(connector)).problems, []);
  at += 31_000;
  left = 300;
  assert.ok(((await logs?.readRange(key, 0, 1_000, signal))?.length ?? 0) > 0);
});
