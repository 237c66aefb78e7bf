// Connector: what an outside system adds, and the world as it may touch it.
import type { Catalog } from '../catalog/catalog.ts';
import type { CatalogChange, MetricSeries } from '../catalog/change.ts';
import type { EntityId, EntityKind } from '../catalog/entity.ts';
import type { ConnectionConfig, Secret } from '../protocol/connection.ts';
import type { LogGroups } from './logGroups.ts';
import type { ObjectStore } from './objectStore.ts';
import type { GitRepository } from './repository.ts';

export interface FileStat {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'other';
  readonly size: number;
  /** Epoch ms. */
  readonly modifiedAt: number;
}

export interface SmallFile {
  /** Relative to the folder asked for, with `/`. */
  readonly name: string;
  /** The start of the file, UTF-8. */
  readonly text: string;
  /** Of the whole file, in bytes. */
  readonly size: number;
}

export interface ReadOnlyDatabase {
  /** All rows of a query, each an object by column name; integers beyond 2^53 come as bigint. */
  all(sql: string, ...params: readonly (string | number | null)[]): readonly Readonly<Record<string, unknown>>[];
  /**
   * Every query inside `work` sees one state of the file. Keep it short: until it returns, a program that writes
   * the file may have to wait.
   */
  snapshot<T>(work: () => T): T;
  close(): void;
}

