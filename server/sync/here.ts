// Here: the sync while memory is all there is: in this thread, over the session's own store; in its worker as soon as there is a file.
import type { CatalogStore } from '../catalog/store.ts';
import type { ConnectorHost } from '../connectors/connector.ts';
import { SyncClient, type SyncEvents } from './client.ts';
import type { SyncStart } from './messages.ts';
import type { Scheduler } from './scheduler.ts';

export interface Sync {
  /** Absolute paths of files that changed, as the editor's watchers tell. */
  poke(paths: readonly string[]): void;
  /** Resolves when everything has been looked at anew. */
  rescan(): Promise<void>;
  stop(): Promise<void>;
}

export interface SyncParts {
  readonly start: SyncStart;
  /** The store that answers are read from. */
  readonly store: CatalogStore;
  readonly host: ConnectorHost;
  readonly events: SyncEvents;
}

/** A worker has a memory of its own, which nobody could read; so without a file the reading is done here. */
export function startSync(parts: SyncParts): Sync {
  return parts.store.isInMemory ? new SyncHere(parts) : new SyncClient(parts.start, parts.events);
}

/** How soon a file that can be used again is noticed. */
const lookMs = 3_000;

class SyncHere implements Sync {
  readonly #parts: SyncParts;
  readonly #look: NodeJS.Timeout;
  /** Loaded only when needed: usually the worker has it, and this thread starts faster without. */
  #scheduler: Promise<Scheduler> | undefined;
  #client: SyncClient | undefined;

  constructor(parts: SyncParts) {
    this.#parts = parts;
    this.#scheduler = schedule(parts);
    this.#scheduler.catch((error: unknown) =>
      parts.events.log.error('the sync could not start', { error: String(error) }),
    );
    this.#look = setInterval(() => void this.#useFile(), lookMs);
  }

  poke(paths: readonly string[]): void {
    this.#client?.poke(paths);
    void this.#scheduler?.then((scheduler) => scheduler.poke(paths));
  }

  async rescan(): Promise<void> {
    if (this.#client) await this.#client.rescan();
    else await (await this.#scheduler)?.rescan();
  }

  async stop(): Promise<void> {
    clearInterval(this.#look);
    await (await this.#scheduler)?.stop();
    this.#scheduler = undefined;
    await this.#client?.stop();
  }

  async #useFile(): Promise<void> {
    const { start, store, events } = this.#parts;
    // A read is what makes the store try its file again.
    store.read(() => undefined);
    if (store.isInMemory || this.#client) return;
    clearInterval(this.#look);
    this.#client = new SyncClient(start, events);
    const scheduler = await this.#scheduler;
    this.#scheduler = undefined;
    await scheduler?.stop();
  }
}

async function schedule({ start, store, host, events }: SyncParts): Promise<Scheduler> {
  const [{ Scheduler }, { connectors }] = await Promise.all([
    import('./scheduler.ts'),
    import('../connectors/registry.ts'),
  ]);
  const scheduler = new Scheduler({
    folders: start.folders,
    store,
    host,
    connectors,
    onChanged: () => events.onChanged(store.snapshot().revision),
    onState: (state, trouble) => events.onStatus({ state, sources: store.snapshot().sources(), trouble }),
  });
  scheduler.start();
  return scheduler;
}
