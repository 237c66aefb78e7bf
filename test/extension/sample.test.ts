// The sample archive as a user gets it: complete, consistent across tools, recent, and silent about where it was made.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { unpackSample } from '../../extension/sample/unpack.ts';

const root = path.join(import.meta.dirname, '..', '..');
const archive = path.join(root, 'extension', 'sample', 'churn.tar.gz');
const now = new Date('2027-02-03T20:30:00Z');
const temp = mkdtempSync(path.join(os.tmpdir(), 'plumbline-sample-'));
const folder = path.join(temp, 'churn');
const said: string[] = [];

before(async () => {
  const result = await unpackSample(archive, folder, now, (message) => said.push(message));
  assert.equal(result.folder, folder);
});
after(() => rmSync(temp, { recursive: true, force: true }));

test('the checkout has its history, is clean, and remembers no other place', () => {
  assert.equal(git('rev-list', '--count', 'HEAD').trim(), '15');
  assert.equal(git('status', '--porcelain'), '');
  assert.equal(git('remote'), '');
  assert.deepEqual(readdirSync(temp), ['churn']);
  assert.ok(said.length >= 3);
});

test('the newest event is two hours old', () => {
  const times = [...files('metadata/airflow/logs'), ...files('metadata/openlineage')].flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/"(?:timestamp|eventTime)": ?"([^"]+)"/g)].map((match) =>
      Date.parse(match[1] ?? ''),
    ),
  );
  const age = now.getTime() - Math.max(...times);
  assert.ok(times.length > 500);
  assert.ok(age >= 2 * 3_600_000 && age < 2 * 3_600_000 + 1000, `${age} ms`);
});

test('runs of the model: the metrics drop at the end, each at a commit of the history', () => {
  const runs = query(
    `SELECT r.run_uuid AS id, r.start_time AS start, r.artifact_uri AS artifacts, m.value AS auc, t.value AS hash
     FROM runs r JOIN metrics m ON m.run_uuid = r.run_uuid AND m.key = 'auc'
     JOIN tags t ON t.run_uuid = r.run_uuid AND t.key = 'mlflow.source.git.commit' ORDER BY r.start_time`,
  );
  assert.equal(runs.length, 10);
  for (const run of runs) assert.equal(git('cat-file', '-t', String(run.hash)).trim(), 'commit');
  const auc = runs.map((run) => Number(run.auc));
  assert.ok(
    auc.slice(0, 8).every((value) => value > 0.84),
    String(auc),
  );
  assert.ok(
    auc.slice(8).every((value) => value > 0.6 && value < 0.78),
    String(auc),
  );
  const last = Number(runs.at(-1)?.start);
  assert.ok(now.getTime() - last < 6 * 3_600_000 && last < now.getTime());
  for (const run of runs) assert.ok(String(run.artifacts).startsWith(`${folder}/metadata/mlflow/artifacts/`));
  const inputs = query(
    'SELECT DISTINCT d.name FROM datasets d JOIN inputs i ON i.source_id = d.dataset_uuid ORDER BY d.name',
  );
  assert.deepEqual(
    inputs.map((row) => row.name),
    ['churn_features', 'churn_holdout'],
  );
});

test('versions and aliases of the registered model', () => {
  const versions = query("SELECT version, run_id FROM model_versions WHERE name = 'churn' ORDER BY version");
  assert.deepEqual(
    versions.map((row) => Number(row.version)),
    [1, 2, 3, 4, 5, 6, 7],
  );
  const aliases = query('SELECT alias, version FROM registered_model_aliases ORDER BY alias');
  assert.deepEqual(
    aliases.map((row) => [row.alias, Number(row.version)]),
    [
      ['challenger', 7],
      ['champion', 6],
    ],
  );
});

test('logs, events and runs still name each other', () => {
  const logged = new Set(
    readdirSync(path.join(folder, 'metadata/airflow/logs/dag_id=train_churn')).map((name) =>
      name.slice('run_id='.length),
    ),
  );
  const tagged = query("SELECT value FROM tags WHERE key = 'airflow.run_id'").map((row) => String(row.value));
  assert.equal(tagged.length, 10);
  for (const id of tagged) assert.ok(logged.has(id), `${id} has no log folder`);
  const events = readFileSync(path.join(folder, 'metadata/openlineage/events.ndjson'), 'utf8').trim().split('\n');
  const parsed = events.map(
    (line) => JSON.parse(line) as { job: { name: string }; outputs: { namespace: string; name: string }[] },
  );
  for (const id of logged)
    assert.ok(
      events.some((line) => line.includes(id)),
      `${id} has no event`,
    );
  const lite = parsed
    .flatMap((event) => event.outputs ?? [])
    .filter((output) => /^churn-lite\/\d{4}-\d\d-\d\d\/model.joblib$/.test(output.name));
  assert.ok(lite.length >= 7 && lite.every((output) => output.namespace === 's3://acme-models'));
});

