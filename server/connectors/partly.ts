// Partly: one part of a scan, which becomes a problem when it cannot be had for a reason of its own.
import type { ScanProblem } from '../catalog/change.ts';
import { HttpError, type HttpFailure } from './httpError.ts';

export interface PartialScan {
  readonly problems: ScanProblem[];
  readonly signal: AbortSignal;
}

/** Undefined when it failed for one of the `reasons`; rejects with what says that nothing can be had. `what`: of several things. */
export async function partly<T>(
  { problems, signal }: PartialScan,
  what: string,
  ask: () => Promise<T>,
  reasons: readonly HttpFailure[],
): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof HttpError) || !reasons.includes(error.kind)) throw error;
    problems.push({ message: error.message, advice: `Without it, ${what} are not known anew.` });
    return undefined;
  }
}
