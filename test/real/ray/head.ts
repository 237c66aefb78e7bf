// A real Ray head on this machine, small, with a token and a home folder of its own; ended with every process that it began.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../../scripts/live/programs.mjs';
import type { PythonEnvironment } from '../../../scripts/python/environments.mjs';

export interface Filled {
  readonly train: string;
  readonly fail: string;
  readonly wait: string;
  readonly search: string;
  readonly serve: string;
}

interface Ports {
  readonly head: number;
  readonly dashboard: number;
}

export class RayHead {
  readonly url: string;
  readonly token = `only-for-this-test-${randomUUID()}`;
  /** Of Tune's results. */
  readonly results: string;
  readonly #folder: string;
  readonly #ports: Ports;
  readonly #python: PythonEnvironment;
  /** In the environment of all that it begins: its workers have process groups of their own. */
  readonly #mark = `plumbline-test-${randomUUID()}`;
  #child: ChildProcess | undefined;

  private constructor(folder: string, ports: Ports, python: PythonEnvironment) {
    this.#folder = folder;
    this.#ports = ports;
    this.#python = python;
    this.url = `http://127.0.0.1:${ports.dashboard}`;
    this.results = path.join(folder, 'results');
  }

  /** In a folder of a short name, because sockets stand in it. Nothing runs yet. */
  static async make(python: PythonEnvironment): Promise<RayHead> {
    const ports = { head: await freePort(), dashboard: await freePort() };
    const head = new RayHead(mkdtempSync(path.join(os.tmpdir(), 'pl-ray-')), ports, python);
    mkdirSync(head.#at('home/.ray'), { recursive: true });
    writeFileSync(head.#at('home/.ray/auth_token'), head.token, { mode: 0o600 });
    return head;
  }

  #at(name: string): string {
    return path.join(this.#folder, name);
  }

  #environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      HOME: this.#at('home'),
      PATH: `${path.dirname(this.#python.python)}${path.delimiter}${process.env.PATH}`,
      RAY_AUTH_MODE: 'token',
      RAY_USAGE_STATS_ENABLED: '0',
      // Nothing here is asked through a proxy.
      NO_PROXY: '*',
      PLUMBLINE_TEST: this.#mark,
    };
  }

  /** Each start is a session of its own: Ray knows nothing of what was before. */
  async start(): Promise<void> {
    const { head, dashboard } = this.#ports;
    const small = ['--num-cpus', '2', '--object-store-memory', '100000000', '--disable-usage-stats'];
    const ports = ['--port', String(head), '--dashboard-host', '127.0.0.1', '--dashboard-port', String(dashboard)];
    const free = ['--dashboard-agent-listen-port', String(await freePort())];
    const workers = ['--min-worker-port', '0', '--max-worker-port', '0'];
    const client = ['--ray-client-server-port', String(await freePort()), '--node-ip-address', '127.0.0.1'];
    const place = ['--temp-dir', this.#at('t')];
    const out = openSync(this.#at('head.out'), 'a');
    this.#child = spawn(
      this.#python.bin('ray'),
      ['start', '--head', '--block', ...ports, ...free, ...workers, ...client, ...small, ...place],
      { cwd: this.#folder, env: this.#environment(), detached: true, stdio: ['ignore', out, out] },
    );
    const headers = { authorization: `Bearer ${this.token}` };
    const end = Date.now() + 120_000;
    while (Date.now() < end) {
      const answer = await fetch(`${this.url}/api/jobs/`, { headers }).catch(() => undefined);
      if (answer?.ok) return;
      if (this.#child.exitCode !== null) break;
      await pause(300);
    }
    throw new Error(`Ray did not answer.\n${this.output()}`);
  }

  /** Jobs that succeed, fail and run, a driver, Serve and a search, by Ray's own client; `finish` lets the running one end. */
  async fill(): Promise<Filled> {
    const script = path.join(import.meta.dirname, 'fill.py');
    const args = [script, this.url, this.results, this.#at('stop')];
    const gcs = `127.0.0.1:${this.#ports.head}`;
    const options = { cwd: this.#folder, env: this.#environment(), maxBuffer: 64_000_000 };
    const { stdout } = await promisify(execFile)(this.#python.python, [...args, gcs], options);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Filled;
  }

  finish(): void {
    writeFileSync(this.#at('stop'), '');
  }

  /**
   * At once, as a machine that goes away. Workers have process groups of their own and are known by their environment;
   * agents write their titles over theirs and are of the head's group.
   */
  async kill(): Promise<void> {
    const group = this.#child?.pid;
    this.#child = undefined;
    for (let round = 0; round < 60; round++) {
      const ours = processes().filter(({ pid, group: of }) => of === group || isMarked(pid, this.#mark));
      if (ours.length === 0) return;
      for (const { pid } of ours) end(pid);
      await pause(250);
    }
    throw new Error('Processes of Ray would not end.');
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  output(): string {
    return readFileSync(this.#at('head.out'), 'utf8').slice(-3_000);
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/** All of this machine that live; what only nobody has waited for is none any more. */
function processes(): readonly { readonly pid: number; readonly group: number }[] {
  return readdirSync('/proc').flatMap((name) => {
    const stat = /^\d+$/.test(name) ? textOf(`/proc/${name}/stat`) : '';
    const [, state, group] = /\) (\w) \d+ (\d+) /.exec(stat) ?? [];
    return state === undefined || state === 'Z' || state === 'X' ? [] : [{ pid: Number(name), group: Number(group) }];
  });
}

function isMarked(pid: number, mark: string): boolean {
  return textOf(`/proc/${pid}/environ`).includes(mark);
}

/** Empty for a process that has ended meanwhile, or is another user's. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
