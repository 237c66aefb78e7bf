// Limits: how often each endpoint lets itself be asked, by the headers of its answers; the last of it is left to others.
import { HttpError } from '../../httpError.ts';

/** Of endpoints that let themselves be asked often enough that one more makes no difference. */
const spare = 1;
const spareFrom = 10;
/** A time beyond this is not believed. */
const longestMs = 3_600_000;

/** One endpoint rests; the rest of Datadog does not. */
export class AtItsLimit extends HttpError {}

/**
 * Limits are of an endpoint and an organisation: `X-RateLimit-Limit`, `-Remaining`, `-Reset` (seconds), `-Name`
 * (docs.datadoghq.com/api/latest/rate-limits, 2026-11). Were the last one used up, whoever asks for the whole connection
 * would leave all of it alone until then.
 */
export class Limits {
  readonly #place: string;
  readonly #rests = new Map<string, { readonly until: number; readonly name: string }>();

  /** For messages. */
  constructor(place: string) {
    this.#place = place;
  }

  /** Throws while it rests. */
  admit(path: string, now: number): void {
    const endpoint = endpointOf(path);
    const rest = this.#rests.get(endpoint);
    if (!rest) return;
    const left = rest.until - now;
    if (left > 0 && left <= longestMs)
      throw new AtItsLimit(
        'waiting',
        `${this.#place} lets ${endpoint} be asked again in ${Math.ceil(left / 1000)} s; what it allows ${rest.name} is used up.`,
        { retryAfterMs: left },
      );
    this.#rests.delete(endpoint);
  }

  heard(path: string, header: (name: string) => string | undefined, now: number): void {
    const [remaining, limit, reset] = ['remaining', 'limit', 'reset'].map((part) =>
      numberIn(header(`x-ratelimit-${part}`)),
    );
    if (remaining === undefined || reset === undefined) return;
    if (remaining > (limit !== undefined && limit >= spareFrom ? spare : 0)) return;
    const name = header('x-ratelimit-name')?.slice(0, 100) ?? 'us';
    this.#rests.set(endpointOf(path), { until: now + Math.min(reset * 1000, longestMs), name });
  }
}

function numberIn(text: string | undefined): number | undefined {
  const read = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(read) && read >= 0 ? read : undefined;
}

/** One of many things of a kind has the limit of all. */
function endpointOf(path: string): string {
  return path.replace(/\/monitor\/\d+$/, '/monitor/…').replace(/\/metrics\/[^/]+/, '/metrics/…');
}
