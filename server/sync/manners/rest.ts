// Rest: a server that said how long it wants to be left alone is left alone so long, by everybody.
import { type Backoff, waitAfter } from '../health.ts';

export class Rest {
  readonly #unsaid: Backoff;
  readonly #random: () => number;
  #until = 0;
  #refusals = 0;

  /** `unsaid`: how long after a 429 that does not say. */
  constructor(unsaid: Backoff, random: () => number) {
    this.#unsaid = unsaid;
    this.#random = random;
  }

  /** Ms; 0: it may be asked. */
  waitMs(now: number): number {
    return Math.max(0, this.#until - now);
  }

  /** It asked for so long, from now. A shorter wish does not end a longer one. */
  wished(ms: number, now: number): void {
    this.#until = Math.max(this.#until, now + ms);
  }

  /** 429: `ms` as it said, or longer each time when it does not say. */
  refused(ms: number | undefined, now: number): void {
    this.#refusals += 1;
    this.wished(ms ?? waitAfter(this.#refusals, this.#unsaid, this.#random()), now);
  }

  answered(): void {
    this.#refusals = 0;
  }
}
