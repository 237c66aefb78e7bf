// LiveConnection: the loop of one connection: when it is scanned, what of it is looked at, how long it is left alone.
import type { EntityId } from '../../catalog/entity.ts';
import type { CatalogStore } from '../../catalog/store.ts';
import { HttpError, type HttpFailure } from '../../connectors/httpError.ts';
import type { ConnectionConfig } from '../../protocol/connection.ts';
import { failureOf, isStoreTrouble, waitAfter } from '../health.ts';
import { type Connected, type ConnectParts, connect } from './connected.ts';
import { LiveScan } from './liveScan.ts';
import type { Timing } from './timing.ts';

export interface LiveConnectionParts extends ConnectParts {
  readonly store: CatalogStore;
  readonly timing: Timing;
  /** The store has a new revision. */
  readonly onChanged: () => void;
  /** How it stands is other than before. */
  readonly onStatus: () => void;
}

/** What of a connection's state is in no store. */
export interface LiveState {
  readonly requestsLastHour: number;
  readonly needsSecret: boolean;
  /** Epoch ms. */
  readonly nextAt?: number;
  /** The configuration cannot be used, and why. */
  readonly mistake?: string;
}

/** What says that the connection as a whole is not well. */
const unwell: ReadonlySet<HttpFailure> = new Set([
  'unauthorized',
  'unavailable',
  'unreachable',
  'timeout',
  'tls',
  'proxy',
  'waiting',
]);

const refused: ReadonlySet<HttpFailure> = new Set(['unauthorized', 'forbidden']);

/** At most so many of what is on screen are asked for at once. */
const mostLooked = 20;

export class LiveConnection {
  readonly config: ConnectionConfig;
  readonly #parts: LiveConnectionParts;
  readonly #stopping = new AbortController();
  readonly #lookedAt = new Map<EntityId, number>();
  readonly #looking = new Map<EntityId, Promise<void>>();
  readonly #connected: Connected | undefined;
  readonly #scans: LiveScan | undefined;
  readonly #mistake: string | undefined;
  #scanning: Promise<void> | undefined;
  #cancelScan: () => void = () => {};
  #cancelLook: () => void = () => {};
  /** Epoch ms. */
  #scanAt: number | undefined;
  #scannedAt = 0;
  /** Epoch ms: it refused us, or asked for it; who looks at it changes nothing. */
  #restsUntil = 0;
  #failures = 0;
  /** A scan in parts left something out, and no whole one has ended well since. */
  #owesFull = false;
  #mustBeFull = false;
  /** Of focused windows, what is looked at most first. */
  #onScreen: readonly EntityId[] = [];

