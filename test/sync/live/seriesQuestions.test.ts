// Values of a metric asked of connections: who is asked, and what the others say instead.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveConnector } from '../../../server/connectors/connector.ts';
import type { ConnectionConfig } from '../../../server/protocol/connection.ts';
import { answerSeries } from '../../../server/sync/live/seriesQuestions.ts';

const metric = 'metric:prometheus://prod/churn_score';
const question = { metric, from: 0, to: 10 };
const config = (name: string, more: Partial<ConnectionConfig> = {}): ConnectionConfig => ({
  name,
  tool: 'prometheus',
  url: `http://${name}.example`,
  ...more,
});
type Series = NonNullable<LiveConnector['series']>;

function connector(name: string, scope: string, series?: Series): LiveConnector {
  return {
    source: { name, tool: 'prometheus' },
    scope,
    kinds: ['metric'],
    async *scan() {},
    async *describe() {},
    greet: async () => name,
    ...(series && { series }),
  };
}

test('only a connection that the metric lies in is asked, and a failing one says why', async () => {
  const asked: string[] = [];
  const answering =
    (name: string): Series =>
    async (id, { from, to }) => {
      asked.push(name);
      return [{ metric: id, run: '{}', points: [{ name: 'churn_score', value: to - from, at: to }] }];
    };
  const all: Record<string, LiveConnector> = {
    good: connector('good', 'prometheus://prod', answering('good')),
    also: { ...connector('also', 'prometheus://x', answering('also')), alsoScopes: ['prometheus://prod'] },
    other: connector('other', 'prometheus://prod2', answering('other')),
    silent: connector('silent', 'prometheus://prod'),
    paused: connector('paused', 'prometheus://prod', answering('paused')),
    broken: connector('broken', 'prometheus://prod', async () => {
      throw new Error('broken cannot be reached. Look whether it runs.');
    }),
    airflow: connector('airflow', 'prometheus://prod', answering('airflow')),
  };
  const list = Object.keys(all).map((name) =>
    config(name, name === 'paused' ? { paused: true } : name === 'airflow' ? { tool: 'airflow' } : {}),
  );
  const connectorOf = (name: string): LiveConnector => all[name] ?? assert.fail(name);
  const answers = await answerSeries(list, connectorOf, question, new AbortController().signal);
  assert.deepEqual(asked, ['good', 'also']);
  assert.deepEqual(
    answers.map(({ source, series, problem }) => [source, series.length, problem]),
    [
      ['good', 1, undefined],
      ['also', 1, undefined],
      ['paused', 0, 'paused is paused. Resume it in the Connections view to see values.'],
      ['broken', 0, 'broken cannot be reached. Look whether it runs.'],
    ],
  );
});

test('what is being stopped answers in words and keeps nobody waiting', async () => {
  const stopping = new AbortController();
  const waits = connector('slow', 'prometheus://prod', (_metric, _range, signal) => {
    stopping.abort(new Error('The sync is stopping.'));
    return new Promise((_resolve, reject) => {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  });
  const [answer] = await answerSeries([config('slow')], () => waits, question, stopping.signal);
  assert.equal(answer?.problem, 'The sync is stopping.');
});

test('a connection whose configuration cannot be used says so', async () => {
  const refuse = (): LiveConnector => {
    throw new Error('bad: this version of Plumbline cannot ask prometheus servers.');
  };
  const [answer] = await answerSeries([config('bad')], refuse, question, new AbortController().signal);
  assert.match(String(answer?.problem), /^bad: this version/);
});
