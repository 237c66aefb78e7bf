// Our fake Datadog is read by Datadog's own client from npm on every call that our connector makes, and both see the same.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { client, v1, v2 } from '@datadog/datadog-api-client';
import type { CatalogChange } from '../../server/catalog/change.ts';
import { parseRemoteLog } from '../../server/catalog/run.ts';
import { CatalogStore } from '../../server/catalog/store.ts';
import { changesQuery } from '../../server/connectors/datadog/changes.ts';
import { logKey } from '../../server/connectors/datadog/logs/key.ts';
import { datadogOver } from '../connectors/datadog/connected.ts';
import { bearer, type FakeDatadog, fakeDatadog, keys } from '../fakes/datadog/server.ts';
import { scanned } from '../support/scan.ts';

const signal = new AbortController().signal;

/** As its users make it; the address alone is ours. `enableRetry`: it waits as the rate limit headers say. */
function official({ url }: Pick<FakeDatadog, 'url'>) {
  const authMethods = { apiKeyAuth: keys.api, appKeyAuth: keys.application };
  const configuration = client.createConfiguration({ authMethods, enableRetry: true, maxRetries: 2 });
  const { host } = new URL(url);
  configuration.servers = configuration.servers.slice(1, 2);
  configuration.setServerVariables({ name: host, protocol: 'http' });
  return {
    authentication: new v1.AuthenticationApi(configuration),
    monitors: new v1.MonitorsApi(configuration),
    metrics1: new v1.MetricsApi(configuration),
    metrics: new v2.MetricsApi(configuration),
    downtimes: new v2.DowntimesApi(configuration),
    events: new v2.EventsApi(configuration),
    logs: new v2.LogsApi(configuration),
    users: new v2.UsersApi(configuration),
    catalog: new v2.SoftwareCatalogApi(configuration),
    slos: new v1.ServiceLevelObjectivesApi(configuration),
  };
}

/** What the client could not read it keeps aside, and says so deep inside. */
function unread(value: unknown, path = '', seen = new Set<unknown>()): readonly string[] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  const isUnread = value.constructor.name === 'UnparsedObject' || Object(value)._unparsed === true;
  const inner = Object.entries(value).flatMap(([key, one]) => unread(one, `${path}.${key}`, seen));
  return isUnread ? [path, ...inner] : inner;
}

function whole<T>(answer: T): T {
  assert.deepEqual(unread(answer), []);
  return answer;
}

