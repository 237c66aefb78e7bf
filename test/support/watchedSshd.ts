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
  /** How many sessions began and how many questions were asked, since the last time. */
  asked(): { readonly sessions: number; readonly questions: number };
  stop(): void;
}

/** What sshd does for the key instead of what was asked for: it knows the user by nothing else. */
const watcher = (folder: string): string => `#!/bin/sh
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
  writeFileSync(at('asked'), '');
  writeFileSync(at('authorized'), `command="${at('watcher')}" ${world.publicKey('user')}\n`);
  const sshd = await world.start('watched');
  world.knownHosts(`watched ${world.publicKey('host_watched')}`);
  world.configure(`Host watched\n  HostName 127.0.0.1\n  Port ${sshd.port}\n  HostKeyAlias watched\n`);
  let seen = 0;
  return {
    ...{ world, logs, url: 'ssh://watched', stop: () => world.stop() },
    behave: (line) => writeFileSync(at('behaviour'), line === '' ? '' : `${line}\n`),
    asked() {
      const all = readFileSync(at('asked'), 'latin1').split('\n');
      const fresh = all.slice(seen);
      seen = all.length - 1;
      const count = (pattern: RegExp) => fresh.filter((line) => pattern.test(line)).length;
      return { sessions: count(/^[0-9a-f]{32}$/), questions: count(/^(list|stat|count|range|find)$/) };
    },
  };
}

/** A connector whose questions a simulated clock can wait for: they go through programs, which it does not see. */
export function tracked(factory: ConnectorFactory): {
  readonly factory: ConnectorFactory;
  readonly isAsking: () => boolean;
} {
  let asking = 0;
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
    return watched;
  };
  return { factory: { ...factory, connect }, isAsking: () => asking > 0 };
}
