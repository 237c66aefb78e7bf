// Here: the sync while memory is all there is: in this thread, over the session's own store; in its worker as soon as there is a file.
import type { CatalogStore } from '../catalog/store.ts';
import type { ConnectorHost } from '../connectors/connector.ts';
import { SyncClient, type SyncEvents } from './client.ts';
import { closedDoor, type LiveDoor } from './live/door.ts';
import { type LiveHere, liveHere } from './live/here.ts';
import type { LiveSide } from './live/liveSide.ts';
import type { Scheduler } from './local/scheduler.ts';
import type { SyncStart } from './messages.ts';

export interface Sync {
  /** Absolute paths of files that changed, as the editor's watchers tell. */
  poke(paths: readonly string[]): void;
  /** Resolves when everything has been looked at anew. */
  rescan(): Promise<void>;
  /** From now on these are the workspace folders, absolute; what was found in others alone is forgotten. */
  openFolders(folders: readonly string[]): void;
  readonly live: LiveDoor;
  stop(): Promise<void>;
}

export interface SyncParts {
  readonly start: Omit<SyncStart, 'livePath'>;
  /** The store that answers are read from. */
  readonly store: CatalogStore;
  /** Of what connections give, and where it is kept; absent: no server is asked from this window. */
  readonly live?: { readonly store: CatalogStore; readonly path: string };
  readonly host: ConnectorHost;
  readonly events: SyncEvents;
}

/** A worker has a memory of its own, which nobody could read; so without a file the reading is done here. */
export function startSync(parts: SyncParts): Sync {
  const { store, live, start, events } = parts;
  const inWorker = live && !store.isInMemory && !live.store.isInMemory;
  if (!store.isInMemory) {
    const client = new SyncClient(inWorker ? { ...start, livePath: live.path } : start, events);
    return inWorker ? { ...joined(client), live: client } : joined(client, openHere(parts));
  }
  return joined(new SyncHere(parts), openHere(parts));
}

type Reading = Pick<SyncClient, 'poke' | 'rescan' | 'openFolders' | 'stop'>;

function joined(reading: Reading, live?: LiveDoor | LiveHere): Sync {
  return {
    live: live ?? closedDoor,
    poke: (paths) => reading.poke(paths),
    openFolders: (folders) => reading.openFolders(folders),
    async rescan() {
      await Promise.all([reading.rescan(), live?.syncNow()]);
    },
    async stop() {
      await Promise.all([reading.stop(), live && 'stop' in live ? live.stop() : undefined]);
    },
  };
}

function openHere({ store, live, start, host, events }: SyncParts): LiveDoor | LiveHere {
  return live ? liveHere(openSide(live.store)) : closedDoor;

  async function openSide(liveStore: CatalogStore): Promise<LiveSide> {
    const [{ LiveSide }, { connectors }, { realClock }] = await Promise.all([
      import('./live/liveSide.ts'),
      import('../connectors/registry.ts'),
      import('./live/clock.ts'),
    ]);
    const { secretOf = async () => undefined, onChanged } = events;
    return new LiveSide({
      store: liveStore,
      known: [store, liveStore],
      connectors,
      clock: realClock,
      random: Math.random,
      log: host.log,
      secretOf,
      ...(start.proxy && { proxy: start.proxy }),
      onChanged: () => onChanged(liveStore.snapshot().revision),
    });
  }
}

/** How soon a file that can be used again is noticed. */
const lookMs = 3_000;

class SyncHere implements Reading {
  #parts: SyncParts;
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

  openFolders(folders: readonly string[]): void {
    this.#parts = { ...this.#parts, start: { ...this.#parts.start, folders } };
    this.#client?.openFolders(folders);
    void this.#scheduler?.then((scheduler) => scheduler.openFolders(folders));
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

async function schedule({ start, store, live, host, events }: SyncParts): Promise<Scheduler> {
  const [{ Scheduler }, { connectors }] = await Promise.all([
    import('./local/scheduler.ts'),
    import('../connectors/registry.ts'),
  ]);
  const scheduler = new Scheduler({
    folders: start.folders,
    ...(start.received !== undefined && { received: start.received }),
    store,
    ...(live && { live: live.store }),
    host,
    connectors,
    onChanged: () => events.onChanged(store.snapshot().revision),
    onState: (state, trouble) => events.onStatus({ state, sources: store.snapshot().sources(), trouble }),
  });
  scheduler.start();
  return scheduler;
}
