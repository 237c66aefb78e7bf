// The graphs of the gallery, each a catalog in lines and the name it is drawn around.

import type { SeriesAnswer, SeriesQuestion } from '../../../server/sync/live/seriesQuestions.ts';
import { fixtureId } from '../../support/catalog.ts';

export interface GalleryWorld {
  readonly catalog: string;
  readonly focus: string;
  /** What connections say of a metric; undefined: they are asked for ever. */
  readonly series?: (question: SeriesQuestion) => readonly SeriesAnswer[] | undefined;
}

const churn = `
  source mlflow covers=model,version,experiment age=5m
  source airflow covers=job,task age=1m
  source dbt covers=table age=1h
  table raw.crm.customers rows=1200
  table raw.crm.events
  table analytics.ml.churn_labels owner=@acme/growth-ml columns=customer_id:integer,has_churned:boolean rows=1200 defined=/acme/dbt/churn_labels.sql:1
  table analytics.ml.churn_features
  path s3://acme-lake/churn/features/
  job train_churn owner=growth-ml schedule=weekly defined=/acme/dags/train_churn.py:17
  task train_churn.fit
  model churn owner=ana latest=7 alias.champion=6 alias.challenger=7 description="Who will leave"
  version churn/7
  path s3://acme-models/churn/
  metric churn/auc
  monitor churn_auc_low
  job score_churn
  job validate_churn defined=/acme/dags/validate_churn.py:9
  table analytics.ml.churn_predictions
  table analytics.ml.churn_metrics
  host ml-worker-3
  endpoint churn-live
  experiment churn
  edge table/raw.crm.customers -> table/analytics.ml.churn_labels reads declared "dbt manifest parent_map"
  edge table/raw.crm.events -> table/analytics.ml.churn_features reads declared "dbt manifest parent_map"
  edge table/raw.crm.customers -> table/analytics.ml.churn_features reads declared "dbt manifest parent_map"
  edge table/analytics.ml.churn_labels -> job/train_churn reads reported "OpenLineage run 0195f3c2"
  edge table/analytics.ml.churn_labels -> job/train_churn reads code "churn/training.py:14"
  edge table/analytics.ml.churn_features -> path/s3://acme-lake/churn/features/ writes code "dags/train_churn.py:22"
  edge path/s3://acme-lake/churn/features/ -> job/train_churn reads reported "OpenLineage run 0195f3c2"
  edge job/train_churn -> task/train_churn.fit contains reported "Airflow task logs"
  edge task/train_churn.fit -> model/churn made reported "MLflow run train-11-21"
  edge model/churn -> version/churn/7 contains reported registry
  edge model/churn -> metric/churn/auc measures reported "MLflow run train-11-21"
  edge metric/churn/auc -> monitor/churn_auc_low measures matched "the metric has this name"
  edge model/churn -> job/score_churn reads code "dags/score_churn.py:31"
  edge model/churn -> endpoint/churn-live reads declared "databricks.yml:12"
  edge job/score_churn -> table/analytics.ml.churn_predictions writes reported "OpenLineage run 0195f3d0"
  edge table/analytics.ml.churn_predictions -> job/validate_churn reads reported "OpenLineage run 0195f3d7"
  edge job/validate_churn -> table/analytics.ml.churn_metrics writes reported "OpenLineage run 0195f3d7"
  run m7 name=train-11-21 of=model/churn,version/churn/7 ago=2d took=91s auc=0.71
  run t7 tool=airflow name=scheduled__2026-11-21 of=job/train_churn ago=2d took=4m
  run s1 tool=airflow name=scheduled__2026-11-23 of=job/score_churn status=running ago=4m
  run v1 tool=airflow name=scheduled__2026-11-22 of=job/validate_churn status=failed ago=2h took=20s message="KeyError: 'churned'"
  run v0 tool=airflow name=scheduled__2026-11-21 of=job/validate_churn ago=26h took=22s
  run d1 tool=dbt name=build of=table/analytics.ml.churn_labels ago=3h
  run d2 tool=dbt name=build of=table/analytics.ml.churn_features status=skipped ago=3h
`;

const fan = `
  job load_everything
  ${Array.from({ length: 220 }, (_, index) => `table lake.raw.source_${index}`).join('\n')}
  ${Array.from({ length: 220 }, (_, index) => `edge table/lake.raw.source_${index} -> job/load_everything reads reported "run"`).join('\n')}
`;

