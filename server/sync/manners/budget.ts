// Budget: how often one connection may be asked: a bucket of tokens that fills slowly.

export interface BudgetLimits {
  /** What the bucket holds when nothing was asked for a while. */
  readonly burst: number;
  /** How fast it fills. */
  readonly perMinute: number;
}

/** In any span of t minutes at most `burst + perMinute × t` tokens are taken. */
export class Budget {
  readonly #limits: BudgetLimits;
  #tokens: number;
  #at: number | undefined;

  constructor(limits: BudgetLimits) {
    this.#limits = limits;
    this.#tokens = limits.burst;
  }

  /** Ms until a token is there; 0: now. Times are epoch ms; a clock that goes back fills nothing. */
  waitMs(now: number): number {
    this.#fill(now);
    // Sums of small parts end a little below the whole.
    return this.#tokens > 1 - 1e-9 ? 0 : Math.max(1, Math.ceil((1 - this.#tokens) / this.#perMs()));
  }

  /** Only after `waitMs` said 0 for the same time. */
  take(now: number): void {
    this.#fill(now);
    this.#tokens -= 1;
  }

  #fill(now: number): void {
    const passed = Math.max(0, now - (this.#at ?? now));
    this.#tokens = Math.min(this.#limits.burst, this.#tokens + passed * this.#perMs());
    this.#at = now;
  }

  #perMs(): number {
    return this.#limits.perMinute / 60_000;
  }
}
