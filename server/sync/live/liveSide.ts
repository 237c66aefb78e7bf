// LiveSide: the part that one window has in asking the servers: all of it while it holds the lease, else only its wishes.
import { randomUUID } from 'node:crypto';
import type { EntityId } from '../../catalog/entity.ts';
import type { CatalogStore } from '../../catalog/store.ts';
import type { LiveConnector } from '../../connectors/connector.ts';
import type { AttentionParams, ConnectionConfig, ConnectionStatus, ProxySettings } from '../../protocol/connection.ts';
import { Lease } from '../lease.ts';
import { type Connected, type ConnectParts, connect } from './connected.ts';
import type { LiveState } from './liveConnection.ts';
import { LiveSync } from './liveSync.ts';
import { answerLog, type LogAnswer, type LogQuestion } from './logQuestions.ts';
import { answerSeries, type SeriesAnswer, type SeriesQuestion } from './seriesQuestions.ts';
import { statusOf } from './statuses.ts';
import { type Timing, usualTiming } from './timing.ts';

export interface LiveSideParts extends ConnectParts {
  /** Of the user: `live.db`. */
  readonly store: CatalogStore;
  readonly timing?: Partial<Timing>;
  /** The store has a new revision, by this window or another one. */
  readonly onChanged: () => void;
}

/** How soon a wish of another window is noticed. */
const lookMs = 2_000;
const beatMs = 30_000;
/** A window that did not speak for so long is closed. */
const silentMs = 3 * beatMs;
/** Facts that were hovered in a window that asks nobody itself are wanted so long. */
const hoveredMs = 60_000;

export class LiveSide {
  #parts: LiveSideParts;
  readonly #timing: Timing;
  readonly #window = randomUUID();
  readonly #lease: Lease;
  readonly #own = new Map<string, Connected>();
  readonly #stopping = new AbortController();
  #list: readonly ConnectionConfig[] | undefined;
  #isWhole = true;
  #live: LiveSync | undefined;
  #attention: AttentionParams = { focused: false, ids: [] };
  #hovered: { readonly ids: readonly EntityId[]; readonly until: number } = { ids: [], until: 0 };
  #saidAt = 0;
  #told = '';
  #asked: string | undefined;
  #revision = -1;
  #counts = { revision: -1, of: new Map<string, number>() };
  #cancel: () => void = () => {};

