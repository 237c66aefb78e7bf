// Starts and stops one VS Code server (browser build) with its own data folder, settings and installed extensions.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { current, type Installed, installVscode, type Release, type Report } from './install.ts';

const host = '127.0.0.1';
const startDeadlineMs = 60_000;

export type Settings = Readonly<Record<string, unknown>>;

export interface ServerOptions {
  /** Undefined: the current one. */
  readonly release?: Release;
  /** Undefined: any free one. */
  readonly port?: number;
  /** Undefined: a random one; empty: none. */
  readonly token?: string;
  /** Undefined: a temporary one, removed on stop. */
  readonly dataFolder?: string;
  /** The .vsix files to install. */
  readonly extensions?: readonly string[];
  readonly settings?: Settings;
  /** `asked`: workspaces open in Restricted Mode until trusted. Undefined: given. */
  readonly trust?: 'given' | 'asked';
  /** Whether tests run inside: turns the workbench's automation on. */
  readonly tests?: boolean;
  /** Added to ours. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly report?: Report;
}

export interface VscodeServer {
  readonly origin: string;
  readonly port: number;
  readonly dataFolder: string;
  /** The address that opens the workbench, token included. */
  address(query?: Readonly<Record<string, string>>): string;
  /** The last of its output. */
  log(): string;
  /** Settles when the process is gone, for whatever reason. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Settings that keep what is not ours out of the picture: no AI, no tips, no updates, no telemetry. */
export const quietSettings: Settings = {
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'git.autofetch': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
};

/** Starts a server, its extensions installed, and waits until it listens. Throws with the server's output when it does not. */
export async function startServer(options: ServerOptions = {}): Promise<VscodeServer> {
  const { report = () => {}, settings = {}, extensions = [], trust = 'given' } = options;
  const vscode = await installVscode(options.release ?? current, report);
  const temporary = options.dataFolder === undefined;
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'plumbline-vscode-')));
  const environment = { ...cleanEnvironment(), ...options.environment };
  await writeSettings(dataFolder, { ...quietSettings, ...settings });
  for (const extension of extensions) await installExtension(vscode, dataFolder, extension, environment);
  if (options.port) await assertFree(options.port);
  const token = options.token ?? randomBytes(16).toString('hex');
  const child = spawn(
    vscode.node,
    [
      vscode.main,
      ...['--host', host, '--port', String(options.port ?? 0), '--server-data-dir', dataFolder],
      ...(token === '' ? ['--without-connection-token'] : ['--connection-token', token]),
      ...['--accept-server-license-terms', '--telemetry-level', 'off'],
      ...(options.tests ? ['--enable-smoke-test-driver'] : []),
      ...(trust === 'given' ? ['--disable-workspace-trust'] : []),
    ],
    { env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32' },
  );
  const server = watch(child);
  const stop = async () => {
    await server.stop();
    if (temporary) await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const port = await server.listening();
    const origin = `http://${host}:${port}`;
    const address = (query: Readonly<Record<string, string>> = {}) => {
      const all = new URLSearchParams({ ...(token === '' ? {} : { tkn: token }), ...query });
      return `${origin}/?${all}`;
    };
    return { origin, port, dataFolder, address, log: server.log, ended: server.ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The process: its output, the port it says it listens on, its end. */
function watch(child: ChildProcess) {
  let output = '';
  let onOutput = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data: Buffer) => {
      output = (output + data).slice(-200_000);
      onOutput();
    });
  }
  const ended = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      output += error.message;
      resolve();
    });
    child.on('exit', () => resolve());
  });
  const listening = () =>
    new Promise<number>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`${why}. Its output:\n${output.slice(-3000)}`));
      const timer = setTimeout(
        () => fail(`The VS Code server said nothing for ${startDeadlineMs / 1000} s`),
        startDeadlineMs,
      );
      onOutput = () => {
        const port = /listening on (\d+)/.exec(output)?.[1];
        if (!port) return;
        clearTimeout(timer);
        resolve(Number(port));
      };
      onOutput();
      ended.then(() => {
        clearTimeout(timer);
        fail('The VS Code server ended while it started');
      });
    });
  const signal = (name: NodeJS.Signals) => {
    if (child.pid === undefined) return;
    try {
      process.kill(process.platform === 'win32' ? child.pid : -child.pid, name);
    } catch {
      // Already gone.
    }
  };
  // It runs in a group of its own, so nothing else ends it when we end early.
  const killOnExit = () => signal('SIGKILL');
  process.once('exit', killOnExit);
  const stop = async () => {
    process.off('exit', killOnExit);
    signal('SIGTERM');
    const timer = setTimeout(() => signal('SIGKILL'), 5_000);
    await ended;
    clearTimeout(timer);
    // Extension hosts outlive the server for a while, and would write into a folder that is being removed.
    signal('SIGKILL');
  };
  return { ended, listening, stop, log: () => output };
}

/** Ours without what npm scripts, an outer VS Code or a debugger put in: extension hosts inherit it. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|VSCODE_|ELECTRON_)|^(NODE_OPTIONS|INIT_CWD)$/i.test(name)),
  );
}

async function writeSettings(dataFolder: string, settings: Settings): Promise<void> {
  const folder = join(dataFolder, 'data', 'User');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'settings.json'), `${JSON.stringify(settings, null, 2)}\n`);
}

async function installExtension(
  vscode: Installed,
  dataFolder: string,
  extension: string,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const args = [vscode.main, '--server-data-dir', dataFolder, '--accept-server-license-terms', '--force'];
  const child = spawn(vscode.node, [...args, '--install-extension', extension], { env: environment });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data));
  await new Promise((resolve) => child.on('exit', resolve));
  if (!/successfully installed/.test(output)) {
    throw new Error(`VS Code refused to install ${extension}:\n${output.trim()}\nBuild it again: npm run package`);
  }
}

/** Throws, with the next step, when something else listens at this port. */
export async function assertFree(port: number): Promise<void> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(port, host, resolve));
  } catch (error) {
    const busy = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    const why = busy ? 'is busy' : `cannot be used (${error})`;
    throw new Error(`Port ${port} ${why}. Give another with --port, or none for a free one.`);
  }
  await new Promise((resolve) => probe.close(resolve));
}
