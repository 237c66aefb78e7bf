// Real MLflow 3 and 2.22 write a database and a file store; what we read is what their own client reads.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { environment } from '../../scripts/python/environments.mjs';
import type { MetricSeries } from '../../server/catalog/change.ts';
import { mlflow } from '../../server/connectors/mlflow/index.ts';
import { type TestFolder, testFolder } from '../support/folder.ts';
import { hostAt, type Scanned, scanned } from '../support/scan.ts';

type Numeral = number | string;

interface ClientRun {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly start: number;
  readonly end: number | null;
  readonly metrics: Readonly<Record<string, Numeral>>;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly history: Readonly<Record<string, readonly (readonly [at: number, step: number, value: Numeral])[]>>;
  readonly inputs: readonly (readonly [name: string, digest: string, source: { readonly uri: string }])[];
}

interface ClientModel {
  readonly name: string;
  readonly description: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly aliases: Readonly<Record<string, string>>;
}

interface ClientVersion {
  readonly model: string;
  readonly version: string;
  readonly stage: string;
  readonly run: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly description: string | null;
}

interface ClientAnswer {
  readonly version: string;
  readonly experiments: readonly string[];
  readonly runs: readonly ClientRun[];
  readonly models: readonly ClientModel[];
  readonly versions: readonly ClientVersion[];
}

const script = `${import.meta.dirname}/mlflow_store.py`;
const places = ['database/mlflow.db', 'files/mlruns'] as const;
const statuses: Readonly<Record<string, string>> = { FINISHED: 'success', FAILED: 'failed', RUNNING: 'running' };

