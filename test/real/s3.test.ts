// A real moto server, filled by boto3, is read as S3 is: datasets, models, versions, tags, who wrote them; a second look asks for pages alone.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { parseRemoteLog } from '../../server/catalog/run.ts';
import { pickled, results, state } from '../connectors/ray/tuneFiles.ts';
import { type Scanned, scanned } from '../support/scan.ts';
import { connectedTo, type Moto, motoServer } from './motoServer.ts';

const signal = new AbortController().signal;
const watch = [
  'acme-models/churn/',
  's3://acme-versions',
  'acme-lake/events/',
  'acme-lake/weights',
  'acme-lake/strange/',
];

describe('a store that boto3 filled', () => {
  test('is read', { timeout: 600_000 }, async (t) => {
    const moto = await motoServer(t);
    await moto.script('s3_fill.py');
    const { connector, asked } = connectedTo(moto.url, { watch });
    assert.equal(await connector.greet(signal), 'S3, 5 places to look at');
    const before = asked();
    const whole = await scanned(connector);
    assert.deepEqual(whole.problems, []);
    await t.test('datasets', () => datasets(whole));
    await t.test('models and their versions', () => models(whole));
    await t.test('a second look asks for one page of each place', async () => {
      const first = asked() - before;
      const again = await scanned(connector, signal, whole.cursor);
      assert.equal(again.incremental, true);
      assert.equal(asked() - before - first, watch.length);
      assert.deepEqual(
        again.entities.find(({ id }) => id === 'path:s3://acme-lake/events/')?.facts?.description,
        '1,100 objects, 1.1 kB; newest: dt=2026-11-11/part-01099.parquet (1 byte)',
      );
    });
    await t.test('what somebody else writes is seen', () => changes(moto, whole));
    await t.test('what is on screen has its tags', () => onScreen(moto));
    await t.test('runs of Airflow that left only their logs', () => airflowLogs(moto));
    await t.test('searches of Tune that were stored there', () => searches(moto));
    await t.test('logs by ranges, plain and packed', () => logs(moto));
    await t.test('what cannot be asked says so', () => refusals(moto));
  });
});

const factsOf = (scan: Scanned, id: string) => scan.entities.find((one) => one.id === id)?.facts;

function datasets(whole: Scanned): void {
  const { updatedAt = 0, description = '', ...churn } = factsOf(whole, 'path:s3://acme-models/churn/') ?? {};
  assert.ok(Math.abs(updatedAt - Date.now()) < 600_000);
  assert.match(description, /^6 objects, 30\.0 kB; newest: 2026-11-20\/m/);
  assert.deepEqual(churn, { owner: 'ml-platform', tags: ['owner: ml-platform', 'cost: 42'], bytes: 30_006 });
  // `weights-old/` is a neighbour, not inside.
  assert.equal(
    factsOf(whole, 'path:s3://acme-lake/weights')?.description,
    '1 object, 11.0 MB; newest: big.bin (11.0 MB)',
  );
  assert.match(
    factsOf(whole, 'path:s3://acme-lake/strange/')?.description ?? '',
    /newest: ä ü%2F\+&=\?#\.csv \(7 bytes\)/,
  );
  const written = whole.events.find(({ entity }) => entity === 'path:s3://acme-lake/events/');
  assert.match(
    written?.evidence ?? '',
    /^S3: s3:\/\/acme-lake\/events\/dt=2026-11-\d\d\/part-\d+\.parquet was written, 1 byte$/,
  );
}

function models(whole: Scanned): void {
  const churn = factsOf(whole, 'model:s3://acme-models/churn/');
  assert.deepEqual([churn?.latestVersion, churn?.owner], ['2026-11-20', 'ml-platform']);
  assert.deepEqual(
    whole.entities.filter(({ id }) => id.startsWith('version:s3://acme-models/')).map(({ name }) => name),
    ['06', '13', '20'].map((day) => `s3://acme-models/churn/2026-11-${day}`),
  );
  const fraud = whole.entities.filter(({ id }) => id.startsWith('version:s3://acme-versions/fraud/'));
  assert.equal(fraud.length, 3);
  const latest = factsOf(whole, 'model:s3://acme-versions/fraud/')?.latestVersion ?? '';
  assert.ok(latest !== '' && fraud.at(-1)?.name.endsWith(latest));
  const told = whole.events.filter(({ entity }) => entity === 'model:s3://acme-versions/fraud/');
  assert.deepEqual(
    told.map(({ field }) => field),
    ['latestVersion', 'latestVersion', 'latestVersion'],
  );
}

