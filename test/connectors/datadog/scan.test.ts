// Scans of the fake Datadog: how monitors stand, what keeps them from paging, what belongs together, and what lists that misbehave prove.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { CatalogStore } from '../../../server/catalog/store.ts';
import { datadog } from '../../../server/connectors/datadog/index.ts';
import { createHttp } from '../../../server/world/http/client.ts';
import type { Answer } from '../../fakes/datadog/answers.ts';
import { type FakeDatadog, fakeDatadog, keys } from '../../fakes/datadog/server.ts';
import { memoryLog } from '../../support/log.ts';
import { scanned } from '../../support/scan.ts';
import { datadogOver } from './connected.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const minute = 60_000;
const signal = new AbortController().signal;

async function fakeFor(t: TestContext, size = {}): Promise<FakeDatadog> {
  const fake = await fakeDatadog(now, size);
  t.after(() => fake.close());
  return fake;
}

/** A catalog in which jobs and tables of other tools are known. */
function others(t: TestContext): CatalogStore {
  const { store } = CatalogStore.open(':memory:', { now: () => now });
  t.after(() => store.close());
  const known = {
    airflow: [['job:airflow://a/train_churn', 'job', 'train_churn']],
    databricks: [['job:databricks://77/416', 'job', 'score']],
    snowflake: [['table:snowflake://acme/analytics/ml/churn_metrics', 'table', 'ANALYTICS.ML.CHURN_METRICS']],
    mlflow: [['model:mlflow://m/churn', 'model', 'churn']],
    ray: [['endpoint:ray://r/churn', 'endpoint', 'churn']],
  } as const;
  for (const [tool, entities] of Object.entries(known)) {
    const kinds = entities.map(([, kind]) => kind);
    const scan = store
      .writer()
      .startScan({ name: tool, tool, scope: `${tool}://${entities[0][0].split('/')[2]}`, kinds }, now);
    scan.apply({ entities: entities.map(([id, kind, name]) => ({ id, kind, name, facts: {} })) });
    scan.finish();
  }
  return store;
}

test('how monitors stand, since when, and whom to wake', async (t) => {
  const fake = await fakeFor(t);
  const { entities, covered, problems } = await scanned(datadogOver(fake, { now: () => now }));
  assert.deepEqual(problems, []);
  assert.deepEqual(covered.map(({ kind }) => kind).sort(), ['metric', 'monitor']);
  const monitors = entities.filter(({ kind }) => kind === 'monitor');
  assert.deepEqual(
    monitors.map(({ name, facts }) => [name, facts?.state, facts?.owner, facts?.alerts?.length ?? 0].join(' | ')),
    [
      'Churn AUC is low | firing | ml | 1',
      'Errors while training | firing | ml-training | 1',
      'Training takes long | warning | ml-training | 1',
      'Predictions are written | noData | ml | 1',
      'Nobody wants to know | unknown | frog@acme.example | 0',
      'Job 416 takes long | ok | data | 0',
      'Budget is used up | ok | frog@acme.example | 0',
      'All of it | ok | frog@acme.example | 0',
    ],
  );
  const [auc, , slow] = monitors;
  const [alert] = auc?.facts?.alerts ?? [];
  assert.deepEqual([alert?.group, alert?.since, alert?.muted], ['{model="churn"}', now - 40 * minute, undefined]);
  assert.equal(alert?.summary, 'The model has drifted. Runbook: https://wiki.acme.example/churn (see there).');
  assert.deepEqual(auc?.facts?.links, [{ title: 'Runbook', url: 'https://wiki.acme.example/churn' }]);
  assert.deepEqual(slow?.facts?.alerts?.[0]?.muted, {
    ...{ by: 'downtime', why: 'We move the cluster, by Bo Berg' },
    until: Math.floor((now - 40 * minute) / 1000) * 1000 + 86_400_000,
  });
});

