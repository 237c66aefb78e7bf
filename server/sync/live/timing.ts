// Timing: how often a connection is asked; the numbers in one place.
import type { Backoff } from '../health.ts';

export interface Timing {
  /** What changed, while a focused window shows something of it. */
  readonly pollMs: number;
  /** What changed, while nobody looks. */
  readonly quietMs: number;
  /** All there is. */
  readonly fullMs: number;
  /** The same when the user asks for it. */
  readonly askedFullMs: number;
  /** What is on a focused screen is at most so old when it is asked for again. */
  readonly lookMs: number;
  /** Facts that a hover shows without asking again. */
  readonly lifetimeMs: number;
  /** After failures in a row, while somebody looks. */
  readonly watchedBackoff: Backoff;
  readonly quietBackoff: Backoff;
  /** After 401 and 403: asking again changes nothing, and may lock an account. */
  readonly refusedMs: number;
  /** A connection that stands in no configuration is forgotten so much later, since a file may be broken while it is edited. */
  readonly forgetMs: number;
  /** After a scan that ended well so long ago, what is known is called stale. */
  readonly staleMs: number;
  /** How often the lease between windows is renewed or tried for. */
  readonly leaseBeatMs: number;
}

const minute = 60_000;

export const usualTiming: Timing = {
  pollMs: minute,
  quietMs: 5 * minute,
  fullMs: 6 * 60 * minute,
  askedFullMs: 60 * minute,
  lookMs: 40_000,
  lifetimeMs: 10_000,
  watchedBackoff: { firstMs: 5_000, mostMs: minute },
  quietBackoff: { firstMs: 5_000, mostMs: 5 * minute },
  refusedMs: 5 * minute,
  forgetMs: minute,
  staleMs: 15 * minute,
  leaseBeatMs: 4_000,
};
