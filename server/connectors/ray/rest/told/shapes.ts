// Shapes: Ray's JSON as what we know of a job, a task, an application: every record checked, no secret kept.
import { isRecord, type JsonRecord, list, number, oneLine, record, text } from '../../../json.ts';
import { rootOf } from './errors.ts';
import { covering, hidden, isSecretName } from './secrets.ts';

export interface Pair {
  readonly name: string;
  readonly value: string;
}

/** `job` is the id that workers and tasks carry; a submission has one once its script has begun to use Ray. */
export interface RayJob {
  readonly submission?: string;
  readonly job?: string;
  readonly status: string;
  readonly entrypoint?: string;
  /** Why it failed, in a line. */
  readonly message?: string;
  /** Epoch ms. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** Without the values of what is called like a secret. */
  readonly metadata: readonly Pair[];
  /** Environment variables by name alone, but for those that name a run of another tool. */
  readonly variables: readonly string[];
  readonly contexts: readonly Pair[];
  readonly workingDir?: string;
  readonly packages?: string;
  readonly node?: string;
  readonly host?: string;
  readonly exitCode?: number;
}

export interface RayTask {
  readonly task: string;
  readonly attempt: number;
  readonly name: string;
  readonly job?: string;
  readonly actor?: string;
  readonly node?: string;
  readonly worker?: string;
  readonly errorType?: string;
  readonly message?: string;
  readonly startedAt?: number;
  readonly endedAt?: number;
}

export interface RayReplica {
  readonly name: string;
  readonly state: string;
  readonly node?: string;
  /** Below the folder of logs. */
  readonly log?: string;
}

export interface RayDeployment {
  readonly name: string;
  readonly status: string;
  readonly message?: string;
  readonly wanted?: number;
  readonly replicas: readonly RayReplica[];
  readonly dead: readonly RayReplica[];
}

export interface RayApplication {
  readonly name: string;
  readonly status: string;
  readonly message?: string;
  readonly route?: string;
  /** Epoch ms. */
  readonly deployedAt?: number;
  readonly code?: string;
  /** Addresses that its configuration hands to it. */
  readonly reads: readonly string[];
  readonly deployments: readonly RayDeployment[];
}

const longest = 1_000;
const mostPairs = 50;
/** Only these are read of the environment: they are names of runs, and no secrets. */
const contextNames =
  /^(?:AIRFLOW_CTX_(?:DAG_ID|DAG_RUN_ID|TASK_ID)|MLFLOW_RUN_ID|MLFLOW_EXPERIMENT_NAME|GIT_COMMIT|GIT_SHA|GITHUB_SHA|CI_COMMIT_SHA)$/;

/** How Ray calls it, and how and when it ended: what has ended once stays as it is. */
export interface JobName {
  readonly submission?: string;
  readonly job?: string;
  readonly status: string;
  readonly endedAt?: number;
}

/** Undefined for what has neither a submission id nor a job id, or no status. */
export function readJobName(value: unknown): JobName | undefined {
  const from = record(value);
  const submission = name(from.submission_id);
  const job = name(from.job_id);
  const status = text(from.status)?.slice(0, 40);
  if (status === undefined || (submission === undefined && job === undefined)) return undefined;
  return { submission, job, status, endedAt: number(from.end_time) };
}

export function readJob(value: unknown): RayJob | undefined {
  const named = readJobName(value);
  if (named === undefined) return undefined;
  const from = record(value);
  const { status } = named;
  const env = record(from.runtime_env);
  const variables = Object.entries(record(env.env_vars)).filter(([, each]) => typeof each === 'string');
  const metadata = Object.entries(record(from.metadata)).filter(([, each]) => typeof each === 'string');
  const secret = [...variables, ...metadata].flatMap(([key, each]) => (isSecretName(key) ? [String(each)] : []));
  const covered = covering(secret);
  const driver = record(from.driver_info);
  return {
    ...named,
    entrypoint: oneLine(covered(text(from.entrypoint) ?? ''), longest),
    message: messageOf(status, text(from.message), covered),
    startedAt: number(from.start_time),
    metadata: pairs(
      metadata.map(([key, each]) => [key, isSecretName(key) ? hidden : each] as const),
      covered,
    ),
    variables: variables.map(([key]) => key.slice(0, 200)).slice(0, mostPairs),
    contexts: pairs(
      variables.filter(([key]) => contextNames.test(key)),
      covered,
    ),
    workingDir: oneLine(covered(text(env.working_dir) ?? ''), longest),
    packages: packagesOf(env, covered),
    node: name(from.driver_node_id),
    host: name(driver.node_ip_address),
    exitCode: number(from.driver_exit_code),
  };
}

