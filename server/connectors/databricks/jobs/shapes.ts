// Shapes: what the Jobs API 2.2 answers, read field by field; wrong fields are "not said" (databricks-sdk 0.156, 2026-11-23).
import { isRecord, list, number, oneLine, record, said, text } from '../../json.ts';

const longest = 1000;

export interface GitPlace {
  readonly url?: string;
  readonly branch?: string;
  /** Full hash. */
  readonly commit?: string;
}

export interface StoredTask {
  readonly key: string;
  readonly description?: string;
  /** `notebook`, `spark_python`, `run_job` … */
  readonly type?: string;
  /** Notebook, file or job it runs, as the tool says it. */
  readonly entryPoint?: string;
  /** Id of the job that it starts. */
  readonly startsJob?: string;
  readonly cluster?: string;
  readonly warehouse?: string;
  readonly needs: readonly string[];
}

export interface StoredJob {
  readonly job: string;
  readonly name?: string;
  readonly description?: string;
  readonly creator?: string;
  readonly runAs?: string;
  readonly createdAt?: number;
  readonly tags: readonly string[];
  /** Quartz: seconds first. */
  readonly cron?: string;
  readonly zone?: string;
  /** `every 6 hours`, `when a file arrives at …`; not by cron. */
  readonly trigger?: string;
  readonly periodMs?: number;
  readonly paused?: boolean;
  readonly git?: GitPlace;
  /** Where a bundle's deployment wrote down what it deployed. */
  readonly bundleFile?: string;
  readonly tasks: readonly StoredTask[];
  /** Not all of its tasks were told. */
  readonly isCut: boolean;
}

/** Ids of 64 bits, as text or as number. */
export function idText(value: unknown): string | undefined {
  if (typeof value === 'string') return /^\d{1,20}$/.test(value) ? value : undefined;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? String(value) : undefined;
}

function name(value: unknown): string | undefined {
  const read = text(value);
  return read !== undefined && read.length <= longest ? read : undefined;
}

export function readJob(value: unknown): StoredJob | undefined {
  const job = record(value);
  const id = idText(job.job_id);
  if (id === undefined) return undefined;
  const settings = record(job.settings);
  const runAs = record(settings.run_as);
  const schedule = record(settings.schedule);
  return said<StoredJob>({
    job: id,
    name: oneLine(settings.name),
    description: oneLine(settings.description, 2000),
    creator: oneLine(job.creator_user_name),
    runAs: oneLine(runAs.user_name) ?? oneLine(runAs.service_principal_name) ?? oneLine(runAs.group_name),
    createdAt: number(job.created_time),
    tags: pairs(settings.tags),
    cron: oneLine(schedule.quartz_cron_expression, 200),
    zone: oneLine(schedule.timezone_id, 100),
    ...triggerOf(settings),
    paused: pausedOf([schedule, record(settings.trigger), record(settings.continuous)]),
    git: gitOf(settings.git_source),
    bundleFile: name(record(settings.deployment).metadata_file_path),
    tasks: list(settings.tasks).flatMap((task) => readTask(task) ?? []),
    isCut: job.has_more === true,
  });
}

function pairs(value: unknown): readonly string[] {
  const found = Object.entries(record(value)).flatMap(([key, tag]) => (typeof tag === 'string' ? [[key, tag]] : []));
  return found.slice(0, 50).map(([key = '', tag = '']) => (tag === '' ? key : `${key}:${tag}`).slice(0, 300));
}

/** Undefined when nothing starts it by itself. */
function pausedOf(ways: readonly ReturnType<typeof record>[]): boolean | undefined {
  const states = ways.flatMap(({ pause_status }) => text(pause_status) ?? []);
  return states.length === 0 ? undefined : states.every((state) => state === 'PAUSED');
}

const units: Readonly<Record<string, number>> = { HOURS: 3_600_000, DAYS: 86_400_000, WEEKS: 604_800_000 };

