// A real Prometheus and Alertmanager: alerts begin, are silenced and end; metrics of the official client are known under the names that code uses.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { CatalogChange } from '../../server/catalog/change.ts';
import { CatalogStore } from '../../server/catalog/store.ts';
import type { LiveConnector, LiveHost } from '../../server/connectors/connector.ts';
import { alertmanager, prometheus } from '../../server/connectors/prometheus/index.ts';
import { incidents } from '../../server/incidents/list.ts';
import type { ConnectionConfig, Secret } from '../../server/protocol/connection.ts';
import { LiveScan } from '../../server/sync/live/liveScan.ts';
import { parsePlumblineFile } from '../../server/workspace/plumblineFile.ts';
import { createHttp } from '../../server/world/http/client.ts';
import { memoryLog } from '../support/log.ts';
import { failure } from '../support/web.ts';
import { startPrometheus, type Watching } from './prometheusServer.ts';

const signal = new AbortController().signal;
let watching: Watching;
let store: CatalogStore;
const asked: string[] = [];

before(async () => {
  watching = await startPrometheus();
  store = CatalogStore.open(':memory:').store;
  await watching.set('churn', 0.71);
});

after(async () => {
  store?.close();
  await watching?.kill();
});

function connected(config: Pick<ConnectionConfig, 'tool' | 'url'>, secret?: Secret): LiveConnector {
  const connection: ConnectionConfig = { name: config.tool, ...config };
  const http = createHttp({ connection });
  const host: LiveHost = {
    fetch: (request, ...rest) => {
      asked.push(request.path);
      return http(request, ...rest);
    },
    ...{ secret: async () => secret, skewMs: 0, log: memoryLog(), now: Date.now },
  };
  const factory = config.tool === 'prometheus' ? prometheus : alertmanager;
  assert.ok(factory.connect);
  return factory.connect(connection, host, store.snapshot());
}

const own = () => connected({ tool: 'prometheus', url: watching.prometheus });
const passing = () => connected({ tool: 'alertmanager', url: watching.alertmanager });

/** Of the connectors, in this order. */
async function synced(...connectors: readonly LiveConnector[]): Promise<void> {
  for (const connector of connectors) {
    const scan = new LiveScan({ connector, store, now: Date.now, log: memoryLog() });
    const { problems } = await scan.scan(false, 3_600_000, signal);
    assert.deepEqual(problems, []);
  }
}

const listed = () =>
  store
    .read((catalog) => incidents(catalog, parsePlumblineFile('version: 1\n').config, Date.now()))
    .map(({ title, summary, muted, owner }) => ({ title, summary, muted, owner }));

