// What the fake organisation holds: monitors with groups, metrics with tags and values, events, logs, owners, downtimes; all made up.

import { deployment } from './events.ts';
import { knownSlos, sloIds } from './slos.ts';

export type Json = Readonly<Record<string, unknown>>;

/** Made ones beside those that the tests know by name. */
export interface Size {
  readonly monitors?: number;
  readonly metrics?: number;
  readonly logs?: number;
}

export interface FakeGroup {
  readonly name: string;
  status: 'Alert' | 'Warn' | 'OK' | 'No Data';
  /** Epoch s. */
  triggered: number;
}

export interface FakeMonitor {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly query: string;
  readonly message: string;
  readonly tags: readonly string[];
  readonly groups: readonly FakeGroup[];
  readonly notifyNoData: boolean;
  readonly downtimes: readonly Json[];
}

export interface FakeMetric {
  readonly name: string;
  readonly type: 'gauge' | 'count' | 'rate' | 'distribution';
  readonly unit?: string;
  readonly description?: string;
  readonly integration?: string;
  readonly tags: readonly string[];
}

export interface FakeState {
  /** Epoch ms at which it was made. */
  readonly now: number;
  readonly org: { readonly id: string; readonly publicId: string; readonly name: string; readonly number: number };
  readonly monitors: FakeMonitor[];
  readonly metrics: FakeMetric[];
  readonly downtimes: Json[];
  readonly users: Json[];
  readonly events: Json[];
  readonly slos: Json[];
  readonly services: Json[];
  readonly logs: Json[];
}

const minute = 60_000;

export function fakeState(now: number, size: Size = {}): FakeState {
  return {
    now,
    org: { id: '4dee724d-00cc-11ea-a77b-570c9d03c6c5', publicId: 'abc123de45f', name: 'Acme', number: 321_813 },
    monitors: [...knownMonitors(now), ...madeMonitors(now, size.monitors ?? 0)],
    metrics: [...knownMetrics, ...madeMetrics(size.metrics ?? 0)],
    downtimes: [downtime(now)],
    users: [user('u-1', 'bo@acme.example', 'Bo Berg')],
    events: knownEvents(now),
    slos: knownSlos(now),
    services: [service('churn-api', 'ml-platform'), service('train', 'ml-training'), service('billing', undefined)],
    logs: [...knownLogs(now), ...madeLogs(now, size.logs ?? 0)],
  };
}

function monitor(id: number, rest: Partial<FakeMonitor> & Pick<FakeMonitor, 'name' | 'query'>): FakeMonitor {
  const usual = { type: 'query alert', message: '', tags: [], groups: [], notifyNoData: false, downtimes: [] };
  return { id, ...usual, ...rest };
}

function knownMonitors(now: number): FakeMonitor[] {
  const since = Math.floor((now - 40 * minute) / 1000);
  const single = (status: FakeGroup['status']): FakeGroup[] => [{ name: '*', status, triggered: since }];
  return [
    monitor(34_822_915, {
      name: 'Churn AUC is low',
      query: 'avg(last_1h):avg:churn.auc{env:prod} by {model} < 0.8',
      message: 'The model has drifted. Runbook: https://wiki.acme.example/churn (see there). @pagerduty-ml',
      tags: ['team:ml', 'service:churn-api', 'env:prod'],
      groups: [
        { name: 'model:churn', status: 'Alert', triggered: since },
        { name: 'model:ltv', status: 'OK', triggered: since - 86_400 },
      ],
    }),
    monitor(34_822_916, {
      name: 'Errors while training',
      type: 'log alert',
      query: 'logs("service:train status:error").index("*").rollup("count").last("5m") > 5',
      message: 'Look at the run.',
      tags: ['service:train'],
      groups: single('Alert'),
    }),
    monitor(34_822_917, {
      name: 'Training takes long',
      query: 'avg(last_4h):avg:airflow.dagrun.duration.success{dag_id:train_churn} > 7200',
      tags: ['service:train', 'env:prod'],
      groups: single('Warn'),
      downtimes: [{ id: 2_910, scope: ['env:prod'], start: since - 600, end: since + 86_400 }],
    }),
    monitor(34_822_918, {
      name: 'Predictions are written',
      query: 'sum(last_1d):sum:churn.predictions{*}.as_count() < 1',
      tags: ['team:ml'],
      groups: single('No Data'),
      notifyNoData: true,
    }),
    monitor(34_822_919, {
      name: 'Nobody wants to know',
      query: 'avg(last_5m):avg:churn.requests{*} > 100',
      groups: single('No Data'),
    }),
    monitor(34_822_920, {
      name: 'Job 416 takes long',
      query: 'avg(last_1h):avg:databricks.job.duration{job_id:416} > 3600',
      tags: ['team:data'],
      groups: single('OK'),
    }),
    monitor(34_822_922, {
      ...{ name: 'Budget is used up', type: 'slo alert', groups: single('OK') },
      query: `error_budget("${sloIds.auc}").over("30d") > 100`,
    }),
    monitor(34_822_921, { name: 'All of it', type: 'composite', query: '34822915 && 34822916', groups: single('OK') }),
  ];
}