test('a downtime that is over, or of other groups, mutes nothing', async (t) => {
  const fake = await fakeFor(t);
  const muted = async (downtime: object) => {
    fake.fault = ({ path }): Answer | undefined =>
      path === '/api/v1/monitor'
        ? { status: 200, body: JSON.stringify([{ ...monitor, matching_downtimes: [downtime] }]) }
        : undefined;
    const { entities } = await scanned(datadogOver(fake, { now: () => now }));
    return entities[0]?.facts?.alerts?.[0]?.muted?.why;
  };
  const groups = { 'host:a': { name: 'host:a', status: 'Alert', last_triggered_ts: 1 } };
  const monitor = {
    id: 1,
    name: 'm',
    query: 'q',
    type: 'query alert',
    tags: ['env:prod'],
    overall_state: 'Alert',
    state: { groups },
  };
  const seconds = now / 1000;
  assert.equal(await muted({ scope: ['*'] }), 'scope *');
  assert.equal(
    await muted({ scope: ['host:a', 'env:prod'], start: seconds - 10, end: seconds + 10 }),
    'scope host:a,env:prod',
  );
  assert.equal(await muted({ scope: ['host:b'] }), undefined);
  assert.equal(await muted({ scope: ['*'], end: seconds - 1 }), undefined);
  assert.equal(await muted({ scope: ['*'], start: seconds + 1 }), undefined);
});

test('what monitors and metrics are about: metrics by queries, jobs, tables and models by tags', async (t) => {
  const fake = await fakeFor(t);
  const connector = datadogOver(fake, { now: () => now, catalog: others(t).snapshot() });
  const { edges } = await scanned(connector);
  const told = edges.map(({ from, to, origin, evidence }) => {
    const sure = /^a guess/.test(evidence) ? 'guess' : origin;
    return `${from.replace(/^(\w+:\w+).*\/([^/]+)$/, '$1 $2')} → ${to.replace(/^(\w+).*\/([^/]+)$/, '$1 $2')} ${sure}`;
  });
  for (const wanted of [
    'metric:datadog churn.auc → monitor 34822915 reported',
    'model:mlflow churn → monitor 34822915 guess',
    'job:airflow train_churn → monitor 34822917 guess',
    'job:databricks 416 → monitor 34822920 matched',
    'job:airflow train_churn → metric airflow.dagrun.duration.success guess',
    'job:airflow train_churn → metric airflow.dagrun.duration.failed guess',
    'job:databricks 416 → metric databricks.job.duration matched',
    'table:snowflake churn_metrics → metric snowflake.table.row_count guess',
    'endpoint:ray churn → metric ray.serve.num_http_requests guess',
  ])
    assert.ok(told.includes(wanted), `${wanted} is not among\n${told.join('\n')}`);
  assert.ok(!told.some((one) => one.includes('metric:datadog churn.auc → monitor 34822916')));
  // For all metrics of integrations together.
  assert.equal(fake.asked.filter((one) => one === 'GET /api/v1/query').length, 1);
});

test('what the message of a monitor names by its page is what it is about', async (t) => {
  const fake = await fakeFor(t);
  const message = [
    'Look at https://airflow.acme.example/dags/train_churn/grid?x=1, [the model](https://mlflow.acme.example/#/models/churn)',
    'and https://dbc-1.cloud.databricks.com/?o=77#job/416/run/9, never https://x/dags/%zz or https://x/dags/unknown',
  ].join(' ');
  fake.fault = ({ path }) =>
    path === '/api/v1/monitor'
      ? {
          status: 200,
          body: JSON.stringify([{ id: 1, name: 'm', query: 'q', type: 'query alert', tags: [], message }]),
        }
      : undefined;
  const { edges } = await scanned(datadogOver(fake, { now: () => now, catalog: others(t).snapshot() }));
  assert.deepEqual(
    edges
      .filter(({ to }) => to.startsWith('monitor:'))
      .map(({ from, evidence }) => [from, /names it: (\S+)/.exec(evidence)?.[1]])
      .sort(),
    [
      ['job:airflow://a/train_churn', 'https://airflow.acme.example/dags/train_churn/grid'],
      ['job:databricks://77/416', 'https://dbc-1.cloud.databricks.com/#/job/416/run/9'],
      ['model:mlflow://m/churn', 'https://mlflow.acme.example/#/models/churn'],
    ],
  );
});

test('what events say of the past of a monitor, and that later polls ask only for newer ones', async (t) => {
  const fake = await fakeFor(t);
  let at = now;
  const connector = datadogOver(fake, { now: () => at });
  const first = await scanned(connector);
  assert.deepEqual(
    first.events.map(({ entity, field, value, at: then }) => [
      entity.split('/').at(-1),
      field,
      value,
      (now - then) / minute,
    ]),
    [
      ['34822915', 'state {model="churn"}', 'firing', 40],
      ['34822916', 'state', 'firing', 40],
      ['34822918', 'state', 'noData', 300],
      ['34822915', 'state {model="ltv"}', 'ok', 1_500],
      ['34822915', 'state {model="ltv"}', 'firing', 1_560],
    ],
  );
  at += minute;
  fake.asked.length = 0;
  const second = await scanned(connector, signal, first.cursor);
  assert.deepEqual([second.events, second.incremental], [[], true]);
  assert.deepEqual(fake.asked, ['GET /api/v1/monitor', 'GET /api/v2/downtime', 'GET /api/v2/events']);
  // A connector that was just made knows the organisation from the cursor.
  fake.asked.length = 0;
  await scanned(datadogOver(fake, { now: () => at }), signal, first.cursor);
  assert.ok(!fake.asked.includes('GET /api/v2/current_user'));
});

