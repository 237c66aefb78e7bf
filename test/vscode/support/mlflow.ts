// A real MLflow server behind a door that wants a password, to be filled through its own REST, killed and started again.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../scripts/live/programs.mjs';
import { environment } from '../../../scripts/python/environments.mjs';
import { doorBefore } from './door.ts';

export const user = 'ada-lovelace';
export const password = 'correct-horse-battery';
const wanted = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const startMs = 240_000;

export interface Mlflow {
  /** What to connect to. */
  readonly url: string;
  /** A finished run with a metric, and a version of the model made of it, which the alias then names. Its id. */
  train(model: string, name: string, auc: number): Promise<string>;
  /** Nobody listens any more, neither the door nor MLflow. */
  kill(): Promise<void>;
  /** At the same address, with what it had. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

export async function startMlflow(): Promise<Mlflow> {
  const folder = await mkdtemp(path.join(tmpdir(), 'plumbline-mlflow-'));
  const { bin } = await environment('mlflow3');
  const [inside, outside] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${outside}`;
  let program: ChildProcess | undefined;
  let door: Server | undefined;
  const kill = async (): Promise<void> => {
    door?.closeAllConnections();
    await new Promise((resolve) => (door ? door.close(resolve) : resolve(undefined)));
    if (program?.pid !== undefined && program.exitCode === null) {
      const ended = new Promise((resolve) => program?.once('exit', resolve));
      process.kill(-program.pid, 'SIGKILL');
      await ended;
    }
    [door, program] = [undefined, undefined];
  };
  // Its job runner is nine more processes, for features that nobody asks for here.
  const quiet = { MLFLOW_DISABLE_TELEMETRY: 'true', MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' };
  const env = { ...process.env, ...quiet };
  const start = async (): Promise<void> => {
    program = spawn(
      bin('mlflow'),
      [
        ...['server', '--host', '127.0.0.1', '--port', String(inside), '--workers', '1'],
        ...['--backend-store-uri', 'sqlite:///mlflow.db', '--artifacts-destination', path.join(folder, 'artifacts')],
      ],
      { cwd: folder, env, stdio: 'ignore', detached: true },
    );
    await answering(`http://127.0.0.1:${inside}/health`);
    door = doorBefore(inside, wanted, 'Basic realm="mlflow"');
    await new Promise<void>((resolve) => door?.listen(outside, '127.0.0.1', resolve));
  };
  const remove = (): Promise<void> => kill().then(() => removed(folder));
  await start().catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  return { url, start, kill, train: (...of) => train(url, ...of), remove };
}

const removed = (folder: string) => rm(folder, { recursive: true, force: true, maxRetries: 5 });

async function answering(url: string): Promise<void> {
  const endMs = Date.now() + startMs;
  while (Date.now() < endMs) {
    const ok = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ok) return;
    await sleep(200);
  }
  throw new Error(`MLflow did not answer at ${url} within ${startMs / 1000} s`);
}

async function call<Answer>(url: string, method: string, name: string, body: object): Promise<Answer> {
  const response = await fetch(`${url}/api/2.0/mlflow/${name}`, {
    method,
    headers: { authorization: wanted, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`MLflow answered ${name} with ${response.status}: ${text}`);
  const answer: Answer = JSON.parse(text);
  return answer;
}

async function train(url: string, model: string, run_name: string, auc: number): Promise<string> {
  const now = Date.now();
  const created = await call<{ run: { info: { run_id: string; artifact_uri: string } } }>(url, 'POST', 'runs/create', {
    ...{ experiment_id: '0', run_name, start_time: now, tags: [{ key: 'mlflow.user', value: 'ana' }] },
  });
  const { run_id, artifact_uri } = created.run.info;
  await call(url, 'POST', 'runs/log-metric', { run_id, key: 'auc', value: auc, timestamp: now, step: 0 });
  await call(url, 'POST', 'runs/update', { run_id, status: 'FINISHED', end_time: now + 1 });
  // It is there from the second time on.
  await call(url, 'POST', 'registered-models/create', { name: model }).catch(() => undefined);
  const made = await call<{ model_version: { version: string } }>(url, 'POST', 'model-versions/create', {
    ...{ name: model, source: `${artifact_uri}/model`, run_id },
  });
  const { version } = made.model_version;
  await call(url, 'POST', 'registered-models/alias', { name: model, alias: 'champion', version });
  return run_id;
}
