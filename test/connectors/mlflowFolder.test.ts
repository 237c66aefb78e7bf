// MLflow connector over file stores (`mlruns/`): the same answers from small files, and files that are missing or broken.
import assert from 'node:assert/strict';
import { appendFileSync, rmSync } from 'node:fs';
import { describe, test } from 'node:test';
import { mlflow } from '../../server/connectors/mlflow/index.ts';
import { flatMeta } from '../../server/connectors/mlflow/store/folderMeta.ts';
import { metricFile } from '../../server/connectors/mlflow/store/folderRun.ts';
import { type TestFolder, testFolder } from '../support/folder.ts';
import { hostAt, type Scanned, scanned } from '../support/scan.ts';

const host = hostAt('2026-11-20T12:00:00Z');
const first = 'a'.repeat(32);
const second = 'b'.repeat(32);

const runMeta = (id: string, more = ''): string =>
  `artifact_uri: file:///nowhere/1/${id}/artifacts\nend_time: 2000\nexperiment_id: '1'\nlifecycle_stage: active\nrun_id: ${id}\nrun_name: run ${id[0]}\nstart_time: 1000\nstatus: 3\nuser_id: ana\n${more}`;

/** What MLflow writes for one experiment, two runs, one model with a version and an alias. */
const store = {
  'mlruns/0/meta.yaml': "experiment_id: '0'\nlifecycle_stage: active\nname: Default\n",
  'mlruns/1/meta.yaml':
    "artifact_location: file:///nowhere/1\ncreation_time: 10\nexperiment_id: '1'\nlast_update_time: 20\nlifecycle_stage: active\nname: churn\n",
  [`mlruns/1/${first}/meta.yaml`]: runMeta(first),
  [`mlruns/1/${first}/metrics/auc`]: '10 0.81 0\n11 0.84 1\n12 0.87 2\n10 0.81 0\n',
  [`mlruns/1/${first}/metrics/eval/f1`]: '12 nan 0\n',
  [`mlruns/1/${first}/params/C`]: '0.1',
  [`mlruns/1/${first}/tags/mlflow.source.git.commit`]: '5be1f0a5be1f0a5be1f0a5be1f0a5be1f0a5be1f',
  [`mlruns/1/${first}/inputs/x/meta.yaml`]: 'source_id: d2\nsource_type: DATASET\ntags:\n  k: v\n',
  'mlruns/1/datasets/d2/meta.yaml': `digest: ab12\nname: churn_features\nprofile: '{"num_rows": 7}'\nsource: '{"uri": "s3://acme-lake/churn/"}'\nsource_type: s3\n`,
  [`mlruns/1/${first}/artifacts/train.log`]: 'x',
  [`mlruns/1/${second}/meta.yaml`]: runMeta(second).replace('status: 3', 'status: 4').replace('run_id', 'run_uuid'),
  'mlruns/1/models/m-77/meta.yaml': `artifact_location: s3://acme/m-77\nmodel_id: m-77\nsource_run_id: ${first}\n`,
  'mlruns/models/churn/meta.yaml':
    "aliases:\n  champion: '2'\ncreation_timestamp: 5\ndescription: Who leaves.\nlast_updated_timestamp: 6\nname: churn\n",
  'mlruns/models/churn/aliases/champion': '2',
  'mlruns/models/churn/tags/team': 'growth',
  'mlruns/models/churn/version-1/meta.yaml': 'current_stage: Deleted_Internal\nname: churn\nversion: 1\n',
  'mlruns/models/churn/version-2/meta.yaml':
    'current_stage: Staging\nname: churn\nrun_id: null\nsource: models:/m-77\nstatus: READY\nversion: 2\n',
  'mlruns/models/churn/version-2/tags/validated': 'true',
  'mlruns/.trash/1/meta.yaml': "experiment_id: '9'\nlifecycle_stage: deleted\nname: old\n",
};

async function connect(folder: TestFolder) {
  const source = { name: 'mlflow mlruns', tool: 'mlflow', path: folder.at('mlruns'), workspaceFolder: folder.path };
  return mlflow.create(source, host);
}

async function scanOf(folder: TestFolder): Promise<Scanned> {
  const connector = await connect(folder);
  const text = JSON.stringify(await scanned(connector), (_, value) => (Number.isNaN(value) ? 'NaN' : value));
  return JSON.parse(text.replaceAll(connector.scope, 'mlflow://I').replaceAll(folder.path, '<folder>'));
}

