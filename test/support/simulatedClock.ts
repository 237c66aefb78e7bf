// A clock that a test moves: alarms ring in order, and in between everything that can happen without the clock happens.
import type { Clock } from '../../server/sync/live/clock.ts';

interface Alarm {
  readonly at: number;
  readonly run: () => void;
}

export class SimulatedClock implements Clock {
  #now: number;
  readonly #alarms = new Set<Alarm>();

  /** Epoch ms. */
  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const alarm = { at: this.#now + Math.max(0, ms), run };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  /** `quiet` resolves when nothing goes on but waiting for the clock. */
  async pass(ms: number, quiet: () => Promise<void>): Promise<void> {
    const end = this.#now + ms;
    await quiet();
    for (;;) {
      const next = [...this.#alarms].sort((one, other) => one.at - other.at)[0];
      if (!next || next.at > end) break;
      this.#alarms.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await quiet();
    }
    this.#now = end;
  }
}
