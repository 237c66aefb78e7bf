// KeptContents: what was asked of code on screen a while ago, so that who looks at a job for an hour does not fetch its file again and again.
import type { Content } from '../catalog/content.ts';

/** In ms. */
const lifetime = 5 * 60_000;
const most = 1000;

interface Kept<T> {
  readonly at: number;
  readonly value: T | undefined;
}

/** Hashes alone; lasts as long as the connection. */
export class KeptContents<T extends { readonly content: Content }> {
  readonly #kept = new Map<string, Kept<T>>();
  #closedUntil = Number.NEGATIVE_INFINITY;

  /** Given last; for those who tell of a thing without asking. */
  known(key: string): Content | undefined {
    return this.#kept.get(key)?.value?.content;
  }

  /** `ask` only when what is known is older than five minutes; rejects as it does. `now` in epoch ms. */
  async of(key: string, now: number, ask: () => Promise<T | undefined>): Promise<T | undefined> {
    const known = this.#kept.get(key);
    if ((known && Math.abs(now - known.at) < lifetime) || now < this.#closedUntil) return known?.value;
    const value = await ask();
    this.#kept.delete(key);
    this.#kept.set(key, { at: now, value });
    const oldest = this.#kept.size > most ? this.#kept.keys().next().value : undefined;
    if (oldest !== undefined) this.#kept.delete(oldest);
    return value;
  }

  /** We may not read what runs: nothing is asked for a while. */
  close(now: number): void {
    this.#closedUntil = now + lifetime;
  }
}
