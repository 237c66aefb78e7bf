// The first line with one of some words is found, however the text is cut into pieces, and whoever reads which of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findLine } from '../../server/connectors/lineSearch.ts';
import { findStriped } from '../../server/connectors/stripedSearch.ts';

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

test('in stretches that are read at the same time: as by looking at each line', async () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'ERR', 'E', 'ö', '\n'), { maxLength: 60 })
    .map((parts) => parts.join(''));
  const words = fc.array(fc.constantFrom('ERR', 'ab', 'öa', 'bbb'), { minLength: 1, maxLength: 3 });
  const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 });
  const stripes = fc.integer({ min: 1, max: 20 });
  await fc.assert(
    fc.asyncProperty(text, words, sizes, stripes, fc.nat(100), async (written, sought, cut, stripe, to) => {
      const bytes = Buffer.from(written);
      let open = 0;
      async function* read(from: number, length: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
        open += 1;
        for await (const piece of pieces(bytes.subarray(from, from + length), cut)) {
          signal.throwIfAborted();
          yield piece;
        }
      }
      const log = { size: bytes.length, read };
      const found = await findStriped(log, { words: sought, from: 0, to }, new AbortController().signal, stripe);
      assert.equal(found, plainly(written, sought, 0, Math.min(to, bytes.length)));
      assert.ok(open <= Math.ceil(bytes.length / stripe));
    }),
    { numRuns: 1_000 },
  );
});

test('what a stream says of its failure is said, unless the line was found before it', async () => {
  const text = Buffer.from(`${'a\n'.repeat(20)}ERR\n${'a\n'.repeat(20)}`);
  const failing = (at: number) => ({
    size: text.length,
    async *read(from: number, length: number): AsyncGenerator<Uint8Array> {
      if (from <= at && at < from + length) throw new Error('lost');
      yield text.subarray(from, from + length);
    },
  });
  const sought = { words: ['ERR'], from: 0 };
  const signal = new AbortController().signal;
  assert.equal(await findStriped(failing(60), sought, signal, 10), 40);
  await assert.rejects(findStriped(failing(5), sought, signal, 10), /lost/);
});

test('nothing is sought, nothing is found', async () => {
  assert.equal(await findLine(pieces(Buffer.from('a'), [1]), { words: [], from: 0 }), undefined);
  const log = { size: 1, read: () => pieces(Buffer.from('a'), [1]) };
  assert.equal(await findStriped(log, { words: [], from: 0 }, new AbortController().signal), undefined);
});
