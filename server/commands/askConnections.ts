// Ask connections: every connection of the user asked once, all at the same time, into the session's live store.
import { setTimeout as pause } from 'node:timers/promises';
import type { LiveHost } from '../connectors/connector.ts';
import { connectors } from '../connectors/registry.ts';
import { addressOf, type ConnectionConfig } from '../protocol/connection.ts';
import type { Session } from '../session.ts';
import { createManners } from '../sync/manners/manners.ts';
import { scanSource } from '../sync/pass.ts';
import { createHttp } from '../world/http/client.ts';
import type { CommandLine } from './arguments.ts';
import { type Connected, connected, foundSecret } from './connected.ts';
import type { SyncedSource } from './sync.ts';

export interface AskedConnections {
  readonly sources: readonly SyncedSource[];
  /** Mistakes in the file of connections. */
  readonly mistakes: readonly string[];
}

/** What is wrong with a connection stands in its line; rejects when our own store cannot be written. */
export async function askConnections(session: Session, line: CommandLine): Promise<AskedConnections> {
  const { connections, problems, places } = await connected(line);
  const sources = await Promise.all(connections.map((config) => ask(config, session, places)));
  return { sources, mistakes: problems };
}

async function ask(config: ConnectionConfig, session: Session, places: Connected['places']): Promise<SyncedSource> {
  const { name, tool, url } = config;
  if (config.paused) return { name, tool, url, health: 'paused', problems: [], tookMs: 0, requests: 0 };
  const { log, now } = session.options;
  const { secret, reason: withoutSecret } = await foundSecret(config, places);
  const factory = connectors.find((one) => one.tool === tool);
  if (!factory?.connect) {
    const reason = `This version cannot ask ${tool}.`;
    return { name, tool, url, health: 'failing', reason, problems: [], tookMs: 0, requests: 0 };
  }
  const manners = createManners({
    name,
    place: addressOf(url),
    http: createHttp({ connection: config, now }),
    now,
    sleep: async (ms, signal) => void (await pause(ms, undefined, { signal })),
    random: Math.random,
  });
  const host: LiveHost = {
    fetch: manners.fetch,
    secret: async () => secret,
    get skewMs() {
      return manners.skewMs();
    },
    log,
    now,
  };
  const connector = factory.connect(config, host, session.live.snapshot());
  try {
    const parts = { writer: session.live.writer(), now, log };
    const { health, problems, tookMs, reason } = await scanSource(connector, parts, new AbortController().signal);
    const why = health === 'forbidden' && withoutSecret ? [reason, withoutSecret].join(' ') : reason;
    const requests = manners.requestsLastHour();
    return { name, tool, url, health, ...(why === undefined ? {} : { reason: why }), problems, tookMs, requests };
  } finally {
    connector.dispose?.();
  }
}
