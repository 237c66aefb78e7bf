// The sync worker: a thread that owns the writing of the store; it does nothing but what it is told and what is due.
import { parentPort } from 'node:worker_threads';
import { CatalogStore } from '../catalog/store.ts';
import type { Log } from '../connectors/connector.ts';
import { connectors } from '../connectors/registry.ts';
import type { Secret } from '../protocol/connection.ts';
import { createHost } from '../world/host.ts';
import { stepBack } from '../world/priority.ts';
import { Lease } from './lease.ts';
import { realClock } from './live/clock.ts';
import { noLive } from './live/door.ts';
import { LiveSide } from './live/liveSide.ts';
import { Scheduler } from './local/scheduler.ts';
import type { FromSync, SyncStart, ToSync } from './messages.ts';

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

/** What was asked of the main thread, until it answers. */
const secretsAsked = new Map<number, { resolve(secret: Secret | undefined): void; reject(error: Error): void }>();
let secretRequests = 0;

function askSecret(name: string, origin: string): Promise<Secret | undefined> {
  secretRequests += 1;
  const request = secretRequests;
  return new Promise((resolve, reject) => {
    secretsAsked.set(request, { resolve, reject });
    tell({ type: 'secret', request, name, origin });
  });
}

function openStore(path: string): CatalogStore {
  const { store, notice } = CatalogStore.open(path, { onNotice: (text) => tell({ type: 'notice', notice: text }) });
  if (notice) tell({ type: 'notice', notice });
  return store;
}

class SyncThread {
  #start: SyncStart;
  readonly #store: CatalogStore;
  readonly #lease: Lease;
  readonly #follow: NodeJS.Timeout;
  readonly #liveStore: CatalogStore | undefined;
  readonly live: LiveSide | undefined;
  #scheduler: Scheduler | undefined;
  #revision = -1;
  #state: 'syncing' | 'ready' | 'reading' = 'reading';

  constructor(start: SyncStart) {
    this.#start = start;
    this.#store = openStore(start.storePath);
    this.#liveStore = start.livePath === undefined ? undefined : openStore(start.livePath);
    this.#lease = new Lease({
      store: this.#store,
      now: Date.now,
      onHeld: () => this.#write(),
      onLost: () => void this.#read(),
    });
    this.#follow = setInterval(() => this.#look(), followMs);
    this.#lease.start();
    if (!this.#lease.held) this.#status('reading');
    this.live = this.#liveStore && this.#openLive(this.#liveStore);
  }

  poke(paths: readonly string[]): void {
    this.#scheduler?.poke(paths);
  }

  openFolders(folders: readonly string[]): void {
    this.#start = { ...this.#start, folders };
    this.#scheduler?.openFolders(folders);
  }

  async rescan(): Promise<void> {
    await Promise.all([this.#scheduler?.rescan(), this.live?.syncNow()]);
  }

  async freshen(ids: readonly string[]): Promise<void> {
    await Promise.all([this.#scheduler?.freshen(ids), this.live?.freshen(ids)]);
  }

  async stop(): Promise<void> {
    clearInterval(this.#follow);
    await Promise.all([this.#scheduler?.stop(), this.live?.stop()]);
    this.#lease.stop();
    this.#store.close();
    this.#liveStore?.close();
  }

  #openLive(store: CatalogStore): LiveSide {
    const { proxy } = this.#start;
    return new LiveSide({
      store,
      known: [this.#store, store],
      connectors,
      clock: realClock,
      random: Math.random,
      log,
      secretOf: askSecret,
      ...(proxy && { proxy }),
      onChanged: () => tell({ type: 'changed', revision: store.snapshot().revision }),
    });
  }

  #write(): void {
    log.info('this window writes the store');
    this.#state = 'syncing';
    const { folders, trusted, received } = this.#start;
    this.#scheduler = new Scheduler({
      folders,
      ...(received !== undefined && { received }),
      store: this.#store,
      ...(this.#liveStore && { live: this.#liveStore }),
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

type Question = Extract<ToSync, { type: 'rescan' | 'freshen' | 'statuses' | 'syncNow' | 'askLog' | 'askSeries' }>;
type Answer = Omit<Extract<FromSync, { type: 'done' }>, 'type' | 'request'>;

async function answer(question: Question): Promise<Answer> {
  try {
    switch (question.type) {
      case 'rescan':
        await thread?.rescan();
        return {};
      case 'freshen':
        await thread?.freshen(question.ids);
        return {};
      case 'statuses':
        return { statuses: thread?.live?.statuses() ?? [] };
      case 'syncNow':
        await thread?.live?.syncNow(question.name);
        return {};
      case 'askLog':
        if (!thread?.live) throw new Error(noLive);
        return { log: await thread.live.askLog(question.question) };
      case 'askSeries':
        if (!thread?.live) throw new Error(noLive);
        return { series: await thread.live.askSeries(question.question) };
    }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function answerSecret({ request, secret, problem }: Extract<ToSync, { type: 'secret' }>): void {
  const asked = secretsAsked.get(request);
  secretsAsked.delete(request);
  if (problem === undefined) asked?.resolve(secret);
  else asked?.reject(new Error(problem));
}

async function receive(message: ToSync): Promise<void> {
  switch (message.type) {
    case 'start':
      thread ??= new SyncThread(message.start);
      return;
    case 'poke':
      thread?.poke(message.paths);
      return;
    case 'folders':
      thread?.openFolders(message.folders);
      return;
    case 'connections':
      thread?.live?.setConnections(message.connections, message.isWhole);
      return;
    case 'proxy':
      thread?.live?.setProxy(message.proxy);
      return;
    case 'attention':
      thread?.live?.attend(message.attention);
      return;
    case 'secretChanged':
      thread?.live?.secretChanged(message.name);
      return;
    case 'secret':
      answerSecret(message);
      return;
    case 'rescan':
    case 'freshen':
    case 'statuses':
    case 'syncNow':
    case 'askLog':
    case 'askSeries':
      tell({ type: 'done', request: message.request, ...(await answer(message)) });
      return;
    case 'stop':
      await thread?.stop();
      port?.close();
  }
}

port.on('message', (message: ToSync) => {
  receive(message).catch((error: unknown) => log.error('sync worker', { error: String(error) }));
});
