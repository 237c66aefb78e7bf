// Limits: the numbers of good manners, in one place.
import type { Backoff } from '../health.ts';
import type { BreakerLimits } from './breaker.ts';
import type { BudgetLimits } from './budget.ts';
import type { KeptLimits } from './kept.ts';

export interface Limits {
  readonly budget: BudgetLimits;
  /** Requests out at the same time. */
  readonly atOnce: number;
  /** After the first try. */
  readonly retries: number;
  readonly retryPause: Backoff;
  readonly breaker: BreakerLimits;
  /** After a 429 that does not say how long. */
  readonly unsaidRest: Backoff;
  /** The longest wish of a server that a caller waits for. */
  readonly patienceMs: number;
  readonly kept: KeptLimits;
}

/** AWS takes thousands a second of one prefix (docs.aws.amazon.com, "Optimizing Amazon S3 performance", 2026-11), and each costs a little. */
export const awsLimits: Partial<Limits> = { budget: { burst: 200, perMinute: 600 }, atOnce: 4 };

/** Two a second at most on the long run; a first look at a small server is done within its burst. */
export const usualLimits: Limits = {
  budget: { burst: 60, perMinute: 120 },
  atOnce: 2,
  retries: 2,
  retryPause: { firstMs: 500, mostMs: 5_000 },
  breaker: { failures: 5, firstMs: 15_000, mostMs: 300_000 },
  unsaidRest: { firstMs: 10_000, mostMs: 300_000 },
  patienceMs: 30_000,
  kept: { total: 8_000_000, each: 1_000_000 },
};
