// What is on screen of a Ray head: one job with its failed tasks and workers' logs, and the runs that its log names.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CatalogChange } from '../../../server/catalog/change.ts';
import { parseRemoteLog } from '../../../server/catalog/run.ts';
import { CatalogStore } from '../../../server/catalog/store.ts';
import type { LiveConnector } from '../../../server/connectors/connector.ts';
import { connectedTo, fakeHead, jobLike, recorded } from './server.ts';

const signal = new AbortController().signal;
const id = 'run:ray://head/raysubmit_search';

async function look(connector: LiveConnector, ids: readonly string[]): Promise<readonly CatalogChange[]> {
  const pages: CatalogChange[] = [];
  for await (const page of connector.describe(ids, signal)) pages.push(page);
  return pages;
}

/** It knows an MLflow and a search of Tune that began at `at`. */
function world(at: number) {
  const { store } = CatalogStore.open(':memory:');
  const writer = store.writer();
  writer.register({ name: 'm', tool: 'mlflow', scope: 'mlflow://m', kinds: ['run'] });
  const tune = { name: 't', tool: 'ray', scope: 'ray://1a2b', kinds: ['experiment', 'run'] } as const;
  const scan = writer.startScan(tune, 1);
  const search = {
    id: 'run:ray://1a2b/churn_search',
    of: [],
    name: 'churn_search',
    status: 'success',
    startedAt: at,
  } as const;
  const rest = { metrics: [], params: [], inputs: [], outputs: [], logs: [], linked: [] };
  const entities = [{ id: 'experiment:ray://1a2b/churn_search', kind: 'experiment', name: 'churn_search' }] as const;
  scan.apply({ entities, runs: [{ ...search, ...rest }] });
  scan.finish();
  return store.snapshot();
}

const log = [
  '│ Configuration for experiment     churn_search          │',
  'see runs:/0123456789abcdef0123456789abcdef/model and raysubmit_search itself',
  '',
].join('\n');

for (const [when, isLinked] of [
  [1_795_464_049_518, true],
  [1_795_460_000_000, false],
] as const) {
  test(`a job with its workers' logs, and what its log names; a search of its time: ${isLinked}`, async (context) => {
    const head = await fakeHead(context);
    head.break(({ path, query }) => {
      const jobs = recorded('jobs') as readonly { readonly submission_id: string }[];
      if (path === '/api/jobs/raysubmit_search')
        return [200, jobs.find((job) => job.submission_id === 'raysubmit_search')];
      if (path === '/api/v0/logs/file') return [200, log];
      if (path !== '/api/v0/logs') return undefined;
      assert.equal(query.get('glob'), 'worker-*-06000000-*');
      const files = ['worker-ab12-06000000-7.out', 'worker-ab12-06000000-7.err', '../etc/passwd', 'worker-x'];
      return [200, { result: true, msg: '', data: { result: { worker_out: files, other: 7 } } }];
    });
    const pages = await look(connectedTo(head, { catalog: world(when) }), [id, 'run:ray://other/raysubmit_fail']);
    assert.ok(pages.every((page) => page.incremental === true && page.covered === undefined));
    const [run, ...tasks] = pages.flatMap((page) => page.runs ?? []);
    assert.equal(run?.id, id);
    assert.deepEqual(run?.linked, [
      'run:mlflow://m/0123456789abcdef0123456789abcdef',
      ...(isLinked ? ['run:ray://1a2b/churn_search'] : []),
    ]);
    assert.deepEqual(
      run?.logs.map(({ title, file }) => [title, parseRemoteLog(file)?.source]),
      [
        ['driver', 'live'],
        ['worker 7 errors', 'live'],
        ['worker 7', 'live'],
      ],
    );
    assert.deepEqual(
      tasks.map(({ parent, name }) => [parent, name]),
      [[id, 'objective.train']],
    );
  });
}

test('what a scan finds later does not forget what a look found', async (context) => {
  const head = await fakeHead(context);
  const { store } = CatalogStore.open(':memory:');
  const writer = store.writer();
  writer.register({ name: 'm', tool: 'mlflow', scope: 'mlflow://m', kinds: ['run'] });
  head.break(({ path }) => {
    if (path === '/api/jobs/raysubmit_x') return [200, jobLike({ submission_id: 'raysubmit_x' })];
    if (path === '/api/jobs/') return [200, [jobLike({ submission_id: 'raysubmit_x' })]];
    if (path === '/api/v0/logs/file') return [200, log];
    return path === '/api/v0/logs'
      ? [200, { result: true, data: { result: { a: ['worker-a-05000000-1.out'] } } }]
      : undefined;
  });
  const connector = connectedTo(head, { catalog: store.snapshot() });
  const source = { name: 'live', tool: 'ray', scope: 'ray://head', kinds: ['run'] } as const;
  const seen = writer.startScan(source, 1, { as: 'look' });
  for (const page of await look(connector, ['run:ray://head/raysubmit_x'])) seen.apply(page);
  seen.finish();
  for await (const { runs = [] } of connector.scan(signal)) {
    const run = runs.find(({ id: each }) => each === 'run:ray://head/raysubmit_x');
    if (!run) continue;
    assert.deepEqual(run.linked, ['run:mlflow://m/0123456789abcdef0123456789abcdef']);
    assert.deepEqual(
      run.logs.map(({ title }) => title),
      ['driver', 'worker 1'],
    );
    return;
  }
  assert.fail('the job was not told');
});

test('a driver of an earlier session, and a job that Ray forgot, are not there to be asked for', async (context) => {
  const head = await fakeHead(context);
  const asked = ['run:ray://head/session_2020-01-01_1/02000000', 'run:ray://head/raysubmit_gone'];
  assert.deepEqual(await look(connectedTo(head), asked), [{ incremental: true }]);
  assert.deepEqual(
    head.asked.map(({ path }) => path),
    ['/api/version', '/api/jobs/raysubmit_gone'],
  );
});

test('endpoints are asked for together', async (context) => {
  const head = await fakeHead(context);
  const asked = ['endpoint:ray://head/churn', 'endpoint:ray://head/broken/Broken', 'run:ray://head/serve/churn/1'];
  const [page] = await look(connectedTo(head), asked);
  assert.equal(page?.entities?.length, 4);
  assert.equal(page?.covered, undefined, 'a look concludes nothing');
  assert.deepEqual(
    head.asked.map(({ path }) => path),
    ['/api/version', '/api/serve/applications/'],
  );
});