for (const [part, path, kind] of [
  ['monitors', '/api/v1/monitor', 'monitor'],
  ['metrics', '/api/v2/metrics', 'metric'],
] as const)
  test(`${part} that may not be listed are no ${part} that are gone`, async (t) => {
    const fake = await fakeFor(t);
    for (const [status, body] of [
      [403, '{"errors":["Forbidden"]}'],
      [404, '{}'],
      [200, '{"data":7}'],
      [200, '[]x'],
    ] as const) {
      fake.fault = (asked) => (asked.path === path ? { status, body } : undefined);
      const { covered, problems } = await scanned(datadogOver(fake, { now: () => now }));
      assert.ok(!covered.some((one) => one.kind === kind), `${status} ${body}`);
      assert.equal(covered.length, 1);
      assert.match(problems.map(({ message }) => message).join(), /live/);
    }
  });

test('a part that is refused is told until it is asked for again, and does not make every scan a full one', async (t) => {
  const fake = await fakeFor(t);
  fake.fault = ({ path }) =>
    path === '/api/v2/catalog/entity' ? { status: 403, body: '{"errors":["Forbidden"]}' } : undefined;
  let at = now;
  const connector = datadogOver(fake, { now: () => at });
  const first = await scanned(connector);
  assert.equal(first.problems.length, 1);
  assert.equal(first.covered.length, 2, 'nothing of what was listed depends on it');
  assert.ok(first.cursor);
  at += minute;
  assert.deepEqual((await scanned(connector, signal, first.cursor)).problems, first.problems);
});

test('of two keys, the one that is wrong is named, with what to do', async (t) => {
  const fake = await fakeFor(t);
  for (const [secret, words] of [
    [
      { username: keys.api, password: 'c'.repeat(40) },
      /^live: .* knows the API key .* Sign in again with an application key/,
    ],
    [{ username: 'd'.repeat(32), password: keys.application }, /^live: .* does not know the API key .* Sign in again/],
  ] as const)
    await assert.rejects(datadogOver(fake, { secret: { kind: 'basic', ...secret } }).greet(signal), { message: words });
});

test('without any key it is asked to sign in, although Datadog says that it is forbidden', async (t) => {
  const { url } = await fakeFor(t);
  const connection = { name: 'live', tool: 'datadog', url } as const;
  const fetch = createHttp({ connection });
  const connector = datadog.connect?.(connection, {
    fetch,
    secret: async () => undefined,
    skewMs: 0,
    log: memoryLog(),
    now: () => now,
  });
  await assert.rejects(connector?.greet(signal) ?? Promise.resolve(), {
    kind: 'unauthorized',
    message: /^live: .* Sign in/,
  });
});

test('lists that go in a circle, or are empty and go on', async (t) => {
  const fake = await fakeFor(t);
  const page = (data: readonly object[], next: string | null) => ({
    status: 200,
    body: JSON.stringify({ data, meta: { pagination: { next_cursor: next } } }),
  });
  fake.fault = ({ path }) => (path === '/api/v2/metrics' ? page([{ type: 'metrics', id: 'a' }], 'again') : undefined);
  const circle = await scanned(datadogOver(fake, { now: () => now }));
  assert.match(circle.problems.map(({ message }) => message).join(), /same page of metrics again/);
  assert.deepEqual(
    circle.covered.map(({ kind }) => kind),
    ['monitor'],
  );
  fake.fault = ({ path, query }) => {
    if (path !== '/api/v2/metrics') return undefined;
    return query.has('page[cursor]') ? page([{ type: 'metrics', id: 'late' }], null) : page([], 'first');
  };
  const late = await scanned(datadogOver(fake, { now: () => now }));
  assert.deepEqual(
    late.entities.filter(({ id }) => /^metric:.*\/[\w.]+$/.test(id) && !id.includes('/slo/')).map(({ name }) => name),
    ['late'],
  );
  assert.equal(late.covered.length, 2);
});

