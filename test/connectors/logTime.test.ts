// Log times: when lines of logs were written, and which bytes of a long log lie between two times.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { lineTime } from '../../server/connectors/lineTime.ts';
import { firstAt } from '../../server/connectors/timeWindow.ts';

const noon = Date.UTC(2026, 10, 20, 12, 0, 0);
const local = { zoneMinutes: 60, near: noon };

test('lines of all sorts tell their time', () => {
  const at = (line: string): string | undefined => {
    const time = lineTime(line, local);
    return time === undefined ? undefined : new Date(time).toISOString();
  };
  assert.equal(at('2026-11-20 12:00:05,123 INFO x'), '2026-11-20T11:00:05.123Z');
  assert.equal(at('[2026-11-20T12:00:05.123+0000] {a.py:3} INFO - x'), '2026-11-20T12:00:05.123Z');
  assert.equal(at('2026-11-20T12:00:05Z x'), '2026-11-20T12:00:05.000Z');
  assert.equal(at('2026/11/20 12:00:05 WARNING x'), '2026-11-20T11:00:05.000Z');
  assert.equal(at('{"level":"info","time":"2026-11-20T12:00:05.5-02:00"}'), '2026-11-20T14:00:05.500Z');
  assert.equal(at('10.0.0.1 - - [20/Nov/2026:12:00:05 +0000] "GET /"'), '2026-11-20T12:00:05.000Z');
  assert.equal(at('Nov 20 12:00:05 worker-1 churn[12]: x'), '2026-11-20T11:00:05.000Z');
  assert.equal(at('Dec 31 23:59:59 worker-1 x'), '2025-12-31T22:59:59.000Z');
  for (const none of ['', '  File "a.py", line 3', '2026-13-41 12:00:05 x', 'Foo 20 12:00:05 x'])
    assert.equal(at(none), undefined);
});

test('any text is read without harm', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => assert.ok(Number.isFinite(lineTime(text, local) ?? 0))),
  );
});

describe('the first byte at a time', () => {
  function lookable(text: string) {
    const bytes = Buffer.from(text);
    const log = { reads: 0 };
    const read = async (offset: number, length: number) => {
      log.reads += 1;
      return bytes.subarray(offset, offset + length);
    };
    return { log, lookable: { size: bytes.length, read, local: { zoneMinutes: 0, near: noon } } };
  }
  const stamp = (at: number): string => new Date(at).toISOString();

  test('is that of a plain walk through all lines, whatever stands between them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 900 })), {
          minLength: 1,
          maxLength: 400,
        }),
        fc.integer({ min: -5, max: 2000 }),
        async (steps, asked) => {
          let at = noon;
          let text = '';
          const begins: (readonly [number, number])[] = [];
          for (const [seconds, more] of steps) {
            at += seconds * 1000;
            begins.push([at, text.length]);
            text += `${stamp(at)} line\n${more > 0 ? `${'y'.repeat(more)}\n` : ''}`;
          }
          const time = noon + asked * 1000;
          const expected = begins.find(([written]) => written >= time)?.[1] ?? text.length;
          assert.equal(await firstAt(lookable(text).lookable, time), expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  const steps = fc.array(
    fc.record({
      /** Back by up to three seconds, or on, at times by hours. */
      seconds: fc.oneof(fc.integer({ min: -3, max: 5 }), fc.constant(0), fc.integer({ min: 0, max: 9_000 })),
      /** Lines without a time behind it, such as those of a trace. */
      trace: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 400 })),
      width: fc.integer({ min: 0, max: 600 }),
    }),
    { minLength: 1, maxLength: 600 },
  );

  test('in logs whose times go back a little: no line before it is late, none behind it early', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.double({ min: -0.1, max: 1.1, noNaN: true }), async (made, share) => {
        let newest = noon;
        const lines: { readonly begins: number; readonly at: number }[] = [];
        const parts: string[] = [];
        let size = 0;
        for (const { seconds, trace, width } of made) {
          const at = newest + seconds * 1000;
          newest = Math.max(newest, at);
          lines.push({ begins: size, at });
          const text = `${stamp(at)} ${'x'.repeat(width)}\n${'  File "/srv/a.py", line 3, in f\n'.repeat(trace)}`;
          parts.push(text);
          size += text.length;
        }
        const time = Math.round(noon + (newest - noon) * share);
        const { log, lookable: long } = lookable(parts.join(''));
        const found = await firstAt(long, time);
        assert.ok(found !== undefined);
        assert.ok(lines.every(({ begins, at }) => begins >= found || at < time + 3_000));
        assert.ok(lines.every(({ begins, at }) => begins < found || at >= time - 3_000));
        assert.ok(
          found === size || lines.some(({ begins }) => begins === found),
          'it is the start of a line with a time',
        );
        assert.ok(log.reads <= 120, `${log.reads} looks`);
      }),
      { numRuns: 60 },
    );
  });

  test('costs few looks in a long log', async () => {
    const text = Array.from(
      { length: 100_000 },
      (_, index) => `${stamp(noon + index * 1000)} ${'x'.repeat(60)}\n`,
    ).join('');
    const { log, lookable: long } = lookable(text);
    assert.equal(await firstAt(long, noon + 77_777_000), 77_777 * 86);
    assert.ok(log.reads < 12, `${log.reads} looks`);
  });

  test('is not made up where no line tells a time', async () => {
    assert.equal(await firstAt(lookable('no time here\n'.repeat(50_000)).lookable, noon), undefined);
  });
});
