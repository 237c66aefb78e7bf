// Owns the cached Python environments: builds one from its lock file, outside the checkout, and says where it is.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const windows = process.platform === 'win32';
const uvVersion = '0.13.9';

/** The environments there are; each has `<name>.lock.txt` beside this file. */
export const names = [
  'mlflow3',
  'mlflow2',
  'airflow3',
  'airflow2',
  'dbt',
  'dbtCloud',
  'ray',
  'databricks',
  'snowflake',
  'aws',
  'prometheus',
  'openlineage',
];

/**
 * The environment of that name, built first if this machine does not have it (one to three minutes).
 * Safe to call from several processes at once: one builds, the others wait.
 * @param {string} name one of `names`
 * @param {(message: string) => void} [report] is told what is going on, one line at a time
 * @returns {Promise<{folder: string, python: string, bin: (program: string) => string}>}
 * @throws {Error} when there is no Python >= 3.10, or the packages cannot be installed; the message says the next step
 */
export async function environment(name, report = () => {}) {
  if (!names.includes(name)) {
    throw new Error(`There is no Python environment "${name}"; there are ${names.join(', ')}.`);
  }
  const lock = path.join(here, `${name}.lock.txt`);
  const python = await findPython();
  const text = await readFile(lock, 'utf8');
  const folder = path.join(cache(), `${name}-${hash(`${text}\n${python.version}`)}`);
  await once(folder, report, async (draft) => {
    report(`Building the Python environment ${name} (once; it is kept in ${folder})`);
    const uv = await uvProgram(python, report);
    await run(uv, ['venv', '--quiet', '--relocatable', '--python', python.program, draft], name);
    // The lock is complete, so nothing is resolved: what it leaves out on purpose stays out.
    const target = ['--no-deps', '--python', programIn(draft, 'python')];
    await run(uv, ['pip', 'install', '--quiet', ...target, '-r', lock], name);
  });
  return { folder, python: programIn(folder, 'python'), bin: (program) => programIn(folder, program) };
}

/** The folder of all environments; PLUMBLINE_CACHE moves it. */
function cache() {
  const root = process.env.PLUMBLINE_CACHE || path.join(os.homedir(), '.cache', 'plumbline');
  return path.join(path.resolve(root), 'python');
}

function programIn(folder, program) {
  return windows ? path.join(folder, 'Scripts', `${program}.exe`) : path.join(folder, 'bin', program);
}

function hash(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

async function findPython() {
  const candidates = [process.env.PLUMBLINE_PYTHON, 'python3.12', 'python3.11', 'python3.10', 'python3', 'python'];
  const probe = 'import sys; print(sys.executable); print("%d.%d" % sys.version_info[:2])';
  for (const candidate of candidates) {
    if (!candidate) continue;
    try {
      const [program, version] = (await run(candidate, ['-c', probe], 'python')).trim().split(/\r?\n/);
      const [major, minor] = version.split('.').map(Number);
      if (major === 3 && minor >= 10) return { program, version };
    } catch {
      // This one is absent or broken; the next may do, and the error below covers them all.
    }
  }
  throw new Error(
    'Python 3.10 or newer is needed for this and was not found. Install it (Debian: apt-get install python3 python3-venv), ' +
      'or set PLUMBLINE_PYTHON to its path.',
  );
}

/** uv, in an environment of its own: it installs these lock files many times faster than pip. */
async function uvProgram(python, report) {
  const folder = path.join(cache(), `uv-${uvVersion}-py${python.version}`);
  await once(folder, report, async (draft) => {
    report(`Installing uv ${uvVersion}, which installs the Python packages`);
    try {
      await run(python.program, ['-m', 'venv', draft], 'uv');
    } catch (error) {
      throw new Error(
        `${error.message}\nPython cannot make environments here; on Debian: apt-get install python3-venv`,
      );
    }
    await run(programIn(draft, 'python'), ['-m', 'pip', 'install', '--quiet', `uv==${uvVersion}`], 'uv');
  });
  return programIn(folder, 'uv');
}

/**
 * Makes `folder` by `build(draft)` unless it is there: a draft beside it becomes it by one rename, so that half an
 * environment is never seen, and a lock file with our process id keeps a second builder waiting.
 */
async function once(folder, report, build) {
  await mkdir(path.dirname(folder), { recursive: true });
  const lock = `${folder}.lock`;
  let waited = false;
  while (!existsSync(folder)) {
    if (!(await take(lock))) {
      if (!waited) report(`Waiting for another process that is building ${folder}`);
      waited = true;
      await new Promise((resolve) => setTimeout(resolve, 500));
      continue;
    }
    const draft = `${folder}.${process.pid}`;
    try {
      if (existsSync(folder)) return;
      await rm(draft, { recursive: true, force: true });
      await build(draft);
      await rename(draft, folder);
    } finally {
      await rm(draft, { recursive: true, force: true });
      await rm(lock, { force: true });
    }
  }
}

/** True when the lock is ours now; the lock of a process that is gone is removed, and the caller asks again. */
async function take(lock) {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
  if (owner > 0 && !alive(owner)) await rm(lock, { force: true });
  return false;
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Runs a program to its end and gives its output; an error carries the last lines the program said. */
function run(program, args, name) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let said = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
      said += chunk;
    });
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    child.on('error', (error) =>
      reject(new Error(`${program} could not be started (${error.code ?? error.message}).`)),
    );
    child.on('close', (code) => {
      if (code === 0) resolve(out);
      else reject(new Error(failure(name, program, code, said)));
    });
  });
}

function failure(name, program, code, said) {
  const tail = said.trim().split('\n').slice(-12).join('\n');
  const next = 'It needs the network (PyPI) once; check the connection and run the same command again.';
  return `The Python environment ${name} could not be built: ${path.basename(program)} ended with ${code}.\n${tail}\n${next}`;
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const asked = process.argv.slice(2);
  try {
    if (asked.length === 0) throw new Error(`usage: node scripts/python/environments.mjs ${names.join('|')} …`);
    for (const name of asked) {
      const { folder } = await environment(name, (message) => console.error(message));
      console.log(folder);
    }
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
