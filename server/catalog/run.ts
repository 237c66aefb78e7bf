// Run: one execution, as its tool recorded it; and the metric points it logged.
import type { Content } from './content.ts';
import type { EntityId } from './entity.ts';

export type RunStatus = 'queued' | 'running' | 'success' | 'failed' | 'skipped' | 'unknown';

export interface MetricPoint {
  /** `auc`; not qualified. */
  readonly name: string;
  readonly value: number;
  /** Epoch ms. */
  readonly at: number;
  readonly step?: number;
}

/** Where a log is: an absolute local path, or a `remoteLog` address. */
export interface LogPlace {
  readonly file: string;
  /** What to call it: `attempt 2`, `logs/train.log`. */
  readonly title: string;
}

const remotePrefix = 'plumbline-remote:';

/** The address of a log that the connector of `source` hands out for `key`. */
export function remoteLog(source: string, key: string): string {
  return `${remotePrefix}${encodeURIComponent(source)}/${encodeURIComponent(key)}`;
}

/** Undefined for a local path. */
export function parseRemoteLog(file: string): { readonly source: string; readonly key: string } | undefined {
  const [source, key] = file.startsWith(remotePrefix) ? file.slice(remotePrefix.length).split('/') : [];
  return source === undefined || key === undefined
    ? undefined
    : { source: decodeURIComponent(source), key: decodeURIComponent(key) };
}

/** For people: the path, or whose log it is; its title says which. */
export function logName(file: string): string {
  const remote = parseRemoteLog(file);
  return remote ? `A log of ${remote.source}` : file;
}

/** Data a run read or wrote, by entity id when the connector knows it, else by the name the tool gave. */
export interface DataUse {
  readonly id?: EntityId;
  readonly name: string;
  /** Content digest or version, where the tool keeps one. */
  readonly digest?: string;
  readonly rows?: number;
}

export interface Run {
  readonly id: EntityId;
  /** What it is a run of: the job, the task, the experiment, the models it made versions of, the dbt table. */
  readonly of: readonly EntityId[];
  readonly name: string;
  readonly status: RunStatus;
  /** Epoch ms; absent when it never started. */
  readonly startedAt?: number;
  /** Epoch ms; absent while running or when the tool does not say. */
  readonly endedAt?: number;
  /** Epoch ms of the instant the schedule meant it for (logical date). */
  readonly scheduledFor?: number;
  /** The run this one is a part of: the DAG run of a task try, the parent of a nested MLflow run. */
  readonly parent?: EntityId;
  /** 1-based try. */
  readonly attempt?: number;
  readonly user?: string;
  /** Full git commit hash of the code that ran. */
  readonly commit?: string;
  readonly branch?: string;
  /** What it ran, by its hash, where the tool keeps that of each run. */
  readonly content?: Content;
  /** File or notebook that ran, as the tool says it. */
  readonly entryPoint?: string;
  /** Where it ran: host, pool or cluster. */
  readonly where?: string;
  readonly environment?: string;
  /** One line of failure, when the tool gives one. */
  readonly message?: string;
  readonly url?: string;
  /** Last value of each metric, for tables; the whole series is in `series`. */
  readonly metrics: readonly MetricPoint[];
  readonly params: readonly { readonly name: string; readonly value: string }[];
  readonly inputs: readonly DataUse[];
  readonly outputs: readonly DataUse[];
  readonly logs: readonly LogPlace[];
  /** Ids found in the run's tags or text that name another tool's run (Airflow run id in an MLflow tag). */
  readonly linked: readonly EntityId[];
}