async function changes(moto: Moto, whole: Scanned): Promise<void> {
  await moto.script('s3_change.py');
  const { connector } = connectedTo(moto.url, { watch });
  const after = await scanned(connector, signal, whole.cursor);
  assert.equal(factsOf(after, 'model:s3://acme-models/churn/')?.latestVersion, '2026-11-27');
  assert.equal(after.entities.filter(({ id }) => id.startsWith('version:s3://acme-versions/fraud/')).length, 4);
  const events = factsOf(after, 'path:s3://acme-lake/events/')?.description;
  assert.equal(events, '1,101 objects, 1.1 kB; newest: dt=2026-11-30/part-0.parquet (3 bytes)');
  const weights = await scanned(connector);
  assert.match(factsOf(weights, 'path:s3://acme-lake/weights')?.description ?? '', /^nothing is there/);
}

async function onScreen(moto: Moto): Promise<void> {
  const { connector } = connectedTo(moto.url);
  const pages = [];
  const ids = ['path:s3://acme-models/churn/', 'path:s3://acme-models/nobody/', 'path:s3://no-such-bucket/x'];
  for await (const page of connector.describe(ids, signal)) pages.push(page);
  assert.deepEqual(
    pages.flatMap(({ entities = [] }) =>
      entities.filter(({ kind }) => kind === 'path').map(({ id, facts }) => [id, facts?.tags]),
    ),
    [['path:s3://acme-models/churn/', ['stage: prod', 'owner: ml-platform', 'cost: 42']]],
  );
}

async function airflowLogs(moto: Moto): Promise<void> {
  const { connector } = connectedTo(moto.url, { watch: ['acme-logs/airflow/'] });
  const { runs } = await scanned(connector);
  const run = 'run:airflow://acme-logs%2Fairflow/train_churn/manual__2026-11-20T03:00:00+00:00';
  assert.deepEqual(
    runs.map(({ id, logs }) => [id, logs.length]),
    [
      [run, 0],
      [`${run}/fit/-1/1`, 1],
    ],
  );
}

async function searches(moto: Moto): Promise<void> {
  const put = async (key: string, body: string | Buffer = ''): Promise<void> => {
    const answer = await fetch(`${moto.url}/${key}`, { method: 'PUT', body: new Uint8Array(Buffer.from(body)) });
    assert.ok(answer.ok, `${key} ${answer.status} ${await answer.text()}`);
  };
  const trials = [
    { id: 'a', result: results('0.7') },
    { id: 'b', result: results('0.9') },
    { id: 'd', status: 'ERROR', error: 'error.txt' },
  ];
  await put('acme-tune');
  const search = 'acme-tune/ray/results/churn_search';
  await put(`${search}/experiment_state-2026-11-22_10-00-00.json`, 'an older one, not read');
  await put(`${search}/experiment_state-2026-11-23_10-00-00.json`, state('auc', trials));
  await put(`${search}/tuner.pkl`, pickled('max'));
  await put(
    `${search}/b/result.json`,
    '{"auc": 0.8, "timestamp": 150, "training_iteration": 1}\n{"auc": 0.9, "timestamp": 200}\n',
  );
  await put(`${search}/d/error.txt`, 'Traceback (most recent call last):\n  File "t.py"\nRuntimeError: no loss\n');
  await put('acme-tune/ray/results/broken/experiment_state-1.json', '{"trial_data"');
  const { connector, asked } = connectedTo(moto.url, { watch: ['acme-tune/ray/results/'] });
  const before = asked();
  const first = await scanned(connector);
  assert.deepEqual(first.problems, []);
  const instance = 'ray://acme-tune%2Fray%2Fresults';
  assert.deepEqual(
    first.runs.map(({ id, status, message }) => [id, status, message]),
    [
      [`run:${instance}/churn_search`, 'success', '1 of 3 trials failed, the first with RuntimeError: no loss'],
      [`run:${instance}/churn_search/a`, 'success', undefined],
      [`run:${instance}/churn_search/b`, 'success', undefined],
      [`run:${instance}/churn_search/d`, 'failed', 'RuntimeError: no loss'],
    ],
  );
  const facts = factsOf(first, `experiment:${instance}/churn_search`);
  assert.equal(facts?.description, '3 trials, 1 failed; best fit_b: auc 0.9 (highest)');
  assert.equal(facts?.artifactUri, `s3://${search}`);
  assert.deepEqual(
    first.series.map(({ run, points }) => [run, points.map(({ value }) => value)]),
    [[`run:${instance}/churn_search/b`, [0.8, 0.9]]],
  );
  const [log] = first.runs[0]?.logs ?? [];
  const { key = '' } = parseRemoteLog(log?.file ?? '') ?? {};
  const text = await connector.logs?.readRange(key, 0, 1_000, signal);
  assert.match(Buffer.from(text ?? []).toString(), /RuntimeError: no loss/);
  const spent = asked() - before;
  // The place and its tags; of each search a page of keys and its state; the direction, one report, one error; its log.
  assert.ok(spent <= 14, `${spent} requests`);
  // What Tune pickles of itself is no model.
  assert.deepEqual(
    first.entities.filter(({ kind }) => kind === 'model' || kind === 'version').map(({ id }) => id),
    [],
  );
  const again = await scanned(connector, signal, first.cursor);
  assert.deepEqual([again.runs, again.incremental], [[], true]);
  assert.equal(asked() - before - spent, 1);
  // Times of a store are whole seconds: what was written within the one of the last look is as new as that.
  let { cursor } = again;
  let later = again;
  for (let n = 10; later.runs.length === 0 && n < 60; n += 1) {
    const more = [...trials, { id: 'e', status: 'RUNNING' }];
    await put(`${search}/experiment_state-2026-11-24_10-00-${n}.json`, state('auc', more));
    later = await scanned(connector, signal, cursor);
    cursor = later.cursor;
    if (later.runs.length === 0) await setTimeout(250);
  }
  assert.deepEqual([later.runs[0]?.status, later.runs.length], ['running', 5]);
}

