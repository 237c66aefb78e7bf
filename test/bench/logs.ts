// Logs bench: a log of five GB on a host, over a real sshd: how soon after its first byte the first error is shown, and the memory it takes.
import path from 'node:path';
import { remoteLog } from '../../server/catalog/run.ts';
import type { LiveHost, Log, Talk } from '../../server/connectors/connector.ts';
import { ssh } from '../../server/connectors/ssh/index.ts';
import { logKey } from '../../server/connectors/ssh/logKey.ts';
import { answerLog } from '../../server/sync/live/logQuestions.ts';
import { remoteLogs } from '../../server/sync/live/remoteLogs.ts';
import { readRange, stat } from '../../server/world/files.ts';
import { startSsh } from '../../server/world/ssh.ts';
import { type SshWorld, sshWorld } from '../support/sshd.ts';
import { type Asked, fill, gigabytes, measured, plain, type Row, tried, trouble, words } from './bigLog.ts';

const nobody = new AbortController().signal;
const silent: Log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };

export interface BigLogHost {
  row(asked: Asked): Promise<Row>;
  stop(): void;
}

export async function bench(): Promise<{ readonly words: string; readonly json: object }> {
  const host = await bigLogHost();
  try {
    const rows: Row[] = [];
    for (const asked of plain) rows.push(await tried(asked, host.row));
    return { words: words('over ssh', rows), json: { gigabytes, rows } };
  } finally {
    host.stop();
  }
}

/** A real sshd before a log that fills five GB of the disk until it is stopped. */
export async function bigLogHost(): Promise<BigLogHost> {
  const world = sshWorld();
  try {
    const { port } = await world.start('worker');
    world.knownHosts(`worker ${world.publicKey('host_worker')}`);
    world.configure(`Host worker\n  HostName 127.0.0.1\n  Port ${port}\n  HostKeyAlias worker\n`);
    const file = path.join(world.folder, 'score.log');
    fill(file);
    return { row: (asked) => rowOf(world, file, asked), stop: () => world.stop() };
  } catch (error) {
    world.stop();
    throw error;
  }
}

async function rowOf(world: SshWorld, file: string, asked: Asked): Promise<Row> {
  const undo = trouble(file, asked);
  const times = { first: 0, questions: 0 };
  const connector = connected(world, times);
  const ask = remoteLogs({
    local: { stat, readRange },
    ask: (question) => answerLog(connector, question, nobody),
    now: Date.now,
  });
  try {
    return await measured(asked, () => ({
      ...{ reader: ask, file: remoteLog('worker', logKey({ file })) },
      firstByteAt: () => times.first,
      questions: () => times.questions,
    }));
  } finally {
    connector.dispose?.();
    undo();
  }
}

function connected(world: SshWorld, times: { first: number; questions: number }) {
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

function watched(talk: Talk, times: { first: number; questions: number }): Talk {
  const write = (text: string): void => {
    if (/^(?:stat|list|range|find|hunt)\n/.test(text)) times.questions += 1;
    talk.write(text);
  };
  return { ...talk, write, output: noted(talk.output) };

  async function* noted(output: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of output) {
      if (times.first === 0) times.first = performance.now();
      yield piece;
    }
  }
}
