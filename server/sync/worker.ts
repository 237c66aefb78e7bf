// The sync worker: a thread that owns the writing of the store; it does nothing but what it is told and what is due.
import { parentPort } from 'node:worker_threads';
import { CatalogStore } from '../catalog/store.ts';
import type { Log } from '../connectors/connector.ts';
import { connectors } from '../connectors/registry.ts';
import { createHost } from '../world/host.ts';
import { stepBack } from '../world/priority.ts';
import { Lease } from './lease.ts';
import type { FromSync, SyncStart, ToSync } from './messages.ts';
import { Scheduler } from './scheduler.ts';

stepBack();

/** How soon a window that only reads sees what another one wrote. */
const followMs = 2_000;

const port = parentPort;
if (!port) throw new Error('server/sync/worker.ts is a worker thread: start it through server/sync/client.ts.');

const tell = (message: FromSync): void => port.postMessage(message);
const write =
  (level: 'error' | 'warn' | 'info' | 'debug') =>
  (message: string, fields?: object): void =>
    tell({ type: 'log', level, message, fields });
const log: Log = { error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug') };

class SyncThread {
  readonly #start: SyncStart;
  readonly #store: CatalogStore;
  readonly #lease: Lease;
  readonly #follow: NodeJS.Timeout;
  #scheduler: Scheduler | undefined;
  #revision = -1;
  #state: 'syncing' | 'ready' | 'reading' = 'reading';

  constructor(start: SyncStart) {
    this.#start = start;
    const { store, notice } = CatalogStore.open(start.storePath, {
      onNotice: (text) => tell({ type: 'notice', notice: text }),
    });
    if (notice) tell({ type: 'notice', notice });
    this.#store = store;
    this.#lease = new Lease({
      store,
      now: Date.now,
      onHeld: () => this.#write(),
      onLost: () => void this.#read(),
    });
    this.#follow = setInterval(() => this.#look(), followMs);
    this.#lease.start();
    if (!this.#lease.held) this.#status('reading');
  }

  poke(paths: readonly string[]): void {
    this.#scheduler?.poke(paths);
  }

  async rescan(): Promise<void> {
    await this.#scheduler?.rescan();
  }

  async freshen(ids: readonly string[]): Promise<void> {
    await this.#scheduler?.freshen(ids);
  }

  async stop(): Promise<void> {
    clearInterval(this.#follow);
    await this.#scheduler?.stop();
    this.#lease.stop();
    this.#store.close();
  }

  #write(): void {
    log.info('this window writes the store');
    this.#state = 'syncing';
    const { folders, trusted } = this.#start;
    this.#scheduler = new Scheduler({
      folders,
      store: this.#store,
      host: createHost({ log, trusted }),
      connectors,
      onChanged: () => this.#look(),
      onState: (state, trouble) => this.#status(state, trouble),
    });
    this.#scheduler.start();
  }

  async #read(): Promise<void> {
    log.warn('another window writes the store now');
    const scheduler = this.#scheduler;
    this.#scheduler = undefined;
    this.#status('reading');
    await scheduler?.stop();
  }

  /** A store that cannot be read just now (another process repairs it) is looked at again two seconds later. */
  #look(): void {
    try {
      this.#changed();
    } catch (error) {
      log.warn('the store could not be read', { error: String(error) });
    }
  }

  #changed(): void {
    const revision = this.#store.read((catalog) => catalog.revision);
    if (revision === this.#revision) return;
    this.#revision = revision;
    tell({ type: 'changed', revision });
    this.#status(this.#state);
  }

  #status(state: 'syncing' | 'ready' | 'reading', trouble?: string): void {
    this.#state = state;
    const sources = this.#store.read((catalog) => catalog.sources());
    tell({ type: 'status', state, sources, trouble });
  }
}

let thread: SyncThread | undefined;

async function receive(message: ToSync): Promise<void> {
  switch (message.type) {
    case 'start':
      thread ??= new SyncThread(message.start);
      return;
    case 'poke':
      thread?.poke(message.paths);
      return;
    case 'rescan':
    case 'freshen':
      try {
        await (message.type === 'rescan' ? thread?.rescan() : thread?.freshen(message.ids));
      } finally {
        tell({ type: 'done', request: message.request });
      }
      return;
    case 'stop':
      await thread?.stop();
      port?.close();
  }
}

port.on('message', (message: ToSync) => {
  receive(message).catch((error: unknown) => log.error('sync worker', { error: String(error) }));
});
