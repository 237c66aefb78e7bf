// Gate: requests of one connection pass it one after the other, a few at a time, when all rules let them.

export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export interface GateRules {
  readonly atOnce: number;
  /** Ms until the first in line may go; 0: it goes now, and this is its only notice. Throws when it is not worth waiting. */
  readonly admit: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep: Sleep;
}

export class Gate {
  readonly #rules: GateRules;
  #line: Promise<void> = Promise.resolve();
  #inside = 0;
  #waiting = 0;
  #freed: (() => void) | undefined;

  constructor(rules: GateRules) {
    this.#rules = rules;
  }

  get inside(): number {
    return this.#inside;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Resolves when it is this one's turn; rejects with the signal's reason or what `admit` throws. */
  async pass<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#enter(signal);
    try {
      return await work();
    } finally {
      this.#inside -= 1;
      this.#freed?.();
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    const before = this.#line;
    let next = () => {};
    this.#line = new Promise<void>((resolve) => {
      next = resolve;
    });
    this.#waiting += 1;
    try {
      await abortable(before, signal);
      while (this.#inside >= this.#rules.atOnce) await abortable(this.#room(), signal);
      for (let wait = this.#rules.admit(); wait > 0; wait = this.#rules.admit()) {
        // Who gives up hears its own reason, whatever the clock rejects with.
        await this.#rules.sleep(wait, signal).finally(() => signal.throwIfAborted());
      }
      this.#inside += 1;
    } finally {
      this.#waiting -= 1;
      // Whoever leaves the line does not let those behind overtake those before.
      void before.then(next);
    }
  }

  /** Only the first in line waits for room. */
  #room(): Promise<void> {
    return new Promise((resolve) => {
      this.#freed = resolve;
    });
  }
}

/** Rejects with the signal's reason as soon as it aborts. */
export function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
