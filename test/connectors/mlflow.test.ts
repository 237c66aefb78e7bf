// MLflow connector over databases: the registry, runs, metrics, lineage; and stores that are locked, broken or strange.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, type TestContext, test } from 'node:test';
import { CatalogStore } from '../../server/catalog/store.ts';
import { mlflow } from '../../server/connectors/mlflow/index.ts';
import { WorldError } from '../../server/world/failure.ts';
import { type TestFolder, testFolder } from '../support/folder.ts';
import { type MlflowDatabase, mlflowDatabase } from '../support/mlflowDatabase.ts';
import { hostAt, type Scanned, scanned } from '../support/scan.ts';

const host = hostAt('2026-11-20T12:00:00Z');
const id = (letter: string): string => letter.repeat(32);

async function connect(folder: TestFolder, place = 'mlflow.db', catalog?: Parameters<typeof mlflow.create>[2]) {
  const source = { name: `mlflow ${place}`, tool: 'mlflow', path: folder.at(place), workspaceFolder: folder.path };
  return mlflow.create(source, host, catalog);
}

/** Fills a fresh database, scans it, and writes its instance as `I` so that ids can be compared. */
async function scanOf(t: TestContext, fill: (database: MlflowDatabase) => void): Promise<Scanned> {
  const folder = testFolder(t);
  const database = mlflowDatabase(folder.at('mlflow.db'));
  fill(database);
  database.raw.close();
  const connector = await connect(folder);
  const text = JSON.stringify(await scanned(connector), (_, value) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
  return JSON.parse(text.replaceAll(connector.scope, 'mlflow://I'));
}

const runOf = (scan: Scanned, letter: string) => scan.runs.find((run) => run.id === `run:mlflow://I/${id(letter)}`);
const factsOf = (scan: Scanned, entity: string) => scan.entities.find((each) => each.id === entity)?.facts;
const kindsCovered = (scan: Scanned) => scan.covered.map(({ kind }) => kind).sort();

describe('the registry', () => {
  const registry = (database: MlflowDatabase): void => {
    database.insert('registered_models', { name: 'churn', description: 'Who leaves.', creation_time: 10 });
    database.insert('registered_models', { name: 'empty' });
    database.insert('registered_model_tags', { key: 'team', value: 'growth', name: 'churn' });
    database.insert('registered_model_aliases', { alias: 'champion', version: 2, name: 'churn' });
    database.insert('registered_model_aliases', { alias: 'fallback', version: 2, name: 'churn' });
    database.insert('registered_model_aliases', { alias: 'challenger', version: 10, name: 'churn' });
    for (const version of [2, 9, 10, 11]) {
      const current_stage = version === 11 ? 'Deleted_Internal' : version === 2 ? 'Production' : 'None';
      const run_id = version === 2 ? id('a') : null;
      const source = version === 9 ? 'models:/m-77' : version === 10 ? `/x/mlruns/1/${id('c')}/artifacts/model` : '/x';
      database.insert('model_versions', { name: 'churn', version, current_stage, run_id, source, status: 'READY' });
    }
    database.insert('logged_models', { model_id: 'm-77', source_run_id: id('b'), artifact_location: 's3://acme/m-77' });
    database.insert('model_version_tags', { key: 'validated', value: 'true', name: 'churn', version: 2 });
    for (const letter of ['a', 'b', 'c']) database.run(id(letter));
  };

  test('a model has its aliases, tags, owner and the newest version by number', async (t) => {
    const scan = await scanOf(t, registry);
    assert.deepEqual(factsOf(scan, 'model:mlflow://I/churn'), {
      description: 'Who leaves.',
      owner: 'growth',
      tags: ['team=growth'],
      createdAt: 10,
      modelAliases: [
        { alias: 'challenger', version: '10' },
        { alias: 'champion', version: '2' },
        { alias: 'fallback', version: '2' },
      ],
      latestVersion: '10',
    });
    assert.deepEqual(factsOf(scan, 'model:mlflow://I/empty'), { modelAliases: [] });
  });

  test('a version knows its stage, its aliases and the run that made it, however that is written', async (t) => {
    const scan = await scanOf(t, registry);
    const version = scan.entities.find((each) => each.id === 'version:mlflow://I/churn/2');
    assert.equal(version?.name, 'churn/2');
    assert.deepEqual(version?.aliases, ['churn@champion', 'churn@fallback']);
    assert.equal(version?.facts?.stage, 'Production');
    assert.deepEqual(version?.facts?.tags, ['validated=true']);
    const madeBy = (number: number) => factsOf(scan, `version:mlflow://I/churn/${number}`)?.madeBy;
    assert.equal(madeBy(2), `run:mlflow://I/${id('a')}`, 'the run id of the version');
    assert.equal(madeBy(9), `run:mlflow://I/${id('b')}`, 'through the logged model of MLflow 3');
    assert.equal(madeBy(10), `run:mlflow://I/${id('c')}`, 'from the place of its files');
    assert.equal(factsOf(scan, 'version:mlflow://I/churn/9')?.artifactUri, 's3://acme/m-77');
    assert.equal(factsOf(scan, 'version:mlflow://I/churn/9')?.stage, undefined);
    assert.equal(factsOf(scan, 'version:mlflow://I/churn/11'), undefined, 'deleted');
  });

  test('a run is a run of its experiment, and of the model and version it made', async (t) => {
    const scan = await scanOf(t, registry);
    assert.deepEqual(runOf(scan, 'b')?.of, [
      'experiment:mlflow://I/churn',
      'model:mlflow://I/churn',
      'version:mlflow://I/churn/9',
    ]);
    assert.deepEqual(runOf(scan, 'b')?.outputs, [
      { id: 'version:mlflow://I/churn/9', name: 'churn/9' },
      { id: 'path:s3://acme/m-77', name: 's3://acme/m-77' },
    ]);
  });

  test('model contains version, experiment made model', async (t) => {
    const scan = await scanOf(t, registry);
    const edges = scan.edges.map(({ from, relation, to }) => `${from} ${relation} ${to}`).sort();
    assert.deepEqual(edges, [
      'experiment:mlflow://I/churn made model:mlflow://I/churn',
      'model:mlflow://I/churn contains version:mlflow://I/churn/10',
      'model:mlflow://I/churn contains version:mlflow://I/churn/2',
      'model:mlflow://I/churn contains version:mlflow://I/churn/9',
    ]);
  });
});

describe('runs', () => {
  test('who, when, commit, branch, entry point, parent and parameters', async (t) => {
    const commit = '5be1f0a'.padEnd(40, '0');
    const scan = await scanOf(t, (database) => {
      database.run(id('a'), { start_time: 100, end_time: 900, user_id: 'old', source_name: 'old.py' });
      database.tag(id('a'), 'mlflow.user', 'ana');
      database.tag(id('a'), 'mlflow.runName', 'train-2026-11-16');
      database.tag(id('a'), 'mlflow.source.git.commit', commit);
      database.tag(id('a'), 'mlflow.source.git.branch', 'main');
      database.tag(id('a'), 'mlflow.source.name', 'dags/train_churn.py');
      database.insert('params', { key: 'C', value: '0.1', run_uuid: id('a') });
      database.insert('params', { key: 'prompt', value: 'x'.repeat(100_000), run_uuid: id('a') });
      database.run(id('b'), { end_time: null, status: 'RUNNING', name: null, user_id: 'ben' });
      database.tag(id('b'), 'mlflow.parentRunId', id('a'));
    });
    const run = runOf(scan, 'a');
    assert.equal(run?.name, 'train-2026-11-16');
    assert.equal(run?.user, 'ana');
    assert.equal(run?.commit, commit);
    assert.equal(run?.branch, 'main');
    assert.equal(run?.entryPoint, 'dags/train_churn.py');
    assert.deepEqual([run?.startedAt, run?.endedAt], [100, 900]);
    assert.deepEqual(run?.params, [
      { name: 'C', value: '0.1' },
      { name: 'prompt', value: `${'x'.repeat(500)}…` },
    ]);
    const child = runOf(scan, 'b');
    assert.equal(child?.parent, `run:mlflow://I/${id('a')}`);
    assert.equal(child?.name, 'bbbbbbbb');
    assert.equal(child?.user, 'ben');
    assert.equal(child?.endedAt, undefined);
  });

  test('every status of MLflow has one of ours; a commit that is none is dropped', async (t) => {
    const scan = await scanOf(t, (database) => {
      const statuses = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED', 'NEW_ONE'];
      for (const [index, status] of statuses.entries()) database.run(id(String(index)), { status });
      database.tag(id('3'), 'error', "KeyError: 'churned'\n  at evaluate");
      database.tag(id('0'), 'mlflow.source.git.commit', '--output=x');
    });
    const states = ['0', '1', '2', '3', '4', '5'].map((letter) => runOf(scan, letter)?.status);
    assert.deepEqual(states, ['running', 'queued', 'success', 'failed', 'failed', 'unknown']);
    assert.equal(runOf(scan, '3')?.message, "KeyError: 'churned'");
    assert.match(runOf(scan, '4')?.message ?? '', /KILLED/);
    assert.equal(runOf(scan, '0')?.commit, undefined);
  });

  test('deleted runs and runs of deleted experiments are left out', async (t) => {
    const scan = await scanOf(t, (database) => {
      database.insert('experiments', { experiment_id: 2, name: 'old', lifecycle_stage: 'deleted' });
      database.run(id('a'), { lifecycle_stage: 'deleted' });
      database.run(id('b'), { experiment_id: 2 });
      database.run(id('c'));
    });
    assert.deepEqual(
      scan.runs.map((run) => run.id),
      [`run:mlflow://I/${id('c')}`],
    );
    assert.equal(factsOf(scan, 'experiment:mlflow://I/old'), undefined);
    assert.ok(factsOf(scan, 'experiment:mlflow://I/churn'));
  });

  test('last values and the whole series, NaN and the infinities included', async (t) => {
    const scan = await scanOf(t, (database) => {
      database.run(id('a'));
      for (const [step, value] of [0.81, 0.84, 0.87].entries()) database.metric(id('a'), 'auc', value, 10 + step, step);
      database.metric(id('a'), 'loss', Number.NaN, 5);
      database.metric(id('a'), 'up', Number.POSITIVE_INFINITY, 5);
      database.metric(id('a'), 'down', Number.NEGATIVE_INFINITY, 5);
      database.metric(id('a'), 'system/cpu', 50, 5);
    });
    const values = (runOf(scan, 'a')?.metrics ?? []).map(({ name, value }) => `${name} ${value}`);
    assert.deepEqual(values, ['auc 0.87', 'down -Infinity', 'loss NaN', 'system/cpu 50', 'up Infinity']);
    const auc = scan.series.find((series) => series.metric === 'metric:mlflow://I/churn/auc');
    assert.deepEqual(auc?.points, [
      { name: 'auc', value: 0.81, at: 10, step: 0 },
      { name: 'auc', value: 0.84, at: 11, step: 1 },
      { name: 'auc', value: 0.87, at: 12, step: 2 },
    ]);
    assert.equal(scan.series.length, 4, 'no series of what the machine did');
  });

  test('a series of 20,000 points is thinned evenly, its first and last point kept', async (t) => {
    const scan = await scanOf(t, (database) => {
      database.run(id('a'));
      database.metric(id('a'), 'auc', 1, 1);
      database.raw.exec(
        `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 19999)
         INSERT INTO metrics SELECT 'loss', i, i * 10, '${id('a')}', i, 0 FROM n`,
      );
    });
    const points = scan.series.find((series) => series.metric.endsWith('/loss'))?.points ?? [];
    assert.ok(points.length > 400 && points.length <= 502, String(points.length));
    assert.equal(points[0]?.at, 0);
    assert.equal(points.at(-1)?.at, 199_990);
    assert.deepEqual(
      points.map(({ at }) => at),
      points.map(({ at }) => at).sort((a, b) => a - b),
    );
    assert.equal(scan.series.length, 2);
  });

  test('metrics are measured on the model their run made, else on the experiment', async (t) => {
    const scan = await scanOf(t, (database) => {
      database.insert('registered_models', { name: 'churn' });
      database.insert('model_versions', { name: 'churn', version: 1, run_id: id('a'), current_stage: 'None' });
      database.run(id('a'));
      database.run(id('b'));
      database.metric(id('a'), 'auc', 0.8, 1);
      database.metric(id('b'), 'auc', 0.7, 1);
      database.metric(id('b'), 'trials', 7, 1);
    });
    const measures = scan.edges
      .filter(({ relation }) => relation === 'measures')
      .map(({ from, to }) => `${from} ${to}`);
    assert.deepEqual(measures.sort(), [
      'experiment:mlflow://I/churn metric:mlflow://I/churn/trials',
      'model:mlflow://I/churn metric:mlflow://I/churn/auc',
    ]);
  });

  test('the Airflow run that made it is linked once for each Airflow that is known', async (t) => {
    const folder = testFolder(t);
    const database = mlflowDatabase(folder.at('mlflow.db'));
    database.run(id('a'));
    database.tag(id('a'), 'airflow.dag_id', 'train_churn');
    database.tag(id('a'), 'airflow.run_id', 'scheduled__2026-11-16T06:00:00+00:00');
    database.tag(id('a'), 'airflow.task_id', 'fit');
    database.run(id('b'));
    database.insert('params', { key: 'AIRFLOW_CTX_DAG_ID', value: 'train_churn', run_uuid: id('b') });
    database.insert('params', { key: 'AIRFLOW_CTX_DAG_RUN_ID', value: 'manual__1', run_uuid: id('b') });
    database.run(id('c'));
    database.tag(id('c'), 'airflow.dag_id', 'train_churn');
    database.tag(id('c'), 'airflow.run_id', '');
    database.raw.close();
    const { store } = CatalogStore.open(':memory:', {});
    t.after(() => store.close());
    const connector = await connect(folder, 'mlflow.db', store.snapshot());
    const alone = await connector.fingerprint(new AbortController().signal);
    assert.deepEqual(
      (await scanned(connector)).runs.flatMap((run) => run.linked),
      [],
    );
    for (const instance of ['11112222', '33334444']) {
      const scan = store
        .writer()
        .startScan(
          { name: `airflow ${instance}`, tool: 'airflow', scope: `airflow://${instance}`, kinds: ['job', 'run'] },
          1,
        );
      scan.finish();
    }
    assert.notEqual(
      await connector.fingerprint(new AbortController().signal),
      alone,
      'a new Airflow is a reason to scan',
    );
    const linked = new Map((await scanned(connector)).runs.map((run) => [run.id.at(-1), run.linked]));
    const day = 'scheduled__2026-11-16T06:00:00+00:00';
    assert.deepEqual(linked.get('a'), [
      `run:airflow://11112222/train_churn/${day}/fit`,
      `run:airflow://11112222/train_churn/${day}`,
      `run:airflow://33334444/train_churn/${day}/fit`,
      `run:airflow://33334444/train_churn/${day}`,
    ]);
    assert.deepEqual(linked.get('b'), [
      'run:airflow://11112222/train_churn/manual__1',
      'run:airflow://33334444/train_churn/manual__1',
    ]);
    assert.deepEqual(linked.get('c'), []);
  });
});

describe('data', () => {
  const sources: readonly (readonly [type: string, source: string, id: string | undefined, name: string])[] = [
    [
      's3',
      '{"uri":"s3://acme-lake/churn/features/"}',
      'path:s3://acme-lake/churn/features/',
      's3://acme-lake/churn/features/',
    ],
    ['s3', '{"uri":"s3a://acme-lake/x.parquet"}', 'path:s3://acme-lake/x.parquet', 's3a://acme-lake/x.parquet'],
    ['gs', '{"uri":"gs://b/k"}', 'path:gs://b/k', 'gs://b/k'],
    ['local', '{"uri":"/data/x.csv"}', 'path:file:///data/x.csv', '/data/x.csv'],
    ['local', '{"uri":"file:///data/x.csv"}', 'path:file:///data/x.csv', 'file:///data/x.csv'],
    ['http', '{"url":"https://acme.example/x.csv"}', 'path:https://acme.example/x.csv', 'https://acme.example/x.csv'],
    ['delta_table', '{"delta_table_name":"main.ml.churn","delta_table_version":3}', undefined, 'main.ml.churn'],
    ['spark', '{"table_name":"ml.churn"}', undefined, 'ml.churn'],
    ['hugging_face', '{"path":"imdb","split":"train"}', undefined, 'd'],
    ['code', '{"tags":{"mlflow.user":"ana"}}', undefined, 'd'],
    ['local', 'not json', undefined, 'd'],
    ['local', '{"uri":"relative/x.csv"}', undefined, 'd'],
    ['s3', '[1, 2]', undefined, 'd'],
  ];
  for (const [type, source, expected, name] of sources) {
    test(`a ${type} source ${source} is ${expected ?? `only the name ${name}`}`, async (t) => {
      const scan = await scanOf(t, (database) => {
        database.insert('registered_models', { name: 'churn' });
        database.insert('model_versions', { name: 'churn', version: 1, run_id: id('a') });
        database.run(id('a'));
        const row = {
          dataset_uuid: 'u',
          experiment_id: 1,
          name: 'd',
          digest: 'ab12',
          dataset_profile: '{"num_rows":7}',
        };
        database.insert('datasets', { ...row, dataset_source_type: type, dataset_source: source });
        const link = { source_type: 'DATASET', source_id: 'u', destination_type: 'RUN', destination_id: id('a') };
        database.insert('inputs', { ...link, input_uuid: 'i', step: 0 });
      });
      const use = { name, digest: 'ab12', rows: 7 };
      assert.deepEqual(runOf(scan, 'a')?.inputs, [expected === undefined ? use : { id: expected, ...use }]);
      const reads = scan.edges.filter(({ relation }) => relation === 'reads');
      const edge = { from: expected, to: 'model:mlflow://I/churn', relation: 'reads', origin: 'reported' };
      assert.deepEqual(reads, expected === undefined ? [] : [{ ...edge, evidence: `MLflow run run ${id('a')}` }]);
      assert.equal(
        scan.entities.some((each) => each.id === expected),
        expected !== undefined,
      );
    });
  }
});

test('files of many days are one path, named without the day; the run keeps the file it read', async (t) => {
  const scan = await scanOf(t, (database) => {
    for (const [index, letter] of ['a', 'b'].entries()) {
      const uri = `s3://acme-lake/churn/features/2026-11-${16 - index}/features.parquet`;
      const row = { dataset_uuid: letter, name: 'features', dataset_source_type: 's3', digest: letter };
      database.run(id(letter));
      database.insert('datasets', { ...row, dataset_source: JSON.stringify({ uri }) });
      const link = { source_type: 'DATASET', source_id: letter, destination_type: 'RUN', destination_id: id(letter) };
      database.insert('inputs', { ...link, input_uuid: letter, step: 0 });
    }
  });
  const paths = scan.entities.filter(({ kind }) => kind === 'path');
  assert.deepEqual(paths, [
    { id: 'path:s3://acme-lake/churn/features/', kind: 'path', name: 's3://acme-lake/churn/features/' },
  ]);
  assert.equal(runOf(scan, 'b')?.inputs[0]?.name, 's3://acme-lake/churn/features/2026-11-15/features.parquet');
});

describe('logs among the artifacts', () => {
  async function logsOf(folder: TestFolder, uri: string) {
    const database = mlflowDatabase(folder.at('store/mlflow.db'));
    database.run(id('a'), { artifact_uri: uri });
    database.raw.close();
    const { runs } = await scanned(await connect(folder, 'store/mlflow.db'));
    return runs[0]?.logs.map(({ file, title }) => [path.relative(folder.path, file), title]);
  }
  const kept = {
    'train.log': 'x',
    'model/weights.bin': 'x',
    'logs/epoch.txt': 'x',
    'logs/a.log.1': 'x',
    'notes.txt': 'x',
  };
  const filesIn = (base: string) =>
    Object.fromEntries(Object.entries(kept).map(([name, text]) => [`${base}/${name}`, text]));
  const titles = ['logs/a.log.1', 'logs/epoch.txt', 'train.log'];

  test('files that look like logs, where the address says', async (t) => {
    const folder = testFolder(t, filesIn('elsewhere/art'));
    mkdirSync(folder.at('store'));
    assert.deepEqual(
      await logsOf(folder, folder.at('elsewhere/art')),
      titles.map((title) => [`elsewhere/art/${title}`, title]),
    );
  });

  test('beside a store that was moved with its artifacts', async (t) => {
    const base = `store/artifacts/1/${id('a')}/artifacts`;
    const folder = testFolder(t, filesIn(base));
    const found = await logsOf(folder, `/opt/acme/churn/metadata/mlflow/artifacts/1/${id('a')}/artifacts`);
    assert.deepEqual(
      found,
      titles.map((title) => [`${base}/${title}`, title]),
    );
  });

  test('an address outside of the workspace is not looked at, nor one that is no file', async (t) => {
    const outside = testFolder(t, filesIn('art'));
    for (const uri of [
      outside.at('art'),
      `file://${outside.at('art')}`,
      's3://b/k',
      '\\\\evil\\share',
      'file://evil/x',
      'a\0b',
    ]) {
      const folder = testFolder(t);
      mkdirSync(folder.at('store'));
      assert.deepEqual(await logsOf(folder, uri), []);
    }
  });
});

describe('stores that are locked, broken or strange', () => {
  test('a store that another process is writing is read without disturbing it', { timeout: 60_000 }, async (t) => {
    const folder = testFolder(t);
    const database = mlflowDatabase(folder.at('mlflow.db'));
    for (let index = 0; index < 600; index++) database.run(`start${index}`, { start_time: index });
    database.raw.close();
    const writer = fork(path.join(import.meta.dirname, '..', 'support', 'mlflowWriter.ts'), [folder.at('mlflow.db')], {
      execArgv: ['--no-warnings'],
    });
    t.after(() => writer.kill('SIGKILL'));
    const wrote = new Promise<{ runs: number; failed: string[] }>((resolve) =>
      writer.on('message', (message: { runs: number; failed: string[] }) => message.runs > 0 && resolve(message)),
    );
    await new Promise((resolve) => writer.once('message', resolve));
    const connector = await connect(folder);
    let scans = 0;
    let seen = 600;
    while (writer.exitCode === null && scans < 200) {
      const scan = await scanned(connector);
      assert.ok(scan.runs.length >= seen, 'no run is lost');
      // The writer makes each run with one metric in one transaction: we see both or neither.
      for (const run of scan.runs) if (run.name.startsWith('live')) assert.equal(run.metrics.length, 1, run.name);
      seen = scan.runs.length;
      scans++;
      if (scan.runs.length >= 600 + 100) break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    writer.send('stop');
    const { runs, failed } = await wrote;
    assert.deepEqual(failed, []);
    assert.ok(scans > 1 && seen > 600, `${scans} scans saw ${seen - 600} of ${runs} new runs`);
  });

  test('a store that stays locked says so, and is read when it is free', async (t) => {
    const folder = testFolder(t);
    const database = mlflowDatabase(folder.at('mlflow.db'));
    database.run(id('a'));
    database.raw.exec('BEGIN EXCLUSIVE');
    const connector = await connect(folder);
    await assert.rejects(scanned(connector), (error) => {
      assert.ok(error instanceof WorldError && error.kind === 'busy');
      assert.match(error.message, /mlflow\.db is locked by another program/);
      return true;
    });
    database.raw.exec('COMMIT');
    assert.equal((await scanned(connector)).runs.length, 1);
    database.raw.close();
  });

  test('a corrupt, an empty and a foreign file each say what they are', async (t) => {
    const folder = testFolder(t, { 'zero.db': '', 'text.db': 'no database '.repeat(500) });
    const foreign = new DatabaseSync(folder.at('foreign.db'));
    foreign.exec('CREATE TABLE cats (name)');
    foreign.close();
    await assert.rejects(
      async () => scanned(await connect(folder, 'text.db')),
      /text\.db is not a SQLite file or is damaged/,
    );
    await assert.rejects(
      async () => scanned(await connect(folder, 'zero.db')),
      /zero\.db is an empty database: MLflow has not written/,
    );
    await assert.rejects(
      async () => scanned(await connect(folder, 'foreign.db')),
      /foreign\.db has no table experiments \(schema revision unknown\): it is no MLflow store/,
    );
    await assert.rejects(async () => scanned(await connect(folder, 'none.db')), /none\.db is not there/);
  });

  test('an unknown revision is read when its columns are there', async (t) => {
    const scan = await scanOf(t, (database) => {
      database.raw.exec("UPDATE alembic_version SET version_num = 'ffffffffffff'");
      database.raw.exec('ALTER TABLE runs ADD COLUMN shiny TEXT');
      database.raw.exec('ALTER TABLE runs DROP COLUMN source_version');
      database.run(id('a'));
    });
    assert.equal(scan.runs.length, 1);
    assert.deepEqual(scan.problems, []);
  });

  test('a column that is missing is named with the revision, and what it would say is not covered', async (t) => {
    const scan = await scanOf(t, (database) => {
      database.raw.exec("UPDATE alembic_version SET version_num = 'ffffffffffff'");
      database.raw.exec('ALTER TABLE model_versions RENAME COLUMN version TO number');
      database.insert('registered_models', { name: 'churn' });
      database.run(id('a'));
    });
    assert.equal(scan.problems.length, 1);
    assert.match(scan.problems[0]?.message ?? '', /no column model_versions\.version \(schema revision ffffffffffff\)/);
    assert.match(scan.problems[0]?.advice ?? '', /update Plumbline/);
    assert.deepEqual(kindsCovered(scan), ['experiment', 'metric', 'run']);
    assert.equal(scan.runs.length, 1);
  });

  test('without the columns of the runs there is nothing to read', async (t) => {
    await assert.rejects(
      scanOf(t, (database) => database.raw.exec('ALTER TABLE runs DROP COLUMN status')),
      /no column runs\.status \(schema revision dc11669786a5\)/,
    );
  });

  test('a store of an older MLflow without the later tables is read whole', async (t) => {
    const scan = await scanOf(t, (database) => {
      for (const table of ['logged_models', 'registered_model_aliases', 'inputs', 'datasets', 'experiment_tags']) {
        database.raw.exec(`DROP TABLE ${table}`);
      }
      database.insert('registered_models', { name: 'churn' });
      database.run(id('a'));
    });
    assert.deepEqual(scan.problems, []);
    assert.deepEqual(kindsCovered(scan), ['experiment', 'metric', 'model', 'run', 'version']);
  });

  test('hostile names stay text, in ids too', async (t) => {
    const names = [
      'a/b?c#d%e',
      'new\nline',
      '**[x](command:evil)**',
      '\u202egnp.exe',
      '../../etc/passwd',
      '💥',
      "'; DROP TABLE runs; --",
    ];
    const scan = await scanOf(t, (database) => {
      for (const name of names) database.insert('registered_models', { name });
      database.insert('registered_models', { name: 'x'.repeat(5000) });
      database.insert('registered_models', { name: '' });
      database.run(id('a'), { name: 'evil\u0000name' });
      database.metric(id('a'), '../..', 1, 1);
    });
    const models = scan.entities.filter(({ kind }) => kind === 'model');
    assert.deepEqual(models.map(({ name }) => name).sort(), [...names].sort());
    for (const { id } of models) assert.match(id, /^model:mlflow:\/\/I\/[^/#?\s]*$/);
    assert.equal(runOf(scan, 'a')?.name, 'evil\u0000name');
    assert.deepEqual(
      scan.problems.map(({ message }) => /2 names in .* are empty or over 1,000/.test(message)),
      [true],
    );
  });

  test('values of the wrong type count as absent', async (t) => {
    const scan = await scanOf(t, (database) => {
      database.run(id('a'), { start_time: 'yesterday', end_time: 9e15 });
      database.raw.exec("UPDATE runs SET user_id = x'00ff', name = 42");
      database.raw.exec(`INSERT INTO latest_metrics VALUES ('auc', 'high', 1, 0, 0, '${id('a')}')`);
    });
    const run = runOf(scan, 'a');
    assert.equal(run?.startedAt, undefined);
    assert.equal(run?.user, undefined);
    assert.equal(run?.name, '42');
    assert.equal(String(run?.metrics[0]?.value), 'NaN');
  });

  test('a scan can be stopped between pages', async (t) => {
    const folder = testFolder(t);
    const database = mlflowDatabase(folder.at('mlflow.db'));
    database.raw.exec('BEGIN');
    for (let index = 0; index < 600; index++) database.run(`r${index}`);
    database.raw.exec('COMMIT');
    database.raw.close();
    const stop = new AbortController();
    let pages = 0;
    await assert.rejects(async () => {
      for await (const _ of (await connect(folder)).scan(stop.signal)) if (++pages === 2) stop.abort();
    }, /abort/i);
    assert.equal(pages, 2);
    assert.equal((await scanned(await connect(folder))).runs.length, 600);
  });

  test('2,000 runs and 50 models are scanned within seconds', async (t) => {
    const folder = testFolder(t);
    const database = mlflowDatabase(folder.at('mlflow.db'));
    for (const table of ['metrics', 'latest_metrics', 'params', 'tags']) {
      database.raw.exec(`CREATE INDEX index_${table} ON ${table} (run_uuid)`);
    }
    database.raw.exec('BEGIN');
    for (let model = 0; model < 50; model++) database.insert('registered_models', { name: `model ${model}` });
    for (let index = 0; index < 2000; index++) {
      const run = index.toString(16).padStart(32, '0');
      database.run(run, { start_time: index });
      for (let step = 0; step < 10; step++) database.metric(run, 'auc', step / 10, step, step);
      for (let key = 0; key < 10; key++) database.insert('params', { key: `p${key}`, value: 'v', run_uuid: run });
      for (let key = 0; key < 5; key++) database.tag(run, `t${key}`, 'v');
      const version = { name: `model ${index % 50}`, version: Math.floor(index / 50) + 1, run_id: run };
      if (index % 4 === 0) database.insert('model_versions', version);
    }
    database.raw.exec('COMMIT');
    database.raw.close();
    const scan = await scanned(await connect(folder));
    assert.equal(scan.runs.length, 2000);
    assert.equal(scan.entities.filter(({ kind }) => kind === 'model').length, 50);
  });
});

describe('discovery', () => {
  const listing = (
    files: readonly string[],
    folders: readonly string[],
    declared: { tool: string; path: string }[] = [],
  ) => mlflow.discover({ root: '/w', files, folders, declared });

  test('databases by name, folders with records, and what is declared', async () => {
    const found = await listing(
      [
        'mlflow.db',
        'metadata/mlflow/mlflow.db',
        'x/notmlflow.db',
        'old/mlruns/0/meta.yaml',
        'old/mlruns/1/ab/meta.yaml',
      ],
      ['metadata/mlflow', 'old/mlruns', 'old/mlruns/0', 'mlruns', 'mlruns/1', 'registry/mlruns'],
      [
        { tool: 'mlflow', path: 'stores/prod.db' },
        { tool: 'mlflow', path: 'mlflow.db' },
        { tool: 'airflow', path: 'logs' },
      ],
    );
    assert.deepEqual(
      found.map(({ name }) => name),
      ['mlflow mlflow.db', 'mlflow metadata/mlflow/mlflow.db', 'mlflow old/mlruns', 'mlflow stores/prod.db'],
    );
    assert.deepEqual(found[1], {
      name: 'mlflow metadata/mlflow/mlflow.db',
      tool: 'mlflow',
      path: '/w/metadata/mlflow/mlflow.db',
      workspaceFolder: '/w',
    });
  });

  test('the same store through a link is the same instance', async (t) => {
    const folder = testFolder(t);
    mlflowDatabase(folder.at('mlflow.db')).raw.close();
    symlinkSync(folder.path, folder.at('link'));
    assert.equal((await connect(folder)).scope, (await connect(folder, 'link/mlflow.db')).scope);
    writeFileSync(folder.at('other.db'), '');
    assert.notEqual((await connect(folder)).scope, (await connect(folder, 'other.db')).scope);
  });

  test('the fingerprint changes with a commit to the store, in write-ahead mode too', async (t) => {
    for (const mode of ['delete', 'wal']) {
      const folder = testFolder(t);
      const database = mlflowDatabase(folder.at('mlflow.db'));
      database.raw.exec(`PRAGMA journal_mode = ${mode}`);
      const connector = await connect(folder);
      const signal = new AbortController().signal;
      const before = await connector.fingerprint(signal);
      assert.equal(await connector.fingerprint(signal), before);
      await new Promise((resolve) => setTimeout(resolve, 20));
      database.run(id('a'));
      assert.notEqual(await connector.fingerprint(signal), before);
      database.raw.close();
    }
  });
});
