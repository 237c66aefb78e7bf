// A search in several parts at once: whatever its parts say first, the first line that was sought is what it finds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Hunt, partStarts } from '../../../server/connectors/ssh/hunt.ts';

const size = 5_000_000_000;
const most = { numRuns: 500 };

/** Parts that go on at speeds of their own, say where they are from time to time, and run on to a hit or the end. */
function hunted(starts: readonly number[], to: number, hits: readonly number[], speeds: readonly number[]) {
  const hunt = new Hunt(starts, to);
  const places = [...starts];
  const ended = new Set<number>();
  for (let asked = 0; ended.size < starts.length; asked += 1) {
    for (const [part, start] of starts.entries()) {
      if (ended.has(part)) continue;
      const place = Math.min(size, (places[part] ?? 0) + (speeds[(asked + part) % speeds.length] ?? 1));
      places[part] = place;
      const hit = hits.find((one) => one >= start && one < place);
      if (hit !== undefined || place === size) {
        ended.add(part);
        if (hunt.hear(`h ${part + 4} ${hit === undefined ? '' : hit - start}`)) return { hunt, places };
      }
      if (hunt.hear(`p ${part + 4} ${place}`)) return { hunt, places };
    }
  }
  return { hunt, places };
}

test('as a search from the first byte to the last', () => {
  const hits = fc.array(fc.nat(size - 1), { maxLength: 5 }).map((all) => all.toSorted((a, b) => a - b));
  const speeds = fc.array(fc.integer({ min: 1_000_000, max: 900_000_000 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(
      hits,
      speeds,
      fc.nat(size),
      fc.nat(size),
      fc.integer({ min: 1, max: 4 }),
      (lines, pace, a, b, parts) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const { hunt } = hunted(partStarts(from, to, parts), to, lines, pace);
        assert.equal(
          hunt.found,
          lines.find((line) => line >= from && line < to),
        );
      },
    ),
    most,
  );
});

test('it is enough as soon as nothing before a hit is left', () => {
  const starts = partStarts(0, size, 4);
  assert.deepEqual(starts, [0, 1_250_000_000, 2_500_000_000, 3_750_000_000]);
  const hunt = new Hunt(starts, size);
  assert.equal(hunt.hear('h 6 77'), false);
  assert.equal(hunt.hear('p 4 1260000000'), false);
  assert.equal(hunt.hear('p 5 2500000100'), false, 'the line at the border may not have been looked at yet');
  assert.equal(hunt.hear('p 5 2504000000'), true);
  assert.equal(hunt.found, 2_500_000_077);
});

test('a short one is one part, and what is no answer changes nothing', () => {
  assert.deepEqual(partStarts(10, 20, 4), [10]);
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom('h 9 1', 'p 3 7', 'h 4', 'h 4 -1', 'p 5 '))),
      (lines) => {
        const hunt = new Hunt([0], 100);
        for (const line of lines.filter((one) => one !== 'x')) assert.equal(hunt.hear(line), false);
        assert.equal(hunt.hear('x'), true, 'the host is not able to');
        assert.equal(hunt.found, undefined);
      },
    ),
  );
});