function madeMonitors(now: number, count: number): FakeMonitor[] {
  const triggered = Math.floor((now - 10 * minute) / 1000);
  return Array.from({ length: count }, (_, n) =>
    monitor(50_000_000 + n, {
      name: `made ${n}`,
      query: `avg(last_5m):avg:made.metric_${n}{env:prod} > ${n}`,
      tags: ['team:made', 'env:prod'],
      groups: [{ name: '*', status: n % 500 === 0 ? 'Alert' : 'OK', triggered }],
    }),
  );
}

const knownMetrics: readonly FakeMetric[] = [
  {
    name: 'churn.auc',
    type: 'gauge',
    description: 'Area under the curve of last week’s predictions',
    tags: ['env:prod', 'model:churn', 'model:ltv', 'service:churn-api'],
  },
  { name: 'churn.requests', type: 'count', unit: 'request', tags: ['env:prod'] },
  { name: 'churn.predictions', type: 'count', tags: [] },
  { name: 'churn.latency', type: 'distribution', unit: 'second', tags: ['env:prod', 'env:staging'] },
  {
    name: 'airflow.dagrun.duration.success',
    type: 'gauge',
    integration: 'airflow',
    unit: 'second',
    tags: ['dag_id:train_churn', 'dag_id:score_churn'],
  },
  {
    name: 'airflow.dagrun.duration.failed',
    type: 'gauge',
    integration: 'airflow',
    unit: 'second',
    tags: ['dag_id:train_churn'],
  },
  {
    name: 'databricks.job.duration',
    type: 'gauge',
    integration: 'databricks',
    tags: ['job_id:416', 'job_name:score'],
  },
  {
    name: 'snowflake.table.row_count',
    type: 'gauge',
    integration: 'snowflake',
    tags: ['database:ANALYTICS', 'schema:ML', 'table:CHURN_METRICS'],
  },
  {
    name: 'ray.serve.num_http_requests',
    type: 'count',
    integration: 'ray',
    tags: ['application:churn', 'deployment:Churn'],
  },
];

function madeMetrics(count: number): FakeMetric[] {
  return Array.from({ length: count }, (_, n) => ({ name: `made.metric_${n}`, type: 'gauge', tags: ['env:prod'] }));
}

function user(id: string, handle: string, name: string): Json {
  return { id, type: 'users', attributes: { handle, email: handle, name, disabled: false, status: 'Active' } };
}

function downtime(now: number): Json {
  return {
    id: '00000000-0000-1234-0000-000000000000',
    type: 'downtime',
    attributes: {
      ...{ status: 'active', message: 'We move the cluster', scope: 'env:prod', display_timezone: 'UTC' },
      monitor_identifier: { monitor_id: 34_822_917 },
      ...{ created: new Date(now - 50 * minute).toISOString(), modified: new Date(now - 50 * minute).toISOString() },
      ...{
        canceled: null,
        mute_first_recovery_notification: false,
        notify_end_states: ['alert'],
        notify_end_types: ['expired'],
      },
      schedule: { start: new Date(now - 50 * minute).toISOString(), end: new Date(now + 600 * minute).toISOString() },
    },
    relationships: {
      created_by: { data: { id: 'u-1', type: 'users' } },
      monitor: { data: { id: '34822917', type: 'monitors' } },
    },
  };
}

