// A server that answers as MLflow did is read whole, then only for what changed; requests are counted.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { scanned } from '../../support/scan.ts';
import { runIds } from './answers.ts';
import { connected, fakeServer, generations } from './server.ts';

const signal = new AbortController().signal;
const minute = 60_000;
const start = Date.parse('2026-11-23T14:00:00Z');

const many = (count: number, make: (index: number) => object) =>
  Array.from({ length: count }, (_, index) => make(index));
const manyRuns = (count: number, at: number) =>
  many(count, (index) => ({
    info: {
      ...{ run_id: index.toString(16).padStart(32, '0'), experiment_id: '1', status: 'FINISHED' },
      ...{ start_time: at + index, end_time: at + index + 1 },
    },
    data: { metrics: [{ key: 'auc', value: 0.5, timestamp: at, step: 0 }], params: [{ key: 'lr', value: '0.1' }] },
  }));
const manyModels = (count: number, at: number) =>
  many(count, (index) => ({ name: `model ${index}`, last_updated_timestamp: at, latest_versions: [{ version: '9' }] }));

for (const generation of generations) {
  describe(`MLflow ${generation}`, () => {
    test('is read whole', async (t) => {
      const server = await fakeServer(t, generation);
      const scan = await scanned(connected(server.url));
      assert.deepEqual(scan.problems, []);
      assert.equal(scan.incremental, undefined);
      assert.deepEqual(scan.covered.map(({ kind }) => kind).sort(), [
        'experiment',
        'metric',
        'model',
        'run',
        'version',
      ]);
      const named = (kind: string) => scan.entities.filter((each) => each.kind === kind).map(({ name }) => name);
      assert.deepEqual(named('model'), ['churn']);
      assert.deepEqual(named('experiment'), ['churn', 'Default']);
      const version = scan.entities.find(({ kind }) => kind === 'version');
      assert.deepEqual(version?.aliases, ['churn@challenger']);
      assert.equal(version?.facts?.url, `${server.url}/#/models/churn/versions/3`);
      const files = generation.startsWith('3')
        ? 'models/m-f92cddb374b748a1a3fbc92f2983a0a5/artifacts'
        : `${runIds[0]}/artifacts/model`;
      assert.equal(version?.facts?.artifactUri, `mlflow-artifacts:/1/${files}`);
      const [running, run] = scan.runs;
      assert.equal(running?.status, 'running');
      assert.equal(run?.url, `${server.url}/#/experiments/1/runs/${runIds[0]}`);
      assert.deepEqual(
        run?.metrics.map(({ name, value }) => [name, value]),
        [
          ['auc', 0.8560000000000001],
          ['down', -Infinity],
          ['eval/f1', 0.5],
          ['late', 2],
          ['loss', Number.NaN],
          ['up', Infinity],
        ],
      );
      assert.deepEqual(run?.inputs, [
        {
          id: 'path:s3://acme-lake/churn/features/',
          name: 's3://acme-lake/churn/features/',
          digest: 'c42e9dfe',
          rows: 2,
        },
      ]);
      assert.ok(run?.of.includes(`version:mlflow://127.0.0.1:${server.port}/churn/3`));
      assert.equal(server.asked.length, generation.startsWith('3') ? 5 : 4);
    });

    test('with nothing changed, a second scan asks for listing pages only', async (t) => {
      const server = await fakeServer(t, generation);
      const connector = connected(server.url);
      const { cursor } = await scanned(connector);
      const before = server.asked.length;
      const next = await scanned(connector, signal, cursor);
      assert.equal(next.incremental, true);
      assert.deepEqual(
        next.continued.map(({ kind }) => kind),
        ['version', 'run', 'metric'],
      );
      assert.deepEqual(
        next.covered.map(({ kind }) => kind),
        ['model', 'experiment'],
      );
      assert.ok(server.asked.length - before <= 7, server.asked.slice(before).join('\n'));
    });
  });
}

test('2,000 runs and 50 models are few requests, and a quiet poll does not grow with them', async (t) => {
  const counts: number[] = [];
  for (const [runs, models] of [
    [2000, 50],
    [6000, 500],
  ] as const) {
    const server = await fakeServer(t);
    Object.assign(server.store, {
      ...{ runs: manyRuns(runs, start - 60 * minute - runs), models: manyModels(models, start - 60 * minute) },
      versions: many(models * 3, (index) => ({
        ...{ name: `model ${index % models}`, version: String(index), last_updated_timestamp: start - 60 * minute },
      })),
    });
    const connector = connected(server.url, { now: () => start });
    const whole = await scanned(connector);
    assert.equal(whole.runs.length, runs);
    assert.equal(new Set(whole.runs.map(({ id }) => id)).size, runs);
    if (runs === 2000) assert.ok(server.asked.length <= 6, server.asked.join('\n'));
    const before = server.asked.length;
    const quiet = await scanned(connector, signal, whole.cursor);
    assert.equal(quiet.runs.length, 0);
    counts.push(server.asked.length - before);
  }
  assert.deepEqual(counts, [6, 6]);
});

