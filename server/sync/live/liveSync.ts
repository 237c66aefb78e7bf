// LiveSync: all connections, each with a loop of its own, so that one that is dead keeps nobody waiting.
import type { EntityId } from '../../catalog/entity.ts';
import type { Wanted } from '../../catalog/store.ts';
import type { ConnectionConfig, ProxySettings } from '../../protocol/connection.ts';
import { isStoreTrouble } from '../health.ts';
import type { Connected } from './connected.ts';
import { LiveConnection, type LiveConnectionParts, type LiveState } from './liveConnection.ts';

/** Longer than this nobody waits for what is being stopped. */
const stopMs = 1_500;

export class LiveSync {
  #parts: LiveConnectionParts;
  readonly #connections = new Map<string, LiveConnection>();
  readonly #ending = new Set<Promise<void>>();
  #wanted: readonly Wanted[] = [];
  #cancelForget: () => void = () => {};

  constructor(parts: LiveConnectionParts) {
    this.#parts = parts;
  }

  /** What stays the same goes on undisturbed. What is gone is forgotten a little later, if the list is whole. */
  setConnections(list: readonly ConnectionConfig[], isWhole = true): void {
    const wanted = new Map(list.map((config) => [config.name, config]));
    for (const [name, connection] of this.#connections) {
      const config = wanted.get(name);
      if (config && JSON.stringify(config) === JSON.stringify(connection.config)) wanted.delete(name);
      else this.#end(connection);
    }
    for (const config of wanted.values()) this.#begin(config);
    this.#cancelForget();
    const { clock, timing } = this.#parts;
    this.#cancelForget = isWhole ? clock.after(timing.forgetMs, () => this.#forget()) : () => {};
    this.attend(this.#wanted);
  }

  /** The way to the servers is another one: all begin anew. */
  setProxy(proxy: ProxySettings | undefined): void {
    const { proxy: _, ...parts } = this.#parts;
    this.#parts = { ...parts, ...(proxy && { proxy }) };
    const all = [...this.#connections.values()];
    for (const connection of all) this.#end(connection);
    for (const { config } of all) this.#begin(config);
    this.attend(this.#wanted);
  }

  /** What all windows have on screen; those with the focus count. */
  attend(wanted: readonly Wanted[]): void {
    this.#wanted = wanted;
    const ids = [...new Set(wanted.flatMap(({ focused, ids }) => (focused ? ids : [])))];
    for (const connection of this.#connections.values()) connection.watch(within(ids, connection));
  }

  states(): ReadonlyMap<string, LiveState> {
    return new Map([...this.#connections].map(([name, connection]) => [name, connection.state()]));
  }

  /** One, or all of them. Resolves when they have been asked, whatever came of it. */
  async syncNow(name?: string): Promise<void> {
    const asked = [...this.#connections.values()].filter(({ config }) => name === undefined || config.name === name);
    await Promise.all(asked.map((connection) => connection.syncNow()));
  }

  secretChanged(name: string): void {
    void this.#connections.get(name)?.secretChanged();
  }

  /** Never rejects. */
  async freshen(ids: readonly EntityId[]): Promise<void> {
    const asked = [...this.#connections.values()].map((connection) => [connection, within(ids, connection)] as const);
    await Promise.all(asked.map(([connection, own]) => (own.length > 0 ? connection.freshen(own) : undefined)));
  }

  connected(name: string): Connected | undefined {
    return this.#connections.get(name)?.connected;
  }

  async stop(): Promise<void> {
    this.#cancelForget();
    for (const connection of this.#connections.values()) this.#end(connection);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, stopMs);
    });
    await Promise.race([Promise.all(this.#ending), late]);
    clearTimeout(timer);
  }

  #begin(config: ConnectionConfig): void {
    const { log } = this.#parts;
    try {
      const connection = new LiveConnection(config, this.#parts);
      this.#connections.set(config.name, connection);
      connection.start();
    } catch (error) {
      // The store cannot be written: the next change, or the next window, tries again.
      if (!isStoreTrouble(error)) throw error;
      log.error('a connection could not be begun', { connection: config.name, error: String(error) });
    }
  }

  #end(connection: LiveConnection): void {
    this.#connections.delete(connection.config.name);
    const ending = connection.stop().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  #forget(): void {
    const { store, onChanged, log } = this.#parts;
    try {
      for (const { name } of store.snapshot().sources()) {
        if (this.#connections.has(name)) continue;
        log.info('a connection is configured no more and forgotten', { connection: name });
        store.writer().removeSource(name);
        onChanged();
      }
    } catch (error) {
      log.warn('a connection could not be forgotten', { error: String(error) });
    }
  }
}

function within(ids: readonly EntityId[], { scope, connected }: LiveConnection): readonly EntityId[] {
  if (scope === undefined) return [];
  const scopes = [scope, ...(connected?.connector.alsoScopes ?? [])];
  return ids.filter((id) => scopes.some((one) => id.slice(id.indexOf(':') + 1).startsWith(`${one}/`)));
}
