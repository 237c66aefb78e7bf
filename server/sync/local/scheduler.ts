// Scheduler: when each source is scanned: at start, when its fingerprint changed, when poked, later after a failure.
import type { CatalogStore } from '../../catalog/store.ts';
import type { Connector, ConnectorFactory, ConnectorHost } from '../../connectors/connector.ts';
import { type Backoff, failureOf, usualBackoff, waitAfter } from '../health.ts';
import { instancesOf, isNewcomer } from '../mined.ts';
import { scanSource } from '../pass.ts';
import { type Discovered, discover } from './discovery.ts';
import { knownIn } from './known.ts';
import { folderLeft, openSource, retireMissing } from './open.ts';
import { concerns, mayBeNew } from './pokes.ts';

export interface SchedulerOptions {
  /** Absolute workspace folders, as it starts. */
  readonly folders: readonly string[];
  /** Absolute folder of the events that were posted to us. */
  readonly received?: string;
  readonly store: CatalogStore;
  readonly host: ConnectorHost;
  readonly connectors: readonly ConnectorFactory[];
  /** What the connections gave: their runs stand in what the files say. */
  readonly live?: CatalogStore;
  /** The store has a new revision. */
  readonly onChanged: () => void;
  /** `syncing` while anything is being scanned. `trouble`: our own store cannot be written, and why. */
  readonly onState: (state: 'syncing' | 'ready', trouble?: string) => void;
  /** How often fingerprints are compared; a slow one is compared less often. */
  readonly pollMs?: number;
  /** How often the folders are searched for new sources. */
  readonly discoverMs?: number;
  /** Pokes arrive in swarms: how long to wait for the last one. */
  readonly settleMs?: number;
  readonly backoff?: Backoff;
  /** In [0, 1). */
  readonly chance?: () => number;
}

interface Entry {
  readonly discovered: Discovered;
  connector?: Connector;
  /** Of the last scan that ended well. */
  fingerprint?: string;
  /** Whom its texts were read against then. */
  instances?: readonly string[];
  failures: number;
  /** Epoch ms. */
  dueAt: number;
  /** Epoch ms: a store that is written all the time is not read all the time. */
  restsUntil: number;
  /** Scan even if the fingerprint is the same. */
  forced: boolean;
}

const fullScanMs = 15 * 60_000;

