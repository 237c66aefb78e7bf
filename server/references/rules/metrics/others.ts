// Calls that send metrics elsewhere: Prometheus, OpenTelemetry, CloudWatch (from memory).
import { named, rowsOf } from '../rows.ts';
import type { Rule } from '../rule.ts';

const prometheus = rowsOf('prometheus');
const telemetry = rowsOf('opentelemetry');
const cloudwatch = rowsOf('cloudwatch');
const client = (name: string): string[] => [
  `boto3.client#${name}`,
  `client:${name}`,
  `cloudwatch:${name}`,
  `cw:${name}`,
];

export const otherMetricRules: readonly Rule[] = [
  prometheus(
    'metric',
    ['Counter', 'Gauge', 'Histogram', 'Summary', 'Info', 'Enum'].map((name) => `prometheus_client.${name}`),
    {
      ...named('metric', 'writes', 0, 'name'),
      // prometheus_client 0.26, metrics.py, read 2026-11-23.
      joined: {
        before: [
          ['namespace', 3],
          ['subsystem', 4],
        ],
        after: ['unit', 5],
      },
    },
  ),
  telemetry(
    'instrument',
    ['counter', 'up_down_counter', 'histogram', 'gauge', 'observable_counter', 'observable_gauge'].flatMap((name) => [
      `get_meter#create_${name}`,
      `meter:create_${name}`,
    ]),
    named('metric', 'writes', 0, 'name'),
  ),
  cloudwatch('put_metric_data', client('put_metric_data'), named('metric', 'writes', 'MetricData[].MetricName')),
  cloudwatch(
    'put_metric_alarm',
    client('put_metric_alarm'),
    named('monitor', 'defines', 'AlarmName'),
    named('metric', 'reads', 'MetricName'),
  ),
  cloudwatch('get_metric', client('get_metric_statistics'), named('metric', 'reads', 'MetricName')),
  cloudwatch(
    'add_metric',
    ['aws_lambda_powertools.Metrics#add_metric', 'metrics:add_metric'],
    named('metric', 'writes', 'name'),
  ),
];
