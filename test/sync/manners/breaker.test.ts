// The breaker: a failing server is left alone, then tried by one request.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Breaker } from '../../../server/sync/manners/breaker.ts';

const limits = { failures: 3, firstMs: 1_000, mostMs: 8_000 };
/** The middle of the jitter: waits are what the limits say. */
const breaker = () => new Breaker(limits, () => 0.5);

function fail(one: Breaker, now: number, times: number): void {
  for (let count = 0; count < times; count += 1) {
    one.began(now);
    one.failed(now, now);
  }
}

test('it opens after failures in a row; an answer between starts the count anew', () => {
  const one = breaker();
  fail(one, 0, 2);
  one.succeeded();
  fail(one, 0, 2);
  assert.equal(one.state(0), 'closed');
  fail(one, 0, 1);
  assert.equal(one.state(0), 'open');
  assert.equal(one.waitMs(0), 1_000);
  assert.equal(one.waitMs(400), 600);
});

test('then one tries; while it does, others wait', () => {
  const one = breaker();
  fail(one, 0, 3);
  assert.equal(one.state(1_000), 'halfOpen');
  assert.equal(one.waitMs(1_000), 0);
  one.began(1_000);
  assert.ok(one.waitMs(1_001) > 0);
  one.succeeded();
  assert.equal(one.state(1_002), 'closed');
  assert.equal(one.waitMs(1_002), 0);
});

test('each try that fails makes the rest longer, up to the limit', () => {
  const one = breaker();
  fail(one, 0, 3);
  let now = 0;
  const rests = [1, 2, 3, 4, 5].map(() => {
    const rest = one.waitMs(now);
    now += rest;
    fail(one, now, 1);
    return rest;
  });
  assert.deepEqual(rests, [1_000, 2_000, 4_000, 8_000, 8_000]);
});

test('late failures of what went out before change nothing', () => {
  const one = breaker();
  fail(one, 0, 3);
  one.failed(10, 0);
  assert.equal(one.waitMs(10), 990);
  one.began(1_000);
  one.failed(1_001, 0);
  one.gaveUp(0);
  assert.ok(one.waitMs(1_002) > 0, 'the one that tries is still out');
});

test('a try that was given up lets another try', () => {
  const one = breaker();
  fail(one, 0, 3);
  one.began(1_000);
  one.gaveUp(1_000);
  assert.equal(one.waitMs(1_001), 0);
});

test('the user can have it tried now; a clock that was set back makes no rest longer', () => {
  const one = breaker();
  fail(one, 50_000, 3);
  assert.equal(one.waitMs(10), 0);
  assert.equal(one.waitMs(50_000), 1_000);
  one.wake();
  assert.equal(one.waitMs(50_000), 0);
});

test('whatever happens: nothing goes out while it is open, and one at a time until it is closed', () => {
  const step = fc.record({
    pause: fc.integer({ min: 0, max: 3_000 }),
    ends: fc.constantFrom('good', 'bad', 'never', 'gaveUp'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const one = new Breaker(limits, () => 0.99);
      let now = 0;
      let row = 0;
      let openedAt: number | undefined;
      let trying = false;
      for (const { pause, ends } of steps) {
        now += pause;
        if (one.waitMs(now) > 0) continue;
        // The shortest rest there is, with all jitter.
        if (openedAt !== undefined) assert.ok(now - openedAt >= limits.firstMs * 0.75 && !trying);
        one.began(now);
        if (ends === 'never') trying = openedAt !== undefined;
        if (ends === 'gaveUp') one.gaveUp(now);
        if (ends === 'good') {
          one.succeeded();
          row = 0;
          openedAt = undefined;
        }
        if (ends === 'bad') {
          one.failed(now, now);
          row += 1;
          if (row >= limits.failures) openedAt = now;
        }
      }
    }),
  );
});
