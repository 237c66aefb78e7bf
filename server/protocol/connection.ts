// Connection: one configured tool that is asked over the network: its settings, its secret, how it is.
import type { MetricQuery } from './metricQuery.ts';
import type { Sealed } from './sealed.ts';

export const liveTools = [
  'mlflow',
  'airflow',
  'databricks',
  'datadog',
  'snowflake',
  'dbt',
  'ray',
  'prometheus',
  'alertmanager',
  'marquez',
  'openlineage',
  's3',
  'cloudwatch',
  'ssh',
] as const;
export type LiveTool = (typeof liveTools)[number];

/** Asked by AWS's own client, with the credentials that it finds by itself unless one is stored. */
export function isOfAws(tool: LiveTool): tool is 's3' | 'cloudwatch' | 'openlineage' {
  return tool === 's3' || tool === 'cloudwatch' || tool === 'openlineage';
}

/** As it stands in `connections.json` and in the setting `plumbline.connections`. Never holds a secret. */
export interface ConnectionConfig {
  /** Unique among the user's connections; shown everywhere. */
  readonly name: string;
  readonly tool: LiveTool;
  /** http or https, with the prefix the server is mounted at; no user, query or fragment. Of a host: `ssh://[user@]host[:port]`. */
  readonly url: string;
  /** `dev`, `staging`, `prod` …; absent: any. */
  readonly environment?: string;
  /** Key of the thing it connects to, when several addresses are one; default the normalised address. */
  readonly instance?: string;
  /** `none`: nothing is sent. `environment`: the tool's own variables and user-level files of whoever runs us. Default `stored`. */
  readonly credential?: 'none' | 'stored' | 'environment';
  /** MLflow 3.10 and newer. */
  readonly workspace?: string;
  /** AWS: where what is asked for is, if its own files and variables do not say or say another one. */
  readonly region?: string;
  /** AWS: a profile of `~/.aws`. */
  readonly profile?: string;
  /** Snowflake: by which what is asked for is seen, and the warehouse to prefer among those that are awake; as SQL takes their names. */
  readonly role?: string;
  readonly warehouse?: string;
  /** Snowflake: queries whose results are metrics, which the user allowed. */
  readonly queries?: readonly MetricQuery[];
  /** S3: buckets (`acme-models`, `acme-models/churn/`) to look at even if nothing names them; CloudWatch: log groups, by the beginnings of their names. */
  readonly watch?: readonly string[];
  /** Hosts: path patterns of the log files that may be read there, with what log rotation made of them. */
  readonly logs?: readonly string[];
  /** Hosts: absolute path of an ssh configuration in place of the user's own. */
  readonly sshConfigFile?: string;
  /** Accept a certificate that nobody vouches for. */
  readonly allowSelfSigned?: boolean;
  /** Absolute paths of PEM files. */
  readonly caFile?: string;
  readonly certificateFile?: string;
  readonly keyFile?: string;
  /** Nothing is asked until it is resumed. */
  readonly paused?: boolean;
}

/** Kept in memory, in the editor's secret storage, or in the tool's own files; nowhere else. */
export type Secret =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | { readonly kind: 'token'; readonly token: string };

export interface ConnectionStatus {
  readonly name: string;
  readonly tool: LiveTool;
  readonly url: string;
  /** `tool://instance`. */
  readonly scope: string;
  readonly environment?: string;
  readonly health: 'never' | 'fresh' | 'stale' | 'failing' | 'forbidden';
  readonly paused: boolean;
  /** Epoch ms of the last scan that ended well. */
  readonly scannedAt?: number;
  /** What happened and the next step; absent when all is well. */
  readonly reason?: string;
  /** Known of it, gone ones not counted. */
  readonly entities: number;
  readonly requestsLastHour: number;
  /** Epoch ms: when it is asked again; absent when paused or when another window asks. */
  readonly nextAt?: number;
  /** The secret it needs is not there: sign in. */
  readonly needsSecret: boolean;
  /** As configured, for whoever edits it. */
  readonly config?: ConnectionConfig;
  /** Absolute path of the file that defines it; absent: the setting `plumbline.connections`. */
  readonly file?: string;
}

