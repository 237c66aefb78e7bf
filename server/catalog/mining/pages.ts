// Pages: of each tool the pages of its UI and API that are about one thing, the more exact ones first.
import type { Page } from './shape.ts';

const rows = (...pages: readonly (readonly [shape: string, id: string, of?: string])[]): readonly Page[] =>
  pages.map(([shape, id, of]) => ({ shape, id, ...(of === undefined ? {} : { of }) }));

/** 3.3.2 and 2.10.5 (2026-11-23); `/log` and `/tree` of 2.2 and older, from memory. */
const airflow = rows(
  [
    '/dags/:dag/runs/:run/tasks/:task/mapped/:map.number?try_number=:try.number',
    'run dag run task map try',
    'task dag task',
  ],
  ['/dags/:dag/runs/:run/tasks/:task?try_number=:try.number', 'run dag run task =-1 try', 'task dag task'],
  ['/dags/:dag/runs/:run/tasks/:task', 'run dag run task', 'task dag task'],
  ['/dags/:dag/runs/:run', 'run dag run', 'job dag'],
  ['/dags/:dag/dagRuns/:run/taskInstances/:task', 'run dag run task', 'task dag task'],
  ['/dags/:dag/dagRuns/:run', 'run dag run', 'job dag'],
  ['/dags/:dag/tasks/:task', 'task dag task'],
  ['/dags/:dag/grid?dag_run_id=:run&task_id=:task', 'run dag run task', 'task dag task'],
  ['/dags/:dag/grid?dag_run_id=:run', 'run dag run', 'job dag'],
  ['/dags/:dag/grid?task_id=:task', 'task dag task'],
  ['/dags/:dag', 'job dag'],
  ['/log?dag_id=:dag&task_id=:task', 'task dag task'],
  ['/tree?dag_id=:dag', 'job dag'],
);

/** 3.17 and 2.22 (2026-11-23). */
const mlflow = rows(
  ['#/models/:model/versions/:version', 'version model version'],
  ['#/models/:model', 'model model'],
  ['#/experiments/:experiment/runs/:run.hex', 'run run'],
);

/** Also the address that Databricks wrote into mails until 2023, from memory. */
const databricks = rows(
  ['/jobs/:job.number/runs/:run.number', 'run run', 'job job'],
  ['/jobs/runs/:run.number', 'run run'],
  ['/jobs/:job.number/tasks/:task', 'task job task'],
  ['/jobs/:job.number', 'job job'],
  ['#job/:job.number/run/:run.number', 'run run', 'job job'],
  ['#job/:job.number/runs/:run.number', 'run run', 'job job'],
  ['#job/:job.number', 'job job'],
  ['/sql/history?queryId=:query', 'run query'],
  ['/ml/endpoints/:endpoint', 'endpoint endpoint'],
  ['/ml/experiments/:experiment/runs/:run.hex', 'run@mlflow run'],
  ['/ml/models/:model/versions/:version', 'version@mlflow model version'],
  ['/ml/models/:model', 'model@mlflow model'],
  ['/explore/data/models/:catalog/:schema/:model/version/:version.number', 'version@mlflow name version'],
  ['/explore/data/models/:catalog/:schema/:model', 'model@mlflow name'],
  ['/explore/data/:catalog/:schema/:table', 'table catalog schema table'],
);

/** Snowsight, documentation read 2026-11. */
const snowflake = rows(
  ['#/compute/history/queries/:query.uuid', 'run query'],
  ['#/data/databases/:database/schemas/:schema/table/:table', 'table database schema table'],
  ['#/data/databases/:database/schemas/:schema/view/:table', 'table database schema table'],
  ['#/data/databases/:database/schemas/:schema/dynamic-table/:table', 'table database schema table'],
  ['#/data/databases/:database/schemas/:schema/task/:task', 'job database schema task'],
  ['#/data/databases/:database/schemas/:schema/model/:model', 'model database schema model'],
);

/** Of 2.60.0 and 2.44.1. */
const ray = rows(
  ['#/jobs/:job.submission/tasks/:task', 'run job task'],
  ['#/jobs/:job.submission', 'run job'],
  ['#/serve/applications/:application/:deployment', 'endpoint application deployment'],
  ['#/serve/applications/:application', 'endpoint application'],
);

/** dbt Cloud now, as it was before 2022, and its API. */
const dbt = rows(
  ['/deploy/:account.number/projects/:project.number/runs/:run.number', 'run run'],
  ['/deploy/:account.number/projects/:project.number/jobs/:job.number', 'job job'],
  ['#/accounts/:account.number/projects/:project.number/runs/:run.number', 'run run'],
  ['#/accounts/:account.number/projects/:project.number/jobs/:job.number', 'job job'],
  ['/accounts/:account.number/runs/:run.number', 'run run'],
  ['/accounts/:account.number/jobs/:job.number', 'job job'],
);

/** `generatorURL` of alerts is a page of `/graph`; 3.x has `/query`. */
const prometheus = rows(
  ['/graph?g0.expr=:query', 'metric query'],
  ['/query?g0.expr=:query', 'metric query'],
  ['/alerts?search=:alert', 'monitor alert'],
);

const alertmanager = rows(['#/alerts?filter=:filter', 'monitor filter']);

/** Of Marquez: its pages (its source of 2025-03) and its API. Jobs are named by their namespace, not by the server. */
const openlineage = rows(
  ['/lineage/job/:namespace/:job', 'job job'],
  ['/namespaces/:namespace/jobs/:job', 'job job'],
  ['/jobs/runs/:run.uuid', 'run run'],
  ['/lineage/dataset/:namespace/:dataset', 'table dataset'],
  ['/datasets/column-level/:namespace/:dataset', 'table dataset'],
  ['/namespaces/:namespace/datasets/:dataset', 'table dataset'],
);

/** All sites (2026-11); the last one of monitors is how they were until 2020. */
const datadog = rows(
  ['/monitors/:monitor.number', 'monitor monitor'],
  ['/monitor/:monitor.number', 'monitor monitor'],
  ['#:monitor.number', 'monitor monitor'],
  ['/slo?slo_id=:slo.slo', 'metric =slo slo'],
  ['/slo/manage?slo_id=:slo.slo', 'metric =slo slo'],
  ['/slo/:slo.slo', 'metric =slo slo'],
  ['/metric/explorer?exp_metric=:metric', 'metric metric'],
  ['/metric/summary?metric=:metric', 'metric metric'],
);

/** AWS's console; `prefix` is the key of an object, too. */
const s3 = rows(
  ['/s3/buckets/:bucket?prefix=:key', 'path bucket key'],
  ['/s3/object/:bucket?prefix=:key', 'path bucket key'],
  ['/s3/buckets/:bucket', 'path bucket'],
);

export const pagesOfTools: Readonly<Record<string, readonly Page[]>> = {
  ...{ airflow, mlflow, databricks, snowflake, ray, dbt, prometheus, alertmanager, openlineage, datadog, s3 },
};
