// Shapes: accounts, projects, environments, jobs, runs and steps as dbt Cloud tells them, checked field by field.
import type { RunStatus } from '../../../catalog/run.ts';
import { isRecord, list, number, oneLine, record, text, time } from '../../json.ts';

export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface StoredJob extends Named {
  readonly project?: string;
  readonly environment?: string;
  readonly description?: string;
  /** Commands, `dbt build --select tag:nightly`. */
  readonly steps: readonly string[];
  readonly cron?: string;
  /** Runs by its schedule. */
  readonly isScheduled: boolean;
  /** `ci`, `merge`, `scheduled`, `other`, … */
  readonly type?: string;
  /** Epoch ms. */
  readonly createdAt?: number;
  readonly updatedAt?: number;
}

export interface StoredStep {
  /** From 1 on. */
  readonly index: number;
  readonly name: string;
  /** What dbt was told: `dbt build`; absent for steps that are not dbt's. */
  readonly command?: string;
  readonly status: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
}

export interface StoredRun {
  readonly id: string;
  readonly job?: string;
  readonly project?: string;
  readonly environment?: string;
  readonly status: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly createdAt?: number;
  readonly message?: string;
  readonly commit?: string;
  readonly branch?: string;
  readonly url?: string;
  readonly dbtVersion?: string;
  /** Why it ran, in words. */
  readonly cause?: string;
  readonly hasArtifacts: boolean;
  readonly hasDocs: boolean;
  readonly hasFreshness: boolean;
  readonly steps: readonly StoredStep[];
}

/** Ids are numbers of up to 15 digits; as text, so that they can stand in ids. */
export function idText(value: unknown): string | undefined {
  const written = typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? String(value) : value;
  return typeof written === 'string' && /^[1-9]\d{0,18}$/.test(written) ? written : undefined;
}

export function readNamed(value: unknown): Named | undefined {
  if (!isRecord(value)) return undefined;
  const id = idText(value.id);
  return id === undefined ? undefined : { id, name: oneLine(value.name, 200) ?? id };
}

export function readJob(value: unknown): StoredJob | undefined {
  const named = readNamed(value);
  if (!named || !isRecord(value)) return undefined;
  const steps = list(value.execute_steps).flatMap((step) => oneLine(step, 300) ?? []);
  return {
    ...named,
    project: idText(value.project_id),
    environment: idText(value.environment_id),
    description: text(value.description)?.slice(0, 2000),
    steps: [...new Set(steps)].slice(0, 50),
    cron: oneLine(record(value.schedule).cron, 200),
    isScheduled: record(value.triggers).schedule === true,
    type: oneLine(value.job_type, 40),
    createdAt: time(value.created_at),
    updatedAt: time(value.updated_at),
  };
}

export function readRun(value: unknown): StoredRun | undefined {
  if (!isRecord(value)) return undefined;
  const id = idText(value.id);
  const status = number(value.status);
  if (id === undefined || status === undefined) return undefined;
  const commit = text(value.git_sha)?.toLowerCase();
  const url = text(value.href);
  return {
    id,
    job: idText(value.job_definition_id) ?? idText(value.job_id),
    project: idText(value.project_id),
    environment: idText(value.environment_id),
    status,
    startedAt: time(value.started_at),
    endedAt: time(value.finished_at),
    createdAt: time(value.created_at),
    message: oneLine(value.status_message),
    commit: commit !== undefined && /^[0-9a-f]{40}$/.test(commit) ? commit : undefined,
    branch: oneLine(value.git_branch, 200),
    url: url !== undefined && /^https?:\/\//i.test(url) ? url.slice(0, 2000) : undefined,
    dbtVersion: oneLine(value.dbt_version, 60),
    cause: oneLine(record(value.trigger).cause, 300),
    hasArtifacts: value.artifacts_saved === true,
    hasDocs: value.has_docs_generated === true,
    hasFreshness: value.has_sources_generated === true,
    steps: list(value.run_steps).flatMap((step) => readStep(step) ?? []),
  };
}

function readStep(value: unknown): StoredStep | undefined {
  if (!isRecord(value)) return undefined;
  const [index, status] = [number(value.index), number(value.status)];
  if (index === undefined || !Number.isSafeInteger(index) || index < 1 || status === undefined) return undefined;
  const name = oneLine(value.name, 300) ?? `step ${index}`;
  const command = /`(dbt [^`]{1,280})`/.exec(name)?.[1]?.trim();
  return {
    ...{ index, name, status, startedAt: time(value.started_at), endedAt: time(value.finished_at) },
    ...(command === undefined ? {} : { command }),
  };
}

/** Both texts of one step; the longer one is truncated by dbt Cloud to its last 1,000 lines unless asked for. */
export function readStepLogs(value: unknown): { readonly logs: string; readonly debug: string } {
  const step = record(value);
  return { logs: text(step.logs) ?? '', debug: text(step.debug_logs) ?? text(step.truncated_debug_logs) ?? '' };
}

/** 1 queued, 2 starting, 3 running, 10 success, 20 error, 30 cancelled (dbt-cloud-cli 0.9.1 has the same numbers). */
const statuses: Readonly<Record<number, RunStatus>> = {
  1: 'queued',
  2: 'queued',
  3: 'running',
  10: 'success',
  20: 'failed',
  30: 'failed',
};

export function statusOf({ status }: { readonly status: number }): RunStatus {
  return statuses[status] ?? 'unknown';
}

export function isOpen(run: Pick<StoredRun, 'status'>): boolean {
  return /^(queued|running)$/.test(statusOf(run));
}
