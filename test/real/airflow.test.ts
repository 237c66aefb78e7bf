// The real Airflow 3 schedules and runs a DAG whose second task fails twice, with its OpenLineage provider; then we read.
import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../scripts/live/programs.mjs';
import { environment, type PythonEnvironment } from '../../scripts/python/environments.mjs';
import { localInstance } from '../../server/catalog/instance.ts';
import { CatalogStore } from '../../server/catalog/store.ts';
import { runSync } from '../../server/sync/local/run.ts';
import { type TestFolder, testFolder } from '../support/folder.ts';
import { memoryLog } from '../support/log.ts';

const run = promisify(execFile);

class Airflow {
  readonly #python: PythonEnvironment;
  readonly #folder: TestFolder;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #children: ChildProcess[] = [];

  constructor(python: PythonEnvironment, folder: TestFolder, port: number) {
    this.#python = python;
    this.#folder = folder;
    this.#environment = {
      ...process.env,
      PATH: `${path.dirname(python.python)}:${process.env.PATH}`,
      AIRFLOW_HOME: folder.at('home'),
      AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
      AIRFLOW__CORE__DAGS_FOLDER: folder.at('w/dags'),
      AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION: 'False',
      AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: 'True',
      AIRFLOW__CORE__PARALLELISM: '2',
      // Of 30 and 5 seconds by default: on a busy machine a task would fail for nothing.
      AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT: '240',
      AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT: '60',
      AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `http://127.0.0.1:${port}/execution/`,
      AIRFLOW__API__HOST: '127.0.0.1',
      AIRFLOW__API__PORT: String(port),
      AIRFLOW__API__WORKERS: '1',
      AIRFLOW__API_AUTH__JWT_SECRET: 'only-for-this-test-'.repeat(5),
      AIRFLOW__LOGGING__BASE_LOG_FOLDER: folder.at('w/logs'),
      AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC: '1',
      AIRFLOW__OPENLINEAGE__NAMESPACE: 'acme',
      AIRFLOW__OPENLINEAGE__TRANSPORT: JSON.stringify({
        type: 'file',
        log_file_path: folder.at('w/events.ndjson'),
        append: true,
      }),
      DO_NOT_TRACK: '1',
    };
  }

  async command(...args: readonly string[]): Promise<string> {
    const options = { env: this.#environment, cwd: this.#folder.path, maxBuffer: 64 * 1024 * 1024 };
    return (await run(this.#python.bin('airflow'), [...args], options)).stdout;
  }

  start(...args: readonly string[]): void {
    const out = openSync(this.#folder.at(`${args[0]}.out`), 'w');
    const options = {
      env: this.#environment,
      cwd: this.#folder.path,
      stdio: ['ignore', out, out] as ['ignore', number, number],
      detached: true,
    };
    this.#children.push(spawn(this.#python.bin('airflow'), [...args], options));
  }

  /** Each in its own process group, so that what they started ends with them. */
  async stop(): Promise<void> {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      for (const { pid } of this.#children) {
        try {
          if (pid !== undefined) process.kill(-pid, signal);
        } catch {
          // Gone already.
        }
      }
      if (signal === 'SIGTERM') await pause(3_000);
    }
  }
}

/** The attempt logs there are, by their path in the log folder. */
function attempts(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /attempt=\d+\.log$/.test(file));
}

async function secondTryEnded(folder: TestFolder, context: TestContext): Promise<void> {
  const end = Date.now() + 240_000;
  while (Date.now() < end) {
    const second = attempts(folder.at('w/logs')).find((file) => file.endsWith('task_id=evaluate/attempt=2.log'));
    const text = second ? readFileSync(path.join(folder.at('w/logs'), second), 'utf8') : '';
    const closing = text.indexOf('::group::Post Execute');
    if (closing >= 0 && text.indexOf('::endgroup::', closing) >= 0) return;
    await pause(500);
  }
  for (const name of ['api-server', 'scheduler'])
    context.diagnostic(readFileSync(folder.at(`${name}.out`), 'utf8').slice(-3_000));
  throw new Error('Airflow did not run the DAG within four minutes; its own output is above.');
}

test('logs, events and code of a DAG that Airflow really ran', async (context) => {
  const python = await environment('airflow3', (line) => context.diagnostic(line));
  const folder = testFolder(context);
  mkdirSync(folder.at('w/dags'), { recursive: true });
  copyFileSync(path.join(import.meta.dirname, 'airflow_dag.py'), folder.at('w/dags/tiny.py'));
  const airflow = new Airflow(python, folder, await freePort());
  context.after(() => airflow.stop());
  await airflow.command('db', 'migrate');
  await airflow.command('dag-processor', '-n', '1');
  airflow.start('api-server');
  airflow.start('scheduler');
  await secondTryEnded(folder, context);
  // The scheduler needs a moment to conclude the DAG run.
  const said = await concluded(airflow);
  await airflow.stop();

  const { store } = CatalogStore.open(':memory:');
  const summary = await runSync({ folders: [folder.at('w')], store, trusted: false, log: memoryLog() });
  assert.deepEqual(
    summary.sources.map(({ name, health, problems }) => [name, health, problems]),
    [
      ['openlineage events.ndjson', 'fresh', []],
      ['airflow logs', 'fresh', []],
    ],
  );
  const catalog = store.snapshot();
  const instance = localInstance(folder.at('w/logs'));

  // What Airflow's own database says of the run, and what we read from its logs.
  const [dagRun] = catalog.runs(`job:airflow://${instance}/tiny`);
  assert.equal(dagRun?.id, `run:airflow://${instance}/tiny/${said.run_id}`);
  assert.equal(dagRun?.status, said.state);
  assert.equal(dagRun?.scheduledFor, Date.parse(said.logical_date));
  assert.equal(dagRun?.message, "evaluate: KeyError: 'churned'");
  const tries = catalog.childRuns(dagRun?.id ?? '');
  const told = (task: string) =>
    tries.flatMap(({ name, status }) => (name.startsWith(task) ? `${name} ${status}` : [])).sort();
  assert.deepEqual(told('evaluate'), ['evaluate, try 1 failed', 'evaluate, try 2 failed']);
  // On a machine that is too busy, Airflow itself may need a second try of it.
  assert.match(told('good').join(), /^(?:good, try 1 failed,good, try 2|good, try 1) success$/);
  for (const one of tries) assert.ok((one.startedAt ?? 0) <= (one.endedAt ?? 0) && one.logs.length === 1, one.id);

  // What the code says of it.
  const facts = catalog.facts(`job:airflow://${instance}/tiny`);
  assert.deepEqual([facts.owner, facts.schedule, facts.periodMs], ['growth-ml', '@daily', 86_400_000]);
  assert.equal(facts.definedAt?.path, folder.at('w/dags/tiny.py'));

  // Both ways between the try and its OpenLineage run.
  const failing = tries.find(({ name }) => name === 'evaluate, try 2');
  const lineage = failing?.linked.map((id) => catalog.run(id)).find((found) => found !== undefined);
  assert.equal(lineage?.status, 'failed');
  assert.equal(lineage?.message, "KeyError: 'churned'");
  assert.deepEqual(lineage?.linked, [failing?.id]);
  assert.equal(catalog.facts('job:openlineage://acme/tiny').owner, 'growth-ml');
});

interface SaidRun {
  readonly run_id: string;
  readonly state: string;
  readonly logical_date: string;
}

async function concluded(airflow: Airflow): Promise<SaidRun> {
  for (let count = 0; count < 20; count += 1) {
    // Its log lines come on the same stream, before the answer.
    const answer = await airflow.command('dags', 'list-runs', 'tiny', '-o', 'json');
    const [said]: SaidRun[] = JSON.parse(answer.slice(Math.max(0, answer.indexOf('[{'))));
    if (said && said.state !== 'running') return said;
    await pause(1_000);
  }
  throw new Error('Airflow did not conclude the DAG run.');
}
