// What one sync of the fake Datadog says beside how monitors stand: SLOs, deployments, and what the tags of metrics name.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { CatalogStore } from '../../../server/catalog/store.ts';
import { deployment } from '../../fakes/datadog/events.ts';
import { type FakeDatadog, fakeDatadog } from '../../fakes/datadog/server.ts';
import { sloIds } from '../../fakes/datadog/slos.ts';
import { datadogOver } from './connected.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const minute = 60_000;
const org = 'datadog://acme/abc123de45f';
const train = 'job:airflow://a/train_churn';

/** Into a store in which a DAG, a table and a model of others are known, as the sync does it. */
async function syncing(t: TestContext, change: (fake: FakeDatadog) => void = () => {}) {
  const fake = await fakeDatadog(now);
  t.after(() => fake.close());
  change(fake);
  let at = now;
  const { store } = CatalogStore.open(':memory:', { now: () => at });
  t.after(() => store.close());
  const others = store.writer().startScan({ name: 'a', tool: 'airflow', scope: 'airflow://a', kinds: ['job'] }, now);
  others.apply({ entities: [{ id: train, kind: 'job', name: 'train_churn', facts: {} }] });
  others.finish();
  const models = store.writer().startScan({ name: 'm', tool: 'mlflow', scope: 'mlflow://m', kinds: ['model'] }, now);
  models.apply({ entities: [{ id: 'model:mlflow://m/churn', kind: 'model', name: 'churn', facts: {} }] });
  models.finish();
  const made = () => datadogOver(fake, { now: () => at, catalog: store.snapshot() });
  let connector = made();
  const { scope, kinds } = connector;
  const sync = async (): Promise<readonly string[]> => {
    fake.asked.length = 0;
    const scan = store
      .writer()
      .startScan({ name: 'live', tool: 'datadog', scope, kinds }, at, { coveredDecides: true });
    for await (const page of connector.scan(new AbortController().signal, scan.before.cursor)) scan.apply(page, at);
    scan.finish();
    return [...fake.asked];
  };
  return {
    ...{ fake, store, sync },
    pass: (ms: number) => {
      at += ms;
    },
    /** As another process does it. */
    again: () => {
      connector = made();
    },
  };
}

const tagQuestions = (asked: readonly string[]) => asked.filter((one) => one.endsWith('/all-tags')).length;

test('SLOs are metrics that say how they stand, with what counts them and what watches them', async (t) => {
  const { store, sync } = await syncing(t);
  const asked = await sync();
  assert.equal(asked.filter((one) => one.includes('/slo')).length, 1);
  const catalog = store.snapshot();
  const id = `metric:${org}/slo/${sloIds.auc}`;
  const facts = catalog.facts(id);
  assert.equal(facts.description, '99.21 % of 99.9 % over 30d: breached, -690 % of the error budget is left.');
  assert.deepEqual([facts.owner, facts.metricType, facts.unit], ['ml', 'SLO', 'percent']);
  assert.match(facts.url ?? '', new RegExp(`/slo\\?slo_id=${sloIds.auc}$`));
  const { upstream, downstream } = catalog.neighbours(id);
  assert.deepEqual(upstream.map(({ from, origin }) => `${from} ${origin}`).sort(), [
    `${train} matched`,
    `metric:${org}/churn.predictions reported`,
  ]);
  assert.deepEqual(
    downstream.map(({ to, origin }) => `${to} ${origin}`),
    [`monitor:${org}/34822922 reported`],
  );
  const ofMonitors = catalog.neighbours(`metric:${org}/slo/${sloIds.api}`).upstream.map(({ from }) => from);
  assert.deepEqual(ofMonitors, [`monitor:${org}/34822915`]);
  assert.equal(catalog.covers('metric', 'datadog').covered, true);
});

test('an SLO that is deleted is gone; one that may not be listed is not', async (t) => {
  const { fake, store, sync, pass } = await syncing(t);
  await sync();
  const gone = (id: string) => store.snapshot().get(`metric:${org}/slo/${id}`)?.goneAt !== undefined;
  for (const [status, body] of [
    [403, '{"errors":["Forbidden"]}'],
    [404, '{}'],
    [200, '{"data":{}}'],
  ] as const) {
    pass(11 * minute);
    fake.fault = ({ path }) => (path === '/api/v1/slo/search' ? { status, body } : undefined);
    await sync();
    assert.deepEqual([gone(sloIds.auc), gone(sloIds.api)], [false, false], String(status));
  }
  fake.fault = undefined;
  fake.state.slos.shift();
  pass(11 * minute);
  await sync();
  assert.deepEqual([gone(sloIds.auc), gone(sloIds.api)], [true, false]);
});

