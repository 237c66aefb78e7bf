// HttpError: why a server gave no usable answer, in words that name the connection, the host and the next step.

/**
 * `unauthorized` 401 · `forbidden` 403 · `missing` 404 · `rateLimited` 429 · `refused` any other 4xx · `unavailable` 5xx ·
 * `unreachable` no connection, no such host, reset · `timeout` · `tls` · `proxy` the proxy refused or cannot be used ·
 * `redirect` to another origin or in a circle · `tooBig` over a cap of ours · `broken` not what was asked for ·
 * `waiting` not asked at all: the connection is resting after failures.
 */
export type HttpFailure =
  | 'unauthorized'
  | 'forbidden'
  | 'missing'
  | 'rateLimited'
  | 'refused'
  | 'unavailable'
  | 'unreachable'
  | 'timeout'
  | 'tls'
  | 'proxy'
  | 'redirect'
  | 'tooBig'
  | 'broken'
  | 'waiting';

export class HttpError extends Error {
  readonly kind: HttpFailure;
  /** Absent when nothing answered. */
  readonly status?: number;
  /** What the server asked us to wait. */
  readonly retryAfterMs?: number;

  constructor(
    kind: HttpFailure,
    message: string,
    details: { readonly status?: number; readonly retryAfterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.name = 'HttpError';
    this.kind = kind;
    if (details.status !== undefined) this.status = details.status;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
  }
}
