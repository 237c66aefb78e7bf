// S3 logs bench: a log of five GB in a store on loopback, plain and gzip: how soon after its first byte the first error is shown, and the memory it takes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { remoteLog } from '../../server/catalog/run.ts';
import { connectors } from '../../server/connectors/registry.ts';
import { openLog } from '../../server/incidents/logWindow.ts';
import { realClock } from '../../server/sync/live/clock.ts';
import { connect } from '../../server/sync/live/connected.ts';
import { answerLog } from '../../server/sync/live/logQuestions.ts';
import { remoteLogs } from '../../server/sync/live/remoteLogs.ts';
import { readRange, stat } from '../../server/world/files.ts';

interface Row {
  readonly what: string;
  /** From the question to its first byte, in ms: what comes before is the client's own start. */
  readonly firstByteMs: number;
  /** From that to the window with the error in it, in ms. */
  readonly shownMs: number;
  /** The most resident memory on the way, above what there was before, in MB. */
  readonly memoryMb: number;
  readonly found: boolean;
}

const gigabytes = 5;
const width = 128;
const blockLines = 512 * 1024;
const blocks = (gigabytes * 1024 ** 3) / (width * blockLines);
const lines = blocks * blockLines;
const nobody = new AbortController().signal;
const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

export async function bench(): Promise<{ readonly words: string; readonly json: object }> {
  const rows: Row[] = [];
  const places = [
    ['at the start', 1000],
    ['after 500 MB', Math.round(lines / 10)],
    ['in the middle', lines / 2],
    ['at the end', lines - 1000],
  ] as const;
  for (const name of ['score.log', 'score.log.gz'] as const) {
    for (const [where, line] of places) rows.push(await measured(name, `${name}, error ${where}`, line));
  }
  return { words: words(rows), json: { gigabytes, rows } };
}

async function measured(name: string, what: string, line: number): Promise<Row> {
  const script = path.join(import.meta.dirname, 'bigObjects.ts');
  const store = spawn(process.execPath, [script, String(blockLines), String(blocks), String(line)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = await once(store.stdout, 'data');
  const { connector } = connect(
    {
      name: 'store',
      tool: 's3',
      url: `http://127.0.0.1:${String(port).trim()}`,
      region: 'eu-west-1',
      credential: 'none',
    },
    { connectors, clock: realClock, random: Math.random, log: silent, secretOf: async () => undefined },
  );
  // AWS's client is loaded by its first question.
  await connector.logs?.stat('s3://logs/other.log', nobody);
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const sampling = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 5);
  const began = performance.now();
  let first = 0;
  const reader = remoteLogs({
    local: { stat, readRange },
    ask: async (question) => {
      const answer = await answerLog(connector, question, nobody);
      if (first === 0) first = performance.now();
      return answer;
    },
    now: Date.now,
  });
  try {
    const logs = [{ file: remoteLog('store', `s3://logs/${name}`), title: name }];
    const nothing = { metrics: [], params: [], inputs: [], outputs: [], linked: [] };
    const run = { id: 'run:ssh://worker/score.log', of: [], name, status: 'unknown', logs, ...nothing } as const;
    const opened = await openLog(reader, { run, related: [] });
    const shown = performance.now();
    most = Math.max(most, process.memoryUsage().rss);
    const text =
      'window' in opened ? (opened.window.text.split('\n')[opened.window.reveal ?? -1] ?? '') : opened.problem;
    return {
      what,
      firstByteMs: Math.round(first - began),
      shownMs: Math.round(shown - first),
      memoryMb: Math.round((most - before) / 1e6),
      found: text.includes('column tenure is missing'),
    };
  } finally {
    clearInterval(sampling);
    connector.dispose?.();
    store.kill();
  }
}

function words(rows: readonly Row[]): string {
  const told = rows.map(({ what, firstByteMs, shownMs, memoryMb, found }) => {
    const verdict = found && shownMs <= 1000 && memoryMb <= 100 ? 'holds' : 'DOES NOT HOLD';
    const seen = found ? `shown ${shownMs} ms after it` : `NOT FOUND in ${shownMs} ms`;
    return `  ${what}: first byte after ${firstByteMs} ms, ${seen}, ${memoryMb} MB more: ${verdict}`;
  });
  return [`A log of ${gigabytes} GB in S3 (limits: 1000 ms after the first byte, 100 MB more)`, ...told].join('\n');
}
