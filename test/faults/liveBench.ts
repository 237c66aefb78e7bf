// One connection over a fault proxy, and a second one beside it that nothing happens to, with a clock that is moved.
import type { EntityId, EntityKind } from '../../server/catalog/entity.ts';
import { CatalogStore } from '../../server/catalog/store.ts';
import { connectors } from '../../server/connectors/registry.ts';
import type { ConnectionConfig, ConnectionStatus, LiveTool, Secret } from '../../server/protocol/connection.ts';
import { LiveSync } from '../../server/sync/live/liveSync.ts';
import { statusOf } from '../../server/sync/live/statuses.ts';
import { usualTiming } from '../../server/sync/live/timing.ts';
import { memoryLog } from '../support/log.ts';
import { quiet } from '../support/outgoing.ts';
import { SimulatedClock } from '../support/simulatedClock.ts';

/** Long enough for a real server on a busy machine, which may still be too slow once: then it is asked again. */
const impatient = { connectMs: 2_000, idleMs: 900, totalMs: 1_600 };

export interface LiveTarget {
  readonly tool: LiveTool;
  /** Of the real server. */
  readonly url: string;
  readonly secret?: Secret;
  /** Of tools whose things are not named by their instance: what the two connections tell of, as `tool://instance`, and the second server. */
  readonly apart?: { readonly first: string; readonly other: string; readonly url: string };
}

export interface Known {
  readonly entities: ReadonlySet<EntityId>;
  readonly runs: ReadonlySet<EntityId>;
  readonly covered: readonly EntityKind[];
}

const kinds: readonly EntityKind[] = [
  'model',
  'version',
  'experiment',
  'job',
  'task',
  'metric',
  'run',
  'endpoint',
  'monitor',
];

export class LiveBench {
  readonly store = CatalogStore.open(':memory:').store;
  readonly clock = new SimulatedClock(Date.now());
  readonly log = memoryLog();
  readonly #target: LiveTarget;
  readonly #sync: LiveSync;
  #configs: readonly ConnectionConfig[] = [];

  /** Impatient: it waits but a moment for an answer. */
  constructor(target: LiveTarget, isImpatient = false) {
    this.#target = target;
    this.#sync = new LiveSync({
      connectors,
      clock: this.clock,
      random: () => 0.5,
      log: this.log,
      secretOf: async () => target.secret,
      ...(isImpatient ? { timeouts: impatient } : {}),
      store: this.store,
      timing: usualTiming,
      onChanged: () => undefined,
      onStatus: () => undefined,
    });
  }

  /** `url` is what the first connection asks; the other one asks the real server. */
  connect(url: string, more: Partial<ConnectionConfig> = {}): void {
    const { tool } = this.#target;
    const first: ConnectionConfig = { name: 'first', tool, url, instance: 'one', ...more };
    this.#configs = [first, { name: 'other', tool, url: this.#target.apart?.url ?? this.#target.url, instance: 'two' }];
    this.#sync.setConnections(this.#configs);
  }

  /** A focused window shows something of the first connection, so that it is asked often. */
  look(): void {
    const [shown] = this.ids('first');
    this.#sync.attend([{ focused: true, ids: shown === undefined ? [] : [shown] }]);
  }

  pass(ms: number): Promise<void> {
    return this.clock.pass(ms, quiet);
  }

  status(name: 'first' | 'other'): ConnectionStatus {
    const config = this.#configs.find((one) => one.name === name);
    if (!config) throw new Error(`There is no connection ${name}.`);
    const catalog = this.store.snapshot();
    return statusOf(config, {
      source: catalog.sources().find((source) => source.name === name),
      entities: this.ids(name).length,
      state: this.#sync.states().get(name),
      now: this.clock.now(),
      staleMs: usualTiming.staleMs,
    });
  }

  /** What is there and not gone. */
  known(name: 'first' | 'other'): Known {
    const catalog = this.store.snapshot();
    const entities = this.ids(name);
    const runs = entities.flatMap((id) => catalog.runs(id, { limit: 1000 }).map((run) => run.id));
    return { entities: new Set(entities), runs: new Set(runs), covered: this.#covered(name) };
  }

  ids(name: 'first' | 'other'): readonly EntityId[] {
    const catalog = this.store.snapshot();
    const scope = `${this.#target.apart?.[name] ?? this.#scope(name)}/`;
    const all = kinds.flatMap((kind) => catalog.list(kind, 200_000));
    return all.filter(({ id, goneAt }) => goneAt === undefined && id.includes(`:${scope}`)).map(({ id }) => id);
  }

  async close(): Promise<void> {
    await this.#sync.stop();
    this.store.close();
  }

  #scope(name: 'first' | 'other'): string {
    return `${this.#target.tool}://${name === 'first' ? 'one' : 'two'}`;
  }

  #covered(name: 'first' | 'other'): readonly EntityKind[] {
    const catalog = this.store.snapshot();
    const scope = this.#scope(name);
    return kinds.filter((kind) => catalog.covers(kind, this.#target.tool, scope).covered);
  }
}