  constructor(parts: LiveSideParts) {
    this.#parts = parts;
    this.#timing = { ...usualTiming, ...parts.timing };
    this.#lease = new Lease({
      store: parts.store,
      // Of the machine, because the other holder may be another process; and it beats by the machine's own timers.
      now: Date.now,
      beatMs: this.#timing.leaseBeatMs,
      onHeld: () => this.#hold(),
      onLost: () => void this.#release(),
    });
    this.#lease.start();
    this.#tick();
  }

  /** Until the first list nothing is asked and nothing forgotten; see `LiveDoor`. */
  setConnections(list: readonly ConnectionConfig[], isWhole = true): void {
    this.#list = list;
    this.#isWhole = isWhole;
    this.#dropOwn();
    this.#live?.setConnections(list, isWhole);
  }

  /** The user changed the way to the servers. */
  setProxy(proxy: ProxySettings | undefined): void {
    const { proxy: _, ...parts } = this.#parts;
    this.#parts = { ...parts, ...(proxy && { proxy }) };
    this.#dropOwn();
    this.#live?.setProxy(proxy);
  }

  attend(attention: AttentionParams): void {
    this.#attention = attention;
    this.#say();
  }

  statuses(): readonly ConnectionStatus[] {
    const { store, clock } = this.#parts;
    const states = this.#live?.states() ?? statesIn(store.note('states'));
    const sources = new Map(
      store
        .snapshot()
        .sources()
        .map((source) => [source.name, source]),
    );
    return (this.#list ?? []).map((config) => {
      const state = states.get(config.name);
      return statusOf(config, {
        source: sources.get(config.name),
        entities: this.#countOf(config.name),
        // When another window asks is its own business.
        state: state && !this.#live ? { ...state, nextAt: undefined } : state,
        now: clock.now(),
        staleMs: this.#timing.staleMs,
      });
    });
  }

  /** In a window that does not ask itself: as soon as the one that does has noticed. */
  async syncNow(name?: string): Promise<void> {
    if (this.#live) await this.#live.syncNow(name);
    else this.#parts.store.writeNote('syncNow', JSON.stringify({ name, at: this.#parts.clock.now() }));
  }

  secretChanged(name: string): void {
    this.#own.get(name)?.secrets.forget();
    this.#live?.secretChanged(name);
  }

  /** Never rejects. In a window that does not ask itself, the other one looks at them soon. */
  async freshen(ids: readonly EntityId[]): Promise<void> {
    if (this.#live) {
      await this.#live.freshen(ids);
      return;
    }
    this.#hovered = { ids, until: this.#parts.clock.now() + hoveredMs };
    this.#say();
  }

  /** Rejects, in words, when the connection is not there or does not hand it out. */
  async askLog(question: LogQuestion): Promise<LogAnswer> {
    return answerLog(this.#connected(question.source).connector, question, this.#stopping.signal);
  }

  /** Never rejects: what could not be asked says so in its answer. */
  askSeries(question: SeriesQuestion): Promise<readonly SeriesAnswer[]> {
    const connectorOf = (name: string): LiveConnector => this.#connected(name).connector;
    return answerSeries(this.#list ?? [], connectorOf, question, this.#stopping.signal);
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('The sync is stopping.'));
    this.#cancel();
    await this.#release();
    this.#lease.stop();
    this.#dropOwn();
    this.#quietly(() => this.#parts.store.dropWanted(this.#window, this.#parts.clock.now() - silentMs));
  }

  #hold(): void {
    const { log, onChanged } = this.#parts;
    log.info('this window asks the connections');
    this.#dropOwn();
    this.#asked = this.#parts.store.note('syncNow');
    this.#live = new LiveSync({
      ...this.#parts,
      timing: this.#timing,
      onChanged,
      onStatus: () => {},
    });
    if (this.#list) this.#live.setConnections(this.#list, this.#isWhole);
    this.#quietly(() => this.#follow());
  }

  async #release(): Promise<void> {
    const live = this.#live;
    this.#live = undefined;
    await live?.stop();
  }

  #tick(): void {
    if (this.#stopping.signal.aborted) return;
    this.#quietly(() => this.#turn());
    this.#cancel = this.#parts.clock.after(lookMs, () => this.#tick());
  }

  #turn(): void {
    const { store, clock, onChanged } = this.#parts;
    if (clock.now() - this.#saidAt >= beatMs) this.#say();
    if (this.#live) this.#follow();
    const revision = store.read((catalog) => catalog.revision);
    if (revision === this.#revision) return;
    this.#revision = revision;
    onChanged();
  }

  /** What the other windows wish, and what they are told. */
  #follow(): void {
    const { store, clock } = this.#parts;
    this.#live?.attend(store.wanted(clock.now() - silentMs));
    const asked = store.note('syncNow');
    if (asked !== undefined && asked !== this.#asked) {
      this.#asked = asked;
      const { name }: { readonly name?: string } = JSON.parse(asked);
      void this.#live?.syncNow(name);
    }
    const told = JSON.stringify([...(this.#live?.states() ?? [])]);
    if (told === this.#told) return;
    this.#told = told;
    store.writeNote('states', told);
  }

  #say(): void {
    const { store, clock } = this.#parts;
    const now = clock.now();
    const { focused, ids } = this.#attention;
    const hovered = this.#hovered.until > now ? this.#hovered.ids : [];
    this.#quietly(() => {
      store.want(this.#window, { focused, ids: [...new Set([...hovered, ...ids])] }, now);
      this.#saidAt = now;
      if (this.#live) this.#live.attend(store.wanted(now - silentMs));
    });
  }

  /** For a user's click in a window that does not ask by itself: with manners of its own. */
  #connected(name: string): Connected {
    const known = this.#live?.connected(name) ?? this.#own.get(name);
    if (known) return known;
    const config = this.#list?.find((one) => one.name === name);
    if (!config)
      throw new Error(
        `This log came from the connection ${name}, which is configured no more. Add it again to read it.`,
      );
    const made = connect(config, this.#parts);
    this.#own.set(name, made);
    return made;
  }

  #dropOwn(): void {
    for (const { connector } of this.#own.values()) connector.dispose?.();
    this.#own.clear();
  }

  /** Counting walks over everything: once for each state of the store. */
  #countOf(name: string): number {
    const { store } = this.#parts;
    const revision = store.snapshot().revision;
    if (this.#counts.revision !== revision) this.#counts = { revision, of: new Map() };
    const known = this.#counts.of.get(name) ?? store.countOf(name);
    this.#counts.of.set(name, known);
    return known;
  }

  /** A store that is busy or being repaired is looked at again two seconds later. */
  #quietly(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#parts.log.debug('the store of the connections could not be used', { error: String(error) });
    }
  }
}

function statesIn(note: string | undefined): ReadonlyMap<string, LiveState> {
  if (note === undefined) return new Map();
  const states: readonly (readonly [string, LiveState])[] = JSON.parse(note);
  return new Map(states);
}
