// The values of a metric, asked through the whole server and its sync worker: had, none, and a server that is broken.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeriesResult } from '../../server/protocol/series.ts';
import { openWindow } from '../connections/support/window.ts';
import { served } from '../support/web.ts';

/** As much of Prometheus' HTTP API as is asked here; `broken` answers 503 to everything. */
function answerOf(url: URL, broken: boolean): readonly [status: number, data: unknown] {
  if (broken) return [503, undefined];
  const [start, end] = ['start', 'end'].map((name) => Number(url.searchParams.get(name)));
  switch (url.pathname) {
    case '/api/v1/query_range': {
      const values = [start, end].map((at, index) => [at, String(index + 1)]);
      const has = url.searchParams.get('query')?.includes('churn_score');
      return [200, { resultType: 'matrix', result: has ? [{ metric: { model: 'churn' }, values }] : [] }];
    }
    case '/api/v1/rules':
      return [200, { groups: [] }];
    case '/api/v1/metadata':
      return [200, { churn_score: [{ type: 'gauge', help: 'h', unit: 'ratio' }] }];
    case '/api/v1/label/__name__/values':
      return [200, ['churn_score', 'empty_one']];
    default:
      return [200, {}];
  }
}

test('values, no values, and a server that cannot be asked are three answers', async (t) => {
  let broken = false;
  const { port } = await served(t, (request, answer) => {
    const [status, data] = answerOf(new URL(request.url ?? '/', 'http://x'), broken);
    answer.writeHead(status, { 'content-type': 'application/json' });
    answer.end(JSON.stringify({ status: status === 200 ? 'success' : 'error', data }));
  });
  const config = { name: 'prod', tool: 'prometheus', url: `http://127.0.0.1:${port}`, credential: 'none' } as const;
  const { server, until } = await openWindow(t, { connections: [config] });
  await until('a first scan', ({ health }) => health === 'fresh');
  const series = (metric: string): Promise<SeriesResult> =>
    server.ask<SeriesResult>('plumbline/series', { id: `metric:prometheus://127.0.0.1:${port}/${metric}`, hours: 24 });

  const had = await series('churn_score');
  assert.deepEqual(
    had?.lines.map(({ name, source, points }) => [name, source, points.map(([, value]) => value)]),
    [['churn_score, {model="churn"}', 'prod', [1, 2]]],
  );
  assert.deepEqual([had?.asked, had?.problems, had?.ranged], [['prod'], [], true]);
  const empty = await series('empty_one');
  assert.deepEqual([empty?.lines, empty?.asked, empty?.problems], [[], ['prod'], []]);
  broken = true;
  const failed = await series('churn_score');
  assert.deepEqual([failed?.lines, failed?.asked], [[], []]);
  assert.match(String(failed?.problems[0]), /^prod/);
  assert.deepEqual(server.errors, []);
});
