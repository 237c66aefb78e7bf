// Calls that send metrics to statsd and Datadog (datadog 0.56, statsd 4.0, datadog-lambda 6.x, read 2026-11).
import { named, of, rowsOf } from '../rows.ts';
import type { Rule, Take } from '../rule.ts';

const row = rowsOf('statsd');
const sends = [
  'increment',
  'decrement',
  'incr',
  'decr',
  'count',
  'gauge',
  'set',
  'histogram',
  'distribution',
  'timing',
  'timed',
  'timer',
  'distributed',
  'gauge_with_timestamp',
  'count_with_timestamp',
];
/** Too common a word to be believed without its owner. */
const common = new Set(['set', 'count']);
const owners = ['DogStatsd', 'StatsClient', 'TCPStatsClient', 'UnixSocketStatsClient', 'ThreadStats', 'pipeline'];
const calls = sends.flatMap((name) => [
  `datadog.${name}`,
  `statsd.${name}`,
  ...owners.map((owner) => `${owner}#${name}`),
  `statsd:${name}`,
  `statsd_client:${name}`,
  `dogstatsd:${name}`,
  ...(common.has(name) ? [] : [`stats:${name}`]),
]);

const queried = (...from: (string | number)[]): Take => ({ ...named('metric', 'reads', ...from), read: 'query' });

export const statsdRules: readonly Rule[] = [
  {
    ...row('send', calls, named('metric', 'writes', 0, 'metric', 'stat', 'metric_name')),
    prefix: ['namespace', 'prefix'],
  },
  row(
    'Metric.send',
    ['datadog.send', 'Metric:send', ...of('datadog_api_client', 'MetricSeries', 'Series', 'DistributionPointsSeries')],
    named('metric', 'writes', 'metric'),
    named('metric', 'writes', 'metrics[].metric', '0[].metric'),
  ),
  row('lambda_metric', ['datadog_lambda.lambda_metric'], named('metric', 'writes', 0, 'metric_name')),
  row('Monitor.create', ['Monitor:create', 'Monitor:update'], named('monitor', 'defines', 'name'), queried('query')),
  row(
    'Monitor',
    of('datadog_api_client', 'Monitor', 'MonitorUpdateRequest'),
    named('monitor', 'defines', 'name'),
    queried('query'),
  ),
  // A team's own class for it, and what is sent as JSON.
  row(
    'monitor',
    ['~Monitor', '~DatadogMonitor', '{name,type,query}'],
    { ...named('monitor', 'defines', 'name'), ofMonitor: true },
    { ...queried('query'), ofMonitor: true },
  ),
  row(
    'query',
    of(
      'datadog_api_client',
      'MonitorFormulaAndFunctionMetricsQueryDefinition',
      'FormulaAndFunctionMetricQueryDefinition',
      'MetricsTimeseriesQuery',
      'MetricsScalarQuery',
    ),
    queried('query'),
  ),
  row('SLO', of('datadog_api_client', 'ServiceLevelObjectiveQuery'), queried('numerator'), queried('denominator')),
  row('Metric.query', ['Metric:query', '#query_metrics'], queried('query')),
];
