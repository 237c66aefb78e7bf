// dbt Cloud: jobs, runs, steps and artifacts from the fake account; what a second scan asks; logs; refusals and strange answers.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { CatalogChange } from '../../../server/catalog/change.ts';
import { parseRemoteLog } from '../../../server/catalog/run.ts';
import { CatalogStore } from '../../../server/catalog/store.ts';
import type { LiveConnector, LiveHost } from '../../../server/connectors/connector.ts';
import { readCursor } from '../../../server/connectors/dbt/cloud/cursor.ts';
import { parseLogKey } from '../../../server/connectors/dbt/cloud/logs.ts';
import { readJob, readRun } from '../../../server/connectors/dbt/cloud/shapes.ts';
import { dbt } from '../../../server/connectors/dbt/index.ts';
import type { HttpError } from '../../../server/connectors/httpError.ts';
import type { ConnectionConfig } from '../../../server/protocol/connection.ts';
import type { Reference } from '../../../server/references/reference.ts';
import { resolve } from '../../../server/resolve/resolve.ts';
import { runSync } from '../../../server/sync/local/run.ts';
import { scanSource } from '../../../server/sync/pass.ts';
import { createHttp } from '../../../server/world/http/client.ts';
import { type FakeDbtCloud, fakeDbtCloud, serviceToken } from '../../fakes/dbtCloud/server.ts';
import { account, buildRun, commit } from '../../fakes/dbtCloud/state.ts';
import { testFolder } from '../../support/folder.ts';
import { memoryLog } from '../../support/log.ts';
import { scanned } from '../../support/scan.ts';
import { failure } from '../../support/web.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const signal = new AbortController().signal;

interface Cloud {
  readonly fake: FakeDbtCloud;
  readonly connector: LiveConnector;
}

async function cloud(
  context: TestContext,
  more: Partial<ConnectionConfig> & { readonly token?: string; readonly jobs?: number } = {},
): Promise<Cloud> {
  const { token = serviceToken, jobs, ...config } = more;
  const fake = await fakeDbtCloud(now, jobs === undefined ? {} : { jobs });
  context.after(() => fake.close());
  const connection: ConnectionConfig = { name: 'cloud', tool: 'dbt', url: fake.url, ...config };
  const { store } = CatalogStore.open(':memory:');
  context.after(() => store.close());
  const host: LiveHost = {
    ...{ fetch: createHttp({ connection }), secret: async () => ({ kind: 'token', token }), skewMs: 0 },
    ...{ log: memoryLog(), now: () => now },
  };
  const connector = dbt.connect?.(connection, host, store.snapshot());
  assert.ok(connector);
  return { fake, connector };
}

async function all(pages: AsyncIterable<CatalogChange>): Promise<readonly CatalogChange[]> {
  const found: CatalogChange[] = [];
  for await (const page of pages) found.push(page);
  return found;
}