const runOf = (scan: Scanned, id: string) => scan.runs.find((run) => run.id === `run:mlflow://I/${id}`);
const kindsCovered = (scan: Scanned) => scan.covered.map(({ kind }) => kind).sort();

test('a file store says what a database says', async (t) => {
  const scan = await scanOf(testFolder(t, store));
  assert.deepEqual(scan.problems, []);
  assert.deepEqual(runOf(scan, first), {
    id: `run:mlflow://I/${first}`,
    of: ['experiment:mlflow://I/churn', 'model:mlflow://I/churn', 'version:mlflow://I/churn/2'],
    name: 'run a',
    status: 'success',
    startedAt: 1000,
    endedAt: 2000,
    user: 'ana',
    commit: '5be1f0a5be1f0a5be1f0a5be1f0a5be1f0a5be1f',
    metrics: [
      { name: 'auc', value: 0.87, at: 12, step: 2 },
      { name: 'eval/f1', value: 'NaN', at: 12, step: 0 },
    ],
    params: [{ name: 'C', value: '0.1' }],
    inputs: [{ id: 'path:s3://acme-lake/churn/', name: 's3://acme-lake/churn/', digest: 'ab12', rows: 7 }],
    outputs: [
      { id: 'version:mlflow://I/churn/2', name: 'churn/2' },
      { id: 'path:s3://acme/m-77', name: 's3://acme/m-77' },
    ],
    logs: [{ file: `<folder>/mlruns/1/${first}/artifacts/train.log`, title: 'train.log' }],
    linked: [],
  });
  assert.equal(runOf(scan, second)?.status, 'failed');
  const facts = scan.entities.find(({ id }) => id === 'model:mlflow://I/churn')?.facts;
  assert.deepEqual(facts?.modelAliases, [{ alias: 'champion', version: '2' }]);
  assert.equal(facts?.latestVersion, '2');
  assert.equal(facts?.owner, 'growth');
  assert.equal(facts?.description, 'Who leaves.');
  const version = scan.entities.find(({ id }) => id === 'version:mlflow://I/churn/2')?.facts;
  assert.equal(version?.stage, 'Staging');
  assert.equal(version?.madeBy, `run:mlflow://I/${first}`);
  assert.deepEqual(
    scan.entities.filter(({ kind }) => kind === 'version').map(({ name }) => name),
    ['churn/2'],
  );
  const experiments = scan.entities.filter(({ kind }) => kind === 'experiment').map(({ name }) => name);
  assert.deepEqual(experiments, ['Default', 'churn']);
  assert.deepEqual(kindsCovered(scan), ['experiment', 'metric', 'model', 'run', 'version']);
});

describe('files that are missing or broken', () => {
  const cases: readonly (readonly [
    what: string,
    file: string,
    text: string | undefined,
    words: RegExp,
    covered: string[],
  ])[] = [
    [
      'a run without meta.yaml',
      `mlruns/1/${first}/meta.yaml`,
      undefined,
      /is a run without meta\.yaml/,
      ['experiment', 'model', 'version'],
    ],
    [
      'a run with broken yaml',
      `mlruns/1/${first}/meta.yaml`,
      'a: [1, 2\nb',
      /cannot be read as YAML/,
      ['experiment', 'model', 'version'],
    ],
    [
      'an empty meta.yaml',
      `mlruns/1/${first}/meta.yaml`,
      ' \n',
      /is empty or no list of keys/,
      ['experiment', 'model', 'version'],
    ],
    [
      'an experiment without meta.yaml',
      'mlruns/1/meta.yaml',
      undefined,
      /holds runs but no meta\.yaml/,
      ['model', 'version'],
    ],
    [
      'a model without meta.yaml',
      'mlruns/models/churn/meta.yaml',
      undefined,
      /holds model versions but no meta\.yaml/,
      ['experiment', 'metric', 'run'],
    ],
    [
      'a broken version',
      'mlruns/models/churn/version-2/meta.yaml',
      '"',
      /version-2.meta\.yaml cannot be read as YAML/,
      ['experiment', 'metric', 'run'],
    ],
    [
      'a yaml bomb',
      `mlruns/1/${first}/meta.yaml`,
      `a: &a [x]\nb: [*a, *a]\nc: [${'*a, '.repeat(1000)}*a]\n`,
      /cannot be read as YAML/,
      ['experiment', 'model', 'version'],
    ],
  ];
  for (const [what, file, text, words, covered] of cases) {
    test(`${what} is one problem, the rest is read, and what it could hold is not covered`, async (t) => {
      const folder = testFolder(t, store);
      if (text === undefined) rmSync(folder.at(file));
      else folder.write(file, text);
      const scan = await scanOf(folder);
      assert.equal(scan.problems.length, 1, JSON.stringify(scan.problems));
      assert.match(scan.problems[0]?.message ?? '', words);
      assert.ok(scan.problems[0]?.advice);
      assert.deepEqual(kindsCovered(scan), covered);
      if (file.includes(first)) assert.ok(runOf(scan, second));
    });
  }

  test('folders of a database store, which hold artifacts alone, are no problem', async (t) => {
    const folder = testFolder(t, {
      'mlruns/1/meta.yaml': "experiment_id: '1'\nlifecycle_stage: active\nname: churn\n",
      [`mlruns/1/${first}/artifacts/model/MLmodel`]: 'x',
      [`mlruns/2/${first}/artifacts/model/MLmodel`]: 'x',
      'mlruns/2/models/m-1/artifacts/MLmodel': 'x',
    });
    const scan = await scanOf(folder);
    assert.deepEqual(scan.problems, []);
    assert.deepEqual(scan.runs, []);
  });

  test('an id in a file cannot lead out of the store', async (t) => {
    const folder = testFolder(t, store);
    folder.write('secret/meta.yaml', 'name: secret\nsource_type: s3\nsource: x\n');
    folder.write(`mlruns/1/${first}/inputs/x/meta.yaml`, 'source_id: ../../../secret\nsource_type: DATASET\n');
    assert.deepEqual(runOf(await scanOf(folder), first)?.inputs, []);
  });
});

