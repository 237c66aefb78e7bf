// The clock of the real world; everything else is given the time.

/** Epoch ms. */
export function now(): number {
  return Date.now();
}