describe('an account', () => {
  test('gives jobs with their steps, where they are and when they run', async (context) => {
    const { connector } = await cloud(context);
    const { entities, edges, covered, problems } = await scanned(connector);
    const nightly = entities.find(({ id }) => id === `job:dbt://${account}/11`);
    assert.equal(nightly?.name, 'nightly');
    assert.deepEqual(nightly?.aliases, ['Shop.nightly']);
    assert.deepEqual(nightly?.facts?.tags, ['Shop', 'Production', 'scheduled']);
    assert.deepEqual([nightly?.facts?.schedule, nightly?.facts?.paused], ['0 2 * * *', undefined]);
    assert.match(nightly?.facts?.url ?? '', /\/deploy\/4242\/projects\/10\/jobs\/11$/);
    const hourly = entities.find(({ id }) => id === `job:dbt://${account}/12`);
    assert.deepEqual([hourly?.facts?.schedule, hourly?.facts?.paused], [undefined, true]);
    assert.deepEqual(
      edges.filter(({ from }) => from === hourly?.id).map(({ to, relation }) => [to, relation]),
      [
        [`task:dbt://${account}/12/dbt%20run`, 'contains'],
        [`task:dbt://${account}/12/dbt%20test%20--select%20tag:fast`, 'contains'],
      ],
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(
      covered.map(({ kind, scope }) => `${kind} ${scope}`),
      ['job', 'task'].flatMap((kind) => [`${kind} dbt://${account}`, `${kind} ${connector.scope}`]),
    );
    assert.deepEqual(connector.alsoScopes, [`dbt://${account}`]);
  });

  test('gives runs with commit, cause and environment, and the steps of those that failed', async (context) => {
    const { connector } = await cloud(context);
    const { runs } = await scanned(connector);
    const last = (id: string) => runs.findLast((run) => run.id === `run:dbt://${account}/${id}`);
    const failed = last('904');
    assert.deepEqual(
      [failed?.status, failed?.message, failed?.commit, failed?.branch, failed?.environment],
      ['failed', 'Errored on dbt build', commit, 'main', 'Production'],
    );
    assert.equal(failed?.url, `https://ab123.us1.dbt.com/deploy/${account}/projects/10/runs/904/`);
    assert.deepEqual(failed?.params[0], { name: 'cause', value: 'scheduled' });
    assert.equal(failed?.startedAt, now - 24 * 3_600_000 + 5000);
    const step = last('904/4');
    assert.deepEqual([step?.parent, step?.of], [failed?.id, [`task:dbt://${account}/11/dbt%20build`]]);
    assert.deepEqual(
      failed?.logs.map(({ title }) => title),
      ['all steps', '4. dbt build, debug log', '4. dbt build'],
    );
    assert.deepEqual([last('905')?.status, last('905')?.endedAt], ['running', undefined]);
  });

  test('gives what dbt left in the last run of each job, under the names of the project', async (context) => {
    const { connector } = await cloud(context);
    const { runs, entities, series, edges } = await scanned(connector);
    const orders = entities.findLast(({ id }) => id === 'table:dbt://shop/prod/marts/orders');
    assert.deepEqual([orders?.facts?.owner, orders?.facts?.compiledSql], ['sales-data', 'select 1 as id']);
    assert.equal(orders?.facts?.definedAt, undefined, 'the file is not on this machine');
    const node = runs.filter(({ of }) => of.includes('table:dbt://shop/prod/marts/orders'));
    const of904 = node.find(({ parent }) => parent === `run:dbt://${account}/904/4`);
    assert.deepEqual([of904?.status, of904?.commit, of904?.environment], ['success', commit, 'Production']);
    assert.deepEqual(of904?.params, [{ name: 'query id', value: '01b2c3d4-0000-0000-0000-904' }]);
    const tested = runs.find(({ status, of }) => status === 'failed' && of[0]?.includes('unique_orders_id'));
    assert.equal(tested?.message, 'Got 3 results');
    assert.ok(tested?.logs[0] && parseRemoteLog(tested.logs[0].file)?.key === `logs/${account}/904/4`);
    assert.deepEqual(
      series.map(({ points }) => points[0]?.value),
      [0, 3],
    );
    assert.deepEqual(
      edges.filter(({ relation }) => relation === 'writes').map(({ from, to }) => [from, to]),
      [[`task:dbt://${account}/11/dbt%20build`, orders?.id]],
    );
    // A trial wrote to a schema that is dropped afterwards.
    assert.ok(!runs.some(({ parent }) => parent?.startsWith(`run:dbt://${account}/902/4`)));
  });

  test('that the connection names is not looked for', async (context) => {
    const { fake, connector } = await cloud(context, { instance: String(account) });
    assert.equal(connector.scope, `dbt://${account}`);
    await scanned(connector);
    assert.ok(!fake.asked.some((path) => /\/accounts\/\?|\/accounts\/$/.test(path)));
    assert.equal(await connector.greet(signal), `dbt Cloud account Acme (${account}), 3 jobs`);
  });

  test('of a thousand jobs comes in pages', async (context) => {
    const { fake, connector } = await cloud(context, { jobs: 1000 });
    const { entities } = await scanned(connector);
    assert.equal(entities.filter(({ kind, id }) => kind === 'job' && id.includes(`//${account}/`)).length, 1003);
    assert.equal(fake.asked.filter((path) => path.includes('/jobs/?')).length, 11);
  });
});

describe('the second scan', () => {
  test('asks two pages and nothing of each thing', async (context) => {
    const { fake, connector } = await cloud(context, { jobs: 50 });
    const first = await scanned(connector);
    fake.asked.length = 0;
    const second = await scanned(connector, signal, first.cursor);
    assert.equal(second.incremental, true);
    assert.deepEqual(
      fake.asked.map((path) => path.replace(/\?.*/, '')),
      [`GET /api/v2/accounts/${account}/jobs/`, `GET /api/v2/accounts/${account}/runs/`],
    );
    assert.deepEqual(
      second.runs.map(({ id }) => id),
      [`run:dbt://${account}/905`],
      'only what had not ended',
    );
    assert.deepEqual(second.covered, first.covered);
  });

  test('reads what ended since, and its artifacts once; the manifest of the same commit is not fetched again', async (context) => {
    const { fake, connector } = await cloud(context);
    const first = await scanned(connector);
    fake.state.runs.push(buildRun(906, 11, now - 60_000, false));
    const open = fake.state.runs.find(({ id }) => id === 905);
    if (open) Object.assign(open, { status: 20, finishedAt: now, message: 'Cloning failed' });
    fake.asked.length = 0;
    const second = await scanned(connector, signal, first.cursor);
    const status = (id: string) => second.runs.findLast((run) => run.id === `run:dbt://${account}/${id}`)?.status;
    assert.deepEqual([status('906'), status('905')], ['success', 'failed']);
    assert.deepEqual(
      fake.asked.filter((path) => path.includes('artifacts')).map((path) => path.replace(/.*artifacts/, '')),
      ['/run_results.json?step=4'],
    );
    fake.asked.length = 0;
    const third = await scanned(connector, signal, second.cursor);
    assert.deepEqual([third.runs, fake.asked.length], [[], 2]);
  });

  test('a run that fell out of the page is asked for by itself until it ends', async (context) => {
    const { fake, connector } = await cloud(context);
    const first = await scanned(connector);
    const [open] = fake.state.runs.splice(
      fake.state.runs.findIndex(({ id }) => id === 905),
      1,
    );
    assert.ok(open);
    for (let id = 906; id < 1020; id += 1) fake.state.runs.push(buildRun(id, 13, now, false));
    fake.state.runs.unshift({ ...open, status: 30, finishedAt: now });
    const second = await scanned(connector, signal, first.cursor);
    const ended = second.runs.findLast(({ id }) => id === `run:dbt://${account}/905`);
    assert.deepEqual([ended?.status, ended?.message], ['failed', 'cancelled']);
  });
});

describe('a log', () => {
  test('is that of a step, of its debug log, or of all steps, without colours', async (context) => {
    const { connector } = await cloud(context);
    const step = await connector.readLog?.(`logs/${account}/904/4`, signal);
    assert.equal(
      step?.text,
      '02:00:01  Running with dbt=2026.11.1\nFailure in test unique_orders_id\n  Got 3 results, configured to fail if != 0\n',
    );
    assert.equal(step?.complete, true);
    assert.match((await connector.readLog?.(`debug/${account}/904/4`, signal))?.text ?? '', /^02:00:01 On test\.shop/);
    const whole = await connector.readLog?.(`logs/${account}/904`, signal);
    assert.match(whole?.text ?? '', /^== 1\. Clone git repository \(success\) ==\nClone git repository\ndone\n== 2\./);
    assert.match(whole?.text ?? '', /== 4\. Invoke dbt with `dbt build` \(failed\) ==\n02:00:01/);
    assert.equal((await connector.readLog?.(`logs/${account}/905`, signal))?.complete, false);
  });

  test('of a run that is gone, and of none, says so', async (context) => {
    const { connector } = await cloud(context);
    const gone = await failure(Promise.resolve(connector.readLog?.(`logs/${account}/77`, signal)));
    assert.match(gone.message, /cloud: .* has no run 77 any more/);
    await assert.rejects(Promise.resolve(connector.readLog?.('logs/../1', signal)), /has no log "logs\/\.\.\/1"/);
    assert.equal(parseLogKey('logs/1/2/3/4'), undefined);
  });
});

describe('what is refused', () => {
  test('a token of another account says where accounts are', async (context) => {
    const { connector } = await cloud(context, { token: 'dbtc_other' });
    const error: HttpError = await failure(scanned(connector));
    assert.equal(error.kind, 'unauthorized');
    assert.match(error.message, /an account has its own address \(cloud: Account settings/);
    assert.doesNotMatch(error.message, /dbtc_other/);
  });

  test('one part leaves the others', async (context) => {
    const { fake, connector } = await cloud(context);
    fake.fault = (path) => (/projects|artifacts/.test(path) ? { status: 403, body: '{}' } : undefined);
    const seen = await scanned(connector);
    assert.equal(seen.entities.filter(({ kind }) => kind === 'job').length, 3);
    assert.ok(seen.problems.length >= 2 && seen.problems.every(({ message }) => message.includes('cloud')));
    assert.deepEqual([...new Set(seen.covered.map(({ kind }) => kind))], ['job', 'task']);
  });

  test('jobs and runs alike: nothing can be said, and nothing is gone', async (context) => {
    const { fake, connector } = await cloud(context);
    fake.fault = (path) => (/\/(jobs|runs)\//.test(path) ? { status: 403, body: '{}' } : undefined);
    assert.equal((await failure(scanned(connector))).kind, 'forbidden');
  });

  test('something else that answers is no dbt Cloud', async (context) => {
    const { fake, connector } = await cloud(context);
    fake.fault = () => ({ status: 200, body: '{"hello": "world"}' });
    const error = await failure(scanned(connector));
    assert.equal(error.kind, 'broken');
    assert.match(error.message, /not dbt Cloud's\. Use the address at which you open it/);
  });
});

test('what a folder proves absent stays so beside dbt Cloud, and ref() is what the folder builds', async (context) => {
  const { connector } = await cloud(context);
  const metadata = { dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json', project_name: 'shop' };
  const orders = {
    ...{
      resource_type: 'model',
      name: 'orders',
      package_name: 'shop',
      database: 'dev',
      schema: 'ana',
      alias: 'orders',
    },
    original_file_path: 'models/orders.sql',
  };
  const folder = testFolder(context, {
    'dbt_project.yml': 'name: shop\n',
    'target/manifest.json': JSON.stringify({ metadata, nodes: { 'model.shop.orders': orders } }),
  });
  const { store } = CatalogStore.open(':memory:');
  context.after(() => store.close());
  await runSync({ folders: [folder.path], store, trusted: false, log: memoryLog(), connectors: [dbt] });
  await scanSource(connector, { writer: store.writer(), now: () => now, log: memoryLog() }, signal);
  const catalog = store.snapshot();
  assert.equal(catalog.get('table:dbt://shop/prod/marts/orders')?.name, 'prod.marts.orders');
  assert.equal(catalog.covers('table', 'dbt').covered, true);
  assert.equal(catalog.covers('job', 'dbt').covered, true);
  const start = { line: 0, character: 0 };
  const asked = (name: string): Reference => ({
    ...{ kind: 'table', name, role: 'reads', range: { start, end: start }, text: name, tool: 'dbt', detail: {} },
    ...{ confidence: 'literal', via: 'test', within: {} },
  });
  const found = (name: string) => resolve(asked(name), catalog, { definedHere: false });
  const [here, other] = [found('orders'), found('customers')];
  assert.ok(here.status === 'resolved' && here.entity.id === 'table:dbt://shop/dev/ana/orders', here.status);
  assert.ok(other.status === 'resolved' && other.entity.id === 'table:dbt://shop/prod/marts/customers', other.status);
});

test('what is on screen is asked for as of now', async (context) => {
  const { fake, connector } = await cloud(context);
  await scanned(connector);
  fake.asked.length = 0;
  const ids = [
    `run:dbt://${account}/904/4`,
    `job:dbt://${account}/12`,
    'table:dbt://shop/prod/marts/orders',
    'run:dbt://shop/x/y',
  ];
  const pages = await all(connector.describe(ids, signal));
  const runs = pages.flatMap((page) => page.runs ?? []).map(({ id }) => id);
  assert.ok(runs.includes(`run:dbt://${account}/904/4`) && runs.includes(`run:dbt://${account}/903`));
  assert.ok(pages.every(({ incremental }) => incremental));
  assert.equal(fake.asked.length, 2);
});

test('no answer of any shape is a crash', () => {
  const anything = fc.anything({ maxDepth: 3 });
  fc.assert(
    fc.property(anything, anything, anything, (id, status, steps) => {
      readJob({ id, execute_steps: steps, schedule: status, triggers: steps });
      readRun({ id: 7, status, run_steps: steps, git_sha: id, trigger: steps, created_at: status });
      readRun(steps);
      readJob(steps);
    }),
  );
  fc.assert(fc.property(fc.json(), (text) => assert.ok(Array.isArray(readCursor(text)))));
});