test('a metric file: the last value is that of the highest step, then time; a half-written line does not count', () => {
  const { last, points } = metricFile('auc', '20 0.5 3\n30 0.9 1\n20 0.6 3\nx y z\n40 0.7 \n50');
  assert.deepEqual(last, { key: 'auc', value: 0.6, at: 20, step: 3 });
  assert.deepEqual(
    points.map(({ at, value }) => `${at} ${value}`),
    ['20 0.5', '20 0.6', '30 0.9', '40 0.7'],
  );
  assert.equal(metricFile('x', '1 inf 0\n').last?.value, Number.POSITIVE_INFINITY);
  assert.equal(metricFile('x', '1 -Infinity 0\n').last?.value, Number.NEGATIVE_INFINITY);
  assert.equal(metricFile('x', '1 1e-05\n').last?.value, 0.00001);
  assert.equal(metricFile('x', '').last, undefined);
});

test('a very long metric file is read from its end', async (t) => {
  const folder = testFolder(t, store);
  const lines = Array.from({ length: 500_000 }, (_, step) => `${1_795_000_000_000 + step} 0.${step} ${step}`);
  folder.write(`mlruns/1/${first}/metrics/auc`, `${lines.join('\n')}\n`);
  const metric = runOf(await scanOf(folder), first)?.metrics.find(({ name }) => name === 'auc');
  assert.equal(metric?.step, 499_999);
});

test('plain lines are read as YAML reads them, everything else is left to the parser', () => {
  assert.deepEqual(flatMeta("a: 1\nb: '2'\nc: null\nd: some text\ne: ''\nf: file:///x y/z\ng: -5\n"), {
    ...{ a: 1, b: '2', c: null, d: 'some text', e: '', f: 'file:///x y/z', g: -5 },
  });
  for (const text of [
    'a: true\n',
    'a: 1.5\n',
    'a: 0x1f\n',
    'a: "x"\n',
    'a:\n  b: 1\n',
    'a: x # c\n',
    "a: 'it''s'\n",
    'a: 1e5\n',
    'a: ~\n',
    'a: b: c\n',
    'a: x:\n',
    'a: 007\n',
    '- a\n',
    'a: |\n  x\n',
  ]) {
    assert.equal(flatMeta(text), undefined, text);
  }
});

test('the fingerprint changes when a running run logs a value, and with a new alias', async (t) => {
  const folder = testFolder(t, store);
  const connector = await connect(folder);
  const print = () => connector.fingerprint(new AbortController().signal);
  const before = await print();
  assert.equal(await print(), before);
  appendFileSync(folder.at(`mlruns/1/${first}/metrics/auc`), '13 0.9 3\n');
  const logged = await print();
  assert.notEqual(logged, before);
  folder.write('mlruns/models/churn/aliases/challenger', '2');
  assert.notEqual(await print(), logged);
});
