// Words: ages, durations, numbers and reasons as people read them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as words from '../../server/features/words.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const minute = 60_000;
const hour = 60 * minute;

test('ages', () => {
  const ages = [
    0,
    59_000,
    minute,
    59 * minute,
    2 * hour,
    47 * hour,
    59 * 24 * hour,
    61 * 24 * hour,
    -5 * minute,
    -30_000,
  ];
  assert.deepEqual(
    ages.map((away) => words.age(now - away, now)),
    [
      'just now',
      'just now',
      '1 min ago',
      '59 min ago',
      '2 h ago',
      '1 d ago',
      '59 d ago',
      '2026-09-23',
      'in 5 min',
      'just now',
    ],
  );
  assert.equal(words.age(1e300, now), 'at no known time');
  assert.equal(words.instant(now), '2026-11-23 12:00 UTC');
  assert.equal(words.clock(now - 1, now), '11:59 UTC');
  assert.equal(words.clock(now - 86_400_000, now), '2026-11-22 12:00 UTC');
});

test('durations', () => {
  assert.deepEqual([0, 850, 12_000, 200_000, 65 * minute, 2 * hour, 51 * hour].map(words.duration), [
    '0 ms',
    '850 ms',
    '12 s',
    '3 min 20 s',
    '1 h 5 min',
    '2 h',
    '2 d 3 h',
  ]);
});

test('numbers and their changes', () => {
  assert.deepEqual([0.87312, 12345, 1234.5678, 1.2e-7, 0, Number.NaN, Number.POSITIVE_INFINITY].map(words.number), [
    '0.8731',
    '12,345',
    '1234.57',
    '1.2e-7',
    '0',
    'NaN',
    'Infinity',
  ]);
  assert.equal(words.changed(0.71, 0.87), '0.71 (-0.16)');
  assert.equal(words.changed(0.872, 0.871), '0.872 (+0.001)');
  assert.equal(words.changed(0.87, 0.87), '0.87 (=)');
  assert.equal(words.changed(0.87, undefined), '0.87');
  assert.equal(words.changed(Number.NaN, 0.87), 'NaN');
  assert.equal(words.bytes(3_565_158), '3.4 MB');
  assert.equal(words.bytes(12), '12 B');
});

test('a row of marks reads aloud', () => {
  assert.equal(
    words.markRow(['failed', 'success', 'success', 'running']),
    '▶✓✓✗ last 4 runs: 1 running, 2 succeeded, 1 failed',
  );
  assert.equal(words.markRow(['success']), '✓ last 1 run: 1 succeeded');
});

test('counts', () => {
  assert.deepEqual(
    [words.count(1, 'row'), words.count(1200, 'row'), words.count(2, 'match'), words.count(3, 'query')],
    ['1 row', '1,200 rows', '2 matches', '3 queries'],
  );
});

test('every reason for not knowing names the thing, and the tool text in it is made safe', () => {
  const safe = (said: string) => `<${said}>`;
  const said = (reason: Parameters<typeof words.reasonWords>[0]) => words.reasonWords(reason, now, safe);
  assert.match(
    said({ why: 'noConnection', tool: 'mlflow' }),
    /^nothing is connected .*\(<mlflow>\)\. What would help: an MLflow store/,
  );
  assert.equal(said({ why: 'noConnection', tool: 'new' }), 'nothing is connected that lists its names (<new>)');
  assert.equal(said({ why: 'neverScanned', source: 's' }), '<s> has not been read yet');
  assert.equal(
    said({ why: 'failing', source: 's', since: now - 2 * hour, message: 'm' }),
    '<s> cannot be read since 2 h ago: <m>',
  );
  assert.equal(said({ why: 'forbidden', source: 's', message: 'm' }), '<s> may not be read: <m>');
  assert.equal(
    said({ why: 'partial', source: 's' }),
    '<s> could be read only in part, so what it does not hold proves nothing',
  );
  assert.equal(said({ why: 'otherEnvironment', environment: 'dev' }), 'it is known in the environment <dev> only');
});
