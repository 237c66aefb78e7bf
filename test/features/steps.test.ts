// Steps: worked off at once they come to the same as slice by slice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finish } from '../../server/features/steps.ts';

function* counting(to: number): Generator<undefined, readonly number[]> {
  const seen: number[] = [];
  for (let number = 1; number <= to; number++) {
    seen.push(number);
    yield;
  }
  return seen;
}

test('every step is made and the result is that of the last', () => {
  assert.deepEqual(finish(counting(3)), [1, 2, 3]);
  assert.deepEqual(finish(counting(0)), []);
});
