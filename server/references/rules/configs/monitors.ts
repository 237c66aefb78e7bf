// Monitors in files: Datadog's exports and resources, Prometheus' and Grafana's rules, CloudWatch alarms (read 2026-11 in the documentation).
import { type ConfigRow, type ConfigShape, rowOf } from './row.ts';

const datadog = rowOf('datadog');
const prometheus = rowOf('prometheus');
const grafana = rowOf('grafana');
const cloudwatch = rowOf('cloudwatch');

const alert = '(?:alert|check|forecast|composite|slo)';

const monitor = (at: string): readonly ConfigRow[] => [
  datadog(`${at}name`, 'monitor', 'monitor', 'defines', { opens: 'monitor' }),
  datadog(`${at}query`, 'monitor.query', 'metric', 'reads', { read: 'datadog' }),
];

const ruleGroups = (at: string): readonly ConfigRow[] => [
  prometheus(`${at}groups.[].rules.[].alert`, 'alert', 'monitor', 'defines', { opens: 'monitor' }),
  prometheus(`${at}groups.[].rules.[].record`, 'record', 'metric', 'writes'),
  prometheus(`${at}groups.[].rules.[].expr`, 'expr', 'metric', 'reads', { read: 'promql' }),
];

export const monitorShapes: readonly ConfigShape[] = [
  { id: 'datadog.monitor', has: [[`type=${alert}$`, 'query', 'name']], rows: monitor('') },
  { id: 'datadog.monitors', has: [[`[].type=${alert}$`, '[].query', '[].name']], rows: monitor('[].') },
  {
    id: 'datadog.monitorList',
    has: [[`monitors.[].type=${alert}$`, 'monitors.[].query']],
    rows: monitor('monitors.[].'),
  },
  { id: 'datadog.monitorMap', has: [[`*.type=${alert}$`, '*.query', '*.name']], rows: monitor('*.') },
  {
    id: 'datadog.kube',
    has: [['kind=^Datadog(?:Monitor|Metric)$']],
    rows: [
      datadog('spec.name', 'monitor', 'monitor', 'defines', { opens: 'monitor', when: [['kind', '^DatadogMonitor$']] }),
      datadog('spec.query', 'monitor.query', 'metric', 'reads', { read: 'datadog' }),
    ],
  },
  {
    id: 'datadog.dashboard',
    has: [
      ['widgets.[].definition.{}', 'layout_type'],
      ['widgets.[].definition.{}', 'title'],
    ],
    rows: [
      datadog('widgets.**.q', 'dashboard.query', 'metric', 'reads', { read: 'datadog' }),
      datadog('widgets.**.query', 'dashboard.query', 'metric', 'reads', { read: 'datadog' }),
    ],
  },
  { id: 'prometheus.rules', has: [['groups.[].rules.[].expr']], rows: ruleGroups('') },
  {
    id: 'prometheus.test',
    has: [['tests.[].alert_rule_test.[].alertname']],
    rows: [prometheus('tests.[].alert_rule_test.[].alertname', 'test.alertname', 'monitor', 'mentions')],
  },
  { id: 'prometheus.kube', has: [['kind=^PrometheusRule$']], rows: ruleGroups('spec.') },
  {
    id: 'prometheus.helm',
    has: [['serverFiles.*.groups.[].rules.[].expr']],
    rows: ruleGroups('serverFiles.*.'),
  },
  {
    id: 'grafana.rules',
    has: [['groups.[].rules.[].title', 'groups.[].rules.[].condition']],
    rows: [
      grafana('groups.[].rules.[].title', 'rule', 'monitor', 'defines', { opens: 'monitor' }),
      grafana('groups.[].rules.[].data.[].model.expr', 'rule.expr', 'metric', 'reads', { read: 'promql' }),
    ],
  },
];

/** Resources of CloudFormation, SAM and serverless files. */
export const cloudwatchRows: readonly ConfigRow[] = [
  cloudwatch('**.Properties.AlarmName', 'alarm', 'monitor', 'defines', {
    when: [['^^Type', '^AWS::CloudWatch::(?:Composite)?Alarm$']],
  }),
  cloudwatch('**.Properties.MetricName', 'alarm.metric', 'metric', 'reads', {
    when: [['^^Type', '^AWS::CloudWatch::Alarm$']],
  }),
];