describe('the fake Datadog', () => {
  test('is read by the official client as by our connector', { timeout: 120_000 }, async (t) => {
    const now = Date.now();
    const fake = await fakeDatadog(now);
    t.after(() => fake.close());
    const theirs = official(fake);
    const from = now - 24 * 3_600_000;
    const org = whole(await theirs.users.getCurrentUser());
    const monitors = whole(
      await theirs.monitors.listMonitors({
        page: 0,
        pageSize: 1000,
        groupStates: 'alert,warn,no data',
        withDowntimes: true,
      }),
    );
    const monitor = whole(
      await theirs.monitors.getMonitor({ monitorId: 34_822_915, groupStates: 'all', withDowntimes: true }),
    );
    const found = whole(await theirs.monitors.searchMonitors({ page: 0, perPage: 1 }));
    const groups = whole(
      await theirs.monitors.searchMonitorGroups({
        query: 'group_status:(alert OR warn)',
        page: 0,
        perPage: 100,
        sort: 'name,asc',
      }),
    );
    const downtimes = whole(
      await theirs.downtimes.listDowntimes({ currentOnly: true, include: 'created_by', pageLimit: 100, pageOffset: 0 }),
    );
    const events = whole(
      await theirs.events.listEvents({
        ...{ filterQuery: 'source:alert', filterFrom: new Date(now - 7 * 86_400_000).toISOString() },
        ...{ filterTo: new Date(now).toISOString(), sort: '-timestamp', pageLimit: 2 },
      }),
    );
    whole(
      await theirs.events.listEvents({
        ...{
          filterQuery: 'source:alert',
          filterFrom: new Date(from).toISOString(),
          filterTo: new Date(now).toISOString(),
        },
        pageCursor: events.meta?.page?.after ?? '',
      }),
    );
    const changeFilter = { query: changesQuery, from: new Date(now - 7 * 86_400_000).toISOString() };
    const changes = whole(
      await theirs.events.searchEvents({
        body: { filter: { ...changeFilter, to: new Date(now).toISOString() }, sort: '-timestamp', page: { limit: 1 } },
      }),
    );
    whole(
      await theirs.events.searchEvents({
        body: {
          filter: { ...changeFilter, to: new Date(now).toISOString() },
          page: { limit: 1000, cursor: changes.meta?.page?.after ?? '' },
        },
      }),
    );
    const slos = whole(await theirs.slos.searchSLO({ pageSize: 100, pageNumber: 0 }));
    const names = whole(await theirs.metrics.listTagConfigurations({ windowSeconds: 2_592_000, pageSize: 4 }));
    const more = whole(
      await theirs.metrics.listTagConfigurations({
        pageCursor: names.meta?.pagination?.nextCursor ?? '',
        pageSize: 1000,
      }),
    );
    const meta = whole(await theirs.metrics1.getMetricMetadata({ metricName: 'churn.latency' }));
    const tags = whole(await theirs.metrics.listTagsByMetricName({ metricName: 'churn.auc' }));
    const auc = 'avg:churn.auc{*} by {model,env}';
    const values = whole(
      await theirs.metrics1.queryMetrics({ from: Math.floor(from / 1000), to: Math.ceil(now / 1000), query: auc }),
    );
    const services = whole(
      await theirs.catalog.listCatalogEntity({ filterKind: 'service', pageLimit: 100, pageOffset: 0 }),
    );
    assert.equal((await theirs.authentication.validate()).valid, true);
    const filter = { query: 'service:train', from: new Date(from).toISOString(), to: new Date(now).toISOString() };
    const logs = whole(
      await theirs.logs.listLogs({
        body: { filter, sort: 'timestamp', page: { limit: 2 }, options: { timezone: 'UTC' } },
      }),
    );
    const rest = whole(
      await theirs.logs.listLogs({
        body: { filter, sort: 'timestamp', page: { limit: 1000, cursor: logs.meta?.page?.after ?? '' } },
      }),
    );
    const asked = new Set([...fake.asked.splice(0), ...fake.parameters].map(shapeOf));
    fake.parameters.clear();

    const { store } = CatalogStore.open(':memory:');
    t.after(() => store.close());
    const others = store.writer().startScan({ name: 'a', tool: 'airflow', scope: 'airflow://a', kinds: ['job'] }, now);
    others.apply({ entities: [{ id: 'job:airflow://a/train_churn', kind: 'job', name: 'train_churn', facts: {} }] });
    others.finish();
    const connector = datadogOver(fake, { now: () => now, catalog: store.snapshot() });
    const all = await scanned(connector);
    assert.deepEqual(all.problems, []);
    const looks = await looked(
      connector.describe(
        all.entities.map(({ id }) => id),
        signal,
      ),
    );
    const id = all.entities.find(({ name }) => name === 'churn.auc')?.id ?? '';
    const series = await connector.series?.(id, { from, to: now }, signal);
    const key = logKey({ query: 'service:train', from, to: now });
    const text = Buffer.from((await connector.logs?.readRange(key, 0, 1_000_000, signal)) ?? []).toString('utf8');
    const greeting = await connector.greet(signal);

    await t.test('every question of ours, with its parameters, is one that the client asks', () => {
      const own = new Set([...fake.asked, ...fake.parameters].map(shapeOf));
      assert.deepEqual(
        [...own].filter((question) => !asked.has(question)),
        [],
      );
      assert.ok(own.size > 30, [...own].join('\n'));
    });
    await t.test('whose account it is', () => {
      assert.match(greeting, /organisation Acme, as ana@acme\.example, 8 monitors$/);
      assert.equal(found.metadata?.totalCount, 8);
      const [included] = org.included ?? [];
      const publicId: unknown = Object(Object(included).attributes).publicId;
      assert.ok(all.entities.every((one) => one.id.includes(`://acme/${String(publicId)}/`)));
    });
    await t.test('monitors, their groups and what they read', () => {
      const own = all.entities.filter(({ kind }) => kind === 'monitor');
      assert.deepEqual(
        own.map((one) => [one.id.split('/').at(-1), one.name, one.facts?.query, one.facts?.tags]),
        monitors.map((one) => [String(one.id), one.name, one.query, one.tags]),
      );
      const since = Number(monitor.state?.groups?.['model:churn']?.lastTriggeredTs) * 1000;
      assert.deepEqual(
        own[0]?.facts?.alerts?.map((alert) => [alert.group, alert.since, alert.state]),
        [['{model="churn"}', since, 'firing']],
      );
      const unwell = groups.groups?.map((group) => `${group.monitorId} ${group.status}`).sort();
      const firing = own.flatMap((one) =>
        (one.facts?.alerts ?? [])
          .filter(({ state }) => state !== 'noData')
          .map(({ state }) => `${one.id.split('/').at(-1)} ${state === 'firing' ? 'Alert' : 'Warn'}`),
      );
      assert.deepEqual(firing.sort(), unwell);
    });
    await t.test('downtimes, with who made them and why', () => {
      const muted = all.entities.flatMap(({ facts }) => facts?.alerts?.flatMap((alert) => alert.muted ?? []) ?? []);
      const [downtime] = downtimes.data ?? [];
      const message = String(downtime?.attributes?.message);
      assert.deepEqual(
        muted.map(({ by, why }) => [by, why]),
        [['downtime', `${message}, by Bo Berg`]],
      );
    });
    await t.test('history, from events', () => {
      const [newest] = events.data ?? [];
      assert.equal(all.events[0]?.at, newest?.attributes?.attributes?.timestamp);
      assert.ok(all.events.some((event) => event.entity.endsWith(`/${newest?.attributes?.attributes?.monitorId}`)));
    });
    await t.test('SLOs, how they stand', () => {
      const listed = (slos.data?.attributes?.slos ?? []).map(({ data }) => ({ id: data?.id, ...data?.attributes }));
      const own = all.entities.filter(({ id: of }) => of.includes('/slo/'));
      assert.deepEqual(
        own.map((one) => [one.id.split('/').at(-1), one.name, one.facts?.createdAt]),
        listed.map((one) => [one.id, one.name, Number(one.createdAt) * 1000]),
      );
      const [status] = listed[0]?.overallStatus ?? [];
      assert.ok(
        own[0]?.facts?.description?.startsWith(
          `${status?.status} % of ${status?.target} % over ${status?.timeframe}: ${status?.state}, ${status?.errorBudgetRemaining} %`,
        ),
        own[0]?.facts?.description,
      );
      assert.equal(listed.length, 2);
    });
    await t.test('deployments', () => {
      const [newest] = changes.data ?? [];
      const { title, timestamp } = newest?.attributes?.attributes ?? {};
      assert.deepEqual(
        all.events.filter(({ field }) => field === 'deployment').map(({ entity, value, at }) => [entity, value, at]),
        [['job:airflow://a/train_churn', title, timestamp]],
      );
    });
    await t.test('metrics, what is said of them, and their values', () => {
      const isOwn = ({ kind, id: of }: { readonly kind: string; readonly id: string }) =>
        kind === 'metric' && !of.includes('/slo/');
      const own = [...new Set(all.entities.filter(isOwn).map(({ name }) => name))];
      const listed = [...(names.data ?? []), ...(more.data ?? [])].map((one) => String(Object(one).id));
      assert.deepEqual(own, listed);
      const latency = looks.find(({ name }) => name === 'churn.latency');
      assert.deepEqual([latency?.facts?.metricType, latency?.facts?.unit], [meta.type, meta.unit]);
      assert.deepEqual(looks.find(({ name }) => name === 'churn.auc')?.facts?.tags, tags.data?.attributes?.tags);
      const points = (values.series ?? []).map((one) => one.pointlist?.filter(([, value]) => value !== null).length);
      assert.equal(series?.length, points.length);
      const last = values.series?.[0]?.pointlist?.at(-1);
      assert.deepEqual([series?.[0]?.points.at(-1)?.at, series?.[0]?.points.at(-1)?.value], last);
    });
    await t.test('owners of services', () => {
      const owners = new Map(services.data?.map((one) => [one.attributes?.name, one.attributes?.owner]));
      const training = all.entities.find(({ name }) => name === 'Errors while training');
      assert.equal(training?.facts?.owner, owners.get('train'));
    });
    await t.test('logs', () => {
      const messages = [...(logs.data ?? []), ...(rest.data ?? [])].map((log) => String(log.attributes?.message));
      assert.ok(messages.length > 2);
      for (const message of messages) assert.ok(text.includes(message), message);
      assert.equal(parseRemoteLog('/a/file'), undefined);
    });
  });

  test('a shape that Datadog does not know is seen by the client', async (t) => {
    const fake = await fakeDatadog(Date.now());
    t.after(() => fake.close());
    const [first] = await official(fake).monitors.listMonitors();
    assert.deepEqual(unread(first), []);
    const wrong = [{ id: 1, name: 'a', type: 'query alert', query: 'q', overall_state: 'Alarm', options: {} }];
    fake.fault = () => ({ status: 200, body: JSON.stringify(wrong) });
    assert.notDeepEqual(unread(await official(fake).monitors.listMonitors()), []);
  });

  test('keys and tokens: the client and our connector are let in and turned away alike', async (t) => {
    const fake = await fakeDatadog(Date.now());
    t.after(() => fake.close());
    const wrong = datadogOver(fake, { secret: { kind: 'basic', username: 'wrong', password: keys.application } });
    await assert.rejects(wrong.greet(signal), { kind: 'unauthorized' });
    const theirs = client.createConfiguration({ authMethods: { apiKeyAuth: 'wrong', appKeyAuth: keys.application } });
    theirs.servers = theirs.servers.slice(1, 2);
    theirs.setServerVariables({ name: new URL(fake.url).host, protocol: 'http' });
    await assert.rejects(new v1.MonitorsApi(theirs).listMonitors(), (error: Error) => /403/.test(error.message));
    const token = datadogOver(fake, { secret: { kind: 'token', token: bearer } });
    assert.match(await token.greet(signal), /^Datadog acme, organisation Acme/);
  });
});

/** Names of things are not what is asked. */
function shapeOf(asked: string): string {
  return asked.replace(/monitor\/\d+/, 'monitor/…').replace(/metrics\/[^/ ]+/, 'metrics/…');
}

async function looked(pages: AsyncIterable<CatalogChange>) {
  const found: NonNullable<CatalogChange['entities']>[number][] = [];
  for await (const page of pages) found.push(...(page.entities ?? []));
  return found;
}
