// Ask connections: every connection of the user asked once, all at the same time, into the session's live store.
import { connectors } from '../connectors/registry.ts';
import type { ConnectionConfig } from '../protocol/connection.ts';
import type { Session } from '../session.ts';
import { failureOf, isStoreTrouble } from '../sync/health.ts';
import { type Clock, realClock } from '../sync/live/clock.ts';
import { connect } from '../sync/live/connected.ts';
import { LiveScan } from '../sync/live/liveScan.ts';
import { usualTiming } from '../sync/live/timing.ts';
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
  const clock: Clock = { ...realClock, now };
  const { secret, reason: withoutSecret } = await foundSecret(config, places);
  const known = [session.store, session.live];
  const began = now();
  const common = { name, tool, url };
  try {
    const parts = { connectors, clock, random: Math.random, log, secretOf: async () => secret, known };
    const { connector, manners } = connect(config, parts);
    const scan = new LiveScan({ connector, store: session.live, now, log });
    const counts = () => ({ tookMs: now() - began, requests: manners.requestsLastHour() });
    try {
      const { problems } = await scan.scan(false, usualTiming.fullMs, new AbortController().signal);
      return { ...common, health: 'fresh', problems, ...counts() };
    } catch (error) {
      if (isStoreTrouble(error)) throw error;
      const { health, reason } = failureOf(error);
      const why = health === 'forbidden' && withoutSecret ? `${reason} ${withoutSecret}` : reason;
      return { ...common, health, reason: why, problems: [], ...counts() };
    } finally {
      connector.dispose?.();
    }
  } catch (error) {
    if (isStoreTrouble(error)) throw error;
    return { ...common, ...failureOf(error), problems: [], tookMs: now() - began, requests: 0 };
  }
}
