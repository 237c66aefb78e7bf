// Servers that refuse, circle, or answer anything at all: named problems, no crash, no hang, coverage only for what was listed.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { HttpError } from '../../../server/connectors/httpError.ts';
import { scanned } from '../../support/scan.ts';
import { failure, served } from '../../support/web.ts';
import { errors } from './answers.ts';
import { connected, fakeServer, type Reply } from './server.ts';

const signal = new AbortController().signal;
const is = (path: string, name: string) => path.endsWith(`/mlflow/${name}`);

async function scanFailure(url: string, more = {}): Promise<HttpError> {
  return failure(scanned(connected(url, more)));
}

describe('one endpoint of many', () => {
  const cases: readonly (readonly [string, string, Reply, readonly string[]])[] = [
    ['models are forbidden', 'registered-models/search', [403, 'Permission denied'], ['experiment', 'metric', 'run']],
    ['versions are forbidden', 'model-versions/search', [403, 'Permission denied'], ['experiment', 'metric', 'run']],
    ['runs are forbidden', 'runs/search', [403, 'Permission denied'], ['experiment', 'model', 'version']],
    ['experiments are forbidden', 'experiments/search', [403, 'Permission denied'], ['model', 'version']],
    ['logged models are forbidden', 'logged-models/search', [403, 'no'], ['experiment', 'model', 'run', 'version']],
    ['runs are a web page', 'runs/search', [200, errors.noRoute], ['experiment', 'model', 'version']],
    ['runs are no list', 'runs/search', [200, { runs: { a: 1 } }], ['experiment', 'model', 'version']],
    ['runs are a list', 'runs/search', [200, []], ['experiment', 'model', 'version']],
    ['a token comes again', 'runs/search', [200, { next_page_token: 'x' }], ['experiment', 'model', 'version']],
  ];
  for (const [what, name, reply, covered] of cases) {
    test(what, async (t) => {
      const server = await fakeServer(t);
      server.break(({ path }) => (is(path, name) ? reply : undefined));
      const scan = await scanned(connected(server.url));
      assert.equal(scan.problems.length, 1, JSON.stringify(scan.problems));
      assert.match(scan.problems[0]?.message ?? '', /127\.0\.0\.1/);
      assert.deepEqual(scan.covered.map(({ kind }) => kind).sort(), covered);
      assert.ok(server.asked.length < 10);
      const again = await scanned(connected(server.url), signal, scan.cursor);
      assert.equal(
        again.problems.length,
        what.startsWith('logged') ? 0 : 1,
        'no new version, no question about its model',
      );
    });
  }
});

test('pages that never end: new tokens on empty pages stop after a hundred', async (t) => {
  const server = await fakeServer(t);
  let count = 0;
  server.break(({ path }) => (is(path, 'runs/search') ? [200, { next_page_token: String(++count) }] : undefined));
  const scan = await scanned(connected(server.url));
  assert.match(scan.problems[0]?.message ?? '', /100 empty pages/);
  assert.equal(count, 100);
});

test('an empty page with a token is fine', async (t) => {
  const server = await fakeServer(t);
  server.break(({ path, body }) =>
    is(path, 'runs/search') && body.page_token === undefined ? [200, { next_page_token: '0' }] : undefined,
  );
  const scan = await scanned(connected(server.url));
  assert.deepEqual(scan.problems, []);
  assert.equal(scan.runs.length, 2);
});

test('an answer that is too long is asked for in smaller pages', async (t) => {
  const server = await fakeServer(t);
  server.store.runs = Array.from({ length: 400 }, (_, index) => ({
    info: { run_id: `${index}`.padStart(32, 'a'), experiment_id: '1', status: 'FINISHED', start_time: 1, end_time: 2 },
    data: { params: [{ key: 'long', value: 'x'.repeat(100_000) }] },
  }));
  const scan = await scanned(connected(server.url));
  assert.deepEqual(scan.problems, []);
  assert.equal(new Set(scan.runs.map(({ id }) => id)).size, 400);
  assert.ok(server.asked.length < 14, `${server.asked.length}`);
});

