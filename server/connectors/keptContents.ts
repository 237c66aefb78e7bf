// KeptContents: what was asked of code on screen a while ago, so that who looks at a job for an hour does not fetch its file again and again.
import type { Content } from '../catalog/content.ts';
import type { LiveHost } from './connector.ts';
import { HttpError } from './httpError.ts';

/** In ms. */
const lifetime = 5 * 60_000;
const most = 1000;
/** Failures that say the same the next time. */
const lasting = /^(missing|forbidden|refused|tooBig|broken)$/;

export interface Looking {
  readonly host: Pick<LiveHost, 'log' | 'now'>;
  readonly signal: AbortSignal;
  /** `the source of a DAG`, for the log. */
  readonly what: string;
}

interface Kept<T> {
  readonly at: number;
  readonly value: T | undefined;
}

/** Hashes alone; lasts as long as the connection. */
export class KeptContents<T extends { readonly content: Content }> {
  readonly #kept = new Map<string, Kept<T>>();

  /** Given last; for those who tell of a thing without asking. */
  known(key: string): Content | undefined {
    return this.#kept.get(key)?.value?.content;
  }

  /**
   * `ask` only when what is known is older than five minutes. Never rejects but for `signal` and our own mistakes: code is
   * beside what is told of a job, which stands without it. What may not be had is not asked for again for a while.
   */
  async of(key: string, { host, signal, what }: Looking, ask: () => Promise<T | undefined>): Promise<T | undefined> {
    const now = host.now();
    const known = this.#kept.get(key);
    if (known && Math.abs(now - known.at) < lifetime) return known.value;
    try {
      this.#keep(key, { at: now, value: await ask() });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof HttpError)) throw error;
      host.log.debug(`${what} is not handed out`, { reason: error.message });
      if (lasting.test(error.kind)) this.#keep(key, { at: now, value: undefined });
    }
    return this.#kept.get(key)?.value;
  }

  #keep(key: string, kept: Kept<T>): void {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    const oldest = this.#kept.size > most ? this.#kept.keys().next().value : undefined;
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}
