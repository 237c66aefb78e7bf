// A small world for tests of the live sync: a clock that passes at once, and a tool whose servers do as they are told.
import { setImmediate as turn } from 'node:timers/promises';
import type { CatalogChange } from '../../../server/catalog/change.ts';
import { entityId } from '../../../server/catalog/entity.ts';
import { CatalogStore } from '../../../server/catalog/store.ts';
import type { ConnectorFactory, FetchedLog, LiveConnector, LiveHost } from '../../../server/connectors/connector.ts';
import { addressOf, type ConnectionConfig, type Secret } from '../../../server/protocol/connection.ts';
import type { Clock } from '../../../server/sync/live/clock.ts';
import { LiveSide, type LiveSideParts } from '../../../server/sync/live/liveSide.ts';
import { type MemoryLog, memoryLog } from '../../support/log.ts';
import { SimulatedClock } from '../../support/simulatedClock.ts';

export const begins = Date.parse('2026-11-23T12:00:00Z');
export const minute = 60_000;
export const hour = 60 * minute;

/** Everything here happens in this process: a few turns, and all that goes on waits for the clock. */
export class TestClock extends SimulatedClock {
  constructor() {
    super(begins);
  }

  override pass(ms: number): Promise<void> {
    return super.pass(ms, settled);
  }
}

export async function settled(): Promise<void> {
  for (let turns = 0; turns < 12; turns++) await turn();
}

/** One server of the tool, by hand: the connector is the seam. */
export class Server {
  readonly models = new Map<string, string>([['churn', 'ana']]);
  /** `full`, or the cursor it went on from. */
  readonly scans: string[] = [];
  readonly described: (readonly string[])[] = [];
  readonly logs = new Map<string, FetchedLog>();
  /** Thrown, or waited for, before each answer. */
  trouble: ((signal: AbortSignal) => Promise<void>) | undefined;
  problem: string | undefined;
  secrets: (Secret | undefined)[] = [];
}

export const tool = (servers: Readonly<Record<string, Server>>): ConnectorFactory => ({
  tool: 'mlflow',
  discover: () => [],
  create: () => {
    throw new Error('not read from files');
  },
  connect: (config, host) => connectorOf(config, host, servers[addressOf(config.url)] ?? new Server()),
});

function connectorOf(config: ConnectionConfig, host: LiveHost, server: Server): LiveConnector {
  const { name, tool, environment } = config;
  const instance = config.instance ?? addressOf(config.url);
  const scope = `${tool}://${instance}`;
  const ready = async (signal: AbortSignal): Promise<void> => {
    server.secrets.push(await host.secret());
    await server.trouble?.(signal);
  };
  const model = (key: string): CatalogChange['entities'] => {
    const owner = server.models.get(key);
    const id = entityId('model', tool, instance, key);
    return owner === undefined ? [] : [{ id, kind: 'model', name: key, facts: { owner } }];
  };
  return {
    source: { name, tool, ...(environment === undefined ? {} : { environment }) },
    scope,
    kinds: ['model', 'run'],
    async *scan(signal, since) {
      server.scans.push(since ?? 'full');
      await ready(signal);
      const covered = [{ kind: 'model' as const, scope }];
      yield { ...(since === undefined ? {} : { incremental: true }), cursor: `c${server.scans.length}` };
      yield {
        entities: [...server.models.keys()].flatMap((key) => model(key) ?? []),
        covered,
        ...(server.problem === undefined ? {} : { problems: [{ message: server.problem }] }),
      };
    },
    async *describe(ids, signal) {
      server.described.push(ids);
      await ready(signal);
      yield { entities: ids.flatMap((id) => model(id.slice(id.lastIndexOf('/') + 1)) ?? []) };
    },
    async readLog(key, signal) {
      await ready(signal);
      const log = server.logs.get(key);
      if (!log) throw new Error(`${name} has no log ${key}. Look in its own pages.`);
      return log;
    },
    greet: async (signal) => {
      await ready(signal);
      return `Tiny 1.0, ${server.models.size} models`;
    },
  };
}

export const connection = (name: string, more: Partial<ConnectionConfig> = {}): ConnectionConfig => ({
  name,
  tool: 'mlflow',
  url: `http://${name}:5000`,
  ...more,
});

export const modelOf = (name: string, key = 'churn'): string => entityId('model', 'mlflow', `${name}:5000`, key);

export interface Window {
  readonly side: LiveSide;
  readonly store: CatalogStore;
  readonly log: MemoryLog;
  readonly servers: Readonly<Record<string, Server>>;
}

export function openWindow(
  clock: Clock,
  names: Readonly<Record<string, Server>>,
  more: Partial<LiveSideParts> = {},
): Window {
  const log = memoryLog();
  const servers = Object.fromEntries(Object.entries(names).map(([name, server]) => [`${name}:5000`, server]));
  const store = more.store ?? CatalogStore.open(':memory:', { now: () => clock.now() }).store;
  const side = new LiveSide({
    store,
    connectors: [tool(servers)],
    clock,
    random: () => 0.5,
    log,
    secretOf: async () => undefined,
    onChanged: () => {},
    ...more,
  });
  return { side, store, log, servers };
}
