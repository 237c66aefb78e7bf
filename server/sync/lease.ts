// Lease: one window per store writes; a row with a heartbeat says which, and a silent holder is replaced.
import { randomUUID } from 'node:crypto';
import type { CatalogStore } from '../catalog/store.ts';

export interface LeaseOptions {
  readonly store: CatalogStore;
  /** Epoch ms of the machine, because the other holder may be another process. */
  readonly now: () => number;
  readonly onHeld: () => void;
  /** Another window has taken it, because we were silent for too long: stop writing. */
  readonly onLost: () => void;
  readonly beatMs?: number;
  readonly staleMs?: number;
}

const leaseName = 'sync';

export class Lease {
  readonly #options: LeaseOptions;
  readonly #holder = randomUUID();
  #timer: NodeJS.Timeout | undefined;
  held = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.#beat(), this.#options.beatMs ?? 4_000);
    this.#beat();
  }

  stop(): void {
    clearInterval(this.#timer);
    if (!this.held) return;
    this.held = false;
    try {
      this.#options.store.releaseLease(leaseName, this.#holder);
    } catch {
      // It goes stale by itself.
    }
  }

  #beat(): void {
    const { store, now, staleMs = 20_000, onHeld, onLost } = this.#options;
    const held = this.#take(store, now(), staleMs);
    if (held === undefined || held === this.held) return;
    this.held = held;
    if (held) onHeld();
    else onLost();
  }

  /** Undefined when the store is busy or broken: nothing is known, so nothing changes until the next beat. */
  #take(store: CatalogStore, now: number, staleMs: number): boolean | undefined {
    try {
      return store.takeLease(leaseName, this.#holder, now, staleMs);
    } catch {
      return undefined;
    }
  }
}