/** The editor's `http.*` settings of the user, without `http.`; absent ones are the editor's defaults. */
export interface ProxySettings {
  /** `http://[user:password@]host:port`, `https://…`, `socks…://…`; empty: none set. */
  readonly proxy?: string;
  /** `off`: no proxy at all, whatever else says. The other values mean the same to us. */
  readonly proxySupport?: 'off' | 'on' | 'fallback' | 'override';
  /** Hosts that are asked directly; adds to `NO_PROXY`. */
  readonly noProxy?: readonly string[];
  /** False: the certificate of the proxy itself is not checked. */
  readonly proxyStrictSSL?: boolean;
  /** False: certificates of the operating system are not trusted. */
  readonly systemCertificates?: boolean;
}

/** scheme://host[:port], lower case, default port dropped; undefined for what is not http(s). */
export function originOf(url: string): string | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  return parsed?.protocol === 'http:' || parsed?.protocol === 'https:' ? parsed.origin : undefined;
}

/** `host[:port][/prefix]`, lower case host, no slash at the end: what an instance is called when nothing better is known. */
export function addressOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname.replace(/\/+$/, '')}`;
}

// region To client
/** Asked by the server when a connection needs it; bound to the origin it was given for. Answer: sealed, since messages can be traced, or null. */
export const secretRequest = 'plumbline/secret';
export interface SecretParams {
  readonly name: string;
  readonly origin: string;
  /** `publicKey` of the asking process's Seal. */
  readonly sealFor: string;
}
export type SecretResult = Sealed | null;
// endregion

// region To server
export const connectionsRequest = 'plumbline/connections';
export type ConnectionsResult = readonly ConnectionStatus[];

/** What the tools' own environment variables and user-level files name; nothing of the workspace. */
export const detectRequest = 'plumbline/connections/detect';
export interface DetectedConnection {
  readonly config: ConnectionConfig;
  /** `MLFLOW_TRACKING_URI`, `~/.mlflow/credentials` … */
  readonly from: string;
  readonly hasSecret: boolean;
}
export type DetectResult = readonly DetectedConnection[];

/** Asks the server once, with this secret (undefined: the stored one), and keeps nothing. */
export const testConnectionRequest = 'plumbline/connections/test';
export interface TestConnectionParams {
  readonly config: ConnectionConfig;
  /** For the key the server names in `capabilities.experimental.sealFor` of its answer to `initialize`. */
  readonly secret?: Sealed;
}
export interface TestConnectionResult {
  readonly ok: boolean;
  /** What answered (`MLflow 3.17.2, 12 models`), or what is wrong and the next step. */
  readonly message: string;
  /** It answered that a secret is needed or is wrong. */
  readonly wantsSecret: boolean;
}

/** Writes `connections.json`; what is running follows. */
export const changeConnectionRequest = 'plumbline/connections/change';
export type ChangeConnectionParams =
  | { readonly change: 'save'; readonly config: ConnectionConfig }
  | { readonly change: 'remove'; readonly name: string }
  | { readonly change: 'pause' | 'resume' | 'syncNow'; readonly name: string }
  /** Its secret was stored or removed: ask for it again. */
  | { readonly change: 'secret'; readonly name: string };
export type ChangeConnectionResult = { readonly problem?: string };

/** Undefined: all environments. */
export const environmentRequest = 'plumbline/environment';
export interface EnvironmentParams {
  readonly environment?: string;
}

/** Whether the window has the focus and which entities are on screen, at most a hundred. */
export const attentionNotification = 'plumbline/attention';
export interface AttentionParams {
  readonly focused: boolean;
  readonly ids: readonly string[];
}

/** The user changed the editor's proxy settings; the first ones come with the InitializationOptions. */
export const proxyNotification = 'plumbline/proxy';
export interface ProxyParams extends ProxySettings {
  /** User and password of the proxy, sealed for `sealFor`; `proxy` itself holds none. */
  readonly credential?: Sealed;
}
// endregion
