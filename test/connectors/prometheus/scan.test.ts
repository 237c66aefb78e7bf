// Recorded answers of Prometheus and Alertmanager become monitors, alerts, metrics and edges; servers that refuse or lie become problems.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { CatalogChange } from '../../../server/catalog/change.ts';
import { CatalogStore } from '../../../server/catalog/store.ts';
import type { LiveConnector } from '../../../server/connectors/connector.ts';
import { scanned } from '../../support/scan.ts';
import { failure } from '../../support/web.ts';
import * as recorded from './answers.ts';
import { connected, fakeServer, type Reply } from './server.ts';

const signal = new AbortController().signal;
const lowId = 'monitor:prometheus://p/ml/ChurnAucLow';
const aucId = 'metric:prometheus://p/churn_auc';

/** What other tools know: a job, two models of one name, a table. */
function world() {
  const { store } = CatalogStore.open(':memory:');
  const scan = store.writer().startScan({ name: 'w', tool: 'airflow', scope: 'airflow://a', kinds: ['job'] }, 1);
  scan.apply({
    entities: [
      { id: 'job:airflow://a/train_churn', kind: 'job', name: 'train_churn' },
      { id: 'model:mlflow://m/churn', kind: 'model', name: 'churn' },
    ],
  });
  scan.finish();
  return store;
}

async function told(connector: LiveConnector, ids: readonly string[]): Promise<CatalogChange> {
  const pages: CatalogChange[] = [];
  for await (const page of connector.describe(ids, signal)) pages.push(page);
  return {
    entities: pages.flatMap(({ entities = [] }) => entities),
    edges: pages.flatMap(({ edges = [] }) => edges),
    series: pages.flatMap(({ series = [] }) => series),
  };
}

test('what an annotation names by its page is what the monitor is about', async (t) => {
  const server = await fakeServer(t);
  const [group] = recorded.rules.data.groups;
  const annotations = {
    runbook_url: 'https://airflow.acme.example/dags/train_churn/runs/r1',
    other: 'https://x/dags/unknown',
  };
  const rules = [{ ...group?.rules[0], annotations }];
  server.break((path) =>
    path === '/api/v1/rules' ? [200, { status: 'success', data: { groups: [{ ...group, rules }] } }] : undefined,
  );
  const { edges } = await scanned(connected(server.url, { catalog: world().snapshot() }));
  assert.deepEqual(
    edges.filter(({ evidence }) => evidence.includes('names it')),
    [
      {
        ...{ from: 'job:airflow://a/train_churn', to: lowId, relation: 'measures', origin: 'matched' },
        evidence: 'an annotation of its rule names it: https://airflow.acme.example/dags/train_churn/runs/r1',
      },
    ],
  );
});

