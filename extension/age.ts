// Ages in words for the views, from times in epoch ms.

const units = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** `2 hours ago`; `just now` below a minute and for times slightly ahead of this clock. */
export function age(at: number, now: number): string {
  const elapsed = now - at;
  for (const [unit, size] of units) {
    const count = Math.floor(elapsed / size);
    if (count >= 1) return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
  }
  return 'just now';
}
