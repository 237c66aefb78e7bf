// Skew: how far the clock of a server is ahead of ours, from the Date headers of its answers.

/** A `Date` header has whole seconds: the moment lies half a second later, give or take that. */
const halfSecond = 500;
/** Better estimates are believed this long; clocks drift and are set. */
const believedMs = 600_000;

export class Skew {
  #ms = 0;
  #doubt = Number.POSITIVE_INFINITY;
  #at = 0;

  /** 0 while unknown, and while the difference is within what can be told. */
  get ms(): number {
    return Math.abs(this.#ms) <= this.#doubt ? 0 : Math.round(this.#ms);
  }

  /** `sent`, `received`: epoch ms of ours; `age`: of an answer that a cache on the way had kept. */
  heard(date: string | undefined, age: string | undefined, sent: number, received: number): void {
    const theirs = date === undefined ? Number.NaN : Date.parse(date);
    if (Number.isNaN(theirs) || Number(age ?? 0) > 0 || received < sent) return;
    const half = (received - sent) / 2;
    const ms = theirs + halfSecond - (sent + half);
    const doubt = halfSecond + half;
    const contradicts = Math.abs(ms - this.#ms) > doubt + this.#doubt;
    if (doubt > this.#doubt && !contradicts && received - this.#at < believedMs) return;
    this.#ms = ms;
    this.#doubt = doubt;
    this.#at = received;
  }
}
