// One window of the editor over a store, asking one connection, with a clock that is moved: as its sync worker has it.
import { CatalogStore } from '../../server/catalog/store.ts';
import type { ConnectorFactory } from '../../server/connectors/connector.ts';
import { connectors as all } from '../../server/connectors/registry.ts';
import type { ConnectionConfig, ConnectionStatus, Secret } from '../../server/protocol/connection.ts';
import { LiveSide } from '../../server/sync/live/liveSide.ts';
import type { Timeouts } from '../../server/world/http/client.ts';
import { memoryLog } from './log.ts';
import { quiet as quietHttp } from './outgoing.ts';
import type { SimulatedClock } from './simulatedClock.ts';

export interface WindowOptions {
  /** Of the store; windows may share one. */
  readonly file: string;
  /** Windows that share a store share it. */
  readonly clock: SimulatedClock;
  readonly config: ConnectionConfig;
  readonly secret?: Secret;
  /** Default: all there are. */
  readonly connectors?: readonly ConnectorFactory[];
  readonly timeouts?: Partial<Timeouts>;
  /** The connector sees what it has told before, as it does in the editor. */
  readonly knows?: boolean;
  /** Resolves when nothing goes on but waiting for the clock; default: for what is asked over HTTP. */
  readonly quiet?: () => Promise<void>;
}

export class LiveWindow {
  readonly side: LiveSide;
  readonly store: CatalogStore;
  readonly #options: WindowOptions;

  constructor(options: WindowOptions) {
    const { file, clock, config, secret, connectors = all, timeouts, knows = false } = options;
    this.#options = options;
    this.store = CatalogStore.open(file, { now: () => clock.now() }).store;
    this.side = new LiveSide({
      store: this.store,
      connectors,
      clock,
      random: () => 0.5,
      log: memoryLog(),
      secretOf: async () => secret,
      onChanged: () => undefined,
      ...(timeouts ? { timeouts } : {}),
      ...(knows ? { known: [this.store] } : {}),
    });
    this.side.setConnections([config]);
  }

  get status(): ConnectionStatus | undefined {
    return this.side.statuses()[0];
  }

  pass(ms: number): Promise<void> {
    return this.#options.clock.pass(ms, this.#options.quiet ?? quietHttp);
  }

  /** Until the first scan has ended, well or not. */
  async synced(): Promise<void> {
    while (this.status === undefined || this.status.health === 'never') await this.pass(1_000);
  }

  /** Lets the clock pass until it is done: it may wait for its turn within the budget. */
  async during(work: Promise<void>): Promise<void> {
    let isDone = false;
    void work.finally(() => {
      isDone = true;
    });
    while (!isDone) await this.pass(100);
  }

  async close(): Promise<void> {
    await this.side.stop();
    this.store.close();
  }
}
