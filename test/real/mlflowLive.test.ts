// Real MLflow 3 and 2.22 servers are read as their own database is; every change is seen; a killed one is told apart.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CatalogChange } from '../../server/catalog/change.ts';
import { parseRemoteLog, type Run } from '../../server/catalog/run.ts';
import { mlflow } from '../../server/connectors/mlflow/index.ts';
import { hostAt, type Scanned, scanned } from '../support/scan.ts';
import { type Connected, connected, type RealServer, realServer } from './mlflowServer.ts';

const signal = new AbortController().signal;
const isMlflow3 = (name: string) => name === 'mlflow3';

for (const name of ['mlflow3', 'mlflow2'] as const) {
  describe(`a server of ${name}`, () => {
    test('is read as its database is, and its changes are seen', { timeout: 600_000 }, async (t) => {
      const server = await realServer(t, name);
      await server.script('mlflow_store.py', server.url);
      const { connector, asked } = connected(server.url);
      const told = await connector.greet(signal);
      assert.match(told, isMlflow3(name) ? /^MLflow 3\.\d+\.\d+, 2 registered models$/ : /^MLflow 2\.22\.\d+, 2 reg/);
      asked.length = 0;
      const whole = await scanned(connector);
      await t.test('the same entities, edges and runs', async () => sameAsDatabase(whole, server));
      await t.test('one page of each listing is asked for', () => {
        const listings = ['experiments', 'registered-models', 'model-versions', 'runs'];
        const expected = [...listings, ...(isMlflow3(name) ? ['logged-models'] : [])];
        assert.deepEqual(asked.map((path) => path.split('/').at(-2)).sort(), expected.sort());
      });
      await t.test('what is on screen has its history and its logs', async () =>
        onScreen(connected(server.url), whole, server),
      );
      await t.test('changes', async () => changes({ connector, asked }, whole, server));
      await t.test('killed in the middle of a scan', async () => killed(server));
    });
  });
}

test('a server under a prefix', { timeout: 400_000 }, async (t) => {
  const server = await realServer(t, 'mlflow2', { arguments: ['--static-prefix', '/ml'], prefix: '/ml' });
  const { connector } = connected(server.url);
  // MLflow 2 tells its version beside its prefix, where we were not sent.
  assert.equal(await connector.greet(signal), 'MLflow, 0 registered models');
  const scan = await scanned(connector);
  assert.equal(scan.entities[0]?.facts?.url, `${server.url}/#/experiments/0`);
  assert.equal(connector.scope, `mlflow://127.0.0.1:${server.port}%2Fml`);
  // Its API is there too, and that is the address its own client is given.
  const beside = connected(server.url.replace('/ml', '')).connector;
  assert.match(await beside.greet(signal), /^MLflow 2\.22\.\d+, 0 registered models$/);
  const elsewhere = connected(server.url.replace('/ml', '/other')).connector;
  await assert.rejects(scanned(elsewhere), /is no MLflow tracking server, or it is one under another prefix/);
});

test('a server that knows another host name only', { timeout: 400_000 }, async (t) => {
  const server = await realServer(t, 'mlflow3', { arguments: ['--allowed-hosts', 'mlflow.example.com'] });
  const { connector } = connected(server.url);
  const says = { kind: 'forbidden', message: new RegExp(`--allowed-hosts "127.0.0.1:${server.port}"`) };
  await assert.rejects(connector.greet(signal), says);
  await assert.rejects(scanned(connector), says);
});

test('a server of artifacts alone', { timeout: 400_000 }, async (t) => {
  const server = await realServer(t, 'mlflow2', { arguments: ['--artifacts-only'] });
  const { connector } = connected(server.url);
  await assert.rejects(connector.greet(signal), /artifacts alone \(--artifacts-only\)/);
  await assert.rejects(scanned(connector), /artifacts alone \(--artifacts-only\)/);
});

const instanceOf = (scan: Scanned) => scan.covered[0]?.scope.replace('mlflow://', '') ?? '';

