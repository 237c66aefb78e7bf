// Log text: what a person reads of a log's bytes, and where each line came from.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { plainLine } from '../../server/incidents/log/escapes.ts';
import { logText } from '../../server/incidents/logText.ts';
import { pickRoot } from '../../server/incidents/rootLine.ts';
import { workMs } from '../support/work.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const shown = (text: string): string[] => logText(bytes(text), 0, bytes(text).length).lines.map((line) => line.text);

/** A line, and what is left of it. */
const lines: readonly (readonly [string, string])[] = [
  ['\u001b[31mred\u001b[0m', 'red'],
  ['\u009b31mred\u009b0m', 'red'],
  ['a\u001b[2Kb\u001b[1;1Hc', 'abc'],
  ['\u001b]0;title\u0007text', 'text'],
  ['\u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\', 'link'],
  ['\u001bP+q544e\u001b\\text', 'text'],
  ['before\u001b]0;never ended', 'before'],
  ['before\u001b[12;', 'before'],
  ['\u001b(Btext\u001b=', 'text'],
  ['nul\u0000bell\u0007del\u007f', 'nulbelldel'],
  ['tab\tstays', 'tab\tstays'],
  ['user\u202egnp.exe', 'usergnp.exe'],
  [' 10%|#\r100%|####', '100%|####'],
  ['windows line\r', 'windows line'],
  ['done\r\r', 'done'],
  ['größe 💧', 'größe 💧'],
];
for (const [line, plain] of lines) {
  test(`escapes are taken out of ${JSON.stringify(line)}`, () => assert.equal(plainLine(line), plain));
}

test('records are shown as time, level and words, with the exception as Python prints it', () => {
  const detail = [
    { exc_type: 'ScoreError', exc_value: 'no', is_cause: false, frames: [{ filename: '/a.py', lineno: 2, name: 'f' }] },
    { exc_type: 'KeyError', exc_value: "'churned'", is_cause: true, frames: [], exc_notes: ['day 3'] },
    { exc_type: 'OSError', exc_value: '', is_cause: false, frames: [] },
  ];
  const record = {
    timestamp: '2026-11-20T12:00:05.1Z',
    level: 'error',
    event: 'Task failed',
    task_id: 'fit',
    exit_code: -9,
    error_detail: detail,
  };
  assert.deepEqual(shown(`plain\n${JSON.stringify(record)}\n{"event":"two\\nlines"}\n`), [
    'plain',
    '12:00:05 ERROR Task failed exit_code=-9',
    'OSError',
    '',
    'During handling of the above exception, another exception occurred:',
    '',
    "KeyError: 'churned'",
    'day 3',
    '',
    'The above exception was the direct cause of the following exception:',
    '',
    'Traceback (most recent call last):',
    '  File "/a.py", line 2, in f',
    'ScoreError: no',
    'two',
    'lines',
  ]);
});

test('JSON that is no record stays as it is', () => {
  const kept = ['{"a": 1}', '{broken', '{}', '[1, 2]', '{"event": 3}', '{"event":"half'];
  assert.deepEqual(shown(kept.join('\n')), kept);
});

test('every shown line knows its line and byte of the file', () => {
  const text = 'é\r\n{"event":"a\\nb"}\nlast';
  const { lines: found } = logText(bytes(text), 100, 100 + bytes(text).length);
  // The first line is a half line: the chunk begins inside the file.
  assert.deepEqual(
    found.map(({ text: line, from, byte }) => [line, from, byte]),
    [
      ['a', 0, 104],
      ['b', 0, 104],
      ['last', 1, 121],
    ],
  );
});

test('half lines at the edges are left out, but not the last line of the file', () => {
  const middle = logText(bytes('alf\nwhole\nha'), 50, 1000);
  assert.deepEqual(
    middle.lines.map(({ text }) => text),
    ['whole'],
  );
  assert.deepEqual([middle.from, middle.to], [54, 60]);
  const end = logText(bytes('alf\nwhole\nha'), 50, 62);
  assert.deepEqual(
    end.lines.map(({ text }) => text),
    ['whole', 'ha'],
  );
  const oneLine = logText(bytes('no line ends here'), 50, 1000);
  assert.deepEqual([oneLine.from, oneLine.to, oneLine.lines.length], [50, 67, 1]);
});

test('bytes that are no UTF-8 become marks, very long lines are cut with words', () => {
  const broken = logText(new Uint8Array([0x61, 0xff, 0xfe, 0x62, 10, 0xc3]), 0, 6);
  assert.deepEqual(
    broken.lines.map(({ text }) => text),
    ['a\ufffd\ufffdb', '\ufffd'],
  );
  assert.equal(shown('x'.repeat(10_050))[0], `${'x'.repeat(10_000)} … (50 more characters in this line)`);
});

test('any bytes: nothing throws, no control character is left, the picked line is there', () => {
  const part = fc.constantFrom(
    ...'Traceback (most recent call last):|  File "a.py", line 1, in f|KeyError: 1|\n|\r|\u001b[|{"event":|"x"}|Caused by: a.B: c|\tat a.B.c(D.java:1)|ray::f() (pid=1)|(a pid=1) |Killed|\u0000'.split(
      '|',
    ),
  );
  const texts = fc.array(part).map((parts) => bytes(parts.join('')));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), texts), fc.nat(50), (chunk, offset) => {
      const { lines: found } = logText(chunk, offset, offset + chunk.length);
      for (const { text } of found) assert.doesNotMatch(text, /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/);
      const picked = pickRoot(found);
      if (picked) assert.ok(found[picked.root.line - 1]);
    }),
    { numRuns: 500 },
  );
});

/** Two megabytes of what could make a careless reader quadratic. */
const hostile: readonly string[] = [
  'Traceback (most recent call last):\n',
  'Traceback (most recent call last):\n  File "/a/b.py", line 3, in f\n    x\nKeyError: 1\n\nDuring handling of the above exception, another exception occurred:\n\n',
  'java.lang.X: y\n\tat a.b.C(D.java:1)\nCaused by: a.b.C: x\nfoo\n',
  'Killed\n',
  'ray::f() (pid=1)\n',
  '\u001b]0;',
  '\u001b[1;2;3;',
  'a.b.C ',
  '{',
];
for (const text of hostile) {
  test(`2 MB of ${JSON.stringify(text.slice(0, 30))} are read in time`, () => {
    const chunk = bytes(text.repeat(Math.ceil((2 * 1024 * 1024) / text.length)));
    const spent = workMs(() => pickRoot(logText(chunk, 0, chunk.length).lines));
    assert.ok(spent < 10_000, `${spent} ms`);
  });
}
