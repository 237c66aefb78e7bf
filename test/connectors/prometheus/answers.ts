// Answers of a real Prometheus 2.42 and Alertmanager 0.25 that scraped the exporter of the real test, recorded 2026-11-23; host names changed.
export const rules = {
  status: 'success',
  data: {
    groups: [
      {
        name: 'ml',
        file: 'rules.yml',
        rules: [
          {
            state: 'firing',
            name: 'ChurnAucLow',
            query: 'churn_auc{model="churn"} < 0.8',
            duration: 1,
            keepFiringFor: 0,
            labels: { dag_id: 'train_churn', severity: 'page', team: 'ml-platform' },
            annotations: {
              dashboard_url: 'https://grafana.acme.com/d/1',
              runbook_url: 'https://wiki.acme.com/churn',
              summary: 'AUC of {{ $labels.model }} is {{ $value }}',
            },
            alerts: [
              {
                labels: {
                  alertname: 'ChurnAucLow',
                  dag_id: 'train_churn',
                  instance: '127.0.0.1:19999',
                  job: 'model_server',
                  model: 'churn',
                  severity: 'page',
                  team: 'ml-platform',
                },
                annotations: {
                  dashboard_url: 'https://grafana.acme.com/d/1',
                  runbook_url: 'https://wiki.acme.com/churn',
                  summary: 'AUC of churn is 0.71',
                },
                state: 'firing',
                activeAt: '2026-11-23T20:23:06.443149186Z',
                value: '7.1e-01',
              },
            ],
            health: 'ok',
            evaluationTime: 0.000859241,
            lastEvaluation: '2026-11-23T20:23:12.444296635Z',
            type: 'alerting',
          },
          {
            state: 'firing',
            name: 'TargetDown',
            query: 'up == 0',
            duration: 0,
            keepFiringFor: 0,
            labels: { severity: 'ticket' },
            annotations: { summary: '{{ $labels.instance }} is down' },
            alerts: [
              {
                labels: { alertname: 'TargetDown', instance: '127.0.0.1:19998', job: 'gone', severity: 'ticket' },
                annotations: { summary: '127.0.0.1:19998 is down' },
                state: 'firing',
                activeAt: '2026-11-23T20:15:26.443149186Z',
                value: '0e+00',
              },
            ],
            health: 'ok',
            evaluationTime: 0.000344504,
            lastEvaluation: '2026-11-23T20:23:12.445161624Z',
            type: 'alerting',
          },
          {
            name: 'job:predictions:rate1m',
            query: 'sum by (job) (rate(predictions_total[1m]))',
            health: 'ok',
            evaluationTime: 0.000139027,
            lastEvaluation: '2026-11-23T20:23:12.445508111Z',
            type: 'recording',
          },
          {
            state: 'inactive',
            name: 'Slow',
            query: 'histogram_quantile(0.9, sum by (le) (rate(latency_seconds_bucket[1m]))) > 1',
            duration: 3600,
            keepFiringFor: 0,
            labels: {},
            annotations: {},
            alerts: [],
            health: 'ok',
            evaluationTime: 0.000169903,
            lastEvaluation: '2026-11-23T20:23:12.445648119Z',
            type: 'alerting',
          },
          {
            state: 'pending',
            name: 'Waiting',
            query: 'churn_auc < 0.9',
            duration: 3600,
            keepFiringFor: 0,
            labels: {},
            annotations: { summary: 'not yet' },
            alerts: [
              {
                labels: { alertname: 'Waiting', instance: '127.0.0.1:19999', job: 'model_server', model: 'churn' },
                annotations: { summary: 'not yet' },
                state: 'pending',
                activeAt: '2026-11-23T20:23:06.443149186Z',
                value: '7.1e-01',
              },
            ],
            health: 'ok',
            evaluationTime: 0.000206708,
            lastEvaluation: '2026-11-23T20:23:12.445819655Z',
            type: 'alerting',
          },
        ],
        interval: 1,
        limit: 0,
        evaluationTime: 0.001750228,
        lastEvaluation: '2026-11-23T20:23:12.444278318Z',
      },
    ],
  },
};

export const names = {
  status: 'success',
  data: [
    'ALERTS',
    'ALERTS_FOR_STATE',
    'batch_size_count',
    'batch_size_created',
    'batch_size_sum',
    'build_info',
    'churn_auc',
    'churn_latency_seconds_bucket',
    'churn_latency_seconds_count',
    'churn_latency_seconds_created',
    'churn_latency_seconds_sum',
    'job:predictions:rate1m',
    'predictions_created',
    'predictions_total',
    'process_cpu_seconds_total',
    'python_info',
    'scrape_duration_seconds',
    'scrape_samples_post_metric_relabeling',
    'scrape_samples_scraped',
    'scrape_series_added',
    'up',
  ],
};