function service(name: string, owner: string | undefined): Json {
  return {
    id: `service:default/${name}`,
    type: 'entity',
    attributes: {
      ...{ kind: 'service', name, namespace: 'default', displayName: name, apiVersion: 'v3', tags: [] },
      ...(owner === undefined ? {} : { owner }),
    },
    meta: {
      origin: 'ui',
      ingestionSource: 'api',
      createdAt: '2026-01-01T00:00:00Z',
      modifiedAt: '2026-01-01T00:00:00Z',
    },
    relationships: {},
  };
}

function knownEvents(now: number): Json[] {
  const event = (
    n: number,
    minutesAgo: number,
    of: number,
    status: string,
    title: string,
    groups: readonly string[],
  ) => {
    const at = now - minutesAgo * minute;
    return {
      ...{ id: `AgAAAY${n}`, type: 'event' },
      attributes: {
        ...{ timestamp: new Date(at).toISOString(), message: title, tags: ['source:alert', `monitor_id:${of}`] },
        attributes: {
          ...{
            timestamp: at,
            title,
            status,
            service: 'churn-api',
            monitor_id: of,
            monitor_groups: groups,
            priority: 'normal',
          },
          ...{ source_type_name: 'Monitor Alert', sourcecategory: 'monitor_alert', aggregation_key: `k${of}` },
          evt: { id: `65${n}`, name: title, source_id: 36, type: 'query_alert_monitor' },
          monitor: { id: of, name: title, type: 'query alert', query: 'q', groups, message: '', tags: ['team:ml'] },
        },
      },
    };
  };
  return [
    event(1, 40, 34_822_915, 'error', '[Triggered on {model:churn}] Churn AUC is low', ['model:churn']),
    event(2, 1_500, 34_822_915, 'ok', '[Recovered on {model:ltv}] Churn AUC is low', ['model:ltv']),
    event(3, 1_560, 34_822_915, 'error', '[Triggered on {model:ltv}] Churn AUC is low', ['model:ltv']),
    event(4, 40, 34_822_916, 'error', '[Triggered] Errors while training', []),
    event(5, 300, 34_822_918, 'warn', '[No data] Predictions are written', []),
    deployment(now, 1, 90, 'Deployed train_churn 4.2.0', [
      'dag_id:train_churn',
      'version:4.2.0',
      'git.commit.sha:5be1f0a',
    ]),
    deployment(now, 2, 95, 'Changed the pool of a DAG nobody knows', ['dag_id:unknown']),
    deployment(now, 3, 97, 'Rolled out billing', ['service:billing']),
  ];
}

const trace = [
  'Traceback (most recent call last):',
  '  File "/opt/dags/train.py", line 14, in fit',
  '    model.fit(features)',
  'ValueError: Input contains NaN',
].join('\n');

export interface FakeLog {
  readonly at: number;
  readonly status: string;
  readonly message: string;
  readonly tags: readonly string[];
  readonly attributes?: Json;
}

export function log(n: number, { at, status, message, tags, attributes = {} }: FakeLog): Json {
  return {
    ...{ id: `AQAAAYAZ${String(n).padStart(8, '0')}`, type: 'log' },
    attributes: {
      ...{ timestamp: new Date(at).toISOString(), status, service: 'train', host: 'worker-1', message, tags },
      attributes,
    },
  };
}

function knownLogs(now: number): Json[] {
  const tags = ['env:prod', 'service:train', 'dag_id:train_churn', 'task_id:fit'];
  const at = now - 45 * minute;
  return [
    log(1, { at, status: 'info', message: 'begins to fit', tags }),
    log(2, {
      ...{ at: at + 1_000, status: 'error', message: 'fit failed', tags },
      attributes: { error: { kind: 'ValueError', message: 'Input contains NaN', stack: trace }, duration: 12 },
    }),
    log(3, { at: at + 2_000, status: 'info', message: 'gives up', tags }),
    log(4, { at: at + 3_000, status: 'error', message: 'somewhere else', tags: ['service:billing'] }),
  ];
}

function madeLogs(now: number, count: number): Json[] {
  const tags = ['service:train', 'dag_id:big'];
  const at = now - 60 * minute;
  return Array.from({ length: count }, (_, n) =>
    log(1_000 + n, { at: at + Math.floor(n / 3), status: 'info', message: `line ${n} of many`, tags }),
  );
}