/** Diamond under diamond: paths double at each level, nodes do not. */
const diamonds = Array.from(
  { length: 24 },
  (_, level) => `
  table d.a${level}
  table d.b${level}
  table d.c${level}
  edge table/d.a${level} -> table/d.b${level} reads declared x
  edge table/d.a${level} -> table/d.c${level} reads declared x
  edge table/d.b${level} -> table/d.a${level + 1} reads declared x
  edge table/d.c${level} -> table/d.a${level + 1} reads declared x`,
).join('\n');

const hostile = `
  table t id=table:dbt://local/hostile alias="<img src=x onerror=alert(1)>"
  model "</text><script>window.broken=1</script>" description="<b>bold</b>\\n[x](command:evil)"
  job "a\\u202Eb\\u0007c -> n0; digraph { x"
  edge table:dbt://local/hostile -> "model/</text><script>window.broken=1</script>" reads code "\\"><svg onload=window.broken=1>"
  edge "model/</text><script>window.broken=1</script>" -> "job/a\\u202Eb\\u0007c -> n0; digraph { x" reads matched "x"
`;

const values = `
  source prometheus covers=metric,monitor age=1m
  metric churn_score tool=prometheus
  metric silent tool=prometheus
  metric unreachable tool=prometheus
  metric unasked tool=statsd
  metric slow tool=prometheus
  metric churn/auc
  model churn
  monitor churn_low tool=prometheus
  ${['silent', 'unreachable', 'slow'].map((name) => `edge model/churn -> ${fixtureId('metric', name, 'prometheus')} measures matched x`).join('\n')}
  edge model/churn -> ${fixtureId('metric', 'unasked', 'statsd')} measures matched x
  edge model/churn -> metric/churn/auc measures reported x
  edge model/churn -> ${fixtureId('metric', 'churn_score', 'prometheus')} measures matched x
  edge ${fixtureId('metric', 'churn_score', 'prometheus')} -> ${fixtureId('monitor', 'churn_low', 'prometheus')} measures reported x
  ${Array.from({ length: 12 }, (_, week) => `run w${week} of=model/churn ago=${(12 - week) * 7}d\n point churn/auc run=w${week} ${(0.9 - week * 0.015).toFixed(3)} ago=${(12 - week) * 7}d`).join('\n')}
`;

/** Eight groups; the first has a gap of a third of the time. */
function valuesOf({ metric, from, to }: SeriesQuestion): readonly SeriesAnswer[] | undefined {
  const source = 'prometheus (prod)';
  if (metric.endsWith('/slow')) return undefined;
  if (metric.endsWith('/silent')) return [{ source, series: [] }];
  if (metric.endsWith('/unreachable')) {
    const problem = `${source} cannot be reached at prometheus.acme.example. Look whether it runs, then ask again.`;
    return [{ source, series: [], problem }];
  }
  if (!metric.endsWith('/churn_score')) return [];
  const step = (to - from) / 96;
  const series = Array.from({ length: 8 }, (_, group) => ({
    metric,
    run: `{model="churn",shard="${group}"}`,
    points: Array.from({ length: 97 }, (_, at) => ({
      name: 'churn_score',
      value: 0.5 + group * 0.05 + 0.04 * Math.sin((at + group * 7) / 9),
      at: from + at * step,
    })).filter((_, at) => group > 0 || at < 32 || at > 64),
  }));
  return [{ source, series }];
}

export const worlds: Readonly<Record<string, GalleryWorld>> = {
  churn: { catalog: churn, focus: fixtureId('model', 'churn') },
  fan: { catalog: fan, focus: fixtureId('job', 'load_everything') },
  diamonds: { catalog: `${diamonds}\n table d.a24`, focus: fixtureId('table', 'd.a12') },
  cycle: {
    catalog: `table a.x\n table a.y\n edge table/a.x -> table/a.y reads code f.py:1\n edge table/a.y -> table/a.x writes code f.py:2`,
    focus: fixtureId('table', 'a.x'),
  },
  alone: { catalog: 'table lonely', focus: fixtureId('table', 'lonely') },
  hostile: { catalog: hostile, focus: fixtureId('model', '</text><script>window.broken=1</script>') },
  values: { catalog: values, focus: fixtureId('metric', 'churn_score', 'prometheus'), series: valuesOf },
  past: {
    catalog: `source mlflow covers=model,version age=1m
      model churn alias.champion=5 seen=20d
      model churn alias.champion=5 seen=2d
      model churn alias.champion=7
      job train
      edge job/train -> model/churn made reported "MLflow run 7"`,
    focus: fixtureId('model', 'churn'),
  },
  unknown: { catalog: 'table other', focus: 'code:table:nobody.knows' },
};
