// What is on screen: few questions, none twice, nothing is ever concluded to be gone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CatalogChange } from '../../../server/catalog/change.ts';
import type { LiveConnector } from '../../../server/connectors/connector.ts';
import { scanned } from '../../support/scan.ts';
import { failure } from '../../support/web.ts';
import { errors, runIds } from './answers.ts';
import { connected, fakeServer, generations } from './server.ts';

const signal = new AbortController().signal;

async function described(connector: LiveConnector, ...ids: readonly string[]): Promise<readonly CatalogChange[]> {
  const pages: CatalogChange[] = [];
  for await (const page of connector.describe(ids, signal)) pages.push(page);
  assert.ok(pages.every((page) => page.incremental && !page.covered && !page.continued && !page.cursor));
  return pages;
}

for (const generation of generations) {
  test(`a run of MLflow ${generation}: its versions, its logs, the whole of its metrics`, async (t) => {
    const server = await fakeServer(t, generation);
    const connector = connected(server.url);
    const [page] = await described(connector, `${connector.scope.replace('mlflow', 'run:mlflow')}/${runIds[0]}`);
    assert.deepEqual(page?.problems, []);
    const run = page?.runs?.[0];
    assert.ok(run?.of.includes(`version:${connector.scope}/churn/3`));
    assert.deepEqual(
      run?.logs.map(({ title }) => title),
      ['train.log', 'logs/train.log'],
    );
    const auc = page?.series?.find(({ metric }) => metric.endsWith('/auc'));
    assert.deepEqual(
      auc?.points.map(({ step }) => step),
      [0, 1, 2, 3, 4],
    );
    const before = server.asked.length;
    await described(connector, run?.id ?? '');
    assert.equal(server.asked.length - before, 2, 'an ended run has neither new logs nor new values');

    // A scan neither forgets the logs nor cuts the history.
    const scan = await scanned(connector);
    assert.equal(scan.runs.find(({ id }) => id === run?.id)?.logs.length, 2);
    assert.equal(
      scan.series.some(({ run: of }) => of === run?.id),
      false,
    );
  });
}

test('a version beyond the newest of its model is asked for by itself', async (t) => {
  const server = await fakeServer(t);
  server.store.versions = Array.from({ length: 150 }, (_, index) => ({ name: 'churn', version: String(150 - index) }));
  server.break(({ path, query }) =>
    path.endsWith('model-versions/get')
      ? [200, { model_version: { name: 'churn', version: query.get('version'), description: 'old' } }]
      : undefined,
  );
  const connector = connected(server.url);
  const [page] = await described(connector, `version:${connector.scope}/churn/2`);
  assert.equal(page?.entities?.find(({ name }) => name === 'churn/2')?.facts?.description, 'old');
});

test('what is not there is not told, and another server is not asked', async (t) => {
  const server = await fakeServer(t);
  const connector = connected(server.url);
  assert.deepEqual(await described(connector, `model:${connector.scope}/nope`), [{ incremental: true, problems: [] }]);
  const before = server.asked.length;
  assert.deepEqual(await described(connector, 'model:mlflow://elsewhere/churn', 'table:snowflake://a/b/c/d', 'x'), []);
  assert.equal(server.asked.length, before);
});

test('a metric: the newest runs of its experiment', async (t) => {
  const server = await fakeServer(t);
  const connector = connected(server.url);
  const [page] = await described(
    connector,
    `metric:${connector.scope}/churn/auc`,
    `metric:${connector.scope}/churn/late`,
  );
  assert.deepEqual(
    page?.series?.map(({ metric }) => metric.split('/').at(-1)),
    ['auc', 'late'],
  );
  assert.equal(server.asked.filter((each) => each.includes('runs/search')).length, 1);
});

test('a server without the bulk history is asked run by run', async (t) => {
  const server = await fakeServer(t, '2.22.5');
  server.break(({ path }) => {
    if (path.endsWith('/get-history-bulk-interval')) return [404, errors.noRoute];
    const metrics = Array.from({ length: 5000 }, (_, step) => ({ key: 'auc', value: step, timestamp: step, step }));
    return path.endsWith('/get-history') ? [200, { metrics }] : undefined;
  });
  const connector = connected(server.url);
  const [page] = await described(connector, `metric:${connector.scope}/churn/auc`);
  const points = page?.series?.[0]?.points ?? [];
  assert.ok(points.length > 400 && points.length < 520, `${points.length} points of 5,000`);
  assert.equal(points.at(-1)?.value, 0.8560000000000001);
});

test('logs: through the second route when the first is not there, with words when none is', async (t) => {
  const server = await fakeServer(t);
  const asked: string[] = [];
  server.break(({ path }) => {
    asked.push(path);
    if (path === '/get-artifact') return [404, errors.noRoute];
    return path.includes('/mlflow-artifacts/') ? [200, 'from the proxy\n'] : undefined;
  });
  const connector = connected(server.url);
  assert.deepEqual(await connector.readLog?.(`${runIds[0]}/logs/é 1.log`, signal), {
    text: 'from the proxy\n',
    complete: true,
  });
  assert.equal(asked.at(-1), `/api/2.0/mlflow-artifacts/artifacts/1/${runIds[0]}/artifacts/logs/%C3%A9%201.log`);
  server.break(({ path }) => (/artifact/.test(path) ? [404, errors.noRoute] : undefined));
  const read = async (key: string) => connector.readLog?.(key, signal);
  assert.match((await failure(read(`${runIds[0]}/train.log`))).message, /^live: .*train\.log of run/);
  assert.match((await failure(read('nothing'))).message, /there is no log "nothing"/);
});

test('the log of a running run is not complete', async (t) => {
  const server = await fakeServer(t);
  const log = await connected(server.url).readLog?.(`${runIds[1]}/train.log`, signal);
  assert.deepEqual(log, { text: 'epoch 1\n', complete: false });
});
