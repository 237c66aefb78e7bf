// A real MLflow server in a folder of the test, killed when the test ends; and MLflow's own client to fill it.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../scripts/live/programs.mjs';
import { environment } from '../../scripts/python/environments.mjs';
import type { LiveConnector, LiveHost } from '../../server/connectors/connector.ts';
import { mlflow } from '../../server/connectors/mlflow/index.ts';
import type { ConnectionConfig, Secret } from '../../server/protocol/connection.ts';
import { createHttp } from '../../server/world/http/client.ts';
import { type TestFolder, testFolder } from '../support/folder.ts';
import { memoryLog } from '../support/log.ts';

const env = {
  ...process.env,
  GIT_PYTHON_REFRESH: 'quiet',
  PYTHONWARNINGS: 'ignore',
  MLFLOW_DISABLE_TELEMETRY: 'true',
  // It would start seven more processes, for jobs that nobody gives it.
  MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
};

export interface RealServer {
  readonly url: string;
  readonly port: number;
  readonly folder: TestFolder;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Stdout of one of the scripts beside this file. */
  script(name: string, ...args: readonly string[]): Promise<string>;
}

interface Options {
  readonly arguments?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly prefix?: string;
}

export async function realServer(
  t: TestContext,
  name: 'mlflow3' | 'mlflow2',
  options: Options = {},
): Promise<RealServer> {
  const { python, bin } = await environment(name, (message) => t.diagnostic(message));
  const folder = testFolder(t, { 'scratch/.keep': '' });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}${options.prefix ?? ''}`;
  let child: ChildProcess | undefined;
  const kill = async () => {
    const dying = child;
    child = undefined;
    if (!dying?.pid || dying.exitCode !== null) return;
    const gone = once(dying, 'exit');
    // Its workers are of its group.
    process.kill(-dying.pid, 'SIGKILL');
    await gone;
  };
  const start = async () => {
    const storage = options.arguments?.includes('--artifacts-only')
      ? []
      : ['--backend-store-uri', `sqlite:///${folder.at('mlflow.db')}`];
    const listen = ['--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
    const args = ['server', ...listen, ...storage, '--artifacts-destination', folder.at('artifacts')];
    // gunicorn and uvicorn are looked for on the path.
    const own = { ...env, ...options.env, PATH: `${path.dirname(bin('mlflow'))}${path.delimiter}${process.env.PATH}` };
    child = spawn(bin('mlflow'), [...args, ...(options.arguments ?? [])], {
      ...{ cwd: folder.path, env: own, detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
    });
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said = `${said}${chunk}`.slice(-4000);
    });
    await answers(url, child, () => said);
  };
  t.after(kill);
  await start();
  const script: RealServer['script'] = async (file, ...args) => {
    const { stdout } = await promisify(execFile)(python, [path.join(import.meta.dirname, file), ...args], {
      ...{ cwd: folder.at('scratch'), env: { ...env, ...options.env }, maxBuffer: 64 * 1024 * 1024 },
    });
    return stdout.trim().split('\n').at(-1) ?? '';
  };
  return { url, port, folder, kill, start, script };
}

async function answers(url: string, child: ChildProcess, said: () => string): Promise<void> {
  const until = Date.now() + 180_000;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`The MLflow server ended: ${said()}`);
    // MLflow 2 answers this beside its prefix, not below it.
    for (const place of new Set([url, new URL(url).origin])) {
      const health = await fetch(`${place}/health`).catch(() => undefined);
      if (health?.ok) return;
    }
    await sleep(300);
  }
  throw new Error(`The MLflow server did not answer at ${url}: ${said()}`);
}

export interface Connected {
  readonly connector: LiveConnector;
  /** `METHOD /path` of every question, in order; emptied by `splice`. */
  readonly asked: string[];
}

/** Over the real HTTP module, without the manners around it. */
export function connected(url: string, more: Partial<ConnectionConfig> & { readonly secret?: Secret } = {}): Connected {
  const { secret, ...config } = more;
  const connection: ConnectionConfig = { name: 'live', tool: 'mlflow', url, ...config };
  const http = createHttp({ connection });
  const asked: string[] = [];
  const host: LiveHost = {
    fetch: (request, signal, expected) => {
      asked.push(`${request.method ?? 'GET'} ${request.path}`);
      return http(request, signal, expected);
    },
    secret: async () => secret,
    skewMs: 0,
    log: memoryLog(),
    now: Date.now,
  };
  if (!mlflow.connect) throw new Error('MLflow has no live connector');
  return { connector: mlflow.connect(connection, host), asked };
}
