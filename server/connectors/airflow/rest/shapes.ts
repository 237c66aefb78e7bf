// Shapes: what the two generations of the API answer, read field by field into one form; wrong fields are "not said".
// Fields read off Airflow 3.3.2 (v2) and 2.10.5 (v1), 2026-11-23.
import { list, number, oneLine, record, said, text, time } from '../../json.ts';

const longest = 1000;

/** A name that will be part of an id or a path; absurdly long ones are no names. */
function name(value: unknown): string | undefined {
  const read = text(value);
  return read !== undefined && read.length <= longest ? read : undefined;
}

/** Cut to a whole number; never minus zero, which JSON does not keep. */
function integer(value: unknown): number | undefined {
  const read = number(value);
  return read === undefined ? undefined : Math.trunc(read) + 0;
}

function names(value: unknown, field?: string): readonly string[] {
  return list(value).flatMap((item) => name(field === undefined ? item : record(item)[field]) ?? []);
}

export interface RestDag {
  readonly dag: string;
  readonly display?: string;
  readonly paused?: boolean;
  readonly description?: string;
  readonly owners: readonly string[];
  readonly tags: readonly string[];
  /** Of its file, relative to its bundle (v2) or as the server sees it (v1). */
  readonly file?: string;
  readonly bundle?: string;
  readonly commit?: string;
  /** What the text of its file is asked for with (v1). */
  readonly token?: string;
  /** `0 5 * * 1`, `1 day, 0:00:00`, `@once`; absent when it does not run by the clock. */
  readonly timetable?: string;
  readonly timetableWords?: string;
  readonly maxActiveRuns?: number;
  readonly nextRunAt?: number;
}

export function readDag(value: unknown): RestDag | undefined {
  const dag = record(value);
  const id = name(dag.dag_id);
  if (id === undefined) return undefined;
  return said<RestDag>({
    dag: id,
    display: oneLine(dag.dag_display_name),
    paused: typeof dag.is_paused === 'boolean' ? dag.is_paused : undefined,
    description: oneLine(dag.description, 2000),
    owners: names(dag.owners),
    tags: names(dag.tags, 'name'),
    file: text(dag.relative_fileloc) ?? text(dag.fileloc),
    bundle: text(dag.bundle_name),
    commit: commit(dag.bundle_version),
    token: name(dag.file_token),
    timetable: oneLine(dag.timetable_summary) ?? interval(dag.schedule_interval),
    timetableWords: oneLine(dag.timetable_description),
    maxActiveRuns: number(dag.max_active_runs),
    nextRunAt: time(dag.next_dagrun_run_after) ?? time(dag.next_dagrun_create_after),
  });
}