test('rules are monitors with their alerts, owner, links and query', async (t) => {
  const server = await fakeServer(t);
  const scan = await scanned(connected(server.url, { catalog: world().snapshot() }));
  assert.deepEqual(scan.problems, []);
  assert.deepEqual(scan.covered, [
    { kind: 'metric', scope: 'prometheus://p' },
    { kind: 'monitor', scope: 'prometheus://p' },
  ]);
  const monitors = scan.entities.filter(({ kind }) => kind === 'monitor');
  assert.deepEqual(
    monitors.map(({ name, facts }) => [name, facts?.state]),
    [
      ['ChurnAucLow', 'firing'],
      ['TargetDown', 'firing'],
      ['Slow', 'ok'],
      ['Waiting', 'pending'],
    ],
  );
  const low = monitors[0]?.facts;
  assert.equal(low?.owner, 'ml-platform');
  assert.equal(low?.query, 'churn_auc{model="churn"} < 0.8');
  assert.deepEqual(low?.links?.map(({ title }) => title).sort(), ['Dashboard', 'Runbook']);
  const [alert] = low?.alerts ?? [];
  assert.equal(alert?.since, Date.parse('2026-11-23T20:23:06.443Z'));
  assert.equal(alert?.value, 0.71);
  assert.equal(alert?.summary, 'AUC of churn is 0.71');
  assert.match(alert?.group ?? '', /^\{dag_id="train_churn", instance="127.0.0.1:19999", job="model_server"/);
  assert.equal(
    alert?.labels.some(({ name }) => name === 'alertname'),
    false,
  );
  const query = alert?.links?.find(({ title }) => title === 'Query in Prometheus')?.url ?? '';
  assert.equal(new URL(query).searchParams.get('g0.expr'), 'churn_auc{model="churn"} < 0.8');
});

test('edges: what a rule reads is reported, what its labels name is matched and says that it is a guess', async (t) => {
  const server = await fakeServer(t);
  const { edges } = await scanned(connected(server.url, { catalog: world().snapshot() }));
  const into = (id: string) => edges.filter(({ to }) => to === id).map(({ from, origin }) => `${origin} ${from}`);
  assert.deepEqual(into(lowId).sort(), [
    'matched job:airflow://a/train_churn',
    'matched model:mlflow://m/churn',
    `reported ${aucId}`,
  ]);
  assert.deepEqual(into('metric:prometheus://p/job:predictions:rate1m'), [
    'reported metric:prometheus://p/predictions_total',
  ]);
  for (const { origin, evidence } of edges) assert.match(evidence, origin === 'matched' ? /^a guess: / : /queries it$/);
});

test('metrics have their type, help and the names that code uses', async (t) => {
  const server = await fakeServer(t);
  const { entities } = await scanned(connected(server.url));
  const named = (name: string) => entities.find((one) => one.kind === 'metric' && one.name === name);
  assert.deepEqual(named('predictions_total')?.aliases, ['predictions_created', 'predictions']);
  assert.deepEqual(named('churn_latency_seconds')?.facts?.metricType, 'histogram');
  assert.equal(named('churn_latency_seconds')?.facts?.unit, 'seconds');
  assert.equal(named('churn_auc')?.facts?.description, 'AUC of the model on the last labels');
  const { store } = CatalogStore.open(':memory:');
  const source = { name: 'p', tool: 'prometheus', scope: 'prometheus://p', kinds: ['metric' as const] };
  const scan = store.writer().startScan(source, 1);
  scan.apply({ entities });
  scan.finish();
  for (const name of [
    'predictions',
    'predictions_total',
    'churn_latency_seconds',
    'churn_latency_seconds_bucket',
    'build',
  ])
    assert.equal(
      store.read((catalog) => catalog.find('metric', name, 'prometheus').length),
      1,
      name,
    );
});

test('a second scan asks for the rules alone, and for metrics again after a while', async (t) => {
  const server = await fakeServer(t);
  let now = Date.parse('2026-11-23T20:24:00Z');
  const connector = connected(server.url, { now: () => now });
  const first = await scanned(connector);
  assert.equal(server.paths.length, 3);
  server.paths.length = 0;
  now += 60_000;
  const second = await scanned(connector, signal, first.cursor);
  assert.deepEqual(server.paths, ['/api/v1/rules?group_limit=500']);
  assert.equal(second.incremental, true);
  assert.deepEqual(second.continued, [{ kind: 'metric', scope: 'prometheus://p' }]);
  assert.deepEqual(second.covered, [{ kind: 'monitor', scope: 'prometheus://p' }]);
  now += 11 * 60_000;
  server.paths.length = 0;
  await scanned(connector, signal, second.cursor);
  assert.equal(server.paths.length, 3);
});

test('pages of rules are followed, and a circle of them ends', async (t) => {
  const server = await fakeServer(t);
  const group = (name: string) => ({ name, file: 'f', rules: [{ name: `of ${name}`, query: 'up', type: 'alerting' }] });
  const page = (name: string, groupNextToken?: string) =>
    [200, { status: 'success', data: { groups: [group(name)], groupNextToken } }] as const;
  const isRules = (path: string) => path === '/api/v1/rules';
  server.break((path, query) =>
    isRules(path) ? (query.get('group_next_token') === 'b' ? page('two') : page('one', 'b')) : undefined,
  );
  const { entities } = await scanned(connected(server.url));
  assert.deepEqual(
    entities.flatMap(({ kind, name }) => (kind === 'monitor' ? [name] : [])),
    ['of one', 'of two'],
  );
  server.break((path) => (isRules(path) ? page('one', 'b') : undefined));
  const circle = await scanned(connected(server.url));
  assert.match(circle.problems[0]?.message ?? '', /same page/);
  assert.deepEqual(
    circle.covered.map(({ kind }) => kind),
    ['metric'],
  );
});

test('what is on screen: the target behind an alert, the values of a metric', async (t) => {
  const server = await fakeServer(t);
  const connector = connected(server.url, { catalog: world().snapshot() });
  const down = await told(connector, ['monitor:prometheus://p/ml/TargetDown', 'monitor:prometheus://other/ml/X']);
  assert.deepEqual(
    down.entities?.map(({ name }) => name),
    ['TargetDown'],
  );
  assert.match(down.entities?.[0]?.facts?.alerts?.[0]?.origin ?? '', /9998\/metrics is down: Get .*connection refused/);
  const metric = await told(connector, [aucId]);
  assert.deepEqual(metric.series, [
    {
      ...{ metric: aucId, run: '{instance="127.0.0.1:19999", job="model_server", model="churn"}' },
      points: [
        { name: 'churn_auc', value: 0.71, at: 1795465332000 },
        { name: 'churn_auc', value: 0.72, at: 1795465362000 },
      ],
    },
  ]);
  assert.deepEqual(
    metric.edges?.map(({ from, to, origin }) => [from, to, origin]),
    [['model:mlflow://m/churn', aucId, 'matched']],
  );
  await scanned(connector);
  server.paths.length = 0;
  await connector.series?.('metric:prometheus://p/predictions_total', { from: 0, to: 3_600_000 }, signal);
  const asked = new URL(server.paths[0] ?? '', server.url).searchParams;
  assert.deepEqual([asked.get('query'), asked.get('step')], ['rate(predictions_total[60s])', '15']);
});

describe('one endpoint of many', () => {
  const cases: readonly (readonly [string, string, Reply, readonly string[]])[] = [
    ['rules are forbidden', '/api/v1/rules', [403, 'no'], ['metric']],
    ['rules are no rules', '/api/v1/rules', [200, { status: 'success', data: { groups: 5 } }], ['metric']],
    ['rules are an error', '/api/v1/rules', [200, { status: 'error', error: 'no "x"' }], ['metric']],
    ['names are not there', '/api/v1/label/__name__/values', [404, 'no'], ['monitor']],
    ['names are numbers', '/api/v1/label/__name__/values', [200, { status: 'success', data: [1] }], ['monitor']],
  ];
  for (const [what, broken, reply, covered] of cases) {
    test(what, async (t) => {
      const server = await fakeServer(t);
      server.break((path) => (path === broken ? reply : undefined));
      const scan = await scanned(connected(server.url));
      assert.equal(scan.problems.length, 1, JSON.stringify(scan.problems));
      assert.match(scan.problems[0]?.message ?? '', /127\.0\.0\.1/);
      assert.deepEqual(
        scan.covered.map(({ kind }) => kind),
        covered,
      );
      assert.equal(scan.cursor === undefined, what !== 'rules are no rules');
    });
  }
});

test('something else at the address is told apart', async (t) => {
  const server = await fakeServer(t);
  server.break(() => [200, { hello: 'world' }]);
  const error = await failure(scanned(connected(server.url)));
  assert.match(error.message, /^prod: what answers at 127\.0\.0\.1:\d+\/api\/v1\/rules is no Prometheus/);
  server.break(() => [404, 'nothing here']);
  assert.equal((await failure(scanned(connected(server.url, { tool: 'alertmanager' })))).kind, 'missing');
});

test('the credential goes with every question', async (t) => {
  const server = await fakeServer(t);
  await scanned(connected(server.url, { secret: { kind: 'token', token: 'abc' } }));
  await scanned(connected(server.url, { secret: { kind: 'basic', username: 'ana', password: 'ü' } }));
  assert.deepEqual(
    [...new Set(server.credentials)],
    ['Bearer abc', `Basic ${Buffer.from('ana:ü').toString('base64')}`],
  );
});

test('Alertmanager: what is silenced says by whom and until when, joined to the rule it is of', async (t) => {
  const server = await fakeServer(t);
  const store = world();
  const rules = store
    .writer()
    .startScan({ name: 'p', tool: 'prometheus', scope: 'prometheus://p', kinds: ['monitor'] }, 1);
  rules.apply({
    entities: [{ id: lowId, kind: 'monitor', name: 'ChurnAucLow', facts: { query: 'churn_auc{model="churn"} < 0.8' } }],
  });
  rules.finish();
  const scan = await scanned(connected(server.url, { tool: 'alertmanager', instance: 'a', catalog: store.snapshot() }));
  assert.deepEqual(scan.problems, []);
  const facts = (name: string) => scan.entities.find((one) => one.name === name)?.facts;
  const until = Date.parse('2026-11-24T20:00:00Z');
  assert.deepEqual(facts('TargetDown')?.alerts?.[0]?.muted, { by: 'silence', why: 'being moved, by ana', until });
  assert.equal(facts('ChurnAucLow')?.alerts?.[0]?.muted, undefined);
  const same = scan.edges.filter(({ relation }) => relation === 'same');
  assert.deepEqual(
    same.map(({ to, origin }) => [to, origin]),
    [[lowId, 'matched']],
  );
  assert.match(same[0]?.evidence ?? '', /the link of the alert asks the query of the rule/);
  assert.equal(await connected(server.url, { tool: 'alertmanager' }).greet(signal), 'Alertmanager 0.25.0, 2 alerts');
  assert.equal(await connected(server.url).greet(signal), 'Prometheus 2.42.0, 4 alerting rules');
});

test('Alertmanager: inhibited and ended alerts', async (t) => {
  const server = await fakeServer(t);
  const [first, second] = structuredClone(recorded.alerts) as Record<string, unknown>[];
  const inhibited = { ...second, status: { inhibitedBy: [first?.fingerprint], silencedBy: [], state: 'suppressed' } };
  server.break((path) => (path === '/api/v2/alerts' ? [200, [first, inhibited]] : undefined));
  const scan = await scanned(connected(server.url, { tool: 'alertmanager' }));
  const muted = scan.entities.find(({ name }) => name === 'TargetDown')?.facts?.alerts?.[0]?.muted;
  assert.equal(muted?.by, 'inhibition');
  assert.match(muted?.why ?? '', /^ChurnAucLow \{.*\} stands for it$/);
  assert.deepEqual(server.paths, ['/api/v2/alerts'], 'without a silence nobody is asked about one');
  const later = connected(server.url, { tool: 'alertmanager', now: () => Date.parse('2026-11-23T21:00:00Z') });
  assert.deepEqual((await scanned(later)).entities, []);
});

test('Alertmanager: what still fires by one of the clocks is not ended, and what is listed again is said', async (t) => {
  const server = await fakeServer(t);
  const hours = 5 * 3_600_000;
  const names = async (more: { readonly now?: () => number; readonly skewMs: number }) =>
    (await scanned(connected(server.url, { tool: 'alertmanager', ...more }))).entities.map(({ name }) => name);
  assert.deepEqual(await names({ skewMs: hours }), ['ChurnAucLow', 'TargetDown']);
  const late = () => Date.parse('2026-11-24T01:24:00Z');
  assert.deepEqual(await names({ now: late, skewMs: -hours }), ['ChurnAucLow', 'TargetDown']);
  server.break((path) => (path === '/api/v2/alerts' ? [200, [...recorded.alerts, ...recorded.alerts]] : undefined));
  const scan = await scanned(connected(server.url, { tool: 'alertmanager' }));
  assert.match(scan.problems[0]?.message ?? '', /2 × alerts that it lists again/);
  assert.deepEqual(scan.covered, []);
  assert.deepEqual(
    scan.entities.map(({ facts }) => facts?.alerts?.length),
    [1, 1],
  );
});

test('any answer at all is a problem or an entity, never a crash', async (t) => {
  const server = await fakeServer(t);
  let value: unknown;
  server.break(() => [200, value]);
  const shaped = fc.oneof(
    fc.jsonValue(),
    fc.record({ status: fc.constant('success'), data: fc.jsonValue() }),
    fc.record({
      status: fc.constant('success'),
      data: fc.record({ groups: fc.array(fc.record({ name: fc.string(), rules: fc.array(fc.jsonValue()) })) }),
    }),
    fc.array(
      fc.record({ labels: fc.dictionary(fc.string(), fc.jsonValue()), startsAt: fc.constant('2026-11-23T20:00:00Z') }),
    ),
  );
  await fc.assert(
    fc.asyncProperty(shaped, fc.constantFrom('prometheus' as const, 'alertmanager' as const), async (json, tool) => {
      value = json;
      const connector = connected(server.url, { tool });
      const scan = await scanned(connector).catch((error: Error) => error);
      if (scan instanceof Error) assert.equal(scan.name, 'HttpError');
    }),
    { numRuns: 60 },
  );
});