function triggerOf(settings: ReturnType<typeof record>): Pick<StoredJob, 'trigger' | 'periodMs'> {
  if (isRecord(settings.continuous)) return { trigger: 'continuous' };
  const { periodic, file_arrival, table_update } = record(settings.trigger);
  const every = number(record(periodic).interval);
  const unit = text(record(periodic).unit) ?? '';
  const unitMs = units[unit];
  if (every !== undefined && every > 0 && unitMs !== undefined)
    return { trigger: `every ${every} ${unit.toLowerCase()}`, periodMs: every * unitMs };
  const file = oneLine(record(file_arrival).url);
  if (file !== undefined) return { trigger: `when a file arrives at ${file}` };
  const tables = list(record(table_update).table_names).flatMap((table) => oneLine(table) ?? []);
  return tables.length > 0 ? { trigger: `when ${tables.slice(0, 5).join(', ')} changes` } : {};
}

/** `used_commit` is of a run; `git_commit` is what the settings ask for. */
function gitOf(value: unknown): GitPlace | undefined {
  const git = record(value);
  const commit = [record(git.git_snapshot).used_commit, git.git_commit].flatMap((one) => hash(one) ?? [])[0];
  const read = said<GitPlace>({ url: oneLine(git.git_url), branch: oneLine(git.git_branch ?? git.git_tag), commit });
  return Object.keys(read).length > 0 ? read : undefined;
}

export function hash(value: unknown): string | undefined {
  const read = text(value);
  return read && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(read) ? read : undefined;
}

function readTask(value: unknown): StoredTask | undefined {
  const task = record(value);
  const key = name(task.task_key);
  if (key === undefined) return undefined;
  const type = Object.keys(task)
    .find((field) => /^[a-z_]{1,40}_task$/.test(field) && isRecord(task[field]))
    ?.replace(/_task$/, '');
  const what = record(type === undefined ? undefined : task[`${type}_task`]);
  const file = record(what.file);
  return said<StoredTask>({
    key,
    description: oneLine(task.description, 2000),
    type,
    entryPoint:
      oneLine(what.notebook_path) ??
      oneLine(what.python_file) ??
      oneLine(file.path) ??
      oneLine(what.entry_point) ??
      oneLine(what.main_class_name) ??
      oneLine(what.project_directory),
    startsJob: type === 'run_job' ? idText(what.job_id) : undefined,
    cluster: oneLine(task.job_cluster_key) ?? oneLine(task.existing_cluster_id),
    warehouse: oneLine(what.warehouse_id),
    needs: list(task.depends_on).flatMap((need) => name(record(need).task_key) ?? []),
  });
}

export interface StoredOutcome {
  /** Of the run: `TERMINATED`, `RUNNING` … of the new `status`, or of the old `state`. */
  readonly state: string;
  /** `SUCCESS`, `FAILED`, `RUN_EXECUTION_ERROR` …; empty while it goes on. */
  readonly result: string;
  /** `CLIENT_ERROR` …; empty where only the old `state` is told. */
  readonly type: string;
  readonly message?: string;
}

export interface StoredRun {
  readonly run: string;
  readonly job?: string;
  readonly name?: string;
  /** `JOB_RUN`, `SUBMIT_RUN` (a one-off submission), `WORKFLOW_RUN` (of a notebook by a notebook). */
  readonly type: string;
  readonly outcome: StoredOutcome;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly creator?: string;
  readonly git?: GitPlace;
  readonly params: readonly { readonly name: string; readonly value: string }[];
  /** Of the task that started it, when a task did. */
  readonly startedBy?: string;
  readonly tasks: readonly StoredTaskRun[];
  readonly isCut: boolean;
  /** Free text in which ids of other runs may stand. */
  readonly words: string;
}

export interface StoredTaskRun extends StoredTask {
  readonly run: string;
  readonly outcome: StoredOutcome;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** 0-based. */
  readonly attempt: number;
  readonly clusterId?: string;
  readonly git?: GitPlace;
  /** Where the logs of its cluster are delivered: `dbfs:/…`, `s3://…`, `/Volumes/…`. */
  readonly logFolder?: string;
}

