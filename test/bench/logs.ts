// Logs bench: a log of five GB on a host, over a real sshd: how soon after its first byte the first error is shown, and the memory it takes.
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { type LogPlace, type Run, remoteLog } from '../../server/catalog/run.ts';
import type { LiveHost, Log, Talk } from '../../server/connectors/connector.ts';
import { ssh } from '../../server/connectors/ssh/index.ts';
import { logKey } from '../../server/connectors/ssh/logKey.ts';
import { openLog } from '../../server/incidents/logWindow.ts';
import { answerLog } from '../../server/sync/live/logQuestions.ts';
import { remoteLogs } from '../../server/sync/live/remoteLogs.ts';
import { readRange, stat } from '../../server/world/files.ts';
import { startSsh } from '../../server/world/ssh.ts';
import { type SshWorld, sshWorld } from '../support/sshd.ts';

interface Row {
  readonly where: string;
  /** From the start of ssh to its first byte, in ms. */
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
const padded = (words: string): string => `${words.padEnd(width - 1)}\n`;
const quiet = padded('2026-11-20 02:00:05,123 INFO churn.score: scored another thousand rows');
const loud = padded('2026-11-20 02:00:06,001 ERROR churn.score: column tenure is missing');
const nobody = new AbortController().signal;
const silent: Log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

export async function bench(): Promise<{ readonly words: string; readonly json: object }> {
  const world = sshWorld();
  try {
    const { port } = await world.start('worker');
    world.knownHosts(`worker ${world.publicKey('host_worker')}`);
    world.configure(`Host worker\n  HostName 127.0.0.1\n  Port ${port}\n  HostKeyAlias worker\n`);
    const file = path.join(world.folder, 'score.log');
    fill(file);
    const rows: Row[] = [];
    const places = [
      ['at the end', lines - 1000],
      ['at the start', 1000],
      ['in the middle', lines / 2],
      ['shortly before the end', lines - 40_000],
    ] as const;
    for (const [where, line] of places) rows.push(await measured(world, file, where, line));
    return { words: words(rows), json: { gigabytes, rows } };
  } finally {
    world.stop();
  }
}

function fill(file: string): void {
  const block = Buffer.from(quiet.repeat(blockLines));
  const handle = openSync(file, 'w');
  for (let written = 0; written < blocks; written++) writeSync(handle, block);
  closeSync(handle);
}

async function measured(world: SshWorld, file: string, where: string, line: number): Promise<Row> {
  put(file, line, loud);
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const sampling = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 5);
  const times = { began: performance.now(), first: 0 };
  const connector = connected(world, times);
  const reader = remoteLogs({
    local: { stat, readRange },
    ask: (question) => answerLog(connector, question, nobody),
    now: Date.now,
  });
  try {
    const address = remoteLog('worker', logKey({ file }));
    const opened = await openLog(reader, { run: runWith([{ file: address, title: 'score.log' }]), related: [] });
    const shown = performance.now();
    most = Math.max(most, process.memoryUsage().rss);
    const text =
      'window' in opened ? (opened.window.text.split('\n')[opened.window.reveal ?? -1] ?? '') : opened.problem;
    return {
      where,
      firstByteMs: Math.round(times.first - times.began),
      shownMs: Math.round(shown - times.first),
      memoryMb: Math.round((most - before) / 1e6),
      found: text.includes('column tenure is missing'),
    };
  } finally {
    clearInterval(sampling);
    connector.dispose?.();
    put(file, line, quiet);
  }
}

function put(file: string, line: number, text: string): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, text, line * width);
  closeSync(handle);
}

function connected(world: SshWorld, times: { first: number }) {
  const config = { name: 'worker', tool: 'ssh', url: 'ssh://worker', logs: [`${world.folder}/*.log`] } as const;
  const target = { host: 'worker' };
  const host: LiveHost = {
    fetch: () => Promise.reject(new Error('A host is not asked over HTTP.')),
    secret: async () => undefined,
    skewMs: 0,
    remote: (command) => watched(startSsh({ target, configFile: world.configFile }, command), times),
    log: silent,
    now: Date.now,
  };
  const connector = ssh.connect?.(config, host);
  if (!connector) throw new Error('The connector of hosts cannot be asked.');
  return connector;
}

function watched(talk: Talk, times: { first: number }): Talk {
  return { ...talk, output: noted(talk.output) };

  async function* noted(output: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of output) {
      if (times.first === 0) times.first = performance.now();
      yield piece;
    }
  }
}

function runWith(logs: readonly LogPlace[]): Run {
  const nothing = { metrics: [], params: [], inputs: [], outputs: [], linked: [] };
  return { id: 'run:ssh://worker/score.log', of: [], name: 'score.log', status: 'unknown', logs, ...nothing };
}

function words(rows: readonly Row[]): string {
  const told = rows.map(({ where, firstByteMs, shownMs, memoryMb, found }) => {
    const verdict = found && shownMs <= 1000 && memoryMb <= 100 ? 'holds' : 'DOES NOT HOLD';
    const what = found ? `shown ${shownMs} ms after it` : 'NOT FOUND';
    return `  error ${where}: first byte ${firstByteMs} ms after the start of ssh, ${what}, ${memoryMb} MB more: ${verdict}`;
  });
  return [`A log of ${gigabytes} GB over ssh (limits: 1000 ms after the first byte, 100 MB more)`, ...told].join('\n');
}
