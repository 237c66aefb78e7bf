// Databricks' calls: jobs by name or id in operators and the SDK (read 2026-11 in the packages).
import type { Rule, Take } from './rule.ts';

const row = (name: string, calls: readonly string[], ...takes: Take[]): Rule => ({
  id: `databricks.${name}`,
  tool: 'databricks',
  calls,
  takes,
});

export const databricksRules: readonly Rule[] = [
  row(
    'DatabricksRunNowOperator',
    ['airflow.DatabricksRunNowOperator', 'airflow.DatabricksRunNowDeferrableOperator'],
    { from: ['job_name'], kind: 'job', role: 'runs' },
    { from: ['job_id'], kind: 'job', role: 'runs' },
  ),
  row('DatabricksCreateJobsOperator', ['airflow.DatabricksCreateJobsOperator'], {
    from: ['name'],
    kind: 'job',
    role: 'defines',
  }),
  row(
    'DatabricksSubmitRunOperator',
    ['airflow.DatabricksSubmitRunOperator', 'airflow.DatabricksSubmitRunDeferrableOperator'],
    {
      from: ['run_name'],
      kind: 'job',
      role: 'runs',
    },
  ),
  row(
    'DatabricksCopyIntoOperator',
    ['airflow.DatabricksCopyIntoOperator'],
    { from: ['table_name'], kind: 'table', role: 'writes' },
    { from: ['file_location'], kind: 'path', role: 'reads', read: 'address' },
  ),
  row('DatabricksPartitionSensor', ['airflow.DatabricksPartitionSensor'], {
    from: ['table_name'],
    kind: 'table',
    role: 'reads',
    qualify: [['catalog'], ['schema']],
  }),
  row('jobs.run_now', ['jobs:run_now'], { from: [0, 'job_id'], kind: 'job', role: 'runs' }),
  row('jobs.list', ['jobs:list'], { from: ['name'], kind: 'job', role: 'reads' }),
  row('serving_endpoints', ['serving_endpoints:query', 'serving_endpoints:get', 'serving_endpoints:create'], {
    from: [0, 'name'],
    kind: 'endpoint',
    role: 'reads',
  }),
  row('registered_models.get', ['registered_models:get'], { from: [0, 'full_name'], kind: 'model', role: 'reads' }),
  row('tables.get', ['tables:get'], { from: [0, 'full_name'], kind: 'table', role: 'reads' }),
];
