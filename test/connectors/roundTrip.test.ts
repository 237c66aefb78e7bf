// Round trip: what a connector prints as the page of a thing is mined back to that thing, for every connector there is.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { Catalog } from '../../server/catalog/catalog.ts';
import { type EntityId, entityId } from '../../server/catalog/entity.ts';
import { mineAll } from '../../server/catalog/mine.ts';
import { instancesIn, noInstances } from '../../server/catalog/mining/instances.ts';
import type { Run } from '../../server/catalog/run.ts';
import { CatalogStore } from '../../server/catalog/store.ts';
import { pagesOf as airflowPages } from '../../server/connectors/airflow/rest/pages.ts';
import type { LiveConnector, LiveHost } from '../../server/connectors/connector.ts';
import { dbt } from '../../server/connectors/dbt/index.ts';
import { pagesOf as rayPages } from '../../server/connectors/ray/ids.ts';
import { connectors } from '../../server/connectors/registry.ts';
import { dataset } from '../../server/connectors/s3/datasets.ts';
import { placeOf } from '../../server/connectors/s3/places.ts';
import type { ConnectionConfig } from '../../server/protocol/connection.ts';
import { createHttp } from '../../server/world/http/client.ts';
import { fakeDatabricks } from '../fakes/databricks/server.ts';
import { fakeDatadog } from '../fakes/datadog/server.ts';
import { fakeDbtCloud, serviceToken } from '../fakes/dbtCloud/server.ts';
import { fakeSnowflake } from '../fakes/snowflake/server.ts';
import { memoryLog } from '../support/log.ts';
import { connected as airflowAt, recordedAirflow } from './airflowServer.ts';
import { databricksOver } from './databricks/connected.ts';
import { datadogOver } from './datadog/connected.ts';
import { connected as mlflowAt, fakeServer as mlflowServer } from './mlflowRest/server.ts';
import { connected as prometheusAt, fakeServer as prometheusServer } from './prometheus/server.ts';
import { fakeHead, connectedTo as rayAt } from './ray/server.ts';
import { snowflakeOver } from './snowflake/connected.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const signal = new AbortController().signal;

interface Shown {
  readonly id: EntityId;
  readonly url: string;
  readonly run?: Run;
}

