// Installs the browser build of VS Code (code-server from npm, no compiler, no lifecycle scripts) in the user's cache, once for all clones.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Release {
  readonly codeServer: string;
  readonly node: string;
}

/** Where one release lies: its folder, and the absolute paths of the server's module and of the Node that runs it. */
export interface Installed {
  readonly folder: string;
  readonly main: string;
  readonly node: string;
}

/** Says one line of progress. */
export type Report = (text: string) => void;

/** VS Code 1.139, on the Node it is made for: what people run today. */
export const current: Release = { codeServer: '4.139.1', node: '24.21.0' };
/** VS Code 1.105 on Node 22.19: the oldest that `engines.vscode` promises. */
export const floor: Release = { codeServer: '4.105.1', node: '22.19.0' };

/** Where everything downloaded for running and testing lives: PLUMBLINE_CACHE, else ~/.cache/plumbline. */
export function cacheFolder(): string {
  return process.env.PLUMBLINE_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'plumbline');
}

/** A lock this old belongs to a process that was killed: its holder touches it every two seconds. */
const abandonedMs = 20_000;

/**
 * The installed VS Code of this release.
 * Installs into a staging folder that a later attempt takes up again, and renames it when whole.
 */
export async function installVscode(release: Release, report: Report = () => {}): Promise<Installed> {
  const folder = join(cacheFolder(), `vscode-${release.codeServer}`);
  if (!existsSync(folder)) {
    await mkdir(cacheFolder(), { recursive: true });
    await holding(`${folder}.lock`, report, async () => {
      if (!existsSync(folder)) await install(release, folder, report);
    });
  }
  return { folder, main: join(vscodeFolder(folder), 'out', 'server-main.js'), node: nodeOf(folder) };
}

const vscodeFolder = (folder: string) => join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
const nodePackage = () => `node-${process.platform}-${process.arch}`;
const nodeOf = (folder: string) => join(folder, 'node_modules', nodePackage(), 'bin', 'node');

async function install(release: Release, folder: string, report: Report): Promise<void> {
  const startedMs = Date.now();
  const staging = `${folder}.partial`;
  report(`Installing VS Code (code-server ${release.codeServer}) in ${folder}; once, about half a minute …`);
  await mkdir(staging, { recursive: true });
  await writeFile(join(staging, 'package.json'), '{ "private": true }\n');
  await npm(staging, ['install', `code-server@${release.codeServer}`, `${nodePackage()}@${release.node}`]);
  await fromRegistryOnly(vscodeFolder(staging));
  await npm(vscodeFolder(staging), ['install', '--omit=dev']);
  for (const file of [join(vscodeFolder(staging), 'out', 'server-main.js'), nodeOf(staging)]) {
    if (!existsSync(file)) {
      await rm(staging, { recursive: true, force: true });
      throw new Error(`The installed code-server ${release.codeServer} lacks ${file}. Run the same command again.`);
    }
  }
  await rename(staging, folder);
  report(`VS Code is installed (${Math.round((Date.now() - startedMs) / 1000)} s)`);
}

interface Locked {
  version: string;
  resolved?: string;
  dependencies?: Record<string, string>;
}

/**
 * Asks for published versions where VS Code asks for a git commit (1.105 does, of @parcel/watcher): a registry is all we
 * need to reach, and the published packages bring their binaries built.
 */
async function fromRegistryOnly(folder: string): Promise<void> {
  const manifestFile = join(folder, 'package.json');
  const lockFile = join(folder, 'npm-shrinkwrap.json');
  const manifest: { dependencies: Record<string, string> } = JSON.parse(await readFile(manifestFile, 'utf8'));
  const lock: { packages: Record<string, Locked> } = JSON.parse(await readFile(lockFile, 'utf8'));
  for (const [name, wanted] of Object.entries(manifest.dependencies)) {
    const locked = lock.packages[`node_modules/${name}`];
    if (!locked?.resolved?.startsWith('git') || wanted === locked.version) continue;
    manifest.dependencies[name] = locked.version;
    const root = lock.packages['']?.dependencies;
    if (root) root[name] = locked.version;
    delete lock.packages[`node_modules/${name}`];
  }
  await writeFile(manifestFile, JSON.stringify(manifest, null, 2));
  await writeFile(lockFile, JSON.stringify(lock, null, 2));
}

async function npm(cwd: string, args: readonly string[]): Promise<void> {
  const all = [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--fetch-retries=2'];
  const cli = process.env.npm_execpath;
  const options = { cwd, env: plainEnvironment() };
  const child = cli?.endsWith('.js') ? spawn(process.execPath, [cli, ...all], options) : spawn('npm', all, options);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data));
  const code = await new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      output += error.message;
      resolve(1);
    });
    child.on('exit', resolve);
  });
  if (code === 0) return;
  const why = output.trim().split('\n').slice(0, 10).join('\n');
  throw new Error(`${why}\nInstalling VS Code failed. Check the network (npm ping), then run the same command again.`);
}

/** The environment without what an outer npm script put in, which would make npm work on the outer project. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(package|lifecycle|config_local_prefix)|^INIT_CWD$/i.test(name),
    ),
  );
}

/** Runs `work` while holding a lock folder, so that two installations of one version take turns. */
async function holding(lock: string, report: Report, work: () => Promise<void>): Promise<void> {
  for (let told = false; ; ) {
    try {
      await mkdir(lock);
      break;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const touched = await stat(lock).catch(() => undefined);
    if (touched && Date.now() - touched.mtimeMs > abandonedMs) await rm(lock, { recursive: true, force: true });
    else {
      if (!told) report('Another process is installing VS Code; waiting for it …');
      told = true;
      await sleep(500);
    }
  }
  const beat = setInterval(() => utimes(lock, new Date(), new Date()).catch(() => {}), 2_000);
  try {
    await work();
  } finally {
    clearInterval(beat);
    await rm(lock, { recursive: true, force: true });
  }
}
