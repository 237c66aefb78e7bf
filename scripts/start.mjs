// npm start: builds and packages Plumbline, unpacks the sample, opens it in VS Code (the desktop's, else the browser build), and stays until Ctrl+C.
import { execFile, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const run = promisify(execFile);
const startedMs = Date.now();
const report = (text) => console.log(`${String(Math.round((Date.now() - startedMs) / 1000)).padStart(4)} s  ${text}`);

const usage = `npm start [-- --folder PATH | --live] [--port N] [--no-open]
  --folder PATH  opens this project instead of the sample
  --live         the sample's MLflow and Airflow are real servers, started here, and connected (needs Python 3.10 or newer)
  --port N       serves the browser build at this port (default: a free one)
  --no-open      serves the browser build and opens nothing by itself`;

/** Where the model is named in the sample's first file. */
const firstLine = 9;
const firstColumn = 26;
const tries = [
  `1. Hover MODEL_NAME in line ${firstLine} of churn/settings.py (or put the cursor on it and press Ctrl+K Ctrl+I): its runs, versions, owner.`,
  '2. With the cursor on it press Ctrl+Alt+L: the lineage panel, what the model is made from and who uses it.',
  '3. Open the Plumbline view, choose the incident "churn AUC fell" and press Jump to Logs (Ctrl+Alt+J): the line that explains it.',
];
const ownTries = [
  '1. Hover a model, job, table or path in your code (or press Ctrl+K Ctrl+I on it).',
  '2. With the cursor on it press Ctrl+Alt+L: the lineage panel.',
  '3. Open the Plumbline view: incidents, each with Jump to Logs (Ctrl+Alt+J).',
];

function readOptions() {
  const options = {
    folder: { type: 'string' },
    live: { type: 'boolean' },
    port: { type: 'string' },
    'no-open': { type: 'boolean' },
  };
  try {
    const { values } = parseArgs({ options, strict: true, allowPositionals: false });
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536)) {
      throw new Error(`--port ${values.port} is not a port (1 to 65535)`);
    }
    // npm moves to the project's root; a path is meant from where the user typed it.
    const folder = values.folder && resolve(process.env.PLUMBLINE_CWD ?? process.cwd(), values.folder);
    if (folder && !(existsSync(folder) && (statSync(folder).isDirectory() || folder.endsWith('.code-workspace')))) {
      throw new Error(`--folder ${folder} is not a folder`);
    }
    if (folder && values.live) throw new Error('--live opens the sample: leave --folder out');
    return { folder, live: values.live ?? false, port, open: !values['no-open'] };
  } catch (error) {
    console.error(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
}

/** The desktop's `code`, where it can open a window: a display, or a terminal inside VS Code. */
function desktopCode() {
  const display = process.env.DISPLAY || process.env.WAYLAND_DISPLAY || process.env.VSCODE_IPC_HOOK_CLI;
  if (!display && process.platform === 'linux') return undefined;
  const result = spawnSync('code', ['--version'], { shell: process.platform === 'win32', timeout: 20_000 });
  return result.status === 0 ? 'code' : undefined;
}

async function buildPackage() {
  report('Building and packaging …');
  await run(process.execPath, [join(root, 'scripts', 'package.mjs')], { cwd: root, maxBuffer: 1e8 }).catch((error) => {
    throw new Error(error.stderr || error.message);
  });
  const made = (await readdir(root)).filter((name) => name.endsWith('.vsix'));
  const sized = made.map((name) => ({ path: join(root, name), stat: statSync(join(root, name)) }));
  const newest = sized.sort((a, b) => b.stat.mtimeMs - a.stat.mtimeMs)[0];
  report(`Packaged ${newest.path} (${(newest.stat.size / 1024 / 1024).toFixed(1)} MB)`);
  return newest.path;
}

const archive = join(root, 'extension', 'sample', 'churn.tar.gz');

async function freshSample() {
  const { unpackSample } = await import('../extension/sample/unpack.ts');
  const parent = await mkdtemp(join(tmpdir(), 'plumbline-sample-'));
  const { folder } = await unpackSample(archive, join(parent, 'churn'), new Date(), report);
  report(`The sample lies in ${folder}`);
  return folder;
}

/** The sample once for people and once for the servers; both tell the same times. */
async function liveSample(stops) {
  const { unpackSample } = await import('../extension/sample/unpack.ts');
  const { startStory } = await import('./live/story.mjs');
  const parent = await mkdtemp(join(tmpdir(), 'plumbline-live-'));
  const now = new Date();
  const { folder } = await unpackSample(archive, join(parent, 'churn'), now, report);
  const recorded = (await unpackSample(archive, join(parent, 'served', 'churn'), now)).folder;
  report(`The sample lies in ${folder}`);
  const servers = await mkdtemp(join(parent, 'servers-'));
  return { folder, story: await startStory({ recorded, workspace: folder, folder: servers, report, stops }) };
}

async function openDesktop(code, vsix, folder, file) {
  report('Installing into VS Code …');
  const options = { shell: process.platform === 'win32' };
  await run(code, ['--install-extension', vsix, '--force'], options);
  await run(
    code,
    ['--new-window', folder, ...(file ? ['--goto', `${file}:${firstLine}:${firstColumn}`] : [])],
    options,
  );
  return { url: `vscode://file${folder}`, ended: new Promise(() => {}), stop: async () => {} };
}

async function openBrowser(vsix, options, folder, file, environment) {
  const { startServer } = await import('./vscode/server.ts');
  const server = await startServer({
    port: options.port,
    token: randomBytes(16).toString('hex'),
    extensions: [vsix],
    // The sample is ours; a folder of the user's own is asked about, as VS Code always does.
    trust: options.folder ? 'asked' : 'given',
    environment,
    report,
  });
  const remote = `vscode-remote://127.0.0.1:${server.port}`;
  const url = server.address({
    ...(folder.endsWith('.code-workspace') ? { workspace: folder } : { folder }),
    ...(file ? { payload: openingFile(`${remote}${file}`) } : {}),
  });
  if (options.open) showUrl(url);
  return { url, ended: server.ended, stop: server.stop };
}

/** What the workbench in a browser reads from its address: this file, with the cursor on the model. */
const openingFile = (uri) =>
  JSON.stringify([
    ['openFile', `${uri}:${firstLine}:${firstColumn}`],
    ['gotoLineMode', 'true'],
  ]);

/** Opens the address in the desktop's browser where there is one; it is printed anyway. */
function showUrl(url) {
  const openers = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''], linux: ['xdg-open'] };
  const [program, ...args] = openers[process.platform] ?? [];
  const display = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!program || !display) return;
  spawn(program, [...args, url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

async function main() {
  const options = readOptions();
  let opened;
  const stops = [];
  // Before anything is open a signal simply ends this; what was started ends with it.
  const stopped = new Promise((done) => {
    const end = async () => {
      if (opened) return done();
      await Promise.all(stops.map((stop) => stop()));
      process.exit(130);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
  });
  if (options.port !== undefined) await (await import('./vscode/server.ts')).assertFree(options.port);
  // A window of the desktop's that is open already would not get the addresses of the live servers.
  const code = options.open && options.port === undefined && !options.live ? desktopCode() : undefined;
  const vsix = await buildPackage();
  const live = options.live ? await liveSample(stops) : undefined;
  const story = live?.story;
  const folder = options.folder ?? live?.folder ?? (await freshSample());
  const first = join(folder, 'churn', 'settings.py');
  const file = !options.folder && existsSync(first) ? first : undefined;
  opened = code
    ? await openDesktop(code, vsix, folder, file)
    : await openBrowser(vsix, options, folder, file, story?.environment);
  console.log(`\nTry:\n  ${(options.folder ? ownTries : tries).join('\n  ')}\n\n(Ctrl+C ends it.)`);
  if (story) console.log(`MLflow: ${story.mlflow}   Airflow: ${story.airflow}`);
  console.log(`Plumbline is open at ${opened.url}`);
  const died = await Promise.race([stopped.then(() => false), opened.ended.then(() => true)]);
  await Promise.all([opened.stop(), ...stops.map((stop) => stop())]);
  if (died) throw new Error('The VS Code server ended by itself. Run npm start again.');
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error.message);
    process.exit(1);
  },
);