  constructor(config: ConnectionConfig, parts: LiveConnectionParts) {
    this.config = config;
    this.#parts = parts;
    try {
      this.#connected = connect(config, parts);
      const { connector, known } = this.#connected;
      const common = { connector, store: parts.store, now: () => parts.clock.now(), log: parts.log };
      this.#scans = new LiveScan({ ...common, ...(known && { known }) });
    } catch (error) {
      if (isStoreTrouble(error)) throw error;
      this.#mistake = failureOf(error).reason;
      parts.log.warn('a connection cannot be used', { connection: config.name, reason: this.#mistake });
    }
  }

  get scope(): string | undefined {
    return this.#connected?.connector.scope;
  }

  get connected(): Connected | undefined {
    return this.#connected;
  }

  state(): LiveState {
    const isAsked = this.#connected && !this.config.paused;
    return {
      requestsLastHour: this.#connected?.manners.requestsLastHour() ?? 0,
      needsSecret: this.#connected?.secrets.needed ?? false,
      ...(isAsked && this.#scanAt !== undefined ? { nextAt: this.#scanAt } : {}),
      ...(this.#mistake === undefined ? {} : { mistake: this.#mistake }),
    };
  }

  /** What was read a moment ago, by another window before this one, is not read again at once. */
  start(): void {
    if (!this.#connected || this.config.paused) return;
    const { clock, timing } = this.#parts;
    const known = this.#source();
    const isGood = known?.health === 'fresh' && known.scannedAt !== undefined;
    this.#scannedAt = isGood ? Math.min(known.scannedAt, clock.now()) : 0;
    this.#schedule(isGood ? this.#scannedAt + timing.pollMs : clock.now());
  }

  /** What focused windows show of it now; none: nobody looks. */
  watch(ids: readonly EntityId[]): void {
    const began = this.#onScreen.length === 0 && ids.length > 0;
    this.#onScreen = ids.slice(0, mostLooked);
    if (!this.#isAsked()) return;
    if (began) this.#hurry();
    this.#lookSoon();
  }

  /** Somebody asks for it: now, and wholly unless that was within the hour. Resolves when it is done, whatever came of it. */
  async syncNow(): Promise<void> {
    if (!this.#isAsked()) return;
    await this.#scanning;
    this.#connected?.manners.wake();
    await this.#scan(this.#parts.timing.askedFullMs);
  }

  /** What is under way still has the old one. */
  async secretChanged(): Promise<void> {
    this.#connected?.secrets.forget();
    await this.#scanning;
    this.#connected?.secrets.forget();
    if (!this.#isAsked()) return;
    this.#failures = 0;
    this.#schedule(this.#parts.clock.now());
  }

  /** Of these, what is past its lifetime is asked for; resolves when it is there. Never rejects. */
  async freshen(ids: readonly EntityId[]): Promise<void> {
    if (!this.#isAsked() || this.#failures > 0) return;
    const { timing } = this.#parts;
    await this.#look(ids.slice(0, mostLooked), timing.lifetimeMs);
  }

  /** Resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('The sync is stopping.'));
    this.#cancelScan();
    this.#cancelLook();
    await Promise.allSettled([this.#scanning, ...this.#looking.values()]);
    this.#connected?.connector.dispose?.();
  }

  #isAsked(): boolean {
    return this.#connected !== undefined && !this.config.paused && !this.#stopping.signal.aborted;
  }

  #source() {
    return this.#parts.store
      .snapshot()
      .sources()
      .find(({ name }) => name === this.config.name);
  }

  #schedule(at: number): void {
    this.#cancelScan();
    if (!this.#isAsked()) return;
    this.#scanAt = at;
    const wait = Math.max(0, at - this.#parts.clock.now());
    this.#cancelScan = this.#parts.clock.after(wait, () => void this.#scan());
    this.#parts.onStatus();
  }

  /** Somebody looks again: as if the shorter waits had counted all the time. */
  #hurry(): void {
    const { timing, clock } = this.#parts;
    if (this.#scanning || this.#scanAt === undefined) return;
    const soonest =
      this.#failures > 0
        ? Math.max(this.#restsUntil, clock.now() + timing.watchedBackoff.firstMs)
        : this.#scannedAt + timing.pollMs;
    if (soonest < this.#scanAt) this.#schedule(soonest);
  }

  #scan(fullMs: number = this.#parts.timing.fullMs): Promise<void> {
    this.#cancelScan();
    this.#scanning ??= this.#scanOnce(fullMs).finally(() => {
      this.#scanning = undefined;
    });
    return this.#scanning;
  }

  async #scanOnce(fullMs: number): Promise<void> {
    const { clock, onChanged, log } = this.#parts;
    const { signal } = this.#stopping;
    // So that whoever started it knows it as running before it can end.
    await null;
    if (!this.#scans) return;
    if (this.#onScreen.length > 0) this.#connected?.manners.wake();
    const began = clock.now();
    try {
      const { changed, recovered, full, problems } = await this.#scans.scan(this.#mustBeFull, fullMs, signal);
      if (this.#failures > 0) log.info('a connection answers again', { connection: this.config.name });
      this.#failures = 0;
      const isWell = problems.length === 0;
      this.#owesFull = isWell && full ? false : this.#owesFull || !isWell || recovered;
      this.#mustBeFull = this.#owesFull && isWell;
      this.#scannedAt = began;
      if (changed) onChanged();
      this.#schedule(Math.max(clock.now(), began + this.#pollMs()));
      this.#lookSoon();
    } catch (error) {
      if (signal.aborted) return;
      this.#failed(error);
    }
  }

  #pollMs(): number {
    const { timing, random } = this.#parts;
    // So that many connections and many users do not ask at one instant.
    return Math.round((this.#onScreen.length > 0 ? timing.pollMs : timing.quietMs) * (0.95 + random() * 0.1));
  }

  #failed(error: unknown): void {
    const { clock, log, onChanged } = this.#parts;
    this.#failures += 1;
    const { reason } = failureOf(error);
    const wait = this.#waitAfter(error);
    const isAsked = error instanceof HttpError && (error.retryAfterMs !== undefined || refused.has(error.kind));
    this.#restsUntil = isAsked ? clock.now() + wait : 0;
    log.warn('could not ask a connection', { connection: this.config.name, reason, wait });
    this.#schedule(clock.now() + wait);
    if (!isStoreTrouble(error)) onChanged();
  }

  #waitAfter(error: unknown): number {
    const { timing, random } = this.#parts;
    const isWatched = this.#onScreen.length > 0;
    const usual = waitAfter(this.#failures, isWatched ? timing.watchedBackoff : timing.quietBackoff, random());
    if (!(error instanceof HttpError)) return usual;
    if (refused.has(error.kind)) return Math.max(usual, timing.refusedMs);
    const asked = error.retryAfterMs ?? 0;
    return Math.max(usual, asked, isWatched ? 0 : (this.#connected?.manners.state().restMs ?? 0));
  }

  #lookSoon(): void {
    this.#cancelLook();
    if (this.#onScreen.length === 0 || this.#failures > 0 || !this.#isAsked()) return;
    const { clock, timing } = this.#parts;
    const oldest = Math.min(...this.#onScreen.map((id) => this.#lookedAt.get(id) ?? 0));
    const wait = Math.max(0, oldest + timing.lookMs - clock.now());
    this.#cancelLook = clock.after(
      wait,
      () => void this.#look(this.#onScreen, timing.lookMs).then(() => this.#lookSoon()),
    );
  }

  /** Those that are older than so many ms; what is being asked for already is waited for. */
  async #look(ids: readonly EntityId[], lifetimeMs: number): Promise<void> {
    const now = this.#parts.clock.now();
    const old = ids.filter((id) => now - (this.#lookedAt.get(id) ?? 0) >= lifetimeMs && !this.#looking.has(id));
    if (old.length > 0) {
      const looking = this.#lookOnce(old).finally(() => {
        for (const id of old) this.#looking.delete(id);
      });
      for (const id of old) this.#looking.set(id, looking);
    }
    await Promise.all(new Set(ids.flatMap((id) => this.#looking.get(id) ?? [])));
  }

  async #lookOnce(ids: readonly EntityId[]): Promise<void> {
    const { clock, log, onChanged } = this.#parts;
    const { signal } = this.#stopping;
    await null;
    // Also when it fails: what cannot be had is not asked for all the time.
    const at = clock.now();
    for (const id of ids) this.#lookedAt.set(id, at);
    if (this.#lookedAt.size > 1_000) this.#lookedAt.clear();
    try {
      if (await this.#scans?.look(ids, signal)) onChanged();
    } catch (error) {
      if (signal.aborted) return;
      log.debug('could not look again', { connection: this.config.name, reason: failureOf(error).reason });
      // The scan says how the connection stands; that one thing cannot be had says nothing.
      const isUnwell = error instanceof HttpError && unwell.has(error.kind);
      if (isUnwell && this.#failures === 0 && !this.#scanning) this.#schedule(clock.now());
    }
  }
}
