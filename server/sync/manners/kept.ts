// Kept: answers that a server marked with an ETag, so that it need not send again what has not changed.
import type { HttpAnswer } from '../../connectors/connector.ts';

export interface KeptLimits {
  /** Characters of all texts together. */
  readonly total: number;
  /** Longer answers are not kept. */
  readonly each: number;
}

interface Entry {
  readonly etag: string;
  readonly answer: HttpAnswer;
}

/** In memory only; the ones used longest ago go first. */
export class Kept {
  readonly #limits: KeptLimits;
  readonly #entries = new Map<string, Entry>();
  #total = 0;

  constructor(limits: KeptLimits) {
    this.#limits = limits;
  }

  /** What a 304 to this etag stands for. */
  get(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  put(key: string, answer: HttpAnswer): void {
    this.#drop(key);
    const etag = answer.header('etag');
    if (etag === undefined || answer.status !== 200 || answer.text.length > this.#limits.each) return;
    this.#entries.set(key, { etag, answer });
    this.#total += answer.text.length;
    for (const oldest of this.#entries.keys()) {
      if (this.#total <= this.#limits.total) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#total -= this.#entries.get(key)?.answer.text.length ?? 0;
    this.#entries.delete(key);
  }
}