describe('the server as a whole', () => {
  test('a host name that it refuses: the option to set', async (t) => {
    const server = await fakeServer(t);
    server.break(() => [403, errors.hostHeader]);
    for (const error of [await scanFailure(server.url), await failure(connected(server.url).greet(signal))]) {
      assert.equal(error.kind, 'forbidden');
      assert.match(error.message, new RegExp(`live: .*--allowed-hosts "127.0.0.1:${server.port}"`));
    }
  });

  test('a server of artifacts alone', async (t) => {
    const server = await fakeServer(t);
    server.break(({ path }) => (path === '/version' ? undefined : [503, errors.artifactsOnly]));
    for (const error of [await scanFailure(server.url), await failure(connected(server.url).greet(signal))]) {
      assert.match(error.message, /artifacts alone \(--artifacts-only\).*Connect to the tracking server/);
    }
  });

  test('something that is no MLflow', async (t) => {
    const page = await served(t, (_, answer) =>
      answer.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in'),
    );
    const nothing = await served(t, (_, answer) =>
      answer.writeHead(404, { 'content-type': 'text/html' }).end('<html>'),
    );
    for (const { port } of [page, nothing]) {
      const url = `http://127.0.0.1:${port}`;
      for (const error of [await scanFailure(url), await failure(connected(url).greet(signal))]) {
        assert.match(error.message, /is no MLflow tracking server, or it is one under another prefix/);
      }
    }
  });

  test('a workspace that it does not have', async (t) => {
    const server = await fakeServer(t);
    const names: unknown[] = [];
    server.break(({ headers }) => {
      names.push(headers['x-mlflow-workspace']);
      return [500, errors.noWorkspaces];
    });
    const error = await scanFailure(server.url, { workspace: 'team-a' });
    assert.match(error.message, /does not accept the workspace team-a\. Correct "workspace"/);
    assert.deepEqual([...new Set(names)], ['team-a']);
  });

  test('everything forbidden is no scan with problems, but a failure', async (t) => {
    const server = await fakeServer(t);
    server.break(() => [403, 'Permission denied']);
    assert.equal((await scanFailure(server.url)).kind, 'forbidden');
  });

  test('401, 429 and 500 end the scan wherever they come', async (t) => {
    for (const [status, kind] of [
      [401, 'unauthorized'],
      [429, 'rateLimited'],
      [500, 'unavailable'],
    ] as const) {
      const server = await fakeServer(t);
      server.break(({ path }) => (is(path, 'runs/search') ? [status, 'no'] : undefined));
      assert.equal((await scanFailure(server.url)).kind, kind);
    }
  });

  test('Databricks is refused before anything is asked', async () => {
    const error = await scanFailure('https://adb-123.4.azuredatabricks.net');
    assert.match(error.message, /hosted by Databricks/);
    assert.match((await failure(connected('https://x.cloud.databricks.com/').greet(signal))).message, /Databricks/);
  });
});

test('credentials: basic, token, none', async (t) => {
  const server = await fakeServer(t);
  const sent: unknown[] = [];
  server.break(({ headers }) => {
    sent.push(headers.authorization);
    return undefined;
  });
  assert.equal(await connected(server.url).greet(signal), 'MLflow 3.17.2, 1 registered model');
  await connected(server.url, { secret: { kind: 'token', token: 'abc' } }).greet(signal);
  await connected(server.url, { secret: { kind: 'basic', username: 'añ', password: 'p:w' } }).greet(signal);
  const basic = `Basic ${Buffer.from('añ:p:w').toString('base64')}`;
  assert.deepEqual(sent, [undefined, undefined, 'Bearer abc', 'Bearer abc', basic, basic]);
});

