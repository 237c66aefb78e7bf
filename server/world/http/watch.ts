// Watch: how long one request may take, as a whole and between two pieces of its answer.
import { HttpError } from '../../connectors/httpError.ts';
import type { Asked } from './failure.ts';

export interface Timeouts {
  /** Until the server can be spoken to: name, proxy, TLS. */
  readonly connectMs: number;
  /** Without a byte. */
  readonly idleMs: number;
  /** For everything, redirects included. */
  readonly totalMs: number;
}

export const usualTimeouts: Timeouts = { connectMs: 10_000, idleMs: 30_000, totalMs: 120_000 };

export interface Watch {
  /** Aborts when the caller gives up or time is over. */
  readonly signal: AbortSignal;
  /** Something came. */
  touch(): void;
  /** Why time was over; undefined when it was not. */
  late(): HttpError | undefined;
  /** Must be called, or timers stay. */
  end(): void;
}

export function createWatch(caller: AbortSignal, { idleMs, totalMs }: Timeouts, { name, place, what }: Asked): Watch {
  const controller = new AbortController();
  let late: HttpError | undefined;
  const over = (words: string) => {
    late ??= new HttpError('timeout', `${name}: ${place} ${words}`);
    controller.abort();
  };
  const silent = () =>
    over(
      `sent nothing for ${idleMs / 1_000} s to ${what}. It is asked again later; if it stays so, look at the server.`,
    );
  const slow = () => over(`did not finish its answer to ${what} within ${totalMs / 1_000} s. It is asked again later.`);
  const total = setTimeout(slow, totalMs);
  const idle = setTimeout(silent, idleMs);
  const stop = () => controller.abort();
  caller.addEventListener('abort', stop);
  if (caller.aborted) stop();
  return {
    signal: controller.signal,
    touch: () => void idle.refresh(),
    late: () => late,
    end: () => {
      clearTimeout(total);
      clearTimeout(idle);
      caller.removeEventListener('abort', stop);
    },
  };
}
