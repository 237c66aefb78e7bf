// Owns the recording of the sample: really runs dbt, Airflow, MLflow and OpenLineage through the story, then packs it.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { commits, git, makeHistory } from './history.mjs';
import { places, prepare, python, setClock, start, stopAll } from './machine.mjs';
import { pack } from './pack.mjs';
import { lastBuild, moments } from './story.mjs';

const began = Date.now();
const report = (message) =>
  console.error(`${String(Math.round((Date.now() - began) / 1000)).padStart(4)} s  ${message}`);
const world = path.join(import.meta.dirname, 'stubs', 'world.py');
const renamed = '13';

/** What the tools find when the first run starts: an empty MLflow store, the holdout, an Airflow database. */
function firstDay() {
  const store = path.join(places.checkout, 'metadata');
  for (const folder of ['mlflow/artifacts', 'airflow/logs', 'openlineage'])
    mkdirSync(path.join(store, folder), { recursive: true });
  setClock('2026-09-25T20:00:00Z');
  const artifacts = path.join(store, 'mlflow', 'artifacts');
  python('airflow', ['-c', `import mlflow; mlflow.create_experiment("churn", artifact_location="${artifacts}")`]);
  python('airflow', [world, places.home, '2026-09-25T20:00:00', 'holdout'], { env: { LD_PRELOAD: '' } });
  python('airflow', ['-m', 'airflow', 'db', 'migrate']);
}

function deploy(hashes, step) {
  git(places.checkout, ['checkout', '--quiet', '--force', hashes[step]]);
  writeFileSync(path.join(places.home, 'commit'), hashes[step]);
}

/** dbt's nightly build on the CRM tables of that day. A failing test is part of the story, an error of dbt is not. */
function build(day, step, hash, at) {
  python('airflow', [world, places.home, `${day}T01:00:00`, step >= renamed ? 'renamed' : 'usual'], {
    env: { LD_PRELOAD: '' },
  });
  setClock(at);
  dbt(['build'], hash, step >= renamed ? [1] : [0]);
}

function dbt(args, hash, allowed) {
  const where = path.join(places.checkout, 'dbt');
  const code = 'import sys; from dbt.cli.main import cli; cli()';
  const env = { DBT_ENV_CUSTOM_ENV_GIT_SHA: hash, DBT_PROFILES_DIR: where };
  python('dbt', ['-c', code, ...args], { env, cwd: where, allowed });
}

function startServices(hash) {
  start('stubs', process.execPath, [path.join(import.meta.dirname, 'stubs', 'servers.mjs')]);
  const airflow = path.join(places.airflow, 'bin', 'python');
  start('api', airflow, ['-m', 'airflow', 'api-server', '--workers', '1'], { GIT_COMMIT: hash });
  start('scheduler', airflow, ['-m', 'airflow', 'scheduler'], { GIT_COMMIT: hash });
}

/** Waits until the runs are over; gives (dag, run id, state) of each. */
async function finished(wanted) {
  const deadline = Date.now() + 900_000;
  for (;;) {
    const db = new DatabaseSync(path.join(places.home, 'airflow', 'airflow.db'), { readOnly: true, timeout: 5000 });
    const rows = db.prepare('SELECT dag_id, run_id, state FROM dag_run').all();
    db.close();
    const found = wanted.map(([dag, id]) => rows.find((row) => row.dag_id === dag && row.run_id.startsWith(id)));
    if (found.every((row) => row && ['success', 'failed'].includes(row.state))) return found;
    if (Date.now() > deadline) {
      throw new Error(
        `Airflow did not finish ${JSON.stringify(wanted)}; it has ${JSON.stringify(rows.slice(-4))}. See ${places.home}/logs.`,
      );
    }
    await pause(500);
  }
}

async function play(moment, hashes, last) {
  const hash = hashes[moment.step];
  const stamp = `${moment.day}T`;
  if (last !== moment.step) {
    await stopAll();
    deploy(hashes, moment.step);
  }
  if (moment.build) build(moment.day, moment.step, hash, `${moment.day}T01:30:00Z`);
  if (moment.refuse) writeFileSync(path.join(places.home, 'warehouse', 'refuse-one-connection'), '');
  setClock(new Date(Date.parse(moment.at) - (last === moment.step ? 0 : 25_000)).toISOString());
  if (last !== moment.step) {
    if (moment.step === '07' || moment.step === '09') createTables();
    python('airflow', ['-m', 'airflow', 'dags', 'reserialize']);
    startServices(hash);
    setClock(new Date(Date.parse(moment.at) + 2000).toISOString());
  }
  if (moment.pause) python('airflow', ['-m', 'airflow', 'dags', 'pause', '--yes', moment.pause]);
  const wanted = moment.runs.map(([dag, time]) => [dag, `scheduled__${stamp}${time}`]);
  if (moment.manual) {
    const env = { USER: moment.manual.by, LOGNAME: moment.manual.by };
    const date = ['--logical-date', moment.at.replace('Z', '+00:00')];
    python('airflow', ['-m', 'airflow', 'dags', 'trigger', ...date, moment.manual.dag], { env });
    wanted.push([moment.manual.dag, `manual__${stamp}`]);
  }
  for (const run of await finished(wanted)) {
    report(`${run.dag_id} ${run.run_id}: ${run.state}`);
    const should = moment.fails ? 'failed' : 'success';
    if (run.state !== should) {
      throw new Error(
        `${run.dag_id} ${run.run_id} should end as ${should}. See its logs below ${places.checkout}/metadata/airflow/logs.`,
      );
    }
  }
}

/** The tables that the churn jobs write, made by the sample's own SQL. */
function createTables() {
  const code =
    'from churn import warehouse\n' +
    'for statement in (warehouse.SQL / "create_tables.sql").read_text().split(";"):\n' +
    '    if statement.strip(): warehouse.connect().cursor().execute(statement)';
  python('airflow', ['-c', code]);
}

/** dbt's artifacts as the last night left them: catalog, freshness, and the build with its failing test last. */
function lastNight(hash) {
  setClock(lastBuild);
  dbt(['docs', 'generate'], hash, [0]);
  dbt(['source', 'freshness'], hash, [0]);
  dbt(['build'], hash, [1]);
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void stopAll(true).then(() => process.exit(130)));

try {
  await prepare(report);
  report('making the history');
  const hashes = makeHistory(places.checkout);
  firstDay();
  let last = '';
  for (const moment of moments) {
    await play(moment, hashes, last);
    last = moment.step;
  }
  await stopAll();
  lastNight(hashes[renamed]);
  git(places.checkout, ['checkout', '--quiet', '--force', 'main']);
  await pack(hashes[commits.at(-1).step], report);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await stopAll();
}
