// Owns the sample archive: gathers what the tools recorded, refuses what would give the recording machine away, and packs.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { git } from './history.mjs';
import { places } from './machine.mjs';

const target = path.join(import.meta.dirname, '..', '..', 'extension', 'sample', 'churn.tar.gz');
const largest = 3_000_000;
const artifacts = ['manifest.json', 'run_results.json', 'catalog.json', 'sources.json'];

/** Writes extension/sample/churn.tar.gz. @throws {Error} naming each file that would leak, or when it grew too large */
export async function pack(head, report) {
  const stage = path.join(places.home, 'stage');
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(path.join(stage, 'dbt', 'target'), { recursive: true });
  const recorded = path.join(places.checkout, 'metadata');
  const keep = (source) =>
    !source.startsWith(path.join(recorded, 'airflow', 'logs', 'scheduler')) && !source.endsWith('.lock');
  cpSync(recorded, path.join(stage, 'metadata'), { recursive: true, filter: keep });
  for (const entry of readdirSync(path.join(stage, 'metadata', 'airflow', 'logs'))) {
    if (!entry.startsWith('dag_id='))
      rmSync(path.join(stage, 'metadata', 'airflow', 'logs', entry), { recursive: true });
  }
  for (const name of artifacts)
    cpSync(path.join(places.checkout, 'dbt', 'target', name), path.join(stage, 'dbt', 'target', name));
  compact(path.join(stage, 'metadata', 'mlflow', 'mlflow.db'));
  neutral(stage);
  git(places.checkout, ['bundle', 'create', path.join(stage, 'repository.bundle'), 'main']);
  const record = { recordedAt: new Date().toISOString(), newestEventAt: newest(stage), head };
  writeFileSync(path.join(stage, 'recorded.json'), `${JSON.stringify(record, null, 2)}\n`);
  refuseLeaks(stage);
  mkdirSync(path.dirname(target), { recursive: true });
  const entries = ['recorded.json', 'repository.bundle', 'dbt', 'metadata'];
  const same = ['--sort=name', '--mtime=2026-11-21', '--owner=0', '--group=0', '--numeric-owner'];
  const tar = execFileSync('tar', ['-c', ...same, '-C', stage, ...entries], { maxBuffer: 1 << 28 });
  writeFileSync(target, execFileSync('gzip', ['-9n'], { input: tar, maxBuffer: 1 << 28 }));
  const size = statSync(target).size;
  if (size > largest)
    throw new Error(`The archive has ${size} bytes, more than ${largest}; see what grew in ${stage}.`);
  report(`extension/sample/churn.tar.gz has ${size} bytes; its newest event is of ${record.newestEventAt}`);
}

/** One file without a write-ahead log beside it. */
function compact(file) {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode = DELETE; VACUUM');
  db.close();
}

/** The newest time in logs and events: what "2 h ago" is counted from. */
function newest(stage) {
  let latest = 0;
  for (const file of files(path.join(stage, 'metadata'))) {
    if (!file.endsWith('.log') && !file.endsWith('.ndjson')) continue;
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const said = line.match(/"(?:timestamp|eventTime)": ?"([^"]+)"/)?.[1];
      if (said) latest = Math.max(latest, Date.parse(said));
    }
  }
  if (!latest) throw new Error('Nothing was recorded: no log and no event has a time.');
  return new Date(latest).toISOString();
}

/** What stands for the recording machine's own folders in the recording. */
function replacements() {
  const python = realpathSync(path.join(places.airflow, 'bin', 'python'));
  return [
    [realpathSync(places.airflow), places.airflow],
    [realpathSync(places.dbt), places.dbt],
    [path.dirname(path.dirname(python)), '/usr/local'],
  ];
}

function neutral(stage) {
  for (const file of files(stage)) {
    if (!/\.(log|json|ndjson|yaml|yml|txt)$|MLmodel$/.test(file)) continue;
    const text = readFileSync(file, 'utf8');
    const clean = replacements().reduce((so, [own, neutralName]) => so.replaceAll(own, neutralName), text);
    if (clean !== text) writeFileSync(file, clean);
  }
}

function refuseLeaks(stage) {
  const own = [os.homedir(), '/root/', '/home/', '/work/', '/tmp/', `'${os.hostname()}'`, `"${os.hostname()}"`];
  const found = [];
  for (const file of files(stage)) {
    const bytes = readFileSync(file);
    for (const leak of own) {
      const at = bytes.indexOf(leak);
      if (at >= 0)
        found.push(
          `${path.relative(stage, file)}: …${bytes.subarray(Math.max(0, at - 60), at + 60).toString('latin1')}…`,
        );
    }
  }
  if (found.length > 0) {
    throw new Error(
      `The recording tells where it was made:\n${found.slice(0, 20).join('\n')}\nMake the tool write elsewhere (machine.mjs), or add to replacements().`,
    );
  }
}

function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