test('runs that are all within the overlap cost a page each and one listing of versions', async (t) => {
  const server = await fakeServer(t);
  server.store.runs = manyRuns(2000, start - minute);
  const connector = connected(server.url, { now: () => start });
  const { cursor } = await scanned(connector);
  const before = server.asked.length;
  await scanned(connector, signal, cursor);
  // Three pages of runs (the last is asked for by its token), two listings of versions with them.
  assert.ok(server.asked.length - before <= 10, server.asked.slice(before).join('\n'));
});

test('an alias that moved is seen without a timestamp, and only its model is asked for', async (t) => {
  const server = await fakeServer(t);
  const connector = connected(server.url, { now: () => start });
  const { cursor } = await scanned(connector);
  const [model] = server.store.models;
  server.store.models = [{ ...(model as object), aliases: [{ alias: 'champion', version: '3' }] }];
  const before = server.asked.length;
  const next = await scanned(connector, signal, cursor);
  const version = next.entities.find(({ kind }) => kind === 'version');
  assert.deepEqual(version?.aliases, ['churn@champion']);
  const scope = `mlflow://127.0.0.1:${server.port}/churn`;
  assert.ok(next.covered.some((each) => each.kind === 'version' && each.scope === scope));
  const asked = server.asked.slice(before).filter((each) => each.includes('filter=name'));
  assert.equal(asked.length, 1);
  const quiet = await scanned(connector, signal, next.cursor);
  assert.equal(quiet.entities.filter(({ kind }) => kind === 'version').length, 0, 'it is told once');
});

test('a model that went takes its versions along', async (t) => {
  const server = await fakeServer(t);
  const connector = connected(server.url, { now: () => start });
  const { cursor } = await scanned(connector);
  Object.assign(server.store, { models: [], versions: [] });
  const next = await scanned(connector, signal, cursor);
  const scope = `mlflow://127.0.0.1:${server.port}/churn`;
  assert.ok(next.covered.some((each) => each.kind === 'version' && each.scope === scope));
});

test('a run that ended, by the clock of a machine that is minutes off', async (t) => {
  const server = await fakeServer(t);
  let now = start;
  const connector = connected(server.url, { now: () => now });
  const { cursor } = await scanned(connector);
  const [running, ended] = server.store.runs as { info: object }[];
  const info = { ...running?.info, status: 'FAILED', end_time: start - 5 * minute };
  server.store.runs = [{ ...running, info }, ended];
  now = start + minute;
  const next = await scanned(connector, signal, cursor);
  assert.deepEqual(
    next.runs.map(({ status }) => status),
    ['failed'],
  );
});

test('a server whose clock is hours behind is asked for the time on its own clock', async (t) => {
  const server = await fakeServer(t);
  const connector = connected(server.url, { now: () => start, skewMs: -3 * 60 * minute });
  const { cursor } = await scanned(connector);
  assert.equal((JSON.parse(cursor ?? '') as { at: number }).at, start - 3 * 60 * minute - 10 * minute);
});

test('a cursor that is none of ours means a whole scan', async (t) => {
  const server = await fakeServer(t);
  for (const since of ['', 'x', '{}', '{"v":1,"at":"x","models":[]}', '{"v":1,"at":1,"models":[[1]]}', 'null', '[]']) {
    const scan = await scanned(connected(server.url), signal, since);
    assert.equal(scan.incremental, undefined, since);
    assert.equal(scan.covered.length, 5);
  }
});

test('names that are hard to write', async (t) => {
  const server = await fakeServer(t);
  const names = [`we're`, 'a"b', `bo'th"`, 'x/y %', 'dé\\s', 'back`tick', '\ud800'];
  server.store.models = names.map((name) => ({ name }));
  server.store.versions = names.map((name) => ({ name, version: '1', last_updated_timestamp: start - 60 * minute }));
  const connector = connected(server.url, { now: () => start });
  const whole = await scanned(connector);
  assert.deepEqual(whole.problems, []);
  assert.equal(whole.entities.filter(({ kind }) => kind === 'version').length, names.length);
  server.store.models = names.map((name) => ({ name, aliases: [{ alias: 'new', version: '1' }] }));
  const next = await scanned(connector, signal, whole.cursor);
  const aliased = next.entities.filter(({ kind, aliases }) => kind === 'version' && aliases?.length === 1);
  assert.equal(aliased.length, names.length);
});
