// AirflowProcess: a real Airflow of either generation in a folder of its own: started, filled, killed, started again.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../scripts/live/programs.mjs';
import type { PythonEnvironment } from '../../scripts/python/environments.mjs';
import type { TestFolder } from '../support/folder.ts';

const run = promisify(execFile);

export type Generation = 'v1' | 'v2';

export const admin = { username: 'admin', password: 'only-for-this-test' };

export class AirflowProcess {
  readonly generation: Generation;
  readonly url: string;
  readonly #port: number;
  readonly #python: PythonEnvironment;
  readonly #folder: TestFolder;
  readonly #children = new Map<string, ChildProcess>();
  #starts = 0;

  private constructor(generation: Generation, port: number, python: PythonEnvironment, folder: TestFolder) {
    this.generation = generation;
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.#python = python;
    this.#folder = folder;
  }

  /** Its database and DAGs; nothing runs yet. */
  static async make(generation: Generation, python: PythonEnvironment, folder: TestFolder): Promise<AirflowProcess> {
    const airflow = new AirflowProcess(generation, await freePort(), python, folder);
    mkdirSync(folder.at('home'), { recursive: true });
    mkdirSync(folder.at('dags'), { recursive: true });
    copyFileSync(path.join(import.meta.dirname, 'airflow_live_dags.py'), folder.at('dags/live.py'));
    writeFileSync(folder.at('dags/broken.py'), '"""An airflow dag."""\nimport no_such_module_here\n');
    await airflow.#command('db', 'migrate');
    if (generation === 'v2') {
      const file = folder.at('home/simple_auth_manager_passwords.json.generated');
      writeFileSync(file, JSON.stringify({ [admin.username]: admin.password }));
      await airflow.#command('dag-processor', '-n', '1');
    } else {
      const who = ['-u', admin.username, '-p', admin.password, '-f', 'a', '-l', 'b', '-e', 'a@example.com'];
      await airflow.#command('users', 'create', '-r', 'Admin', ...who);
    }
    await airflow.#command('pools', 'set', 'tight', '0', 'nobody gets in');
    return airflow;
  }

  #environment(): NodeJS.ProcessEnv {
    const port = String(this.#port);
    return {
      ...process.env,
      PATH: `${path.dirname(this.#python.python)}${path.delimiter}${process.env.PATH}`,
      AIRFLOW_HOME: this.#folder.at('home'),
      AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
      AIRFLOW__CORE__DAGS_FOLDER: this.#folder.at('dags'),
      AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION: 'False',
      AIRFLOW__CORE__PARALLELISM: '2',
      // Of 30 and 5 seconds by default: on a busy machine a task would fail for nothing.
      AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT: '240',
      AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT: '60',
      AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `${this.url}/execution/`,
      AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS: `${admin.username}:admin`,
      AIRFLOW__API__HOST: '127.0.0.1',
      AIRFLOW__API__PORT: port,
      AIRFLOW__API__WORKERS: '1',
      // Another key at every start, as a server without a configured one has: tokens of before are refused.
      AIRFLOW__API_AUTH__JWT_SECRET: `only-for-this-test-${this.#starts}-`.repeat(5),
      AIRFLOW__API_AUTH__JWT_EXPIRATION_TIME: '15',
      // Of 10 s by default: a token would outlive the test's wait by chance.
      AIRFLOW__API_AUTH__JWT_LEEWAY: '0',
      AIRFLOW__API__AUTH_BACKENDS: 'airflow.api.auth.backend.basic_auth',
      AIRFLOW__WEBSERVER__WEB_SERVER_HOST: '127.0.0.1',
      AIRFLOW__WEBSERVER__WEB_SERVER_PORT: port,
      AIRFLOW__WEBSERVER__WORKERS: '1',
      AIRFLOW__WEBSERVER__SECRET_KEY: 'only-for-this-test',
      AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC: '1',
      AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: 'False',
      DO_NOT_TRACK: '1',
    };
  }

  async #command(...args: readonly string[]): Promise<void> {
    const options = { env: this.#environment(), cwd: this.#folder.path, maxBuffer: 64 * 1024 * 1024 };
    await run(this.#python.bin('airflow'), [...args], options);
  }

  async startServer(): Promise<void> {
    this.#starts += 1;
    this.#start(this.generation === 'v2' ? 'api-server' : 'webserver');
    const end = Date.now() + 120_000;
    while (Date.now() < end) {
      const answer = await fetch(`${this.url}/api/${this.generation}/version`).catch(() => undefined);
      if (answer?.ok) return;
      await pause(300);
    }
    throw new Error(`Airflow did not answer within two minutes.\n${this.output()}`);
  }

  startScheduler(): void {
    this.#start('scheduler');
  }

  #start(name: string): void {
    const out = openSync(this.#folder.at(`${name}.out`), 'a');
    const stdio: ['ignore', number, number] = ['ignore', out, out];
    // A process group each, so that what they start ends with them.
    const options = { env: this.#environment(), cwd: this.#folder.path, stdio, detached: true };
    this.#children.set(name, spawn(this.#python.bin('airflow'), [name], options));
  }

  /** At once, as a machine that goes away. */
  async killServer(): Promise<void> {
    for (const name of ['api-server', 'webserver']) await this.#end(name, ['SIGKILL']);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#children.keys()].map((name) => this.#end(name, ['SIGTERM', 'SIGKILL'])));
  }

  async #end(name: string, signals: readonly NodeJS.Signals[]): Promise<void> {
    const child = this.#children.get(name);
    if (child?.pid === undefined) return;
    for (const signal of signals) {
      try {
        process.kill(-child.pid, signal);
      } catch {
        // Gone already.
      }
      if (signal === 'SIGTERM') await pause(2_000);
    }
    this.#children.delete(name);
  }

  /** Asks as a user of the API would, with an account of its own. */
  async change(method: 'POST' | 'PATCH', below: string, body: object): Promise<void> {
    const headers = { 'content-type': 'application/json', authorization: await this.#authorization() };
    const request = { method, headers, body: JSON.stringify(body) };
    const answer = await fetch(`${this.url}/api/${this.generation}${below}`, request);
    if (!answer.ok) throw new Error(`${method} ${below}: ${answer.status} ${await answer.text()}`);
  }

  async #authorization(): Promise<string> {
    if (this.generation === 'v1') return `Basic ${btoa(`${admin.username}:${admin.password}`)}`;
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${this.url}/auth/token`, { method: 'POST', headers, body: JSON.stringify(admin) });
    return `Bearer ${Object(await answer.json()).access_token}`;
  }

  /** The end of what its processes said. */
  output(): string {
    return ['api-server', 'webserver', 'scheduler']
      .map((name) => this.#folder.at(`${name}.out`))
      .filter((file) => existsSync(file))
      .map((file) => `${path.basename(file)}:\n${readFileSync(file, 'utf8').slice(-3_000)}`)
      .join('\n');
  }
}