async function logs(moto: Moto): Promise<void> {
  const { connector } = connectedTo(moto.url);
  const { logs: read } = connector;
  const base = 's3://acme-logs/airflow/dag_id=train_churn/run_id=manual__2026-11-20T03:00:00+00:00/task_id=fit';
  for (const key of [`${base}/attempt=1.log`, `${base}/attempt=2.log.gz`]) {
    const stat = await read?.stat(key, signal);
    assert.ok(stat && stat.size > 1_000_000 && stat.atLeast === undefined && !stat.complete, key);
    const at = await read?.search?.(key, { words: ['ERROR', 'Traceback'], from: 0 }, signal);
    const line = await read?.readRange(key, at ?? 0, 83, signal);
    assert.equal(
      Buffer.from(line ?? []).toString(),
      '[2026-11-20T03:10:00.000+0000] {train.py:7} ERROR - ValueError: no rows\n[2026-11-20',
    );
    // Backwards, behind the end, and over it.
    assert.match(Buffer.from((await read?.readRange(key, 0, 40, signal)) ?? []).toString(), /^\[2026-11-20T03:00:00/);
    assert.equal((await read?.readRange(key, stat.size, 100, signal))?.length, 0);
    assert.equal((await read?.readRange(key, stat.size - 10, 100, signal))?.length, 10);
    assert.equal(await read?.search?.(key, { words: ['ERROR'], from: (at ?? 0) + 100 }, signal), undefined);
  }
  assert.equal((await read?.stat('s3://acme-logs/empty.log', signal))?.size, 0);
  assert.equal((await read?.readRange('s3://acme-logs/empty.log', 0, 100, signal))?.length, 0);
  assert.equal(await read?.stat('s3://acme-logs/none.log', signal), undefined);
  await assert.rejects(
    async () => read?.readRange('s3://acme-logs/none.log', 0, 1, signal),
    /^Error: store: .*none\.log is not there/,
  );
  connector.dispose?.();
}

async function refusals(moto: Moto): Promise<void> {
  const { connector } = connectedTo(moto.url, { watch: ['no-such-bucket/x', 'acme-models/churn/'] });
  const scan = await scanned(connector);
  assert.match(
    scan.problems[0]?.message ?? '',
    /^store: 127\.0\.0\.1:\d+ answered 404 \(NoSuchBucket\) .* no such bucket no-such-bucket/,
  );
  assert.equal(factsOf(scan, 'model:s3://acme-models/churn/')?.latestVersion, '2026-11-27');
}
