// Calls that send metrics to Datadog or statsd (datadog 0.5x and statsd 4.x, read 2026-11).
import type { Rule } from './rule.ts';

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
];
/** Too common a word to be believed without its owner. */
const calls = sends.flatMap((name) => [
  `datadog.${name}`,
  `statsd.${name}`,
  `DogStatsd#${name}`,
  `StatsClient#${name}`,
  `statsd:${name}`,
  ...(name === 'set' || name === 'count' ? [] : [`stats:${name}`]),
]);

export const statsdRules: readonly Rule[] = [
  {
    id: 'statsd.send',
    tool: 'statsd',
    calls,
    takes: [{ from: [0, 'metric', 'stat'], kind: 'metric', role: 'writes' }],
    prefix: ['namespace', 'prefix'],
  },
  {
    id: 'datadog.Metric.send',
    tool: 'statsd',
    calls: ['datadog.send', 'Metric:send', 'datadog_api_client.MetricSeries', 'datadog_api_client.Series'],
    takes: [{ from: ['metric'], kind: 'metric', role: 'writes' }],
  },
];