export function readRun(value: unknown): StoredRun | undefined {
  const run = record(value);
  const id = idText(run.run_id);
  if (id === undefined) return undefined;
  const clusters = new Map(
    list(run.job_clusters).map((one) => [text(record(one).job_cluster_key) ?? '', logFolder(record(one).new_cluster)]),
  );
  const own = logFolder(record(run.cluster_spec).new_cluster);
  const params = [...paramsOf(run.job_parameters), ...overriding(run.overriding_parameters)].slice(0, 100);
  return said<StoredRun>({
    run: id,
    job: idText(run.job_id),
    name: oneLine(run.run_name),
    type: text(run.run_type) ?? 'JOB_RUN',
    outcome: outcomeOf(run),
    startedAt: positive(run.start_time),
    endedAt: positive(run.end_time),
    creator: oneLine(run.creator_user_name),
    git: gitOf(run.git_source),
    params,
    startedBy: idText(record(run.trigger_info).run_id),
    tasks: list(run.tasks).flatMap((task) => readTaskRun(task, clusters, own) ?? []),
    isCut: run.has_more === true || text(run.next_page_token) !== undefined,
    words: [oneLine(run.description, 2000) ?? '', ...params.map((each) => each.value)].join('\n').slice(0, 20_000),
  });
}

function readTaskRun(
  value: unknown,
  clusters: ReadonlyMap<string, string | undefined>,
  ownLogs: string | undefined,
): StoredTaskRun | undefined {
  const one = record(value);
  const task = readTask(value);
  const run = idText(one.run_id);
  if (!task || run === undefined) return undefined;
  return said<StoredTaskRun>({
    ...task,
    run,
    outcome: outcomeOf(one),
    startedAt: positive(one.start_time),
    endedAt: positive(one.end_time),
    attempt: Math.max(0, Math.trunc(number(one.attempt_number) ?? 0)),
    clusterId: oneLine(record(one.cluster_instance).cluster_id, 100),
    git: gitOf(one.git_source),
    logFolder: logFolder(one.new_cluster) ?? clusters.get(text(one.job_cluster_key) ?? ' ') ?? ownLogs,
  });
}

/** 0 is "not yet". */
function positive(value: unknown): number | undefined {
  const read = number(value);
  return read !== undefined && read > 0 ? read : undefined;
}

/** `status` supersedes `state`; old runs and other clouds may only tell the latter. */
function outcomeOf(run: ReturnType<typeof record>): StoredOutcome {
  const [status, state] = [record(run.status), record(run.state)];
  const ended = record(status.termination_details);
  return said<StoredOutcome>({
    state: text(status.state) ?? text(state.life_cycle_state) ?? '',
    result: text(ended.code) ?? text(state.result_state) ?? '',
    type: text(ended.type) ?? '',
    message: oneLine(ended.message, 2000) ?? oneLine(state.state_message, 2000) ?? oneLine(state.queue_reason),
  });
}

function paramsOf(value: unknown): StoredRun['params'] {
  return list(value).flatMap((each) => {
    const { name: key, value: given, default: usual } = record(each);
    const [label, shown] = [oneLine(key), oneLine(given) ?? oneLine(usual)];
    return label === undefined || shown === undefined ? [] : [{ name: label, value: shown }];
  });
}

function overriding(value: unknown): StoredRun['params'] {
  const { notebook_params, job_parameters, python_named_params } = record(value);
  return [notebook_params, job_parameters, python_named_params].flatMap((group) =>
    Object.entries(record(group)).flatMap(([key, given]) => {
      const shown = oneLine(given);
      return shown === undefined ? [] : [{ name: key.slice(0, 200), value: shown }];
    }),
  );
}

/** `cluster_log_conf: {dbfs|s3|volumes: {destination}}`. */
export function logFolder(cluster: unknown): string | undefined {
  const { dbfs, s3, volumes } = record(record(cluster).cluster_log_conf);
  const place = [dbfs, volumes, s3].flatMap((one) => oneLine(record(one).destination) ?? [])[0];
  return place?.replace(/\/+$/, '');
}
