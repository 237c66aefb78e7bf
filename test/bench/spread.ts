// Spread: how times are summed up, and ratios of them.

/** Milliseconds. */
export interface Spread {
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

export function spread(times: readonly number[]): Spread {
  const sorted = [...times].sort((one, other) => one - other);
  const at = (share: number): number =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(2));
  return { median: at(0.5), p99: at(0.99), max: at(1) };
}

export const ratio = (one: number, other: number): number => Number((one / other).toFixed(3));
