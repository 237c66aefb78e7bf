// Metric queries: what Datadog's and Prometheus' queries read, and what in them is no metric.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { datadogMetrics } from '../../../server/references/queries/datadog.ts';
import { promqlMetrics } from '../../../server/references/queries/promql.ts';
import { firstHole } from '../../../server/references/sql/tokens.ts';

const datadog = (query: string): readonly string[] => datadogMetrics(query).map(({ name }) => name);
const prometheus = (query: string): readonly string[] => promqlMetrics(query).map(({ name }) => name);

test('a Datadog query reads the metrics before its scopes', () => {
  assert.deepEqual(datadog('avg(last_5m):avg:churn.auc{env:prod} by {host} < 0.8'), ['churn.auc']);
  assert.deepEqual(datadog('sum(last_5m):100 * ( max:a.b{x:y}by{host}.as_count() / max:c_d{*} by {host} ) > 5'), [
    'a.b',
    'c_d',
  ]);
  assert.deepEqual(datadog("avg(last_4h):anomalies(p95:churn.latency{env:{{x}}}, 'agile{2}', 2) >= 1"), [
    'churn.latency',
  ]);
  assert.deepEqual(datadog('system.cpu.idle{*}'), ['system.cpu.idle']);
});

test('a hole behind a metric is its scope, one inside of its name is a part of it', () => {
  const hole = String.fromCharCode(firstHole);
  assert.deepEqual(datadog(`avg(last_5m):avg:aws.rds.cpu${hole} by {host} > ${hole}`), ['aws.rds.cpu']);
  assert.deepEqual(datadog(`avg(${hole}):(avg:a.b${hole}.as_count() / sum:c.d${hole}) > 1`), ['a.b', 'c.d']);
  assert.deepEqual(datadog(`avg(last_5m):avg:app.${hole}{*} > ${hole}`), [`app.${hole}`]);
  assert.deepEqual(datadog(`avg(last_5m):avg:app.${hole} > 1`), []);
  assert.deepEqual(datadog('avg(last_5m):avg:churn.a'), ['churn.a']);
  assert.deepEqual(datadog('max:a.b{*} / p95:churn_'), ['a.b', 'churn_']);
  for (const half of ['avg(last_5m):', 'avg(last_5m):avg', 'logs("avg:x', 'tag:x', 'last_5m:churn'])
    assert.deepEqual(datadog(half), [], half);
  assert.deepEqual(datadog(`avg(last_5m):avg:${hole}.latency${hole} > 1`), [`${hole}.latency`]);
});

test('logs, events, checks and other monitors are no metrics', () => {
  assert.deepEqual(datadog('logs("service:x {a.b{c}}").index("*").rollup("count").last("5m") > 1'), []);
  assert.deepEqual(datadog('"datadog.agent.up".over("*").last(2).count_by_status()'), []);
  assert.deepEqual(datadog('12345 && !6789'), []);
  assert.deepEqual(datadog(''), []);
});

test('PromQL names metrics, not labels, functions and durations', () => {
  assert.deepEqual(prometheus('sum by (job) (rate(http_requests_total{code=~"5.."}[$__rate_interval])) > 0.5'), [
    'http_requests_total',
  ]);
  assert.deepEqual(prometheus('a:b_rate5m offset 5m / on(host) group_left(x) up unless {__name__="down", y="z"}'), [
    'a:b_rate5m',
    'up',
    'down',
  ]);
  assert.deepEqual(prometheus('histogram_quantile(0.9, sum(rate(churn_latency_bucket[5m])) by (le)) == bool 1e3'), [
    'churn_latency_bucket',
  ]);
});

test('any text: the names stand where they are said to stand', () => {
  const pieces = fc.constantFrom(
    'avg:',
    'a.b',
    '{',
    '}',
    '"',
    ' by ',
    '(',
    ')',
    '[',
    ']',
    '5m',
    '$x',
    'rate',
    '\\',
    "'",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces).map((all) => all.join('')),
      ),
      (query) => {
        for (const { name, from, to } of [...datadogMetrics(query), ...promqlMetrics(query)])
          assert.equal(query.slice(from, to), name);
      },
    ),
  );
});

test('long hostile queries take linear time', () => {
  const started = performance.now();
  for (const piece of ['{', 'a.b{', 'sum by ', '{__name__="', '"a{', '$']) {
    datadogMetrics(piece.repeat(100_000));
    promqlMetrics(piece.repeat(100_000));
  }
  assert.ok(performance.now() - started < 3000);
});
