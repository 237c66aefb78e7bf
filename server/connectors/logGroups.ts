// LogGroups: what may be asked of a store of log events (CloudWatch Logs); read-only, made real in `server/world/aws/`.

export interface LogGroup {
  readonly name: string;
  readonly bytes?: number;
  /** Epoch ms. */
  readonly createdAt?: number;
  /** Absent: for ever. */
  readonly retentionDays?: number;
}

export interface LogStream {
  readonly name: string;
  /** Epoch ms of its first and last event; absent while it has none. The last one may be told an hour late. */
  readonly firstAt?: number;
  readonly lastAt?: number;
}

export interface LogEvent {
  /** Epoch ms. */
  readonly at: number;
  readonly message: string;
}

export interface LogWindow {
  readonly group: string;
  readonly stream: string;
  /** Epoch ms, the first included, the second not; absent: from its beginning, to its end. */
  readonly since?: number;
  readonly until?: number;
}

export interface LogEventPage {
  /** In order of time. */
  readonly events: readonly LogEvent[];
  /** Where to go on forwards; the same as was asked with: there is no more (now). */
  readonly next?: string;
}

/** Every call is one request within the budget of the connection and rejects with an `HttpError`. */
export interface LogGroups {
  /** Whose names begin so, at most 50 a page. */
  groups(
    prefix: string,
    from: string | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly groups: readonly LogGroup[]; readonly next?: string }>;
  /** Those written last first, at most 50 a page. */
  streams(
    group: string,
    from: string | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly streams: readonly LogStream[]; readonly next?: string }>;
  /** A page of at most 1 MB. `end`: the last events instead of the first. */
  events(
    window: LogWindow,
    page: { readonly from?: string; readonly end?: boolean; readonly most?: number },
    signal: AbortSignal,
  ): Promise<LogEventPage>;
}