async function written(
  t: TestContext,
  name: string,
): Promise<{ folder: TestFolder; answers: readonly ClientAnswer[] }> {
  const { python } = await environment(name, (message) => t.diagnostic(message));
  const folder = testFolder(t, { 'database/.keep': '', 'files/.keep': '' });
  const addresses = [`sqlite:///${folder.at(places[0])}`, pathToFileURL(folder.at(places[1])).href];
  // MLflow 3 writes file stores only when told to: it has put them into maintenance.
  const env = {
    ...process.env,
    MLFLOW_ALLOW_FILE_STORE: 'true',
    GIT_PYTHON_REFRESH: 'quiet',
    PYTHONWARNINGS: 'ignore',
  };
  const options = { cwd: folder.at('database'), env, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(python, [script, ...addresses], options);
  return { folder, answers: JSON.parse(stdout.trim().split('\n').at(-1) ?? '') };
}

async function scan(folder: TestFolder, place: string): Promise<Scanned> {
  const source = { name: `mlflow ${place}`, tool: 'mlflow', path: folder.at(place), workspaceFolder: folder.path };
  return scanned(await mlflow.create(source, hostAt('2026-11-20T12:00:00Z')));
}

/** As the client prints it; MLflow's databases give the largest number back for an infinity. */
function numeral(value: Numeral): string {
  const text = String(value).toLowerCase();
  if (text.startsWith('-1.797') || text === '-inf' || text === '-infinity') return '-inf';
  return text.startsWith('1.797') || text === 'inf' || text === 'infinity' ? 'inf' : text;
}

for (const name of ['mlflow3', 'mlflow2']) {
  describe(`stores of ${name}`, () => {
    test('are read as their own client reads them', { timeout: 400_000 }, async (t) => {
      const { folder, answers } = await written(t, name);
      for (const [index, place] of places.entries()) {
        const answer = answers[index];
        assert.ok(answer);
        await t.test(`MLflow ${answer.version}, ${place}`, async () => compare(await scan(folder, place), answer));
      }
    });
  });
}

function compare(read: Scanned, client: ClientAnswer): void {
  assert.deepEqual(read.problems, []);
  assert.deepEqual(read.covered.map(({ kind }) => kind).sort(), ['experiment', 'metric', 'model', 'run', 'version']);
  const names = (kind: string) =>
    read.entities
      .filter((each) => each.kind === kind)
      .map((each) => each.name)
      .sort();
  assert.deepEqual(names('experiment'), [...client.experiments].sort());
  assert.deepEqual(names('model'), client.models.map((model) => model.name).sort());
  assert.deepEqual(names('version'), client.versions.map(({ model, version }) => `${model}/${version}`).sort());
  assert.equal(client.versions.length, 2, 'the script made and deleted what it should');
  assert.equal(client.runs.length, 6);
  assert.equal(read.runs.length, client.runs.length);
  for (const expected of client.runs) compareRun(read, expected);
  for (const expected of client.models) compareModel(read, expected);
  for (const expected of client.versions) compareVersion(read, expected);
}

function compareRun(read: Scanned, expected: ClientRun): void {
  const run = read.runs.find(({ id }) => id.endsWith(`/${expected.id}`));
  assert.ok(run, expected.name);
  assert.equal(run.name, expected.name);
  assert.equal(run.status, statuses[expected.status]);
  assert.equal(run.startedAt, expected.start);
  assert.equal(run.endedAt ?? null, expected.end);
  assert.equal(run.user, expected.tags['mlflow.user'] ?? run.user);
  assert.equal(run.commit, expected.tags['mlflow.source.git.commit']);
  assert.equal(run.parent?.split('/').at(-1), expected.tags['mlflow.parentRunId']);
  assert.deepEqual(Object.fromEntries(run.params.map((param) => [param.name, param.value])), expected.params);
  const metrics = Object.fromEntries(run.metrics.map((metric) => [metric.name, numeral(metric.value)]));
  const theirs = Object.entries(expected.metrics).map(([key, value]) => [key, numeral(value)]);
  assert.deepEqual(metrics, Object.fromEntries(theirs));
  for (const [key, points] of Object.entries(expected.history)) {
    const series: MetricSeries | undefined = read.series.find(
      ({ metric, run: of }) => of === run.id && metric.endsWith(`/${key.replace('/', '%2F')}`),
    );
    const ours: readonly string[] = (series?.points ?? []).map(
      ({ at, step, value }) => `${at} ${step} ${numeral(value)}`,
    );
    // MLflow 3 writes the last value of a file store again when a model is logged.
    const unique = new Set(points.map(([at, step, value]) => `${at} ${step} ${numeral(value)}`));
    assert.deepEqual([...ours].sort(), [...unique].sort(), key);
  }
  const inputs = expected.inputs.map(([, digest, { uri }]) => ({ id: `path:${uri}`, name: uri, digest, rows: 2 }));
  assert.deepEqual(run.inputs, inputs);
  const logs = run.logs.map(({ title }) => title).sort();
  assert.deepEqual(logs, expected.name.startsWith('train-') ? ['logs/train.log', 'train.log'] : []);
}

function compareModel(read: Scanned, expected: ClientModel): void {
  const model = read.entities.find(({ kind, name }) => kind === 'model' && name === expected.name);
  assert.equal(model?.facts?.description ?? '', expected.description ?? '');
  const aliases = model?.facts?.modelAliases?.map(({ alias, version }) => [alias, version]) ?? [];
  assert.deepEqual(
    Object.fromEntries(aliases),
    Object.fromEntries(Object.entries(expected.aliases).map(([k, v]) => [k, String(v)])),
  );
  assert.deepEqual(
    model?.facts?.tags ?? [],
    Object.entries(expected.tags).map(([key, value]) => `${key}=${value}`),
  );
  assert.equal(model?.facts?.latestVersion, expected.name === 'churn' ? '3' : undefined);
}

function compareVersion(read: Scanned, expected: ClientVersion): void {
  const name = `${expected.model}/${expected.version}`;
  const version = read.entities.find((each) => each.kind === 'version' && each.name === name);
  assert.equal(version?.facts?.stage ?? 'None', expected.stage);
  assert.equal(version?.facts?.madeBy?.split('/').at(-1), expected.run);
  assert.equal(version?.facts?.description ?? '', expected.description ?? '');
  assert.deepEqual(
    version?.facts?.tags ?? [],
    Object.entries(expected.tags).map(([key, value]) => `${key}=${value}`),
  );
  const run = read.runs.find(({ id }) => id === version?.facts?.madeBy);
  assert.ok(version && run?.of.includes(version.id));
}