test('who may not list SLOs and never saw one knows all metrics there are', async (t) => {
  const { store, sync } = await syncing(t, (fake) => {
    fake.fault = ({ path }) =>
      path === '/api/v1/slo/search' ? { status: 403, body: '{"errors":["Forbidden"]}' } : undefined;
  });
  await sync();
  assert.equal(store.snapshot().covers('metric', 'datadog').covered, true);
});

test('deployments are the past of what their tags name, asked for from where the last look ended', async (t) => {
  const { fake, store, sync, pass } = await syncing(t);
  await sync();
  const changes = () =>
    store
      .snapshot()
      .history(train)
      .filter(({ field }) => field === 'deployment' || field === 'change' || field === 'event')
      .map(({ field, value }) => `${field}: ${value}`);
  assert.deepEqual(changes(), ['deployment: Deployed train_churn 4.2.0']);
  pass(minute);
  assert.ok(!(await sync()).includes('POST /api/v2/events/search'), 'not at each poll');
  fake.state.events.push(deployment(now + 3 * minute, 9, 0, 'Deployed train_churn 4.3.0', ['dag_id:train_churn']));
  pass(5 * minute);
  const asked = await sync();
  assert.equal(asked.filter((one) => one === 'POST /api/v2/events/search').length, 1);
  assert.deepEqual(changes(), ['deployment: Deployed train_churn 4.2.0', 'deployment: Deployed train_churn 4.3.0']);
});

test('what the tags of watched metrics name is known after a sync alone, and asked for once', async (t) => {
  const { store, sync, pass, again } = await syncing(t);
  const first = await sync();
  const upstream = (name: string) =>
    store
      .snapshot()
      .neighbours(`metric:${org}/${name}`)
      .upstream.map(({ from }) => from);
  assert.deepEqual(upstream('churn.auc'), ['model:mlflow://m/churn']);
  assert.deepEqual(upstream('airflow.dagrun.duration.success'), [train]);
  assert.ok(store.snapshot().facts(`metric:${org}/churn.auc`).tags?.includes('model:churn'));
  // Five metrics are watched; nobody watches the latency.
  assert.equal(tagQuestions(first), 5);
  assert.equal(store.snapshot().facts(`metric:${org}/churn.latency`).tags, undefined);
  pass(11 * minute);
  assert.equal(tagQuestions(await sync()), 0);
  again();
  assert.equal(tagQuestions(await sync()), 0);
  assert.deepEqual(upstream('churn.auc'), ['model:mlflow://m/churn']);
});

test('the query of a monitor alone says what its metric is of, at no request', async (t) => {
  const { store, sync } = await syncing(t, (fake) => {
    fake.fault = ({ path }) => (path.endsWith('/all-tags') ? { status: 403, body: '{}' } : undefined);
  });
  await sync();
  const edges = store.snapshot().neighbours(`metric:${org}/airflow.dagrun.duration.success`).upstream;
  assert.deepEqual(
    edges.map(({ from }) => from),
    [train],
  );
});

test('of many watched metrics no more than twenty are asked about', async (t) => {
  const fake = await fakeDatadog(now, { monitors: 200, metrics: 200 });
  t.after(() => fake.close());
  const { store } = CatalogStore.open(':memory:', { now: () => now });
  t.after(() => store.close());
  const connector = datadogOver(fake, { now: () => now, catalog: store.snapshot() });
  for await (const _ of connector.scan(new AbortController().signal));
  assert.equal(tagQuestions(fake.asked), 20);
});

test('strange answers about SLOs and events are no crash', async (t) => {
  const { fake, store, sync, pass } = await syncing(t);
  const odd = [
    null,
    7,
    'x',
    [],
    {},
    { data: null },
    { data: { id: 3, attributes: [] } },
    { attributes: { tags: 'x' } },
  ];
  const bodies = odd.flatMap((one) => [
    { data: { attributes: { slos: [one, { data: one }] } }, meta: { pagination: { total: '2' } } },
    { data: [one, { id: '1', attributes: one }], meta: { page: { after: 'same' } } },
    one,
  ]);
  for (const body of bodies) {
    fake.fault = ({ path }) =>
      /\/slo\/search$|\/events\/search$/.test(path) ? { status: 200, body: JSON.stringify(body) } : undefined;
    pass(11 * minute);
    await sync();
  }
  assert.ok(store.snapshot().find('monitor', 'Churn AUC is low').length > 0);
});
