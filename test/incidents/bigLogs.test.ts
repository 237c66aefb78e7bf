// Big logs: of one that nobody can hold, the line that matters is found at either end, between them, and in a packed one of unknown length.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type LogPlace, type Run, remoteLog } from '../../server/catalog/run.ts';
import type { LogSought } from '../../server/connectors/connector.ts';
import { findWords } from '../../server/incidents/log/findWords.ts';
import { findInLog, type LogReader } from '../../server/incidents/logSearch.ts';
import { openLog } from '../../server/incidents/logWindow.ts';

const width = 100;
const quiet = `${'2026-11-20 00:00:05,123 INFO churn.score: scored another thousand rows'.padEnd(width - 1)}\n`;
const loudLine = `${'2026-11-20 00:00:06,001 ERROR churn.score: column tenure is missing'.padEnd(width - 1)}\n`;

/** A log of equal lines, one of them in trouble, that is made where it is read. */
function virtual(lines: number, trouble: number | undefined) {
  const size = lines * width;
  const log = { asked: 0, searched: [] as LogSought[], size };
  const readRange = async (_: string, offset: number, length: number): Promise<Uint8Array> => {
    const from = Math.floor(offset / width);
    const to = Math.min(lines, Math.ceil((offset + length) / width));
    const text = Array.from({ length: Math.max(0, to - from) }, (_, at) =>
      from + at === trouble ? loudLine : quiet,
    ).join('');
    const bytes = new TextEncoder().encode(text).subarray(offset - from * width);
    const part = bytes.subarray(0, Math.min(length, Math.max(0, size - offset)));
    log.asked += part.length;
    return part;
  };
  const stat = async (path: string) => ({ path, kind: 'file' as const, size, modifiedAt: 0 });
  const search = async (_: string, sought: LogSought) => {
    log.searched.push(sought);
    const at = trouble === undefined ? undefined : trouble * width;
    return at !== undefined && at >= sought.from && at < (sought.to ?? size) ? at : undefined;
  };
  const reader: LogReader = { stat, readRange, search };
  return { log, reader };
}

function runWith(logs: readonly LogPlace[]): Run {
  const nothing = { metrics: [], params: [], inputs: [], outputs: [], linked: [] };
  return { id: 'run:ssh://worker-1/score.log', of: [], name: 'score.log', status: 'unknown', logs, ...nothing };
}

const fiveGb = 50_000_000;
const file = remoteLog('worker-1', '/var/log/score.log');

describe('the line that matters in five GB', () => {
  for (const [where, line] of [
    ['at its start', 40],
    ['in its middle', 27_000_000],
    ['at its end', fiveGb - 40],
  ] as const)
    test(where, async () => {
      const { log, reader } = virtual(fiveGb, line);
      const found = await findInLog(reader, file);
      assert.equal(found?.byte, line * width);
      assert.match(found?.root.text ?? '', /column tenure is missing/);
      assert.ok(log.asked < 8_000_000, `${log.asked} bytes were read`);
    });

  test('without trouble: it is searched once, and nothing is made up', async () => {
    const { log, reader } = virtual(fiveGb, undefined);
    assert.equal(await findInLog(reader, file), undefined);
    assert.equal(log.searched.length, 1);
  });

  test('a window around it has two MB and says what is before and after', async () => {
    const { reader } = virtual(fiveGb, 27_000_000);
    const run = runWith([{ file, title: 'score.log' }]);
    const opened = await openLog(reader, { run, related: [] });
    assert.ok('window' in opened);
    const { text, reveal = -1, size } = opened.window;
    assert.equal(size, fiveGb * width);
    assert.match(text.split('\n')[reveal] ?? '', /column tenure is missing/);
    assert.ok(text.length < 2_200_000);
    assert.match(text.slice(0, 100), /^──── 25\d\d\.\d MB of this log before this/);
    assert.match(text.slice(-100), /MB of this log after this are not shown: Next Part shows more ────$/);
  });
});

describe('where nobody can search', () => {
  const lines = 120_000;
  for (const line of [21_000, 60_000, 98_000])
    test(`line ${line} is found by reading on`, async () => {
      const { reader } = virtual(lines, line);
      const { search: _, ...reading } = reader;
      assert.equal((await findInLog(reading, 'a.log'))?.byte, line * width);
      assert.equal(
        (await findInLog({ ...reader, search: async () => 'unable' as const }, 'a.log'))?.byte,
        line * width,
      );
    });

  test('a word across two pieces, and a line that begins in the piece before', async () => {
    const text = Buffer.from(`${'a'.repeat(2 * 1024 * 1024 - 3)}FATAL\n`);
    const readRange = async (_: string, from: number, length: number) => text.subarray(from, from + length);
    assert.equal(await findWords({ readRange }, 'a.log', { words: ['FATAL'], from: 0 }), 0);
    const lined = Buffer.from(`${'a'.repeat(2 * 1024 * 1024 - 9)}\nxx FATAL\n`);
    const readLined = async (_: string, from: number, length: number) => lined.subarray(from, from + length);
    const begins = 2 * 1024 * 1024 - 8;
    assert.equal(await findWords({ readRange: readLined }, 'a.log', { words: ['FATAL'], from: 0 }), begins);
    assert.equal(
      await findWords({ readRange: readLined }, 'a.log', { words: ['FATAL'], from: 0, to: begins }),
      undefined,
    );
  });
});

test('a packed log whose length nobody knows is shown from what is known, and goes on', async () => {
  const { reader } = virtual(60_000, 50_000);
  const packed: LogReader = {
    ...reader,
    stat: async (path) => ({ path, kind: 'file', size: 0, atLeast: true, modifiedAt: 0 }),
  };
  const run = runWith([{ file, title: 'score.log.1.gz' }]);
  assert.equal((await findInLog(packed, file))?.byte, 5_000_000);
  const first = await openLog(packed, { run, related: [], around: 0 });
  assert.ok('window' in first);
  assert.equal(first.window.from, 0);
  assert.match(first.window.text.slice(-100), /This packed log may go on after this: Next Part shows more ────$/);
  const last = await openLog(packed, { run, related: [], around: 5_900_000 });
  assert.ok('window' in last);
  assert.equal(last.window.to, 6_000_000);
  assert.doesNotMatch(last.window.text.slice(-100), /may go on/);
});
