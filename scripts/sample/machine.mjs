// Owns the machine on which the sample is recorded: its fixed folders, its clock, its programs and its environment.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { environment } from '../python/environments.mjs';

/** Neutral places, the same on every machine: they end up in logs, as a team's own would. */
export const places = {
  checkout: '/opt/acme/churn',
  home: '/opt/acme/recorder',
  airflow: '/opt/airflow/venv',
  dbt: '/opt/dbt/venv',
  standIns: '/opt/airflow/stand-ins',
};
const ports = { s3: 18731, databricks: 18732, statsd: 18733, airflow: 18734 };
const clockFile = path.join(places.home, 'clock');
const fakeTime = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1',
].find((file) => existsSync(file));

/**
 * Empties the fixed folders and builds the Python environments behind their neutral names.
 * @throws {Error} when libfaketime is missing or the folders cannot be written
 */
export async function prepare(report) {
  if (!fakeTime)
    throw new Error('Recording sets the clock with libfaketime, which is missing: apt-get install faketime');
  for (const folder of [places.checkout, places.home]) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    mkdirSync(folder, { recursive: true });
  }
  for (const [name, link] of [
    ['airflow3', places.airflow],
    ['dbt', places.dbt],
  ]) {
    const { folder } = await environment(name, report);
    mkdirSync(path.dirname(link), { recursive: true });
    rmSync(link, { force: true, recursive: true });
    symlinkSync(folder, link);
  }
  rmSync(places.standIns, { recursive: true, force: true });
  cpSync(path.join(import.meta.dirname, 'stubs', 'python'), places.standIns, { recursive: true });
  for (const folder of ['warehouse', 'user', 's3', 'logs']) mkdirSync(path.join(places.home, folder));
}

/** Sets the clock of everything that runs with `settings()`; it goes on ticking from there. */
export function setClock(moment) {
  const seconds = Math.round((Date.parse(moment) - Date.now()) / 1000);
  writeFileSync(clockFile, `${seconds < 0 ? '' : '+'}${seconds}\n`);
}

/** The environment variables of every recorded program. Nothing of the recording person's own gets in. */
export function settings(extra = {}) {
  const { checkout, home } = places;
  const store = path.join(checkout, 'metadata');
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: path.join(home, 'user'),
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    USER: 'airflow',
    LOGNAME: 'airflow',
    PYTHONPATH: `${checkout}:${places.standIns}`,
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONWARNINGS: 'ignore',
    LD_PRELOAD: fakeTime,
    FAKETIME_TIMESTAMP_FILE: clockFile,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_RESET: '1',
    AIRFLOW_HOME: path.join(home, 'airflow'),
    AIRFLOW__CORE__DAGS_FOLDER: path.join(checkout, 'dags'),
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION: 'False',
    AIRFLOW__CORE__HOSTNAME_CALLABLE: 'acme_worker.hostname',
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `http://127.0.0.1:${ports.airflow}/execution/`,
    AIRFLOW__CORE__PARALLELISM: '2',
    // The clock jumps from day to day: silence must not look like death.
    AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD: '100000000',
    AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT: '100000000',
    AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL: '100000000',
    AIRFLOW__API__PORT: String(ports.airflow),
    AIRFLOW__API__HOST: '127.0.0.1',
    AIRFLOW__API_AUTH__JWT_SECRET: 'recorded-once-and-thrown-away-'.repeat(3),
    AIRFLOW__LOGGING__BASE_LOG_FOLDER: path.join(store, 'airflow', 'logs'),
    AIRFLOW__OPENLINEAGE__NAMESPACE: 'acme-airflow',
    AIRFLOW_CONN_DATABRICKS_DEFAULT: JSON.stringify({
      conn_type: 'databricks',
      schema: 'http',
      host: '127.0.0.1',
      port: ports.databricks,
      password: 'recorded',
    }),
    OPENLINEAGE__TRANSPORT__TYPE: 'file',
    OPENLINEAGE__TRANSPORT__LOG_FILE_PATH: path.join(store, 'openlineage', 'events.ndjson'),
    OPENLINEAGE__TRANSPORT__APPEND: 'true',
    MLFLOW_TRACKING_URI: `sqlite:///${store}/mlflow/mlflow.db`,
    MLFLOW_DISABLE_TELEMETRY: 'true',
    GIT_PYTHON_REFRESH: 'quiet',
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${ports.s3}`,
    AWS_ACCESS_KEY_ID: 'recorded',
    AWS_SECRET_ACCESS_KEY: 'recorded',
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required',
    AWS_RESPONSE_CHECKSUM_VALIDATION: 'when_required',
    AWS_CONFIG_FILE: '/dev/null',
    DD_AGENT_HOST: '127.0.0.1',
    DD_DOGSTATSD_PORT: String(ports.statsd),
    DO_NOT_TRACK: '1',
    WAREHOUSE_DIR: path.join(home, 'warehouse'),
    RECORD_HOME: home,
    RECORD_PYTHON: path.join(places.airflow, 'bin', 'python'),
    RECORD_CHECKOUT: checkout,
    S3_PORT: String(ports.s3),
    DATABRICKS_PORT: String(ports.databricks),
    STATSD_PORT: String(ports.statsd),
    ...extra,
  };
}

/** Runs a Python program of one of the environments to its end; `allowed` are the exit codes that are no error. */
export function python(which, args, { env = {}, cwd = places.checkout, allowed = [0] } = {}) {
  const result = spawnSync(path.join(places[which], 'bin', 'python'), args, {
    cwd,
    env: settings(env),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (!allowed.includes(result.status)) {
    const said = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-30).join('\n');
    throw new Error(`${which}: ${args.slice(0, 4).join(' ')} ended with ${result.status}:\n${said}`);
  }
  return result.stdout;
}

const running = [];
let stopped = false;

/** Starts a program that stays; what it says goes to `logs/<name>.log` in the recorder's home. */
export function start(name, program, args, env = {}) {
  if (stopped) return;
  const out = openSync(path.join(places.home, 'logs', `${name}.log`), 'a');
  running.push(
    spawn(program, args, { cwd: places.checkout, env: settings(env), stdio: ['ignore', out, out], detached: true }),
  );
}

/** Ends everything that `start` started, with its children; `forGood` lets nothing start any more. */
export async function stopAll(forGood = false) {
  stopped ||= forGood;
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    for (const child of running) {
      try {
        process.kill(-child.pid, signal);
      } catch {
        // Gone already, which is what we want.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 2500));
  }
  running.length = 0;
}
