// Which failures are of one part, and what a server said that we did not expect, counted and said once each.
import type { ScanProblem } from '../catalog/change.ts';
import { HttpError } from './httpError.ts';

export class Surprises {
  readonly #seen = new Map<string, number>();

  /** `what` reads after a number: `rules without a name`. */
  add(what: string): void {
    this.#seen.set(what, (this.#seen.get(what) ?? 0) + 1);
  }

  /** Those since the last call. */
  take(address: string): readonly ScanProblem[] {
    const found = [...this.#seen].map(([what, count]): ScanProblem => {
      const advice = 'Check its version, and what stands before it.';
      return { message: `${address} answered with ${count} × ${what}; left out.`, advice };
    });
    this.#seen.clear();
    return found;
  }
}

/** Of one endpoint; whatever says that the server as a whole cannot be asked now is thrown. */
export function partly(error: unknown): ScanProblem {
  const isLocal =
    error instanceof HttpError && ['forbidden', 'missing', 'refused', 'broken', 'tooBig'].includes(error.kind);
  if (!isLocal) throw error;
  return { message: error.message, advice: 'The rest was read; what this would have told is as old as it was.' };
}