/** v1: `{__type: "CronExpression", value}` or `{__type: "TimeDelta", days, seconds}`. */
function interval(value: unknown): string | undefined {
  const schedule = record(value);
  const written = oneLine(schedule.value);
  if (written !== undefined) return written;
  const days = number(schedule.days) ?? 0;
  const seconds = number(schedule.seconds) ?? 0;
  if (schedule.__type !== 'TimeDelta' || days * 86_400 + seconds <= 0) return undefined;
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${days} days, ${clock.map((part) => String(part).padStart(2, '0')).join(':')}`;
}

/** Git bundles give a commit; other bundles give what they like. */
function commit(value: unknown): string | undefined {
  const version = text(value);
  return version && /^[0-9a-f]{40}$/.test(version) ? version : undefined;
}

export interface RestRun {
  readonly dag: string;
  readonly run: string;
  readonly state: string;
  readonly type: string;
  readonly logicalAt?: number;
  readonly runAfter?: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly user?: string;
  readonly commit?: string;
  /** Of the DAG; the newest if it changed in between (v2). */
  readonly version?: number;
  /** Free text in which ids of other runs may stand. */
  readonly words: string;
}

export function readRun(value: unknown): RestRun | undefined {
  const run = record(value);
  const dag = name(run.dag_id);
  const id = name(run.dag_run_id);
  if (dag === undefined || id === undefined) return undefined;
  return said<RestRun>({
    dag,
    run: id,
    state: text(run.state) ?? '',
    type: text(run.run_type) ?? '',
    logicalAt: time(run.logical_date) ?? time(run.execution_date),
    runAfter: time(run.run_after),
    startedAt: time(run.start_date),
    endedAt: time(run.end_date),
    user: oneLine(run.triggering_user_name),
    commit: commit(run.bundle_version),
    version: newestVersion(run.dag_versions),
    words: words(run.note, run.conf),
  });
}

function newestVersion(value: unknown): number | undefined {
  const versions = list(value).flatMap((version) => number(record(version).version_number) ?? []);
  return versions.length > 0 ? Math.max(...versions.slice(0, 1000)) : undefined;
}

function words(...values: readonly unknown[]): string {
  const parts = values.map((value) => (typeof value === 'string' ? value : value ? JSON.stringify(value) : ''));
  return parts.join('\n').slice(0, 20_000);
}

/** A task instance, or an earlier try of one. */
export interface RestTry {
  readonly dag: string;
  readonly run: string;
  readonly task: string;
  /** -1 when the task is not mapped. */
  readonly map: number;
  /** Empty while the scheduler has not looked at it. */
  readonly state: string;
  /** 0 before the first. */
  readonly attempt: number;
  /** When its run was meant to begin. */
  readonly dueAt?: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly host?: string;
  readonly pool?: string;
  readonly operator?: string;
  /** What the user calls this mapped instance. */
  readonly label?: string;
  readonly commit?: string;
  readonly words: string;
}

export function readTry(value: unknown): RestTry | undefined {
  const one = record(value);
  const dag = name(one.dag_id);
  const run = name(one.dag_run_id);
  const task = name(one.task_id);
  if (dag === undefined || run === undefined || task === undefined) return undefined;
  return said<RestTry>({
    dag,
    run,
    task,
    map: integer(one.map_index) ?? -1,
    state: text(one.state) ?? '',
    attempt: Math.max(0, integer(one.try_number) ?? 0),
    dueAt: time(one.logical_date) ?? time(one.execution_date) ?? time(one.run_after),
    startedAt: time(one.start_date),
    endedAt: time(one.end_date),
    host: oneLine(one.hostname),
    pool: oneLine(one.pool),
    operator: oneLine(one.operator_name) ?? oneLine(one.operator),
    label: oneLine(one.rendered_map_index, 100),
    commit: commit(record(one.dag_version).bundle_version),
    words: words(one.note),
  });
}

export interface RestTask {
  readonly task: string;
  readonly owner?: string;
  readonly operator?: string;
  readonly pool?: string;
  readonly description?: string;
}

export function readTask(value: unknown): RestTask | undefined {
  const task = record(value);
  const id = name(task.task_id);
  if (id === undefined) return undefined;
  return said<RestTask>({
    task: id,
    owner: oneLine(task.owner),
    operator: oneLine(task.operator_name) ?? oneLine(record(task.class_ref).class_name),
    pool: oneLine(task.pool),
    description: oneLine(task.doc_md, 2000),
  });
}

export interface RestAsset {
  readonly uri: string;
  readonly name?: string;
  readonly producers: readonly { readonly dag: string; readonly task: string }[];
  readonly consumers: readonly { readonly dag: string; readonly task: string }[];
  /** DAGs that run when it changes. */
  readonly scheduled: readonly string[];
}

export function readAsset(value: unknown): RestAsset | undefined {
  const asset = record(value);
  const uri = name(asset.uri);
  if (uri === undefined) return undefined;
  return said<RestAsset>({
    uri,
    name: oneLine(asset.name),
    producers: tasksOf(asset.producing_tasks),
    consumers: tasksOf(asset.consuming_tasks),
    scheduled: [...names(asset.scheduled_dags, 'dag_id'), ...names(asset.consuming_dags, 'dag_id')],
  });
}

function tasksOf(value: unknown): readonly { readonly dag: string; readonly task: string }[] {
  return list(value).flatMap((item) => {
    const { dag_id, task_id } = record(item);
    const dag = name(dag_id);
    const task = name(task_id);
    return dag === undefined || task === undefined ? [] : [{ dag, task }];
  });
}

export interface RestImportError {
  /** Relative to the bundle (v2), absolute (v1): as the file of a DAG is written. */
  readonly file: string;
  readonly bundle?: string;
  readonly trace: string;
}

export function readImportError(value: unknown): RestImportError | undefined {
  const error = record(value);
  const file = name(error.filename);
  if (file === undefined) return undefined;
  return said<RestImportError>({ file, bundle: text(error.bundle_name), trace: text(error.stack_trace) ?? '' });
}

export interface RestPool {
  readonly pool: string;
  readonly slots: number;
  readonly open: number;
}

export function readPool(value: unknown): RestPool | undefined {
  const pool = record(value);
  const id = oneLine(pool.name);
  const slots = number(pool.slots);
  const open = number(pool.open_slots);
  return id === undefined || slots === undefined || open === undefined ? undefined : { pool: id, slots, open };
}

export interface RestEvent {
  readonly id: number;
  readonly dag?: string;
  readonly at: number;
  readonly user?: string;
  readonly paused?: boolean;
}

/** Of the audit log only what pauses and resumes a DAG: `extra` is JSON in text, `{"is_paused": true}`. */
export function readEvent(value: unknown): RestEvent | undefined {
  const event = record(value);
  const id = number(event.event_log_id);
  const at = time(event.when);
  if (id === undefined || at === undefined) return undefined;
  const told = /["']is_paused["']: *["']?(true|false)\b/i.exec(text(event.extra) ?? '')?.[1];
  return said<RestEvent>({
    id,
    at,
    dag: name(event.dag_id),
    user: oneLine(event.owner, 100),
    paused: told === undefined ? undefined : told.toLowerCase() === 'true',
  });
}
