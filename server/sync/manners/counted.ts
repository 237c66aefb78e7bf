// Counted: how many requests went out in the last hour, by the minute.

const minute = 60_000;
const minutes = 60;

export class Counted {
  readonly #byMinute = new Map<number, number>();

  add(now: number): void {
    const at = Math.floor(now / minute);
    this.#byMinute.set(at, (this.#byMinute.get(at) ?? 0) + 1);
    this.#forget(at);
  }

  /** Of the last sixty minutes, the one that is not over included. */
  lastHour(now: number): number {
    this.#forget(Math.floor(now / minute));
    return [...this.#byMinute.values()].reduce((sum, count) => sum + count, 0);
  }

  #forget(at: number): void {
    for (const old of this.#byMinute.keys()) if (old <= at - minutes || old > at) this.#byMinute.delete(old);
  }
}
