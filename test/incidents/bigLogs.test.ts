// Big logs: of one that nobody can hold, the line that matters is found at either end, between them, and in a packed one of unknown length.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type LogPlace, type Run, remoteLog } from '../../server/catalog/run.ts';
import type { LogSought } from '../../server/connectors/connector.ts';
import { findWords } from '../../server/incidents/log/findWords.ts';
import { findInLog, type LogReader } from '../../server/incidents/logSearch.ts';
import { logSpan } from '../../server/incidents/logSpan.ts';
import { openLog } from '../../server/incidents/logWindow.ts';
import type { Incident } from '../../server/protocol/incident.ts';

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

/** Five GB of ten days, a line each 17 ms: the time of its line by its number. */
const began = Date.UTC(2026, 10, 10);
const timeOf = (line: number): number => began + line * 17;

/** The same log with times that go on, so that it can be looked at by time; `troubles`: lines of it. */
function timed(lines: number, troubles: readonly number[], zoneMinutes = 0) {
  const loud = new Set(troubles);
  const log = { asked: 0, reads: 0, searched: 0, searchedBytes: 0 };
  const size = lines * width;
  const lineOf = (at: number): string => {
    const stamp = new Date(timeOf(at) + zoneMinutes * 60_000)
      .toISOString()
      .replace('T', ' ')
      .replace('.', ',')
      .slice(0, -1);
    const text = loud.has(at) ? `ERROR churn.score: column tenure is missing ${at}` : 'INFO churn.score: scored';
    return `${`${stamp} ${text}`.padEnd(width - 1)}\n`;
  };
  const readRange = async (_: string, offset: number, length: number): Promise<Uint8Array> => {
    const from = Math.floor(offset / width);
    const to = Math.min(lines, Math.ceil((offset + length) / width));
    const text = Array.from({ length: Math.max(0, to - from) }, (_, at) => lineOf(from + at)).join('');
    const part = Buffer.from(text).subarray(offset - from * width, offset - from * width + length);
    log.asked += part.length;
    log.reads += 1;
    return part;
  };
  const search = async (_: string, { from, to = size }: LogSought) => {
    log.searched += 1;
    const at = troubles.map((line) => line * width).find((byte) => byte >= from && byte < to);
    log.searchedBytes += (at ?? to) - from;
    return at;
  };
  const stat = async (path: string) => ({ path, kind: 'file' as const, size, modifiedAt: timeOf(lines), zoneMinutes });
  const reader: LogReader = { stat, readRange, search };
  return { log, reader };
}

describe('when it went wrong is known', () => {
  const span = (line: number) => ({ since: timeOf(line) - 5_000, until: timeOf(line) + 60_000 });

  for (const line of [30_000, 25_000_000, fiveGb - 30_000])
    test(`line ${line} of five GB is found by its time, and nothing is searched`, async () => {
      // What else went wrong, at its start and at its end, is another story.
      const { log, reader } = timed(fiveGb, [10, line, fiveGb - 10], 120);
      const found = await findInLog(reader, file, span(line));
      assert.equal(found?.byte, line * width);
      assert.match(found?.root.reason ?? '', /what was written from 2026-11-\d\d \d\d:\d\d UTC to 2026-11/);
      assert.equal(log.searched, 0);
      assert.ok(log.asked < 5_000_000 && log.reads < 32, `${log.asked} bytes in ${log.reads} looks`);
    });

  test('of hours of it, only those are searched', async () => {
    const [from, line, to] = [20_000_000, 20_400_000, 21_000_000];
    const { log, reader } = timed(fiveGb, [10, line, 40_000_000]);
    const found = await findInLog(reader, file, { since: timeOf(from), until: timeOf(to) });
    assert.equal(found?.byte, line * width);
    assert.equal(log.searched, 1);
    assert.ok(log.searchedBytes < 100_000_000, `${log.searchedBytes} bytes were searched`);
  });

  test('a time that holds no trouble, or that the log does not reach: the rest is searched as ever', async () => {
    for (const line of [10, 25_000_000, fiveGb - 10])
      for (const other of [12_000_000, fiveGb * 2]) {
        const { reader } = timed(fiveGb, [line]);
        assert.equal((await findInLog(reader, file, span(other)))?.byte, line * width);
      }
  });

  test('lines that tell no time, or times without order: as ever', async () => {
    const { reader } = virtual(fiveGb, 27_000_000);
    assert.equal((await findInLog(reader, file, span(1_000)))?.byte, 27_000_000 * width);
    const untimed: LogReader = {
      ...reader,
      readRange: async (path, from, length) => {
        const text = Buffer.from(await reader.readRange(path, from, length)).toString('latin1');
        const bare = text.replace(/2026-11-20 00:00:0\d,\d{3} /g, ' '.repeat(24));
        return Buffer.from(bare.replaceAll('ERROR churn.score: ', 'ERROR: churn.score '));
      },
    };
    assert.equal((await findInLog(untimed, file, span(1_000)))?.byte, 27_000_000 * width);
  });
});

