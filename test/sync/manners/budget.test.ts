// The budget: no span of time holds more requests than it allows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Budget } from '../../../server/sync/manners/budget.ts';

const limits = fc.record({ burst: fc.integer({ min: 1, max: 20 }), perMinute: fc.integer({ min: 1, max: 600 }) });
/** Pauses between the wishes of callers, in ms; some clocks go back. */
const pauses = fc.array(fc.integer({ min: -2_000, max: 30_000 }), { maxLength: 60 });

/** The times at which requests went out when each waits as it is told. */
function taken(budget: Budget, waits: readonly number[]): number[] {
  let now = 1_000_000;
  return waits.map((pause) => {
    now += pause;
    for (let wait = budget.waitMs(now); wait > 0; wait = budget.waitMs(now)) now += wait;
    budget.take(now);
    return now;
  });
}

test('in any span at most the burst and what flows in meanwhile', () => {
  fc.assert(
    fc.property(limits, pauses, (limits, waits) => {
      const forward = waits.map((pause) => Math.max(0, pause));
      const times = taken(new Budget(limits), forward);
      for (const [index, from] of times.entries()) {
        for (const [later, to] of times.slice(index).entries()) {
          assert.ok(later + 1 <= limits.burst + ((to - from) * limits.perMinute) / 60_000 + 1e-6);
        }
      }
    }),
  );
});

test('waiting ends, also with a clock that goes back', () => {
  fc.assert(
    fc.property(limits, pauses, (limits, waits) => assert.equal(taken(new Budget(limits), waits).length, waits.length)),
  );
});

test('a rested bucket gives its burst at once, then one by one', () => {
  const budget = new Budget({ burst: 3, perMinute: 60 });
  assert.deepEqual(taken(budget, [0, 0, 0, 0, 0]), [1_000_000, 1_000_000, 1_000_000, 1_001_000, 1_002_000]);
});
