// REST: jobs and endpoints that are asked over HTTP (Airflow's API v1 and v2, Databricks' jobs API 2.x and serving, read 2026-11).
import { named, rowsOf } from '../rows.ts';
import type { Rule, Take } from '../rule.ts';

const airflow = rowsOf('airflow');
const databricks = rowsOf('databricks');
const http = (...verbs: string[]): readonly string[] =>
  verbs.flatMap((verb) => [`requests.${verb}`, `httpx.${verb}`, `session:${verb}`, `client:${verb}`]);
const segment = (take: Take, field: string): Take => ({ ...take, read: 'segment', field, url: field });
const keys = ['url', 'endpoint', 0];

export const restRules: readonly Rule[] = [
  airflow('api.trigger', http('post'), { ...segment(named('job', 'runs', ...keys), '/dags/'), url: '/dagRuns' }),
  airflow('api.get', http('get', 'patch'), { ...segment(named('job', 'reads', ...keys), '/dags/'), url: '/api/v' }),
  airflow(
    'HttpOperator',
    ['airflow.HttpOperator', 'airflow.SimpleHttpOperator', 'airflow.HttpSensor'],
    { ...segment(named('job', 'runs', 'endpoint'), '/dags/'), url: '/dagRuns' },
    segment(named('endpoint', 'reads', 'endpoint'), '/serving-endpoints/'),
  ),
  databricks('api.run_now', http('post'), { ...named('job', 'runs', 'json.job_id'), url: '/jobs/run-now' }),
  databricks('api.submit', http('post'), { ...named('job', 'runs', 'json.run_name'), url: '/jobs/runs/submit' }),
  databricks(
    'api.invocations',
    http('post', 'get'),
    segment(named('endpoint', 'reads', ...keys), '/serving-endpoints/'),
  ),
];