/** One scan at a time in all: they share one thread and one store. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #stopping = new AbortController();
  readonly #entries = new Map<string, Entry>();
  #folders: readonly string[];
  #discoverAt = 0;
  #met = { revision: -1, byTool: new Map<string, readonly string[]>() };
  #timer: NodeJS.Timeout | undefined;
  #turning: Promise<void> | undefined;
  #again = false;
  #state: 'syncing' | 'ready' | undefined;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#folders = options.folders;
  }

  start(): void {
    void this.#turn();
  }

  /** Files that changed, absolute. */
  poke(paths: readonly string[]): void {
    const { settleMs = 300, host } = this.#options;
    const at = host.now() + settleMs;
    for (const file of paths) {
      if (mayBeNew(file)) this.#discoverAt = Math.min(this.#discoverAt, at);
      for (const entry of this.#entries.values()) {
        const { source } = entry.discovered;
        const concern = concerns(file, source);
        if (concern === 'no') continue;
        entry.dueAt = Math.min(entry.dueAt, Math.max(at, entry.restsUntil));
        entry.forced ||= concern === 'own';
      }
    }
    this.#wake(settleMs);
  }

  /** Everything anew, now; resolves when it is done. */
  async rescan(): Promise<void> {
    this.#discoverAt = 0;
    for (const entry of this.#entries.values()) this.#due(entry, true);
    await this.#turn();
  }

  /** From now on these are the workspace folders: what was found in others alone is forgotten at once. */
  openFolders(folders: readonly string[]): void {
    this.#folders = folders;
    this.#discoverAt = 0;
    void this.#turn();
  }

  /** Looks at the sources of these scopes now; resolves when what had changed is read. */
  async freshen(ids: readonly string[]): Promise<void> {
    const touched = [...this.#entries.values()].filter(({ connector }) =>
      ids.some((id) => connector && id.replace(/^[^:]*:/, '').startsWith(`${connector.scope}/`)),
    );
    for (const entry of touched) this.#due(entry, false);
    if (touched.length > 0) await this.#turn();
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('The sync is stopping.'));
    clearTimeout(this.#timer);
    await this.#turning?.catch(() => {});
    for (const { connector } of this.#entries.values()) connector?.dispose?.();
    this.#entries.clear();
  }

  #due(entry: Entry, forced: boolean): void {
    entry.dueAt = 0;
    entry.forced ||= forced;
  }

  /** Works off what is due. Asked again meanwhile, it goes round once more before it resolves. */
  #turn(): Promise<void> {
    this.#again = true;
    this.#turning ??= this.#loop();
    return this.#turning;
  }

  async #loop(): Promise<void> {
    const { signal } = this.#stopping;
    // So that the assignment of the caller is done before the end of this can be.
    await null;
    try {
      while (this.#again && !signal.aborted) {
        this.#again = false;
        await this.#discover();
        for (const entry of [...this.#entries.values()]) await this.#visit(entry);
      }
      this.#tell('ready');
    } catch (error) {
      if (signal.aborted) return;
      const { reason } = failureOf(error);
      this.#options.host.log.error('sync', { reason });
      // The store: nothing can be told of any source until it is well again.
      this.#postpone();
      this.#tell('ready', reason);
    } finally {
      this.#turning = undefined;
      this.#wake();
    }
  }

  #postpone(): void {
    const later = this.#options.host.now() + waitAfter(1, this.#options.backoff ?? usualBackoff, this.#chance());
    this.#discoverAt = Math.max(this.#discoverAt, later);
    for (const entry of this.#entries.values()) entry.dueAt = Math.max(entry.dueAt, later);
  }

  async #discover(): Promise<void> {
    const { connectors, host, store, live, received, discoverMs = 60_000 } = this.#options;
    const folders = this.#folders;
    if (host.now() < this.#discoverAt) return;
    const { signal } = this.#stopping;
    const began = host.now();
    const found = await discover(folders, connectors, host, signal, received);
    // Other folders meanwhile: they are looked into next.
    if (folders !== this.#folders) return;
    this.#discoverAt = host.now() + Math.max(discoverMs, (host.now() - began) * 50);
    const names = new Set(found.map(({ source }) => source.name));
    let changed = false;
    for (const [name, entry] of this.#entries) {
      if (names.has(name)) continue;
      entry.connector?.dispose?.();
      this.#entries.delete(name);
      changed = folderLeft(store, entry.discovered, found, folders) || changed;
    }
    changed = retireMissing(store, [...names], host.now()) || changed;
    for (const discovered of found) {
      if (this.#entries.has(discovered.source.name)) continue;
      const connector = await openSource(discovered, store, host, live);
      this.#entries.set(discovered.source.name, {
        discovered,
        connector,
        failures: 0,
        dueAt: 0,
        restsUntil: 0,
        forced: false,
      });
      changed = true;
    }
    if (changed) this.#options.onChanged();
  }

  async #visit(entry: Entry): Promise<void> {
    const { host, store, live } = this.#options;
    const { signal } = this.#stopping;
    signal.throwIfAborted();
    const began = host.now();
    if (entry.dueAt > began) return;
    entry.connector ??= await openSource(entry.discovered, store, host, live);
    const { connector } = entry;
    if (!connector) {
      this.#failed(entry);
      return;
    }
    const forced = entry.forced;
    entry.forced = false;
    const fingerprint = await this.#fingerprint(connector);
    const instances = this.#instances(connector.source.tool);
    const isMet = entry.instances !== undefined && isNewcomer(entry.instances, instances);
    const isSame = fingerprint !== undefined && fingerprint === entry.fingerprint && !isMet;
    const took = host.now() - began;
    entry.dueAt = host.now() + Math.max(this.#options.pollMs ?? 10_000, took * 50);
    if (isSame && !forced && !this.#isOld(connector)) return;
    this.#tell('syncing');
    const parts = { writer: store.writer(), now: () => host.now(), log: host.log };
    const outcome = await scanSource(connector, parts, signal);
    entry.restsUntil = host.now() + Math.min(60_000, outcome.tookMs * 4);
    if (outcome.health === 'fresh') {
      entry.failures = 0;
      entry.fingerprint = fingerprint;
      entry.instances = instances;
    } else this.#failed(entry);
    if (outcome.changed) this.#options.onChanged();
  }

  /** Asked anew when the store has changed, since sources are visited all the time. */
  #instances(tool: string): readonly string[] {
    const catalog = knownIn(this.#options.store, this.#options.live);
    const { revision } = catalog;
    if (this.#met.revision !== revision) this.#met = { revision, byTool: new Map() };
    const known = this.#met.byTool.get(tool) ?? instancesOf(catalog, tool);
    this.#met.byTool.set(tool, known);
    return known;
  }

  #failed(entry: Entry): void {
    entry.failures += 1;
    entry.fingerprint = undefined;
    const { host, backoff = usualBackoff } = this.#options;
    entry.dueAt = host.now() + waitAfter(entry.failures, backoff, this.#chance());
  }

  /** A source whose fingerprint cannot be taken is scanned: the scan says why it cannot be read. */
  async #fingerprint(connector: Connector): Promise<string | undefined> {
    try {
      return await connector.fingerprint(this.#stopping.signal);
    } catch (error) {
      this.#stopping.signal.throwIfAborted();
      this.#options.host.log.debug('no fingerprint', { source: connector.source.name, error: String(error) });
      return undefined;
    }
  }

  /** Fingerprints are bounded: once in a while all is read, whatever they say; and "as of" stays true. */
  #isOld(connector: Connector): boolean {
    const { store, host } = this.#options;
    const source = store
      .snapshot()
      .sources()
      .find(({ name }) => name === connector.source.name);
    return host.now() - (source?.scannedAt ?? 0) > fullScanMs;
  }

  #chance(): number {
    return (this.#options.chance ?? Math.random)();
  }

  #tell(state: 'syncing' | 'ready', trouble?: string): void {
    if (state === this.#state && trouble === undefined) return;
    this.#state = state;
    this.#options.onState(state, trouble);
  }

  #wake(atMostMs?: number): void {
    if (this.#stopping.signal.aborted || this.#turning) return;
    clearTimeout(this.#timer);
    const next = Math.min(this.#discoverAt, ...[...this.#entries.values()].map(({ dueAt }) => dueAt));
    const wait = Math.max(0, next - this.#options.host.now());
    this.#timer = setTimeout(() => void this.#turn(), Math.min(wait, atMostMs ?? wait, 60_000));
  }
}
