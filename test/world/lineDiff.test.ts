// Line mapping: the hunks rebuild the newer text, and every line said to be unchanged is the same line.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lineHunks, mapThrough } from '../../server/world/lineDiff.ts';
import { workMs } from '../support/work.ts';

const text = fc
  .array(fc.constantFrom('a', 'b', 'c', 'def f():', ''), { maxLength: 40 })
  .map((lines) => lines.join('\n'));

test('hunks turn the older text into the newer one', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const [old, young] = [before.split('\n'), after.split('\n')];
      const rebuilt: string[] = [];
      let at = 0;
      for (const hunk of lineHunks(before, after)) {
        rebuilt.push(...old.slice(at, hunk.start), ...young.slice(hunk.newStart, hunk.newStart + hunk.newCount));
        at = hunk.start + hunk.count;
      }
      rebuilt.push(...old.slice(at));
      assert.deepEqual(rebuilt, young);
    }),
    { numRuns: 500 },
  );
});

test('an unchanged line maps to an equal line, in order', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const [old, young] = [before.split('\n'), after.split('\n')];
      const hunks = lineHunks(before, after);
      let last = 0;
      for (const [index, line] of old.entries()) {
        const mapped = mapThrough(hunks, index + 1);
        if (mapped.changed) continue;
        assert.equal(young[mapped.line - 1], line);
        assert.ok(mapped.line > last);
        last = mapped.line;
      }
    }),
    { numRuns: 500 },
  );
});

test('the shortest change is found: one inserted line moves the rest by one', () => {
  const before = Array.from({ length: 300 }, (_, index) => `line ${index}`).join('\n');
  const after = before.replace('line 100', 'new\nline 100');
  assert.deepEqual(lineHunks(before, after), [{ start: 100, count: 0, newStart: 100, newCount: 1 }]);
  assert.deepEqual(mapThrough(lineHunks(before, after), 101), { changed: false, line: 102 });
  assert.deepEqual(mapThrough(lineHunks(before, after), 100), { changed: false, line: 100 });
});

test('a changed line says where it stood, a deleted one too', () => {
  assert.deepEqual(mapThrough(lineHunks('a\nb\nc', 'a\nB\nc'), 2), { changed: true, line: 2 });
  assert.deepEqual(mapThrough(lineHunks('a\nb\nc', 'a\nc'), 2), { changed: true, line: 2 });
  assert.deepEqual(mapThrough(lineHunks('a\nb\nc', ''), 3), { changed: true, line: 1 });
});

test('line endings do not count as a change', () => {
  assert.deepEqual(lineHunks('a\r\nb\r\n', 'a\nb\n'), []);
});

test('two large texts without anything in common end quickly, as one change', () => {
  const before = Array.from({ length: 20_000 }, (_, index) => `old ${index}`).join('\n');
  const after = Array.from({ length: 20_000 }, (_, index) => `new ${index}`).join('\n');
  const spent = workMs(() =>
    assert.deepEqual(lineHunks(before, after), [{ start: 0, count: 20_000, newStart: 0, newCount: 20_000 }]),
  );
  assert.ok(spent < 2000, `${spent} ms`);
});
