// Guard: the one `try` around every request: cancellation, errors, timing, and the fallback answer.
import type { CancellationToken } from 'vscode-languageserver/node';
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import type { Log } from '../connectors/connector.ts';

const slowMs = 100;
const sliceMs = 5;

export interface GuardOptions {
  readonly log: Log;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

export type Guarded<Params, Result> = (
  params: Params,
  token: CancellationToken,
) => Promise<Result | ResponseError<never>>;

export type Guard = <Params, Result>(
  method: string,
  fallback: Result,
  work: (params: Params, token: CancellationToken) => Result | Promise<Result>,
) => Guarded<Params, Result>;

export function createGuard({ log, now }: GuardOptions): Guard {
  return (method, fallback, work) => async (params, token) => {
    await nextTurn();
    if (token.isCancellationRequested) return cancelled();
    const started = now();
    try {
      const result = await work(params, token);
      return token.isCancellationRequested ? cancelled() : result;
    } catch (error) {
      if (error instanceof Cancelled) return cancelled();
      log.error(`${method} failed`, { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      return fallback;
    } finally {
      const took = now() - started;
      if (took > slowMs) log.warn(`${method} took ${Math.round(took)} ms`);
    }
  };
}

/** Thrown inside a sweep whose request was cancelled; the guard turns it into the protocol's answer. */
export class Cancelled extends Error {}

/**
 * Runs a generator to its end in slices of at most 5 ms, letting other requests through between slices.
 * A step of the generator must itself be short.
 */
export async function sweep<Result>(
  work: Generator<unknown, Result>,
  token: CancellationToken,
  now: () => number,
): Promise<Result> {
  for (;;) {
    const until = now() + sliceMs;
    do {
      const step = work.next();
      if (step.done) return step.value;
    } while (now() < until);
    await nextTurn();
    if (token.isCancellationRequested) {
      // What it holds open is closed in its `finally`.
      work.return(undefined as never);
      throw new Cancelled();
    }
  }
}

/** Lets messages that already arrived, a cancellation above all, be read first. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function cancelled(): ResponseError<never> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
}