export const metadata = {
  status: 'success',
  data: {
    batch_size: [{ type: 'summary', help: 'Rows in a request', unit: '' }],
    build: [{ type: 'info', help: 'What runs', unit: '' }],
    churn_auc: [{ type: 'gauge', help: 'AUC of the model on the last labels', unit: '' }],
    churn_latency_seconds: [{ type: 'histogram', help: 'Seconds a prediction takes', unit: 'seconds' }],
    predictions: [{ type: 'counter', help: 'Predictions served', unit: '' }],
    process_cpu_seconds: [{ type: 'counter', help: 'Total user and system CPU time spent in seconds.', unit: '' }],
    python_info: [{ type: 'gauge', help: 'Python platform information', unit: '' }],
  },
};

export const targets = {
  status: 'success',
  data: {
    activeTargets: [
      {
        discoveredLabels: {
          __address__: '127.0.0.1:19998',
          __metrics_path__: '/metrics',
          __scheme__: 'http',
          __scrape_interval__: '1s',
          __scrape_timeout__: '1s',
          job: 'gone',
        },
        labels: { instance: '127.0.0.1:19998', job: 'gone' },
        scrapePool: 'gone',
        scrapeUrl: 'http://127.0.0.1:19998/metrics',
        globalUrl: 'http://prometheus.acme.com:19998/metrics',
        lastError: 'Get "http://127.0.0.1:19998/metrics": dial tcp 127.0.0.1:19998: connect: connection refused',
        lastScrape: '2026-11-23T20:23:12.421340265Z',
        lastScrapeDuration: 0.000387327,
        health: 'down',
        scrapeInterval: '1s',
        scrapeTimeout: '1s',
      },
    ],
    droppedTargets: [],
  },
};

export const buildinfo = {
  status: 'success',
  data: {
    version: '2.42.0+ds',
    revision: '2.42.0+ds-5+deb12u1',
    branch: 'debian/sid',
    buildUser: 'build',
    buildDate: '20260604-00:58:54',
    goVersion: 'go1.19.8',
  },
};

export const alerts = [
  {
    annotations: {
      dashboard_url: 'https://grafana.acme.com/d/1',
      runbook_url: 'https://wiki.acme.com/churn',
      summary: 'AUC of churn is 0.71',
    },
    endsAt: '2026-11-23T20:27:07.443Z',
    fingerprint: '20615d9e2c294748',
    receivers: [{ name: 'nobody' }],
    startsAt: '2026-11-23T20:23:07.443Z',
    status: { inhibitedBy: [], silencedBy: [], state: 'active' },
    updatedAt: '2026-11-23T20:23:07.445Z',
    generatorURL: 'http://prometheus.acme.com:19090/graph?g0.expr=churn_auc%7Bmodel%3D%22churn%22%7D+%3C+0.8&g0.tab=1',
    labels: {
      alertname: 'ChurnAucLow',
      cluster: 'eu',
      dag_id: 'train_churn',
      instance: '127.0.0.1:19999',
      job: 'model_server',
      model: 'churn',
      severity: 'page',
      team: 'ml-platform',
    },
  },
  {
    annotations: { summary: '127.0.0.1:19998 is down' },
    endsAt: '2026-11-23T20:26:33.443Z',
    fingerprint: 'a1270207c341d70e',
    receivers: [{ name: 'nobody' }],
    startsAt: '2026-11-23T20:15:26.443Z',
    status: { inhibitedBy: [], silencedBy: ['ba401bb5-cf35-49a4-9f9d-f437e2df77f1'], state: 'suppressed' },
    updatedAt: '2026-11-23T20:22:33.448Z',
    generatorURL: 'http://prometheus.acme.com:19090/graph?g0.expr=up+%3D%3D+0&g0.tab=1',
    labels: { alertname: 'TargetDown', cluster: 'eu', instance: '127.0.0.1:19998', job: 'gone', severity: 'ticket' },
  },
];

export const silences = [
  {
    id: 'ba401bb5-cf35-49a4-9f9d-f437e2df77f1',
    status: { state: 'active' },
    updatedAt: '2026-11-23T20:23:09.521Z',
    comment: 'being moved',
    createdBy: 'ana',
    endsAt: '2026-11-24T20:00:00.000Z',
    matchers: [{ isEqual: true, isRegex: false, name: 'alertname', value: 'TargetDown' }],
    startsAt: '2026-11-23T20:23:09.521Z',
  },
];

export const matrix = {
  status: 'success',
  data: {
    resultType: 'matrix',
    result: [
      {
        metric: { __name__: 'churn_auc', instance: '127.0.0.1:19999', job: 'model_server', model: 'churn' },
        values: [
          [1795465332, '0.71'],
          [1795465347.5, 'NaN'],
          [1795465362, '0.72'],
        ],
      },
    ],
  },
};