test('a prefix stands before every route and in every link', async (t) => {
  const server = await fakeServer(t);
  server.break(({ path }) => (path.startsWith('/ml/') ? [200, {}] : [404, errors.noRoute]));
  const scan = await scanned(connected(`${server.url}/ml/`));
  assert.deepEqual(scan.covered[0]?.scope, `mlflow://127.0.0.1:${server.port}%2Fml`);
});

test('below a prefix, MLflow 2 has its API only under the name that its UI uses', async (t) => {
  const server = await fakeServer(t, '2.22.5');
  server.break(({ path }) => {
    if (!path.startsWith('/ml/ajax-api/')) return [404, errors.noRoute];
    return path.endsWith('experiments/search') ? [200, { experiments: server.store.experiments }] : [200, {}];
  });
  const scan = await scanned(connected(`${server.url}/ml`));
  assert.deepEqual(scan.problems, []);
  assert.equal(scan.covered.length, 5);
  assert.equal(server.asked.filter((each) => each.includes(' /ml/api/')).length, 1, 'it is found out once');
});

test('retyped fields: numbers as text are read, records without what names them are counted once', async (t) => {
  const server = await fakeServer(t);
  const [running, ended] = server.store.runs as { info: object; data: object }[];
  server.store.runs = [
    { ...ended, info: { ...ended?.info, start_time: '1795441086737', experiment_id: 1 } },
    ...[1, 2, 3].map(() => ({ ...running, info: { status: 'RUNNING' } })),
    null,
    {
      ...running,
      data: { metrics: [{ key: 'auc', value: '0.5', timestamp: '7', step: '3' }, { key: 'x' }], params: 'no' },
    },
  ];
  const scan = await scanned(connected(server.url));
  assert.equal(scan.runs[0]?.startedAt, 1795441086737);
  assert.deepEqual(scan.runs[1]?.metrics, [{ name: 'auc', value: 0.5, at: 7, step: 3 }]);
  const said = scan.problems.map(({ message }) => message.replace(/^.* answered with /, ''));
  assert.deepEqual(said, [
    '4 × runs without info.run_id or info.experiment_id; left out.',
    '1 × metric values without key, value or timestamp; left out.',
    '1 × parameters of a run; left out.',
  ]);
  assert.deepEqual(
    scan.covered.map(({ kind }) => kind),
    ['model', 'version', 'experiment'],
  );
});

test('any JSON is read without a crash', async (t) => {
  const server = await fakeServer(t);
  const keys = [
    ...['experiments', 'registered_models', 'model_versions', 'runs', 'models', 'info', 'data', 'inputs', 'outputs'],
    ...[
      'name',
      'version',
      'run_id',
      'experiment_id',
      'aliases',
      'tags',
      'metrics',
      'params',
      'dataset_inputs',
      'dataset',
    ],
    ...['key', 'value', 'timestamp', 'latest_versions', 'model_id', 'source', 'registered_model', 'files', 'path'],
  ];
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom(null, true, 0, -1, 1e308, '', '7', 'NaN', 'churn', 'models:/m-1', 'x'.repeat(2000), '\ud800'),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys), tie('tree'), { maxKeys: 5 }),
    ),
  }));
  const id = (kind: string, ...rest: string[]) => `${kind}:mlflow://127.0.0.1:${server.port}/${rest.join('/')}`;
  const looked = [
    id('model', 'churn'),
    id('version', 'churn', '3'),
    id('run', 'a'.repeat(32)),
    id('metric', 'churn', 'auc'),
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(tree, { minLength: 1, maxLength: 6 }), async (answers) => {
      let next = 0;
      server.break(() => [200, answers[next++ % answers.length]]);
      const connector = connected(server.url);
      try {
        await scanned(connector);
        await scanned(connector, signal, '{"v":1,"at":5,"models":[["gone","x"]]}');
        for await (const _page of connector.describe(looked, signal));
        await connector.readLog?.(`${'a'.repeat(32)}/train.log`, signal);
      } catch (error) {
        assert.equal((error as Error).name, 'HttpError', String((error as Error).stack));
      }
    }),
    { numRuns: 100 },
  );
});
