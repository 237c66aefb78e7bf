// The door of every npm script: runs on Node 20 with nothing installed, installs what the lock file asks for, then starts the real script on Node 24.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lockFile = join(root, 'package-lock.json');
const stampFile = join(root, 'node_modules', '.plumbline-lock');

/** stdout belongs to the script (`--json` prints JSON only), so progress goes to stderr. */
const say = (text) => process.stderr.write(`${text}\n`);

function fail(text) {
  say(text);
  process.exit(1);
}

/** Whether node_modules holds what the lock file asks for, by our stamp or else by npm's own record of what it laid down. */
function installed(hash) {
  const stamp = existsSync(stampFile) ? readFileSync(stampFile, 'utf8').trim() : '';
  if (stamp === hash) return true;
  try {
    const wanted = JSON.parse(readFileSync(lockFile, 'utf8')).packages;
    const present = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages;
    const missing = Object.entries(wanted).some(
      ([path, entry]) => path !== '' && !entry.optional && present[path]?.version !== entry.version,
    );
    // The package `node` fetches its binary in an install script, which npm's record does not speak of.
    if (missing || !existsSync(join(root, 'node_modules', '.bin', 'node'))) return false;
    writeFileSync(stampFile, `${hash}\n`);
    return true;
  } catch {
    return false;
  }
}

/** The npm that started us; else the one on the path. */
function npm(args, options) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) return spawn(process.execPath, [cli, ...args], options);
  return spawn('npm', args, { ...options, shell: process.platform === 'win32' });
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Runs `work` while holding a lock file, so that two commands started in one clone do not install over each other. */
async function alone(work) {
  const path = join(tmpdir(), `plumbline-install-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`);
  for (let told = false; ; ) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const holder = Number(readFileSync(path, 'utf8')) || 0;
      if (holder !== 0 && !alive(holder)) {
        unlinkSync(path);
        continue;
      }
      if (!told) say(`Plumbline: another command (process ${holder}) is installing packages here; waiting for it …`);
      told = true;
      await sleep(500);
    }
  }
  try {
    return await work();
  } finally {
    unlinkSync(path);
  }
}

async function install() {
  const startedMs = Date.now();
  say('Plumbline: installing packages (npm ci; once, about half a minute) …');
  // Without these limits npm retries an unreachable registry for nine minutes before it says so.
  const patience = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
  const child = npm(['ci', '--no-audit', '--no-fund', '--loglevel=error', ...patience], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  const dots = setInterval(() => say(`Plumbline: still installing, ${seconds(startedMs)} s …`), 15_000);
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      output += error.message;
      resolve(1);
    });
    child.on('exit', resolve);
  });
  clearInterval(dots);
  if (code !== 0) {
    const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH|network/i.test(output);
    const next = offline
      ? 'The npm registry could not be reached. Check the network (or the proxy: npm config get https-proxy; npm ping), then run the same command again.'
      : 'Read the lines above, then run `npm ci` here and the same command again.';
    const lines = output
      .trim()
      .split('\n')
      .filter((line) => line.replace('npm error', '').trim() !== '');
    throw new Error(`${lines.slice(0, 15).join('\n')}\nPlumbline: installing packages failed. ${next}`);
  }
  say(`Plumbline: packages installed in ${seconds(startedMs)} s`);
}

const seconds = (sinceMs) => Math.round((Date.now() - sinceMs) / 1000);

async function ensureInstalled() {
  const hash = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  if (installed(hash)) return;
  await alone(async () => {
    if (installed(hash)) return;
    await install();
    mkdirSync(dirname(stampFile), { recursive: true });
    writeFileSync(stampFile, `${hash}\n`);
  });
}

/** Starts `npm run do:<name>`: only in a nested npm script is the installed Node 24 the first `node` on the path. */
function handOver(name, args) {
  // A group of its own: npm and the shell between us do not pass signals on to the script, so the whole group is told.
  const grouped = process.platform !== 'win32';
  const child = npm(['run', '-s', `do:${name}`, '--', ...args], {
    cwd: root,
    stdio: 'inherit',
    detached: grouped,
    // npm sets INIT_CWD anew in the nested script; paths that a user types are meant from here.
    env: { ...process.env, PLUMBLINE_CWD: process.env.INIT_CWD ?? process.cwd() },
  });
  const tell = (signal) => {
    try {
      return process.kill(grouped ? -child.pid : child.pid, signal);
    } catch {
      return false;
    }
  };
  let received;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      received = signal;
      tell(signal);
    });
  }
  // Who ends the npm that started us ends its shell only; that we have lost our parent is how we learn of it.
  const parent = process.ppid;
  const orphaned = () => {
    if (process.ppid === parent || received) return;
    received = 'SIGTERM';
    tell('SIGTERM');
  };
  if (process.env.npm_lifecycle_event) setInterval(orphaned, 500).unref();
  child.on('error', (error) =>
    fail(`Plumbline: npm could not be started (${error.message}). Install npm 10 or newer.`),
  );
  child.on('exit', async (code, signal) => {
    // The shell dies of the signal at once; the script behind it may still be closing what it opened.
    for (let waitedMs = 0; received && waitedMs < 10_000 && tell(0); waitedMs += 50) await sleep(50);
    const ended = received ?? signal;
    process.exit(ended ? 128 + constants.signals[ended] : (code ?? 1));
  });
}

const [name, ...rest] = process.argv.slice(2);
const args = rest[0] === '--' ? rest.slice(1) : rest;
if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(
    `Plumbline needs Node 20 or newer to start; this is ${process.version}. Install it from nodejs.org, then run the same command.`,
  );
}
const scripts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;
if (!name || !scripts[`do:${name}`]) {
  const names = Object.keys(scripts)
    .filter((key) => key.startsWith('do:'))
    .map((key) => key.slice(3));
  fail(`Plumbline: there is no command "${name ?? ''}". Commands: ${names.join(', ')}.`);
}
await ensureInstalled().catch((error) => fail(error.message));
handOver(name, args);
