// The first line with one of some words is found, however the text is cut into pieces.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findLine } from '../../server/connectors/lineSearch.ts';

async function* pieces(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** The same by looking at whole lines. */
function plainly(text: string, words: readonly string[], from: number, to: number): number | undefined {
  let at = 0;
  for (const line of Buffer.from(text).toString('latin1').split('\n')) {
    const begins = from + at;
    if (begins >= to) return undefined;
    if (words.some((word) => line.includes(Buffer.from(word).toString('latin1')))) return begins;
    at += line.length + 1;
  }
  return undefined;
}

test('as by looking at each line', async () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'ERR', 'E', 'ö', '\n'), { maxLength: 60 })
    .map((parts) => parts.join(''));
  const words = fc.array(fc.constantFrom('ERR', 'ab', 'öa', 'bbb'), { minLength: 1, maxLength: 3 });
  const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(text, words, sizes, fc.nat(100), fc.nat(100), async (written, sought, cut, from, length) => {
      const to = from + length;
      const found = await findLine(pieces(Buffer.from(written), cut), { words: sought, from, to });
      assert.equal(found, plainly(written, sought, from, to));
    }),
    { numRuns: 500 },
  );
});

test('nothing is sought, nothing is found', async () => {
  assert.equal(await findLine(pieces(Buffer.from('a'), [1]), { words: [], from: 0 }), undefined);
});