test('the failing run blames a line that has moved since', () => {
  const dag = path.join(folder, 'metadata/airflow/logs/dag_id=validate_churn');
  const failing = readdirSync(dag).sort().at(-1) ?? '';
  const attempts = readdirSync(path.join(dag, failing, 'task_id=evaluate'));
  assert.deepEqual(attempts.sort(), ['attempt=1.log', 'attempt=2.log']);
  const lines = readFileSync(path.join(dag, failing, 'task_id=evaluate', 'attempt=2.log'), 'utf8')
    .trim()
    .split('\n');
  type Failure = { exc_type: string; exc_value: string; frames: { filename: string; lineno: number }[] };
  const details = lines.flatMap((line) => (JSON.parse(line) as { error_detail?: Failure[] }).error_detail ?? []);
  const cause = details.find((detail) => detail.exc_type === 'KeyError');
  assert.equal(cause?.exc_value, "'churned'");
  const frame = details
    .flatMap((detail) => detail.frames)
    .find((one) => one.filename === '/opt/acme/churn/churn/validation.py');
  const hash = git('log', '--format=%H', '--grep=has_churned', '-1').trim();
  const then = git('show', `${hash}:churn/validation.py`).split('\n');
  const today = readFileSync(path.join(folder, 'churn/validation.py'), 'utf8').split('\n');
  const blamed = (frame?.lineno ?? 0) - 1;
  assert.match(then[blamed] ?? '', /settings\.LABEL|raise ValidationError/);
  assert.notEqual(today[blamed], then[blamed]);
  assert.ok(today.includes(then[blamed] ?? 'gone'));
});

test('dbt: one failing test after the rename, and late events', () => {
  type Results = { metadata: { env: { GIT_SHA?: string } }; results: { unique_id: string; status: string }[] };
  const built = JSON.parse(readFileSync(path.join(folder, 'dbt/target/run_results.json'), 'utf8')) as Results;
  const failing = built.results.filter((result) => ['fail', 'error', 'warn'].includes(result.status));
  assert.deepEqual(
    failing.map((result) => [result.unique_id.split('.')[2], result.status]),
    [['not_null_churn_labels_has_churned', 'fail']],
  );
  assert.equal(git('cat-file', '-t', built.metadata.env.GIT_SHA ?? '').trim(), 'commit');
  const sources = JSON.parse(readFileSync(path.join(folder, 'dbt/target/sources.json'), 'utf8')) as Results;
  assert.deepEqual(sources.results.map((result) => result.status).sort(), ['pass', 'warn']);
});

test('nothing tells where it was recorded', () => {
  for (const file of files('metadata').concat(files('dbt/target'), files('.git'))) {
    const text = readFileSync(file, 'latin1').replaceAll(folder, '');
    for (const leak of ['/root/', '/home/', '/tmp/']) {
      assert.ok(!text.includes(leak), `${path.relative(folder, file)} has ${leak}`);
    }
  }
});

test('a folder that is not empty is refused and left as it is', async () => {
  await assert.rejects(
    unpackSample(archive, folder, now),
    /is not empty, and nothing in it is overwritten; choose a new or empty folder/,
  );
  const other = path.join(temp, 'other');
  mkdirSync(other);
  writeFileSync(path.join(other, 'mine.txt'), 'mine');
  await assert.rejects(unpackSample(archive, other, now), /not empty/);
  assert.deepEqual(readdirSync(other), ['mine.txt']);
});

test('a missing or broken archive is said, and leaves nothing behind', async () => {
  const target = path.join(temp, 'broken');
  await assert.rejects(
    unpackSample(path.join(temp, 'none.tar.gz'), target, now),
    /is missing; install the extension again/,
  );
  const cut = path.join(temp, 'cut.tar.gz');
  writeFileSync(cut, readFileSync(archive).subarray(0, 20_000));
  await assert.rejects(unpackSample(cut, target, now), /could not be unpacked/);
  assert.deepEqual(
    readdirSync(temp).filter((name) => name.startsWith('broken')),
    [],
  );
});

test('without git it says so; the command line prints the folder', () => {
  const main = path.join(root, 'extension', 'sample', 'main.ts');
  const without = spawnSync(process.execPath, [main, archive, path.join(temp, 'nogit')], {
    env: { PATH: '' },
    encoding: 'utf8',
  });
  assert.equal(without.status, 1);
  assert.match(without.stderr, /git was not found\. Install git/);
  const target = path.join(temp, 'by hand');
  assert.equal(
    execFileSync(process.execPath, [main, archive, target], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    `${target}\n`,
  );
});

function git(...args: string[]): string {
  return execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' });
}

function query(sql: string): Record<string, unknown>[] {
  const db = new DatabaseSync(path.join(folder, 'metadata/mlflow/mlflow.db'), { readOnly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

function files(below: string): string[] {
  return readdirSync(path.join(folder, below), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
