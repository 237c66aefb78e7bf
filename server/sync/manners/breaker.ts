// Breaker: after failures in a row a server is left alone for a while; then one request tries it.
import { type Backoff, waitAfter } from '../health.ts';

export interface BreakerLimits extends Backoff {
  /** Failures in a row that open it. */
  readonly failures: number;
}

export type BreakerState = 'closed' | 'open' | 'halfOpen';

export class Breaker {
  readonly #limits: BreakerLimits;
  /** In a [0, 1) as Math.random. */
  readonly #random: () => number;
  #failures = 0;
  /** How often it opened since it was last closed. */
  #opened = 0;
  #openedAt = 0;
  #restMs = 0;
  #trying = false;
  #triedAt = 0;

  constructor(limits: BreakerLimits, random: () => number) {
    this.#limits = limits;
    this.#random = random;
  }

  /** `halfOpen`: one request may try, or is trying. */
  state(now: number): BreakerState {
    if (this.#opened === 0) return 'closed';
    return this.#left(now) > 0 ? 'open' : 'halfOpen';
  }

  /** Ms until a request may go; 0: now. While another tries, what it rested before. */
  waitMs(now: number): number {
    if (this.#opened === 0) return 0;
    const left = this.#left(now);
    return left === 0 && this.#trying ? this.#limits.firstMs : left;
  }

  /** A request goes out; only after `waitMs` said 0 for the same time. */
  began(now: number): void {
    if (this.#opened === 0) return;
    this.#trying = true;
    this.#triedAt = now;
  }

  /** The server answered, whatever it said. */
  succeeded(): void {
    this.#failures = 0;
    this.#opened = 0;
    this.#trying = false;
  }

  /** `sent`: when that request went out. */
  failed(now: number, sent: number): void {
    this.#failures += 1;
    if (this.#isOld(sent)) return;
    this.#trying = false;
    if (this.#opened === 0 && this.#failures < this.#limits.failures) return;
    this.#opened += 1;
    this.#openedAt = now;
    this.#restMs = waitAfter(this.#opened, this.#limits, this.#random());
  }

  /** The caller gave up before an answer: another may try. */
  gaveUp(sent: number): void {
    if (!this.#isOld(sent)) this.#trying = false;
  }

  /** The user wants it tried now. */
  wake(): void {
    this.#restMs = 0;
  }

  /** What went out before it opened says nothing new, and is not the one that tries. */
  #isOld(sent: number): boolean {
    return this.#opened > 0 && (!this.#trying || sent < this.#triedAt);
  }

  #left(now: number): number {
    const passed = now - this.#openedAt;
    // A clock that was set back must not make the rest longer.
    return passed < 0 ? 0 : Math.max(0, this.#restMs - passed);
  }
}