/** Until what Prometheus evaluates every second is so. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const patience = AbortSignal.timeout(40_000);
  while (!(await isSo())) {
    patience.throwIfAborted();
    await pause(300);
  }
}

test('an alert fires, is silenced, and ends; each is told once', { timeout: 180_000 }, async () => {
  const [mine, passed] = [own(), passing()];
  const isThere = async (pattern: RegExp, muted = false) => {
    await synced(mine, passed);
    return listed().some(({ title, muted: why }) => pattern.test(title) && (!muted || why !== undefined));
  };
  await until(() => isThere(/^ChurnAucLow/));
  await until(async () => (await passed.greet(signal)).includes('2 alerts'));
  await synced(mine, passed);
  const all = listed();
  assert.deepEqual(all.map(({ title }) => title.split(' ')[0]).sort(), ['ChurnAucLow', 'TargetDown', 'Waiting']);
  const low = all.find(({ title }) => title.startsWith('ChurnAucLow'));
  assert.equal(low?.summary, 'AUC of churn is 0.71 (value 0.71)');
  assert.equal(low?.owner, 'ml-platform');
  assert.match(all.find(({ title }) => title.startsWith('Waiting'))?.summary ?? '', /^Pending/);
  assert.match(await mine.greet(signal), /^Prometheus \d+\.\d+\.\d+, 4 alerting rules$/);

  await silence('TargetDown');
  await until(() => isThere(/^TargetDown/, true));
  assert.match(listed().at(-1)?.muted ?? '', /^Silenced until .*: being moved, by ana$/);

  await watching.set('churn', 0.9);
  await until(async () => !(await isThere(/^ChurnAucLow/)));
  const state = store.read((catalog) => catalog.changes(lowId(), 'state'));
  assert.deepEqual(state.at(-1)?.after, 'ok', 'its history says when');
});

const instance = () => new URL(watching.prometheus).host;
const lowId = () => `monitor:prometheus://${instance()}/ml/ChurnAucLow`;

async function silence(alertname: string): Promise<void> {
  const [startsAt, endsAt] = [0, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString());
  const matchers = [{ name: 'alertname', value: alertname, isRegex: false }];
  const body = JSON.stringify({ matchers, startsAt, endsAt, createdBy: 'ana', comment: 'being moved' });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${watching.alertmanager}/api/v2/silences`, { method: 'POST', headers, body });
  assert.equal(answer.status, 200, await answer.text());
}

test('metrics are known under the names that code uses, with type and help', { timeout: 60_000 }, async () => {
  await until(async () => {
    await synced(own());
    return store.read((catalog) => catalog.find('metric', 'predictions', 'prometheus').length === 1);
  });
  store.read((catalog) => {
    const found = (name: string) => catalog.find('metric', name, 'prometheus').map((one) => one.name);
    assert.deepEqual(found('churn_auc'), ['churn_auc']);
    assert.deepEqual(found('predictions'), ['predictions_total']);
    assert.deepEqual(found('churn_latency_seconds'), ['churn_latency_seconds']);
    assert.deepEqual(found('churn_latency_seconds_bucket'), ['churn_latency_seconds']);
    assert.deepEqual(found('batch_size_count'), ['batch_size']);
    assert.deepEqual(found('build'), ['build_info']);
    const facts = (name: string) => catalog.facts(`metric:prometheus://${instance()}/${name}`);
    assert.deepEqual(facts('churn_latency_seconds').metricType, 'histogram');
    assert.equal(facts('churn_auc').description, 'AUC of the model on the last labels');
    const { upstream } = catalog.neighbours(lowId());
    const read = upstream.filter((edge) => edge.relation === 'measures').map(({ from, origin }) => `${origin} ${from}`);
    assert.deepEqual(read, [`reported metric:prometheus://${instance()}/churn_auc`]);
  });
});

test('values for a chart, and the target behind an alert', { timeout: 60_000 }, async () => {
  const connector = own();
  await synced(connector);
  const range = { from: Date.now() - 3_600_000, to: Date.now() };
  const metric = (name: string) => `metric:prometheus://${instance()}/${name}`;
  const auc = (await connector.series?.(metric('churn_auc'), range, signal)) ?? [];
  assert.deepEqual(auc.map(({ run }) => /model="(\w+)"/.exec(run)?.[1]).sort(), ['churn', 'fraud']);
  assert.ok(auc.every(({ points }) => points.length > 0 && points.every(({ value }) => value > 0.5 && value < 1)));
  for (const name of ['predictions_total', 'churn_latency_seconds', 'batch_size', 'job:predictions:rate1m'])
    assert.ok(await connector.series?.(metric(name), range, signal), name);
  const pages: CatalogChange[] = [];
  for await (const page of connector.describe([`monitor:prometheus://${instance()}/ml/TargetDown`], signal))
    pages.push(page);
  const alert = pages.flatMap(({ entities = [] }) => entities)[0]?.facts?.alerts?.[0];
  assert.match(alert?.origin ?? '', /^target http:\/\/127\.0\.0\.1:\d+\/metrics is down: .*connection refused/);
});

test('nothing is asked per rule, metric or alert once it is known', { timeout: 60_000 }, async () => {
  const [mine, passed] = [own(), passing()];
  await synced(mine, passed);
  asked.length = 0;
  await synced(mine, passed);
  assert.deepEqual(asked, ['/api/v1/rules', '/api/v2/alerts', '/api/v2/silences']);
});

test('a password that Prometheus itself asks for', { timeout: 90_000 }, async () => {
  const guarded = await startPrometheus({ withPassword: true });
  try {
    const at = { tool: 'prometheus' as const, url: guarded.prometheus };
    assert.equal((await failure(connected(at).greet(signal))).kind, 'unauthorized');
    const wrong = connected(at, { kind: 'basic', username: 'ana', password: 'wrong' });
    assert.equal((await failure(wrong.greet(signal))).kind, 'unauthorized');
    const right = connected(at, { kind: 'basic', username: 'ana', password: 'secret' });
    assert.match(await right.greet(signal), /4 alerting rules/);
  } finally {
    await guarded.kill();
  }
});

test('code of the official client is resolved against it', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-prometheus-code-'));
  try {
    const code = [
      'from prometheus_client import Counter, Gauge, Histogram',
      'auc = Gauge("churn_auc", "AUC", ["model"])',
      'served = Counter("predictions", "Predictions served")',
      'seconds = Histogram("latency", "Seconds", namespace="churn", unit="seconds")',
      'lost = Gauge("nobody_has_this", "No")',
    ];
    writeFileSync(path.join(folder, 'model.py'), code.join('\n'));
    const connections = [{ name: 'prom', tool: 'prometheus', url: watching.prometheus, credential: 'none' }];
    writeFileSync(path.join(folder, 'connections.json'), JSON.stringify(connections));
    const { stdout } = await plumbline(folder, 'resolve', '--sync', '--json', 'model.py');
    const found = (JSON.parse(stdout) as { name: string; status: string }[]).map(
      ({ name, status }) => `${name} ${status}`,
    );
    assert.deepEqual(found, [
      'churn_auc resolved',
      'predictions resolved',
      'churn_latency_seconds resolved',
      'nobody_has_this missing',
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function plumbline(folder: string, ...args: readonly string[]): Promise<{ readonly stdout: string }> {
  const root = path.join(import.meta.dirname, '../..');
  const places = ['--connections', path.join(folder, 'connections.json'), '--store', path.join(folder, 'store')];
  const all = [path.join(root, 'server', 'cli.ts'), ...args, ...places, '--workspace', folder];
  return new Promise((resolve, reject) =>
    // Findings are an exit code of their own.
    execFile(
      process.execPath,
      all,
      { cwd: folder, env: { ...process.env, PLUMBLINE_CWD: folder } },
      (error, stdout, stderr) => {
        if (stdout === '') reject(new Error(`The command line said nothing but: ${stderr}`, { cause: error }));
        else resolve({ stdout });
      },
    ),
  );
}
