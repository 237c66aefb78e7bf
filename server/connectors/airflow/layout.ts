// Layout: where Airflow puts the log of each try, and what a run id says about when it was meant to run; pure.
// Source: `[logging] log_filename_template`, airflow.apache.org/docs, 2026-11; 2.2 and older: `<dag>/<task>/<logical date>/<try>.log`.
import { time } from '../json.ts';

export interface TryPlace {
  readonly dag: string;
  readonly run: string;
  readonly task: string;
  /** -1 when the task is not mapped. */
  readonly mapIndex: number;
  readonly attempt: number;
}

/** Undefined for anything that is not the log of a try (triggerer logs end in `.log.trigger.<n>.log`). */
export function tryPlace(relative: string): TryPlace | undefined {
  return hivePlace(relative) ?? datedPlace(relative);
}

function hivePlace(relative: string): TryPlace | undefined {
  const match = /^dag_id=([^/]+)\/run_id=([^/]+)\/task_id=([^/]+)\/(?:map_index=(-?\d+)\/)?attempt=(\d+)\.log$/.exec(
    relative,
  );
  if (!match) return undefined;
  const [, dag = '', run = '', task = '', map = '-1', attempt = '1'] = match;
  return { dag, run, task, mapIndex: Number(map), attempt: Number(attempt) };
}

function datedPlace(relative: string): TryPlace | undefined {
  const match = /^([^/=]+)\/([^/=]+)\/(\d{4}-\d\d-\d\dT[^/]+)\/(\d+)\.log$/.exec(relative);
  if (!match) return undefined;
  const [, dag = '', task = '', date = '', attempt = '1'] = match;
  return { dag, run: `scheduled__${date}`, task, mapIndex: -1, attempt: Number(attempt) };
}

/** Epoch ms of the logical date in `scheduled__<iso>`, `backfill__<iso>`, `asset_triggered__<iso>…`; of the trigger in `manual__<iso>`. */
export function scheduledFor(run: string): number | undefined {
  const [, kind = '', rest = ''] = /^([a-z_]+?)__(.+)$/.exec(run) ?? [];
  // Only these kinds run because their time came; a person or an asset starts the others.
  if (kind !== 'scheduled' && kind !== 'backfill') return undefined;
  return runTime(rest);
}

/** Epoch ms of any time in a run id; for ordering. */
export function runTime(run: string): number | undefined {
  const match = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?/.exec(run);
  return match ? time(match[0]) : undefined;
}