/** What both tell: without the instance, the addresses of the UI, and where the logs are. */
function comparable(scan: Scanned): object {
  const runs = scan.runs.map(({ url: _url, logs: _logs, ...run }) => run).sort((a, b) => (a.id < b.id ? -1 : 1));
  const entities = scan.entities
    .map(({ facts, ...entity }) => ({ ...entity, facts: { ...facts, url: undefined } }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const edges = scan.edges
    // Which of several runs is named first is not the point.
    .map(({ evidence: _evidence, ...edge }) => edge)
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  const text = JSON.stringify({ runs, entities, edges, covered: scan.covered.map(({ kind }) => kind) });
  return JSON.parse(text.replaceAll(`://${instanceOf(scan)}`, '://instance')) as object;
}

async function database(server: RealServer): Promise<Scanned> {
  const source = {
    ...{ name: 'mlflow mlflow.db', tool: 'mlflow' },
    ...{ path: server.folder.at('mlflow.db'), workspaceFolder: server.folder.path },
  };
  return scanned(await mlflow.create(source, hostAt('2026-11-20T12:00:00Z')));
}

async function sameAsDatabase(live: Scanned, server: RealServer): Promise<void> {
  const local = await database(server);
  assert.deepEqual(live.problems, []);
  assert.equal(live.runs.length, 6);
  assert.deepEqual(comparable(live), comparable(local));
  for (const run of live.runs)
    assert.match(run.url ?? '', new RegExp(`^${server.url}/#/experiments/\\d+/runs/\\w{32}$`));
  const model = live.entities.find(({ kind, name }) => kind === 'model' && name === 'churn');
  assert.equal(model?.facts?.url, `${server.url}/#/models/churn`);
}

async function described({ connector }: Connected, ids: readonly string[]): Promise<readonly CatalogChange[]> {
  const pages: CatalogChange[] = [];
  for await (const page of connector.describe(ids, signal)) pages.push(page);
  return pages;
}

async function onScreen(live: Connected, whole: Scanned, server: RealServer): Promise<void> {
  const local = await database(server);
  const ids = whole.runs.map(({ id }) => id);
  const pages = await described(live, ids);
  assert.deepEqual(
    pages.flatMap((page) => page.problems ?? []),
    [],
  );
  const plain = (series: Scanned['series'], instance: string) =>
    series
      .map(({ metric, run, points }) =>
        JSON.stringify([metric, run, points.map((p) => `${p.at} ${p.step} ${p.value}`)]),
      )
      .map((line) => line.replaceAll(`://${instance}`, '://instance'))
      .sort();
  const found = pages.flatMap((page) => page.series ?? []);
  assert.deepEqual(plain(found, instanceOf(whole)), plain(local.series, instanceOf(local)));
  const runs = pages.flatMap((page) => page.runs ?? []);
  const titles = (some: readonly Run[]) =>
    some.map(({ id, logs }) => `${id.split('/').at(-1)} ${logs.map(({ title }) => title).sort()}`).sort();
  assert.deepEqual(titles(runs), titles(local.runs));
  live.asked.length = 0;
  await described(live, ids);
  assert.ok(live.asked.length <= 3, `the second look asks little: ${live.asked.join(', ')}`);

  const file = runs.flatMap(({ logs }) => logs).find(({ title }) => title === 'logs/train.log')?.file ?? '';
  const key = parseRemoteLog(file)?.key ?? '';
  assert.deepEqual(await live.connector.readLog?.(key, signal), { text: 'epoch 1\n', complete: true });
  await assert.rejects(
    async () => live.connector.readLog?.(key.replace('train', 'none'), signal),
    /does not have the artifact/,
  );
  await assert.rejects(async () => live.connector.readLog?.(`${key.split('/')[0]}/../../x`, signal));

  const { logged } = JSON.parse(await server.script('mlflow_change.py', server.url, 'log')) as { logged: string };
  const long = await live.connector.readLog?.(`${logged}/logs/long.log`, signal);
  assert.match(long?.text ?? '', /^\[Plumbline: the end of a log of [\d,]+ bytes/);
  assert.match(long?.text ?? '', /\nline 999999\n$/);
  assert.ok((long?.text.length ?? 0) < 8_100_000);
}

async function changes(live: Connected, whole: Scanned, server: RealServer): Promise<void> {
  const scanSince = async (since: string | undefined) => {
    live.asked.length = 0;
    const next = await scanned(live.connector, signal, since);
    assert.equal(next.incremental, true);
    assert.deepEqual(next.problems, []);
    return next;
  };
  // As if the store had been filled long ago, so that the window of overlap does not show everything again.
  const at = Date.now() - 1;
  const cursor = JSON.stringify({ ...(JSON.parse(whole.cursor ?? '') as object), at });

  const quiet = await scanSince(cursor);
  assert.deepEqual(
    quiet.runs.map((run) => run.name),
    ['still running'],
  );
  assert.equal(quiet.entities.filter(({ kind }) => kind === 'version').length, 0);
  assert.equal(live.asked.length, 7, live.asked.join('\n'));
  assert.deepEqual(quiet.covered.map(({ kind }) => kind).sort(), ['experiment', 'model']);
  assert.deepEqual(quiet.continued.map(({ kind }) => kind).sort(), ['metric', 'run', 'version']);

  await server.script('mlflow_change.py', server.url, 'alias');
  const moved = await scanSince(cursor);
  const aliases = Object.fromEntries(
    moved.entities.filter(({ kind }) => kind === 'version').map((each) => [each.name, each.aliases]),
  );
  assert.deepEqual(aliases, { 'churn/2': [], 'churn/3': ['churn@challenger', 'churn@champion'] });
  assert.equal(live.asked.length, 8, live.asked.join('\n'));

  const finished = JSON.parse(await server.script('mlflow_change.py', server.url, 'finish')) as { finished: string };
  const ended = (await scanSince(moved.cursor && withTime(moved.cursor, at))).runs.find(({ id }) =>
    id.endsWith(finished.finished),
  );
  assert.equal(ended?.status, 'success');
  assert.deepEqual(
    ended?.metrics.map((metric) => metric.value),
    [0.99],
  );

  const added = JSON.parse(await server.script('mlflow_change.py', server.url, 'version')) as { tuned: string };
  const seen = await scanSince(cursor);
  assert.ok(seen.entities.some((each) => each.name === 'tuned/1' && each.facts?.madeBy?.endsWith(added.tuned)));
  const maker = seen.runs.find(({ id }) => id.endsWith(added.tuned));
  assert.ok(
    maker?.of.some((id) => id.endsWith('/tuned/1')),
    'the run hears of its version',
  );

  // All of it together is what a whole scan says.
  const after = await scanned(live.connector);
  assert.deepEqual(comparable(after), comparable(await database(server)));
}

function withTime(cursor: string, at: number): string {
  return JSON.stringify({ ...(JSON.parse(cursor) as object), at });
}

async function killed(server: RealServer): Promise<void> {
  const { connector } = connected(server.url);
  const pages = connector.scan(signal);
  await pages[Symbol.asyncIterator]().next();
  await server.kill();
  await assert.rejects(async () => {
    for await (const _page of pages);
  }, /live: .*127\.0\.0\.1/);
  await assert.rejects(connector.greet(signal), /live: .*127\.0\.0\.1/);
  await server.start();
  assert.equal((await scanned(connector)).runs.length, 6);
}
