// S3 logs bench: a log of five GB in a store on loopback, plain and gzip: how soon after its first byte the first error is shown, and the memory it takes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { remoteLog } from '../../server/catalog/run.ts';
import { connectors } from '../../server/connectors/registry.ts';
import { realClock } from '../../server/sync/live/clock.ts';
import { connect } from '../../server/sync/live/connected.ts';
import { answerLog } from '../../server/sync/live/logQuestions.ts';
import { remoteLogs } from '../../server/sync/live/remoteLogs.ts';
import { readRange, stat } from '../../server/world/files.ts';
import { type Asked, fill, gigabytes, lines, measured, plain, type Row, tried, trouble, words } from './bigLog.ts';

const nobody = new AbortController().signal;
const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

/** It can only be read from its start: what is far in is a matter of unpacking. */
export const packed: readonly Asked[] = [
  { where: 'at the start', line: 1_000 },
  { where: 'after 500 MB', line: Math.round(lines / 10), isSearched: true },
  { where: 'in the middle', line: lines / 2, isSearched: true },
  { where: 'at the end', line: lines - 1_000, isSearched: true },
];

export interface BigObjects {
  row(asked: Asked): Promise<Row>;
  packedRow(asked: Asked): Promise<Row>;
  stop(): void;
}

export async function bench(): Promise<{ readonly words: string; readonly json: object }> {
  const store = bigObjects();
  try {
    const rows: Row[] = [];
    for (const asked of plain) rows.push(await tried(asked, store.row));
    const gzip: Row[] = [];
    for (const asked of packed) gzip.push(await tried(asked, store.packedRow));
    const told = [words('in S3', rows), words('in S3, gzip', gzip)].join('\n');
    return { words: told, json: { gigabytes, rows, gzip } };
  } finally {
    store.stop();
  }
}

/** A log that fills five GB of the disk until it is stopped, with a store before it for each row. */
export function bigObjects(): BigObjects {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-objects-'));
  const file = path.join(folder, 'score.log');
  try {
    fill(file);
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
  return {
    async row(asked) {
      const undo = trouble(file, asked);
      try {
        return await rowOf('score.log', asked, [file]);
      } finally {
        undo();
      }
    },
    packedRow: (asked) => rowOf('score.log.gz', asked, ['', String(lines), String(asked.line)]),
    stop: () => rmSync(folder, { recursive: true }),
  };
}

async function rowOf(name: string, asked: Asked, args: readonly string[]): Promise<Row> {
  const script = path.join(import.meta.dirname, 'bigObjects.ts');
  const store = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(store.stdout, 'data');
  const { connector, manners } = connect(
    {
      name: 'store',
      tool: 's3',
      url: `http://127.0.0.1:${String(port).trim()}`,
      region: 'eu-west-1',
      credential: 'none',
    },
    { connectors, clock: realClock, random: Math.random, log: silent, secretOf: async () => undefined },
  );
  try {
    // AWS's client is loaded by its first question.
    await connector.logs?.stat('s3://logs/other.log', nobody);
    const asks = manners.requestsLastHour();
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
    return await measured(asked, () => ({
      ...{ reader, file: remoteLog('store', `s3://logs/${name}`) },
      firstByteAt: () => first,
      questions: () => manners.requestsLastHour() - asks,
    }));
  } finally {
    connector.dispose?.();
    store.kill();
  }
}