describe('when it went wrong, by what is known of a run', () => {
  const at = Date.UTC(2026, 10, 20, 12);
  const minute = 60_000;
  const run = (more: Partial<Run>): Run => ({ ...runWith([]), id: 'run:airflow://prod/train/r1', ...more });
  const alert: Incident = {
    ...{ id: 'incident:alert:1', kind: 'alert', title: 'Errors', entity: 'monitor:datadog://a/1', summary: '' },
    ...{ since: at, lastSeen: at },
  };

  test('it ended: from its start to its end, and a little more', () => {
    const ended = run({ status: 'failed', startedAt: at - 60 * minute, endedAt: at });
    assert.deepEqual(logSpan(ended), { since: at - 60 * minute - 5_000, until: at + minute });
    assert.deepEqual(logSpan(ended, alert), logSpan(ended));
    assert.equal(logSpan(run({ startedAt: at })), undefined);
    assert.equal(logSpan(run({})), undefined);
  });

  test('it was at work when an alert began: the minutes around that', () => {
    const window = { since: at - 15 * minute, until: at + 5 * minute };
    assert.deepEqual(logSpan(run({ status: 'running', startedAt: at - 600 * minute }), alert), window);
    const short = run({ status: 'success', startedAt: at - minute, endedAt: at });
    assert.deepEqual(logSpan(short, alert), { since: at - minute - 5_000, until: at + minute });
    const long = run({ status: 'success', startedAt: at - 600 * minute, endedAt: at - 500 * minute });
    assert.deepEqual(logSpan(long, alert), logSpan(long));
  });

  test('of a file nothing but the alert says it', () => {
    const log = run({ id: 'run:ssh://worker/var/log/a.log', startedAt: at + 60 * minute, endedAt: at + 70 * minute });
    assert.equal(logSpan(log), undefined);
    assert.deepEqual(logSpan(log, alert), { since: at - 15 * minute, until: at + 5 * minute });
  });
});

test('a search that fails takes nothing away: its end is shown, with why it was not searched', async () => {
  const search = () => Promise.reject(new Error('worker-1 did not hand out this log. Try again.'));
  const { reader } = virtual(fiveGb, undefined);
  const run = runWith([{ file, title: 'score.log' }]);
  const opened = await openLog({ ...reader, search }, { run, related: [] });
  assert.ok('window' in opened);
  assert.equal(opened.window.to, fiveGb * width);
  const why = /──── The line that matters was looked for, and not to the end: worker-1 did not .* ────$/;
  assert.match(opened.window.text.slice(-200), why);
  const warned: LogReader = {
    ...{ ...reader, search },
    readRange: async (path, from, length) =>
      Buffer.from(
        Buffer.from(await reader.readRange(path, from, length))
          .toString('latin1')
          .replace('INFO churn.score', 'WARN urllib3.api'),
      ),
  };
  const found = await findInLog(warned, file);
  assert.match(found?.root.reason ?? '', /; the rest was not searched: worker-1 did not hand out this log/);
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
