// Marquez' connector: what is gone, what moves while it is listed, what may not be asked, credentials, and any answer at all.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { CatalogStore } from '../../../server/catalog/store.ts';
import type { HttpAnswer, HttpRequest, LiveConnector, LiveHost } from '../../../server/connectors/connector.ts';
import { HttpError } from '../../../server/connectors/httpError.ts';
import { marquez } from '../../../server/connectors/openlineage/marquez/connector.ts';
import type { Secret } from '../../../server/protocol/connection.ts';
import { LiveScan } from '../../../server/sync/live/liveScan.ts';
import { MarquezAnswers } from '../../fakes/marquez/answers.ts';
import { MarquezState } from '../../fakes/marquez/state.ts';
import { memoryLog } from '../../support/log.ts';
import { scanned } from '../../support/scan.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const signal = new AbortController().signal;

interface Bench {
  readonly connector: LiveConnector;
  readonly asked: HttpRequest[];
}

/** `answer` is what comes instead of the usual; undefined: the usual. */
function bench(
  state: MarquezState,
  answer: (path: string, query: URLSearchParams) => unknown = () => undefined,
  secret?: Secret,
): Bench {
  const asked: HttpRequest[] = [];
  const answers = new MarquezAnswers(state);
  const fetch: LiveHost['fetch'] = async (request) => {
    asked.push(request);
    const query = new URLSearchParams(request.query?.map(([name, value]) => [name, value]));
    const path = request.path.replace(/^\/api\/v1/, '');
    const json = answer(path, query) ?? usual(answers, path, query);
    if (json === undefined) throw new HttpError('missing', `prod: m:5000 has no ${path} (404).`, { status: 404 });
    return { status: 200, header: () => undefined, text: '', json: () => json } satisfies HttpAnswer;
  };
  const host: LiveHost = { fetch, secret: async () => secret, skewMs: 0, log: memoryLog(), now: () => now };
  const connector = marquez.connect?.({ name: 'prod', tool: 'marquez', url: 'http://m:5000' }, host);
  assert.ok(connector);
  return { connector, asked };
}

function usual(answers: MarquezAnswers, path: string, query: URLSearchParams): unknown {
  if (path === '/namespaces') return answers.namespaces(query);
  if (path === '/jobs') return answers.jobs(undefined, query);
  const of = /^\/namespaces\/([^/]+)\/datasets$/.exec(path)?.[1];
  return of === undefined ? undefined : answers.datasets(decodeURIComponent(of), query);
}

function filled(jobs: number): MarquezState {
  const state = new MarquezState();
  for (let n = 0; n < jobs; n++) add(state, `job-${n}`, n);
  return state;
}

function add(state: MarquezState, name: string, second: number): void {
  const eventTime = new Date(Date.parse('2026-11-20T00:00:00Z') + second * 1000).toISOString();
  state.add({
    eventType: 'COMPLETE',
    eventTime,
    run: { runId: `run of ${name}` },
    job: { namespace: 'acme', name },
    inputs: [],
    outputs: [],
  });
}

function stored(context: TestContext) {
  const { store } = CatalogStore.open(':memory:');
  context.after(() => store.close());
  const sync = (connector: LiveConnector, mustBeFull = true) =>
    new LiveScan({ connector, store, now: () => now, log: memoryLog() }).scan(mustBeFull, 6 * 3_600_000, signal);
  const jobs = () =>
    store
      .snapshot()
      .list('job', 1000)
      .filter(({ goneAt }) => goneAt === undefined).length;
  return { store, sync, jobs };
}

test('three hundred jobs are four questions, and those that Marquez names no more are gone', async (context) => {
  const state = filled(300);
  const { connector, asked } = bench(state);
  const { sync, jobs } = stored(context);
  await sync(connector);
  assert.deepEqual([jobs(), asked.filter(({ path }) => path === '/api/v1/jobs').length], [300, 4]);
  state.jobs.delete('acme\njob-7');
  await sync(connector);
  assert.equal(jobs(), 299);
});

test('a job that moves to the front while the rest is listed is not lost', async (context) => {
  const state = filled(250);
  let isMoved = false;
  const { connector } = bench(state, (path, query) => {
    if (path === '/jobs' && query.get('offset') === '100' && !isMoved) {
      isMoved = true;
      // The last of all, so that it would have come on the third page.
      add(state, 'job-0', 10_000);
    }
    return undefined;
  });
  const { sync, jobs } = stored(context);
  await sync(connector);
  assert.ok(isMoved);
  assert.equal(jobs(), 250);
});

