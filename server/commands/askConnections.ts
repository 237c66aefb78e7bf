// Ask connections: every connection of the user asked once, all at the same time, into the session's live store.

import type { EntityId } from '../catalog/entity.ts';
import { isAllowed } from '../connections/hostLogs.ts';
import { isQueryAllowed } from '../connections/metricQueries.ts';
import type { LiveConnector } from '../connectors/connector.ts';
import { connectors } from '../connectors/registry.ts';
import type { ConnectionConfig } from '../protocol/connection.ts';
import type { Session } from '../session.ts';
import { failureOf, isStoreTrouble } from '../sync/health.ts';
import { type Clock, realClock } from '../sync/live/clock.ts';
import { connect } from '../sync/live/connected.ts';
import { LiveScan } from '../sync/live/liveScan.ts';
import { type AskLog, answerLog } from '../sync/live/logQuestions.ts';
import { usualTiming } from '../sync/live/timing.ts';
import type { CommandLine } from './arguments.ts';
import { type Connected, connected, foundSecret } from './connected.ts';
import type { SyncedSource } from './sync.ts';

export interface AskedConnections {
  readonly sources: readonly SyncedSource[];
  /** Mistakes in the file of connections. */
  readonly mistakes: readonly string[];
  /** Until `close`. */
  readonly askLog: AskLog;
  /** Asks for what there is to be said of these things now; a connection that does not answer is said in the log. Until `close`. */
  look(ids: readonly EntityId[]): Promise<void>;
  close(): void;
}

const never = new AbortController().signal;

/** What is wrong with a connection stands in its line; rejects when our own store cannot be written. */
export async function askConnections(session: Session, line: CommandLine): Promise<AskedConnections> {
  const { connections, problems, places } = await connected(line);
  const open = new Map<string, LiveConnector>();
  const scans = new Map<string, LiveScan>();
  // On the command line nobody can be asked.
  for (const named of session.folders.config().hostLogs.filter((one) => !isAllowed(one, connections)))
    session.options.log.warn(
      `plumbline.yaml names ${named.path} on the host ${named.host}, which you have not allowed, so it is not read. Allow it in the editor, or write it into "logs" of a connection of your own.`,
    );
  for (const named of session.folders.config().metricQueries.filter((one) => !isQueryAllowed(one, connections)))
    session.options.log.warn(
      `plumbline.yaml names a query for the metric ${named.metric}, which you have not allowed, so it is not run. Allow it in the editor, or write it into "queries" of a connection of your own.`,
    );
  const asked = await Promise.all(connections.map((config) => ask(config, { session, places, open, scans })));
  await Promise.all([...scans].map(([name, scan]) => again(name, scan, session)));
  const sources = asked.map((told) => told());
  return {
    sources,
    mistakes: problems,
    async askLog(question) {
      const connector = open.get(question.source);
      if (connector) return answerLog(connector, question, never);
      throw new Error(
        `The connection ${question.source} did not answer, or is configured no more: its logs cannot be read.`,
      );
    },
    async look(ids) {
      const looks = [...scans].map(async ([name, scan]) => {
        try {
          await scan.look(ids, never);
        } catch (error) {
          if (isStoreTrouble(error)) throw error;
          session.options.log.warn(`${name}: ${failureOf(error).reason}`);
        }
      });
      await Promise.all(looks);
    },
    close() {
      for (const connector of open.values()) connector.dispose?.();
    },
  };
}

interface AskParts {
  readonly session: Session;
  readonly places: Connected['places'];
  readonly open: Map<string, LiveConnector>;
  /** Of those that answered. */
  readonly scans: Map<string, LiveScan>;
}

/** Who is called what, the first scans have found out only now: texts that may name them are read once more. */
async function again(name: string, scan: LiveScan, { options: { log } }: Session): Promise<void> {
  if (!scan.isBehind) return;
  try {
    await scan.scan(false, usualTiming.fullMs, never);
  } catch (error) {
    if (isStoreTrouble(error)) throw error;
    log.warn(`${name}: ${failureOf(error).reason}`);
  }
}

/** What came of it, with the requests up to when that is asked for. */
async function ask(config: ConnectionConfig, { session, places, open, scans }: AskParts): Promise<() => SyncedSource> {
  const { name, tool, url } = config;
  if (config.paused) return () => ({ name, tool, url, health: 'paused', problems: [], tookMs: 0, requests: 0 });
  const { log, now } = session.options;
  const clock: Clock = { ...realClock, now };
  const { secret, reason: withoutSecret } = await foundSecret(config, places);
  const known = [session.store, session.live];
  const began = now();
  let requests = (): number => 0;
  const told = (rest: Pick<SyncedSource, 'health' | 'reason' | 'problems'>): (() => SyncedSource) => {
    const tookMs = now() - began;
    return () => ({ name, tool, url, ...rest, tookMs, requests: requests() });
  };
  try {
    const parts = { connectors, clock, random: Math.random, log, secretOf: async () => secret, known };
    const { connector, manners, known: all } = connect(config, parts);
    open.set(name, connector);
    requests = () => manners.requestsLastHour();
    const scan = new LiveScan({ connector, store: session.live, now, log, ...(all && { known: all }) });
    const { problems } = await scan.scan(false, usualTiming.fullMs, never);
    scans.set(name, scan);
    return told({ health: 'fresh', problems });
  } catch (error) {
    if (isStoreTrouble(error)) throw error;
    const { health, reason } = failureOf(error);
    const why = health === 'forbidden' && withoutSecret ? `${reason} ${withoutSecret}` : reason;
    return told({ health, reason: why, problems: [] });
  }
}