export interface Log {
  error(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  debug(message: string, fields?: object): void;
}

/** Made real in `server/world`. Every call rejects with an Error whose message names the path or command and the next step. */
export interface ConnectorHost {
  /** Undefined when nothing is there. */
  stat(path: string): Promise<FileStat | undefined>;
  /** Direct children, by name; empty when the folder is not there. */
  list(path: string): Promise<readonly FileStat[]>;
  /** The path with symbolic links resolved; the path itself when nothing is there. */
  realPath(path: string): Promise<string>;
  /** UTF-8 (invalid bytes become U+FFFD). Rejects above `maxBytes` (default 64 MB). */
  readText(path: string, maxBytes?: number): Promise<string>;
  /** At most `length` bytes from `offset`; shorter at the end of the file. */
  readRange(path: string, offset: number, length: number): Promise<Uint8Array>;
  /** Every file below a folder by name, each with its first `maxBytes`; `skip` are folders directly below it. */
  smallFiles(folder: string, maxBytes: number, skip?: readonly string[]): Promise<readonly SmallFile[]>;
  /** A consistent read-only view, even while another process writes. */
  openSqlite(path: string): Promise<ReadOnlyDatabase>;
  /** Stdout of a program with this exact argument list, no shell. Not available in Restricted Mode. */
  exec(command: readonly string[], options: { readonly cwd: string; readonly signal: AbortSignal }): Promise<string>;
  /** The git repository this folder is in; undefined when it is in none, in Restricted Mode, or without git. */
  repository(folder: string): Promise<GitRepository | undefined>;
  /** Of an environment variable of whoever runs us; undefined when it is not set or empty. */
  variable(name: string): string | undefined;
  readonly log: Log;
  /** Epoch ms. */
  now(): number;
}

export interface HttpRequest {
  /** Below the address of the connection, beginning with `/`; already percent-encoded. */
  readonly path: string;
  /** In order; a name may stand several times. */
  readonly query?: readonly (readonly [string, string])[];
  /** Default GET. */
  readonly method?: 'GET' | 'POST';
  /** Sent as JSON. */
  readonly json?: object;
  /** Sent as a form, in order; instead of `json`. Values may be secret. */
  readonly form?: readonly (readonly [string, string])[];
  /** Default `application/json`. */
  readonly accept?: string;
  /** The whole value of the header, e.g. `Bearer …`; it never leaves the connection's origin. */
  readonly authorization?: string;
  readonly headers?: readonly (readonly [string, string])[];
  /** Answers longer than this reject with `tooBig`; default 32 MB. */
  readonly maxBytes?: number;
  /** A POST that only asks (a search): it is shared and tried again like a GET. */
  readonly repeatable?: boolean;
}

export interface HttpAnswer {
  /** 2xx, or one of `expected`. */
  readonly status: number;
  /** By name in any case. */
  header(name: string): string | undefined;
  readonly text: string;
  /** Throws a `broken` error that shows the beginning of what came instead. */
  json(): unknown;
}

/** A program that goes on talking. */
export interface Talk {
  /** What it says, in order; ends when it has ended. To be read by one reader. */
  readonly output: AsyncIterable<Uint8Array>;
  /** Tells it something; nothing happens once it has ended. */
  write(text: string): void;
  /** Never rejects. `said` is the last of its stderr; `spawn` the code of the error when it could not be started. */
  readonly ended: Promise<{ readonly code: number | undefined; readonly said: string; readonly spawn?: string }>;
  /** Ends it, with whatever it started here. */
  end(): void;
}

/** What a live connector may touch: its own connection, and nothing else. */
export interface LiveHost {
  /**
   * Rejects with an `HttpError` (its `kind`, and `status` where there is one) whose message names the connection, the
   * host and the next step. Waits for its turn within the budget of the connection; an answer that another caller is
   * waiting for is shared. `expected`: statuses beside 2xx that are answers.
   */
  fetch(request: HttpRequest, signal: AbortSignal, expected?: readonly number[]): Promise<HttpAnswer>;
  /** Of connections to S3 and its like; absent for all others. */
  readonly objects?: ObjectStore;
  /** Of connections to CloudWatch Logs. */
  readonly logGroups?: LogGroups;
  /** Undefined when none is needed or none is there; asked anew after `fetch` rejected with `unauthorized`. */
  secret(): Promise<Secret | undefined>;
  /** How far the server's clock is ahead of ours, in ms, from its `Date` headers; 0 while unknown. */
  readonly skewMs: number;
  /** Of `ssh` connections alone: runs this command on the connection's host by the user's own ssh, which asks nobody for anything. */
  remote?(command: string): Talk;
  readonly log: Log;
  /** Epoch ms. */
  now(): number;
}

export interface SourceName {
  /** Unique, readable; becomes `Source.name`. */
  readonly name: string;
  readonly tool: string;
  readonly environment?: string;
}

/** One place to read on this machine, found by discovery. */
export interface SourceConfig extends SourceName {
  /** Absolute path of the store, file or folder. */
  readonly path: string;
  /** Absolute path of the workspace folder it belongs to. */
  readonly workspaceFolder: string;
}

/** The text of a log that only its tool can hand out. */
export interface FetchedLog {
  readonly text: string;
  /** False while the run may still write. */
  readonly complete: boolean;
}

/** What can be said of a log before any of it is read. Positions in a log are bytes of its plain text, unpacked. */
export interface LogStat {
  readonly size: number;
  /** More follows that nobody has counted, as in a packed log that was not read to its end. */
  readonly atLeast?: boolean;
  /** Epoch ms; absent when its place does not say. */
  readonly modifiedAt?: number;
  /** False while somebody may still write it. */
  readonly complete: boolean;
  /** Minutes that the local time of its writer is ahead of UTC, where the place says it. */
  readonly zoneMinutes?: number;
  /** Another text: another file stands there now (inode, ETag), so what was read before is of no use. Absent: the place does not say. */
  readonly identity?: string;
}

export interface LogSought {
  /** Plain words, of which any counts; case matters. No word holds a line break. */
  readonly words: readonly string[];
  /** Where to begin: a whole line. */
  readonly from: number;
  /** Lines that begin here or later do not count; absent: to the end. */
  readonly to?: number;
}

/**
 * Logs of any size, read piece by piece. Each call rejects with an Error whose message names the connection and the next
 * step, and as soon as `signal` aborts. Memory: no more than what is handed out, and a few MB.
 * A place that only pages (events by time) counts the bytes of what it read and remembers where its pages began.
 */
export interface RangedLogs {
  /** Undefined when nothing is there (any more). */
  stat(key: string, signal: AbortSignal): Promise<LogStat | undefined>;
  /** At most `length` bytes (2 MB are asked for at most) from `offset`; shorter at the end of the log, empty behind it. */
  readRange(key: string, offset: number, length: number, signal: AbortSignal): Promise<Uint8Array>;
  /** Where the first line with one of the words begins; undefined when there is none. Absent: it is found by reading ranges. */
  search?(key: string, sought: LogSought, signal: AbortSignal): Promise<number | undefined>;
}

interface AnyConnector<Name extends SourceName> {
  readonly source: Name;
  /** `tool://instance`. */
  readonly scope: string;
  readonly kinds: readonly EntityKind[];
  dispose?(): void;
}

/** Reads a place on this machine. */
export interface Connector extends AnyConnector<SourceConfig> {
  /** A cheap fingerprint of what would be read (mtimes and sizes); the same text means nothing changed. */
  fingerprint(signal: AbortSignal): Promise<string>;
  /** All there is, in pages. Throws when the source as a whole cannot be read; `problems` for parts. */
  scan(signal: AbortSignal): AsyncIterable<CatalogChange>;
}

/** Asks a server. */
export interface LiveConnector extends AnyConnector<SourceName> {
  /** Further `tool://instance` whose things it tells of, as far as it knows by now: what the server calls itself. */
  readonly alsoScopes?: readonly string[];
  /** It reads ids of other tools' runs out of texts: when another instance becomes known, it is asked for all there is. */
  readonly mines?: boolean;
  /**
   * In pages. `since` is the cursor that the last scan which ended well yielded; absent: all there is. With it the pages
   * say `incremental`, and only listing pages are asked for, nothing per entity. Throws when the server as a whole
   * cannot be asked; `problems` for parts (a 403 on one endpoint).
   */
  scan(signal: AbortSignal, since?: string): AsyncIterable<CatalogChange>;
  /** What is on screen, as of now: at most a few requests each. Never concludes that anything is gone. */
  describe(ids: readonly EntityId[], signal: AbortSignal): AsyncIterable<CatalogChange>;
  /** By the `key` of a `remoteLog` address that this connector made; for logs that are handed out whole. */
  readLog?(key: string, signal: AbortSignal): Promise<FetchedLog>;
  /** The same for logs that can be of any size; where it is there, it is asked instead of `readLog`. */
  readonly logs?: RangedLogs;
  /**
   * Of a metric that its tool watches: its values between two instants (epoch ms), by group, thinned to what a chart can
   * show. Empty for what is not its own, and when there is no value then. Rejects like `fetch`.
   */
  series?(
    metric: EntityId,
    range: { readonly from: number; readonly to: number },
    signal: AbortSignal,
  ): Promise<readonly MetricSeries[]>;
  /** Who answers and whether we may ask, in words (`MLflow 3.17.2, 12 models`); rejects like `fetch`. */
  greet(signal: AbortSignal): Promise<string>;
}

/** What a connector folder exports. */
export interface ConnectorFactory {
  readonly tool: string;
  /** Sources of this tool in a workspace folder: `files` are all its file and folder paths that discovery lists. */
  discover(folder: WorkspaceFolderListing): Promise<readonly SourceConfig[]> | readonly SourceConfig[];
  /** The folder (absolute) in which events that were posted to us are kept, as a source of the first workspace folder. */
  received?(folder: string, workspaceFolder: string): SourceConfig;
  /** A look into what `discover` found by its name: false when it is something else. Absent: the name is enough. */
  sniff?(source: SourceConfig, host: ConnectorHost): Promise<boolean>;
  create(source: SourceConfig, host: ConnectorHost, catalog?: Catalog): Promise<Connector> | Connector;
  /** Absent for tools that are only read from files. Asks nothing yet. */
  connect?(connection: ConnectionConfig, host: LiveHost, catalog?: Catalog): LiveConnector;
}

/** What discovery sees of a workspace folder: paths only, relative with `/`, node_modules and dot folders left out, at most 5 levels. */
export interface WorkspaceFolderListing {
  readonly root: string;
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** Folders declared under `logs:` in plumbline.yaml, as `{tool, path}` with path relative to the root. */
  readonly declared: readonly { readonly tool: string; readonly path: string }[];
}