/** Things that have no page of their own: what is shown in their place, and why. */
const lesser: readonly (readonly [id: RegExp, why: string, leadsTo: (one: Shown) => EntityId | undefined])[] = [
  [/^(?:experiment|metric):mlflow:/, 'the page says the number of an experiment, the id its name', () => undefined],
  [/^job:ray:/, 'the list of all jobs is its page', () => undefined],
  [/^run:ray:.*\/session_/, 'the page says the number of a driver, which begins anew in each session', () => undefined],
  [/^run:ray:.*\/serve\//, 'a deployment is shown by its application', ({ run }) => run?.of[0]],
  [/^run:airflow:.*\/-?\d+\/\d+$/, 'Airflow 2 shows all tries together', ({ id }) => id.replace(/\/-?\d+\/\d+$/, '')],
  [
    /^version:snowflake:/,
    'all versions are shown by their model',
    ({ id }) => id.replace(/^version:(.*)\/[^/]+$/, 'model:$1'),
  ],
  [/^run:snowflake:.*\/prod\/ml\//, 'the page is of the query that ran it', ({ url }) => queryIn(url)],
  [/^run:datadog:/, 'a search of logs is of nothing else', () => undefined],
  [/^task:dbt:/, 'steps are shown by their job', ({ id }) => id.replace(/^task:(.*)\/[^/]+$/, 'job:$1')],
  [/^run:dbt:\/\/\d+\/\d+\/\d+$/, 'steps are shown by their run', ({ run }) => run?.parent],
  [
    /^run:dbt:\/\/shop\//,
    'nodes are shown by the run of dbt Cloud',
    ({ url }) => `run:dbt://4242/${url.split('/').at(-2)}`,
  ],
];

function queryIn(url: string): EntityId {
  return `run:snowflake://acme-prod_eu/${url.split('/').at(-2)}`;
}

/** Each thing with a page, and what is mined from that page, after one sync of the connector alone. */
async function pagesOf(t: TestContext, start: Start) {
  const { store } = CatalogStore.open(':memory:', { now: () => now });
  t.after(() => store.close());
  const started = await start(t, store.snapshot());
  const connector = 'connector' in started ? started.connector : started;
  const { source, scope, kinds } = connector;
  const scan = store.writer().startScan({ name: source.name, tool: source.tool, scope, kinds }, now);
  const shown: Shown[] = [];
  for await (const page of connector.scan(signal)) {
    scan.apply(page);
    for (const { id, facts } of page.entities ?? []) if (facts?.url) shown.push({ id, url: facts.url });
    for (const run of page.runs ?? []) if (run.url) shown.push({ id: run.id, url: run.url, run });
  }
  scan.finish();
  const known = instancesIn(store.snapshot());
  return { shown, known };
}

/** Starts what the connector asks; each gives at least so many things with a page of their own. */
const live: Readonly<Record<string, readonly [atLeast: number, start: Start]>> = {
  'airflow 2': [15, async (t) => airflowAt(await recordedAirflow(t, 'v1'))],
  'airflow 3': [31, async (t) => airflowAt(await recordedAirflow(t, 'v2'))],
  mlflow: [4, async (t) => mlflowAt((await mlflowServer(t)).url)],
  prometheus: [19, async (t, catalog) => prometheusAt((await prometheusServer(t)).url, { catalog })],
  alertmanager: [
    2,
    async (t, catalog) => prometheusAt((await prometheusServer(t)).url, { tool: 'alertmanager', catalog }),
  ],
  ray: [12, async (t) => rayAt(await fakeHead(t))],
  databricks: [
    32,
    async (t, catalog) => databricksOver(closed(t, await fakeDatabricks(now)), undefined, { now: () => now, catalog }),
  ],
  snowflake: [
    14,
    async (t, catalog) => snowflakeOver(closed(t, await fakeSnowflake(now)), undefined, { now: () => now, catalog }),
  ],
  datadog: [16, async (t, catalog) => datadogAt(closed(t, await fakeDatadog(now)).url, catalog)],
  dbt: [6, async (t, catalog) => dbtAt(closed(t, await fakeDbtCloud(now, {})).url, catalog)],
};
type Start = (t: TestContext, catalog: Catalog) => Promise<LiveConnector | { readonly connector: LiveConnector }>;

function closed<T extends { close(): unknown }>(t: TestContext, fake: T): T {
  t.after(() => fake.close());
  return fake;
}

function datadogAt(url: string, catalog: Catalog): LiveConnector {
  return datadogOver({ url }, { instance: new URL(url).host, now: () => now, catalog });
}

function dbtAt(url: string, catalog: Catalog): LiveConnector {
  const connection: ConnectionConfig = { name: 'cloud', tool: 'dbt', url };
  const host: LiveHost = {
    ...{ fetch: createHttp({ connection }), skewMs: 0, log: memoryLog(), now: () => now },
    secret: async () => ({ kind: 'token', token: serviceToken }),
  };
  const connector = dbt.connect?.(connection, host, catalog);
  assert.ok(connector);
  return connector;
}

for (const [name, [atLeast, start]] of Object.entries(live))
  test(`${name}: the page of a thing leads back to it`, async (t) => {
    const { shown, known } = await pagesOf(t, start);
    let own = 0;
    for (const one of shown) {
      const mined = mineAll(`see <${one.url}>, or "${one.url}"`, known);
      if (mined.includes(one.id)) own += 1;
      else {
        const [, why, leadsTo] = lesser.find(([id]) => id.test(one.id)) ?? [];
        assert.ok(why && leadsTo, `${one.id} is not found by ${one.url}, but ${mined.join(' ')}`);
        const other = leadsTo(one);
        if (other !== undefined) assert.ok(mined.includes(other), `${one.id}: ${why}; found ${mined.join(' ')}`);
      }
    }
    assert.ok(own >= atLeast, `${own} of ${shown.length} have a page of their own`);
  });

test('s3: the page of an object leads back to it, whatever its key', () => {
  const sample = { objects: 0, bytes: 0, atLeast: false, kept: [] };
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (key) => {
      const place = placeOf(`s3://lake/${key}`);
      if (!place || place.key === '') return;
      const { id, facts } = dataset({ place, sample, isAws: true, region: 'eu-west-1' });
      assert.ok(mineAll(`"${facts?.url}"`, noInstances).includes(id), facts?.url);
    }),
  );
});

test('names of any kind go into an address and come back', () => {
  const known = { ...noInstances, airflow: ['a'], mlflow: ['m'], ray: ['r'] };
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (name) => {
      // A quote at its end is taken for the end of the address.
      if (name.toWellFormed() !== name || name.endsWith("'")) return;
      const part = encodeURIComponent(name);
      const pages: readonly (readonly [string, EntityId])[] = [
        [airflowPages('http://h/af', 'v2').dag(name), entityId('job', 'airflow', 'a', name)],
        [airflowPages('http://h', 'v1').task('d', name), entityId('task', 'airflow', 'a', 'd', name)],
        [`http://h/#/models/${part}/versions/7`, entityId('version', 'mlflow', 'm', name, '7')],
        [rayPages('http://h').application(name), entityId('endpoint', 'ray', 'r', name)],
      ];
      for (const [url, id] of pages) assert.ok(mineAll(`"${url}"`, known).includes(id), `${url} ${id}`);
    }),
  );
});

test('every connector is asked for its pages, or has none', () => {
  const without = {
    openlineage: 'the address of an event is that of another tool',
    marquez: 'nothing names the address of its user interface',
    cloudwatch: 'log groups are no things of their own',
    ssh: 'a host has no page',
    s3: 'above',
  };
  const asked = Object.keys(live).map((name) => name.split(' ')[0] ?? '');
  assert.deepEqual(
    connectors.map(({ tool }) => tool).filter((tool) => !asked.includes(tool) && !(tool in without)),
    [],
  );
});