function messageOf(status: string, said: string | undefined, covered: (text: string) => string): string | undefined {
  if (status !== 'FAILED') return undefined;
  const root = rootOf(said);
  return root === undefined ? undefined : covered(root);
}

function pairs(entries: readonly (readonly [string, unknown])[], covered: (text: string) => string): readonly Pair[] {
  return entries.slice(0, mostPairs).flatMap(([key, value]) => {
    const shown = oneLine(covered(String(value)), longest);
    return shown === undefined ? [] : [{ name: key.slice(0, 200), value: shown }];
  });
}

/** `pip` and `conda` are a list, or an object that holds one, or the path of a file. */
function packagesOf(env: JsonRecord, covered: (text: string) => string): string | undefined {
  const said = env.pip ?? env.uv ?? env.conda;
  const names = typeof said === 'string' ? [said] : list(isRecord(said) ? (said.packages ?? said.dependencies) : said);
  const shown = names.filter((each): each is string => typeof each === 'string').slice(0, mostPairs);
  return oneLine(covered(shown.join(' ')), longest);
}

/** Ids become parts of paths and of our ids. */
function name(value: unknown): string | undefined {
  const said = text(value);
  return said === undefined || said.length > 500 ? undefined : said;
}

export function readTask(value: unknown): RayTask | undefined {
  const from = record(value);
  const task = name(from.task_id);
  if (task === undefined) return undefined;
  return {
    task,
    attempt: Math.max(0, Math.trunc(number(from.attempt_number) ?? 0)),
    name: oneLine(from.name, 200) ?? oneLine(from.func_or_class_name, 200) ?? task,
    job: name(from.job_id),
    actor: name(from.actor_id),
    node: name(from.node_id),
    worker: name(from.worker_id),
    errorType: oneLine(from.error_type, 100),
    message: plainRoot(from.error_message),
    startedAt: number(from.start_time_ms) ?? number(from.creation_time_ms),
    endedAt: number(from.end_time_ms),
  };
}

export function readApplication(value: unknown): RayApplication | undefined {
  const from = record(value);
  const named = name(from.name);
  const status = text(from.status);
  if (named === undefined || status === undefined) return undefined;
  const config = record(from.deployed_app_config);
  const at = number(from.last_deployed_time_s);
  return {
    name: named,
    status: status.slice(0, 40),
    message: plainRoot(from.message),
    route: oneLine(from.route_prefix, 500),
    deployedAt: at === undefined || at <= 0 ? undefined : Math.round(at * 1000),
    code: oneLine(config.import_path, longest),
    reads: addressesIn([config.args, list(config.deployments).map((each) => record(each).user_config)]),
    deployments: Object.values(record(from.deployments))
      .slice(0, 500)
      .flatMap((each) => readDeployment(each) ?? []),
  };
}

function readDeployment(value: unknown): RayDeployment | undefined {
  const from = record(value);
  const named = name(from.name);
  const status = text(from.status);
  if (named === undefined || status === undefined) return undefined;
  return {
    name: named,
    status: status.slice(0, 40),
    message: plainRoot(from.message),
    wanted: number(from.target_num_replicas),
    replicas: list(from.replicas).slice(0, 200).flatMap(readReplica),
    dead: list(from.recent_dead_replicas).slice(0, 20).flatMap(readReplica),
  };
}

function readReplica(value: unknown): readonly RayReplica[] {
  const from = record(value);
  const named = name(from.replica_id);
  const log = name(from.log_file_path);
  if (named === undefined) return [];
  return [{ name: named, state: text(from.state) ?? '', node: name(from.node_id), log: log?.replace(/^\/+/, '') }];
}

/** Of what says nothing of its environment. */
function plainRoot(said: unknown): string | undefined {
  const root = rootOf(text(said));
  return root === undefined ? undefined : covering([])(root);
}

const address = /^(?:s3|gs|gcs|az|abfss|hdfs|dbfs|models):\/[^\s?#]{2,900}$/;

/** Texts that are whole addresses, at most 20, without what is called like a secret. */
function addressesIn(value: unknown, depth = 0): readonly string[] {
  if (typeof value === 'string') return address.test(value) ? [value] : [];
  if (depth > 5) return [];
  const inner = Array.isArray(value)
    ? value
    : Object.entries(record(value)).flatMap(([key, each]: [string, unknown]) => (isSecretName(key) ? [] : [each]));
  return [...new Set(inner.slice(0, 200).flatMap((each) => addressesIn(each, depth + 1)))].slice(0, 20);
}
