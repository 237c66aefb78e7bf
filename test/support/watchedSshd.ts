// A real sshd whose every session goes through a program of the test: it notes what is asked, and can misbehave.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ConnectorFactory, LiveConnector } from '../../server/connectors/connector.ts';
import { type SshWorld, sshWorld } from './sshd.ts';

export interface WatchedHost {
  readonly world: SshWorld;
  /** Of the log files. */
  readonly logs: string;
  readonly url: string;
  /** A line of shell before what was asked for; `exit` or `exec` in it takes its place. Empty: all is well. */
  behave(line: string): void;
  /** How many questions came through, since the last time. */
  asked(): number;
  /** How many sessions began, since the last time. */
  began(): number;
  stop(): void;
}

/** What sshd does for the key instead of what was asked for: it knows the user by nothing else. */
const watcher = (folder: string): string => `#!/bin/sh
echo >> '${folder}/began'
[ -s '${folder}/behaviour' ] && . '${folder}/behaviour'
tee -a '${folder}/asked' | /bin/sh -c "$SSH_ORIGINAL_COMMAND"
`;

export async function watchedHost(): Promise<WatchedHost> {
  const world = sshWorld();
  const { folder } = world;
  const logs = path.join(folder, 'logs');
  mkdirSync(logs);
  const at = (name: string) => path.join(folder, name);
  writeFileSync(at('watcher'), watcher(folder), { mode: 0o755 });
  writeFileSync(at('behaviour'), '');
  for (const name of ['asked', 'began']) writeFileSync(at(name), '');
  writeFileSync(at('authorized'), `command="${at('watcher')}" ${world.publicKey('user')}\n`);
  const sshd = await world.start('watched');
  world.knownHosts(`watched ${world.publicKey('host_watched')}`);
  world.configure(`Host watched\n  HostName 127.0.0.1\n  Port ${sshd.port}\n  HostKeyAlias watched\n`);
  const fresh = (name: string): (() => readonly string[]) => {
    let seen = 0;
    return () => {
      const all = readFileSync(at(name), 'latin1').split('\n').slice(0, -1);
      const more = all.slice(seen);
      seen = all.length;
      return more;
    };
  };
  const [asked, began] = [fresh('asked'), fresh('began')];
  return {
    ...{ world, logs, url: 'ssh://watched', stop: () => world.stop() },
    behave: (line) => writeFileSync(at('behaviour'), line === '' ? '' : `${line}\n`),
    asked: () => asked().filter((line) => /^(list|stat|count|range|find)$/.test(line)).length,
    began: () => began().length,
  };
}

/** A connector whose questions a simulated clock can wait for: they go through programs, which it does not see. */
export function tracked(factory: ConnectorFactory): {
  readonly factory: ConnectorFactory;
  readonly isAsking: () => boolean;
  /** Closes what is open, so that the next question begins anew. */
  readonly drop: () => void;
} {
  let asking = 0;
  const open: LiveConnector[] = [];
  async function* counted<T>(pages: AsyncIterable<T>): AsyncIterable<T> {
    asking += 1;
    try {
      yield* pages;
    } finally {
      asking -= 1;
    }
  }
  const connect: ConnectorFactory['connect'] = (connection, host, catalog) => {
    const connector = factory.connect?.(connection, host, catalog);
    if (!connector) throw new Error(`${factory.tool} has no live connector.`);
    const watched: LiveConnector = {
      ...connector,
      scan: (signal, since) => counted(connector.scan(signal, since)),
      describe: (ids, signal) => counted(connector.describe(ids, signal)),
    };
    open.push(connector);
    return watched;
  };
  const drop = (): void => {
    for (const connector of open) connector.dispose?.();
  };
  return { factory: { ...factory, connect }, isAsking: () => asking > 0, drop };
}
