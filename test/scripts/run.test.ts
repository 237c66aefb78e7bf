// scripts/run.mjs on a small project of its own: it installs, hands over arguments, exit codes and signals, and keeps stdout clean.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

let folder: string;
const source = path.join(import.meta.dirname, '..', '..', 'scripts', 'run.mjs');

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'plumbline-run-'));
  await mkdir(path.join(folder, 'scripts'));
  await copyFile(source, path.join(folder, 'scripts', 'run.mjs'));
  const scripts = {
    wait: 'node scripts/run.mjs wait --',
    'do:say': 'node say.mjs',
    'do:end': 'node end.mjs',
    'do:wait': 'node wait.mjs',
  };
  const manifest = { name: 'small', version: '1.0.0', private: true, scripts };
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
  const lock = {
    name: 'small',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: { '': { name: 'small', version: '1.0.0' } },
  };
  await writeFile(path.join(folder, 'package-lock.json'), JSON.stringify(lock));
  await writeFile(
    path.join(folder, 'say.mjs'),
    'console.log(JSON.stringify({ args: process.argv.slice(2), from: process.env.PLUMBLINE_CWD }));',
  );
  await writeFile(path.join(folder, 'end.mjs'), 'process.exitCode = Number(process.argv[2]);');
  await writeFile(
    path.join(folder, 'wait.mjs'),
    "process.on('SIGTERM', () => setTimeout(() => { console.log('closed'); process.exit(0); }, 300));\n" +
      "setInterval(() => {}, 1000); console.log('waiting');",
  );
});

after(() => rm(folder, { recursive: true, force: true }));

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(
  args: readonly string[],
  onOutput: (text: string, kill: () => void) => void = () => {},
): Promise<Outcome> {
  const { npm_execpath: _, INIT_CWD: __, ...environment } = process.env;
  const child = spawn(process.execPath, ['scripts/run.mjs', ...args], { cwd: folder, env: environment });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => {
    stdout += data;
    onOutput(stdout, () => child.kill('SIGTERM'));
  });
  child.stderr.on('data', (data: Buffer) => (stderr += data));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

test('the first command installs, says so on stderr only, and stamps; the second does not install', async () => {
  const first = await start(['say', '--', 'a b', '$HOME', '--json']);
  assert.equal(first.code, 0, first.stderr);
  assert.deepEqual(JSON.parse(first.stdout), { args: ['a b', '$HOME', '--json'], from: folder });
  assert.match(first.stderr, /installing packages/);
  assert.ok(existsSync(path.join(folder, 'node_modules', '.plumbline-lock')));
  const second = await start(['say', '--']);
  assert.equal(second.stderr, '');
});

test('the exit code is the script’s', async () => {
  assert.equal((await start(['end', '--', '3'])).code, 3);
});

test('a signal reaches the script, which may close what it opened', async () => {
  let sent = false;
  const { code, stdout } = await start(['wait', '--'], (text, kill) => {
    if (sent || !text.includes('waiting')) return;
    sent = true;
    kill();
  });
  assert.match(stdout, /closed/);
  assert.equal(code, 128 + 15);
});

test('whoever ends the npm that started it ends the script as well', async () => {
  const child = spawn('npm', ['run', '-s', 'wait'], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  let stdout = '';
  child.stdout.on('data', (data: Buffer) => {
    if (stdout === '' && String(data).includes('waiting')) child.kill('SIGTERM');
    stdout += data;
  });
  // The pipe closes only when the last process that holds it is gone.
  await new Promise((resolve) => child.stdout.on('close', resolve));
  assert.match(stdout, /closed/);
});

test('an unknown command names the known ones', async () => {
  const { code, stderr } = await start(['nothing']);
  assert.equal(code, 1);
  assert.match(stderr, /no command "nothing".*say, end, wait/);
});

test('a lock that does not fit the manifest is an error with a next step', async () => {
  const manifest = {
    name: 'small',
    version: '1.0.0',
    private: true,
    scripts: { 'do:say': 'node say.mjs' },
    dependencies: { a: '1' },
  };
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(path.join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages: { '': {} } }));
  const { code, stdout, stderr } = await start(['say', '--']);
  assert.equal(code, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /installing packages failed.*npm ci/s);
});
