// What a server said that we did not expect: named, counted, said once each; and which failures end a whole scan.
import { HttpError } from '../../../httpError.ts';
import type { StoreProblem } from '../../shape.ts';

export type Part = StoreProblem['part'];

/** Collects surprises in answers, so that a thousand broken records are one problem. */
export class Surprises {
  readonly #seen = new Map<string, { readonly part: Part; readonly what: string; count: number }>();

  /** `what` reads after a number of records: `runs without info.run_id`. */
  add(part: Part, what: string): void {
    const known = this.#seen.get(what);
    if (known) known.count += 1;
    else this.#seen.set(what, { part, what, count: 1 });
  }

  /** Those since the last call. */
  take(address: string): readonly StoreProblem[] {
    const found = [...this.#seen.values()].map(({ part, what, count }): StoreProblem => {
      const message = `${address} answered with ${count} × ${what}; left out.`;
      return { part, message, advice: 'Check that it is a supported MLflow (2.x or 3.x), and what stands before it.' };
    });
    this.#seen.clear();
    return found;
  }
}

/**
 * A failure of one endpoint as a problem of its part; anything that says the server as a whole cannot be asked now
 * (no connection, wrong credential, 5xx, too many requests) is thrown.
 */
export function partly(error: unknown, part: Part): StoreProblem {
  if (!(error instanceof HttpError) || !isLocal(error)) throw error;
  const forbidden = error.kind === 'forbidden';
  return {
    part,
    message: error.message,
    ...(forbidden ? {} : { advice: 'The rest was read; what this would have told is as old as it was.' }),
  };
}

function isLocal({ kind, message }: HttpError): boolean {
  if (kind === 'forbidden') return !/Invalid Host header/.test(message);
  return kind === 'missing' || kind === 'refused' || kind === 'broken' || kind === 'tooBig';
}
