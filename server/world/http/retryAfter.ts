// RetryAfter: how long a server asks us to wait, read from the headers that say so.

/** By name in any case. */
export type HeaderOf = (name: string) => string | undefined;

/** A server that says more than this is not believed: it is asked again after a day. */
const longest = 24 * 3_600_000;
/** Above this a reset is a time, below it a number of seconds. */
const firstEpochSecond = 1_000_000_000;

/**
 * Ms, undefined when nothing is said: `Retry-After` (seconds or a date, RFC 9110 10.2.3, 2022-06), else, when nothing
 * remains, the reset of `RateLimit-*` (draft-ietf-httpapi-ratelimit-headers) or `X-RateLimit-*`. `isTooOften`: it was a 429, so that
 * nothing remains even where it does not say so.
 */
export function retryAfter(header: HeaderOf, now: number, isTooOften = false): number | undefined {
  const said = wait(header('retry-after'), header('date'), now);
  if (said !== undefined) return said;
  for (const prefix of ['ratelimit', 'x-ratelimit', 'x-rate-limit']) {
    const remaining = header(`${prefix}-remaining`);
    if (remaining === undefined ? !isTooOften : !(Number(remaining) <= 0)) continue;
    const reset = wait(header(`${prefix}-reset`), header('date'), now);
    if (reset !== undefined) return reset;
  }
  return undefined;
}

/** Dates are compared with the server's own clock where it tells it, so that skew does not matter. */
function wait(value: string | undefined, date: string | undefined, now: number): number | undefined {
  if (value === undefined || value.trim() === '') return undefined;
  const theirs = date === undefined ? Number.NaN : Date.parse(date);
  const base = Number.isNaN(theirs) ? now : theirs;
  const seconds = Number(value);
  const ms = Number.isNaN(seconds)
    ? Date.parse(value) - base
    : seconds >= firstEpochSecond
      ? seconds * 1_000 - base
      : seconds * 1_000;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), longest);
}