test('a list that is shorter than it says covers nothing, and nothing is gone', async (context) => {
  const state = filled(30);
  const { sync, jobs } = stored(context);
  await sync(bench(state).connector);
  const short = new MarquezAnswers(filled(10)).jobs(undefined, new URLSearchParams());
  const { connector } = bench(state, (path) =>
    path === '/jobs' ? { ...short, totalCount: 11, jobs: [...Object(short).jobs, { name: 3 }] } : undefined,
  );
  const { problems } = await sync(connector);
  assert.match(problems.join(), /prod: m:5000.*1 jobs have a shape that is not known/);
  assert.equal(jobs(), 30);
});

test('a namespace that is not for us leaves the others and the jobs as they are', async () => {
  const state = filled(2);
  state.add({ eventTime: '2026-11-20T01:00:00Z', dataset: { namespace: 's3://a', name: 'x', facets: {} } });
  state.add({ eventTime: '2026-11-20T01:00:00Z', dataset: { namespace: 's3://b', name: 'y', facets: {} } });
  const { connector } = bench(state, (path) => {
    if (!path.includes('s3%3A%2F%2Fa')) return undefined;
    throw new HttpError('forbidden', 'prod: m:5000 does not allow this (403).', { status: 403 });
  });
  const { entities, problems, covered, cursor } = await scanned(connector);
  assert.match(problems[0]?.message ?? '', /403/);
  assert.ok(entities.some(({ id }) => id === 'path:s3://b/y') && !entities.some(({ id }) => id === 'path:s3://a/x'));
  assert.ok(covered.some(({ scope }) => scope === 'openlineage://acme'));
  assert.equal(cursor, undefined, 'what had a problem is asked for again');
});

test('hidden namespaces are left out, and names are one segment of a path each', async () => {
  const state = filled(1);
  state.add({ eventTime: '2026-11-20T01:00:00Z', dataset: { namespace: 's3://a/b?c', name: 'x', facets: {} } });
  const { connector, asked } = bench(state, (path) => {
    return path === '/namespaces'
      ? {
          namespaces: [
            { name: 's3://a/b?c', isHidden: false },
            { name: 'old', isHidden: true },
          ],
        }
      : undefined;
  });
  await scanned(connector);
  const lists = asked.flatMap(({ path }) => (path.endsWith('/datasets') ? [path] : []));
  assert.deepEqual(lists, ['/api/v1/namespaces/s3%3A%2F%2Fa%2Fb%3Fc/datasets']);
});

test('a token is sent as a bearer, a password as basic', async () => {
  const asks = async (secret: Secret) => {
    const { connector, asked } = bench(filled(1), undefined, secret);
    await connector.greet(signal);
    return asked[0]?.authorization;
  };
  assert.equal(await asks({ kind: 'token', token: 't' }), 'Bearer t');
  assert.equal(
    await asks({ kind: 'basic', username: 'ü', password: 'p' }),
    `Basic ${Buffer.from('ü:p').toString('base64')}`,
  );
});

test('any answer is read without a crash, or said to be none of Marquez', async () => {
  const value = fc.jsonValue({ maxDepth: 4 });
  const job = fc.record({
    ...{
      namespace: fc.constant('acme'),
      name: fc.string({ minLength: 1 }),
      updatedAt: fc.constant('2026-11-20T00:00:00Z'),
    },
    ...{
      facets: value,
      inputs: fc.array(value),
      outputs: value,
      latestRuns: fc.array(
        fc.record({
          id: value,
          state: value,
          updatedAt: fc.constant('2026-11-20T00:00:00Z'),
          facets: value,
          inputDatasetVersions: value,
        }),
      ),
    },
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(job, value), { maxLength: 4 }), value, async (jobs, other) => {
      const { connector } = bench(filled(1), (path) =>
        path === '/jobs'
          ? { jobs }
          : path === '/namespaces'
            ? { namespaces: [other, { name: 'a' }] }
            : { datasets: [other, ...jobs] },
      );
      const { entities } = await scanned(connector).catch((error: unknown) => {
        assert.ok(error instanceof HttpError, String(error));
        return { entities: [] };
      });
      assert.ok(entities.every(({ id }) => typeof id === 'string' && id !== ''));
    }),
  );
});
