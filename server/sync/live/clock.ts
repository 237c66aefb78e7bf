// Clock: the time and the alarms of the live sync, so that a test can let an hour pass at once.

export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Runs it once, so many ms from now; the answer cancels it. */
  after(ms: number, run: () => void): () => void;
}

/** Alarms beyond this are rung early by Node; nothing here waits so long. */
const longestMs = 2 ** 31 - 1;

export const realClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, longestMs));
    return () => clearTimeout(timer);
  },
};

/** Rejects with the reason of the signal. */
export function sleepOf(clock: Clock): (ms: number, signal: AbortSignal) => Promise<void> {
  return (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const stop = (): void => {
        cancel();
        reject(signal.reason);
      };
      const cancel = clock.after(ms, () => {
        signal.removeEventListener('abort', stop);
        resolve();
      });
      signal.addEventListener('abort', stop, { once: true });
    });
}