test('what is no Datadog is said to be none; its pages are not its API', async (t) => {
  const fake = await fakeFor(t);
  fake.fault = () => ({ status: 200, body: '{"status":"success"}' });
  await assert.rejects(scanned(datadogOver(fake)), /live: .* is no Datadog.*address of its API/);
  await assert.rejects(datadogOver(fake).greet(signal), /is no Datadog/);
  assert.throws(
    () => datadogOver({ url: 'https://app.datadoghq.eu' }),
    /is asked at https:\/\/api\.datadoghq\.eu, not at/,
  );
});

test('keys are in no message, whatever the server sends back', async (t) => {
  const fake = await fakeFor(t);
  const echoed = `bad keys ${keys.api} and ${keys.application}`;
  for (const status of [400, 401, 403, 429, 500]) {
    fake.fault = () => ({ status, body: JSON.stringify({ errors: [echoed] }) });
    const error: unknown = await datadogOver(fake)
      .greet(signal)
      .then(
        () => assert.fail('it must not answer'),
        (reason: unknown) => reason,
      );
    const said = `${String(error)} ${JSON.stringify(error)} ${String(Object(error).cause)}`;
    assert.ok(!said.includes(keys.api) && !said.includes(keys.application), said);
  }
});

test('any answer at all is a problem or an entity, never a crash', async () => {
  assert.ok(datadog.connect);
  const connect = datadog.connect;
  const field = fc.constantFrom(
    ...[
      'data',
      'meta',
      'page',
      'after',
      'pagination',
      'next_cursor',
      'id',
      'name',
      'query',
      'tags',
      'options',
      'state',
    ],
    ...[
      'groups',
      'attributes',
      'monitor_id',
      'timestamp',
      'series',
      'pointlist',
      'tag_set',
      'metric',
      'included',
      'type',
    ],
    ...['relationships', 'org', 'matching_downtimes', 'scope', 'silenced', 'status', 'last_triggered_ts', 'message'],
  );
  const leaf = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(field, tie('value')),
    ),
  })).value;
  await fc.assert(
    fc.asyncProperty(fc.array(json, { minLength: 1, maxLength: 8 }), async (answers) => {
      let asked = 0;
      const connector = connect(
        { name: 'live', tool: 'datadog', url: 'http://127.0.0.1:1', instance: 'acme' },
        {
          fetch: async () => {
            const body = JSON.stringify(answers[asked++ % answers.length] ?? null);
            return { status: 200, header: () => undefined, text: body, json: () => JSON.parse(body) };
          },
          secret: async () => undefined,
          ...{ skewMs: 0, log: memoryLog(), now: () => now },
        },
      );
      await scanned(connector).catch((error: unknown) => assert.ok(/live/.test(String(error)), String(error)));
      const ids = ['monitor:datadog://acme/default/1', 'metric:datadog://acme/default/a.b'];
      try {
        for await (const page of connector.describe(ids, signal)) assert.ok(page.incremental);
      } catch (error) {
        assert.match(String(error), /live/);
      }
      const key = '{"query":"*","from":0}';
      await connector.logs?.stat(key, signal).catch((error: unknown) => assert.match(String(error), /live/));
    }),
    { numRuns: 100 },
  );
});

test('of more groups that are not well than are read, nothing follows for those that were not', async (t) => {
  const fake = await fakeFor(t, { monitors: 1_500 });
  const { store } = CatalogStore.open(':memory:', { now: () => now });
  t.after(() => store.close());
  let at = now;
  const connector = datadogOver(fake, { now: () => at, catalog: store.snapshot() });
  const identity = { name: 'live', tool: 'datadog', scope: connector.scope, kinds: connector.kinds };
  const sync = async (): Promise<void> => {
    const scan = store.writer().startScan(identity, at, { coveredDecides: true });
    for await (const page of connector.scan(signal, scan.before.cursor)) scan.apply(page);
    scan.finish();
  };
  await sync();
  const before = store.snapshot().alertingMonitors(100);
  assert.ok(before.length > 5);
  at += minute;
  const group = { group: '*', status: 'Alert', last_triggered_ts: 1, monitor_id: 50_000_001, monitor_name: 'made 1' };
  fake.fault = ({ path }) =>
    path === '/api/v1/monitor/groups/search'
      ? { status: 200, body: JSON.stringify({ groups: [group], metadata: { page_count: 1_000 } }) }
      : undefined;
  await sync();
  const after = store.snapshot().alertingMonitors(100);
  assert.deepEqual(
    before.filter((id) => !after.includes(id)),
    [],
  );
  assert.equal(after.length, before.length + 1);
});
