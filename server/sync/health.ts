// Health: what a failed scan says of its source, and how long to wait before asking again.
import { StoreError } from '../catalog/store.ts';
import { HttpError } from '../connectors/httpError.ts';
import { WorldError } from '../world/failure.ts';

export interface Failure {
  readonly health: 'failing' | 'forbidden';
  /** For the user: names the thing and the next step. */
  readonly reason: string;
}

export function failureOf(error: unknown): Failure {
  const reason = error instanceof Error ? error.message : String(error);
  const forbidden =
    (error instanceof WorldError && error.kind === 'forbidden') ||
    (error instanceof HttpError && (error.kind === 'forbidden' || error.kind === 'unauthorized'));
  return { health: forbidden ? 'forbidden' : 'failing', reason };
}

/** Our own store failed, not the source: nothing is said against the source. */
export function isStoreTrouble(error: unknown): boolean {
  return error instanceof StoreError;
}

export interface Backoff {
  readonly firstMs: number;
  readonly mostMs: number;
}

export const usualBackoff: Backoff = { firstMs: 5_000, mostMs: 5 * 60_000 };

/** Doubles with each failure in a row, ± a quarter so that many sources do not come back at one instant. `chance` is in [0, 1). */
export function waitAfter(failures: number, { firstMs, mostMs }: Backoff, chance: number): number {
  const wait = Math.min(mostMs, firstMs * 2 ** Math.min(20, Math.max(0, failures - 1)));
  return Math.round(wait * (0.75 + chance * 0.5));
}
