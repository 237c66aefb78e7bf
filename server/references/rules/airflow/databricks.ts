// Airflow's Databricks operators: jobs by name, id and JSON, tasks in it, tables and files (provider 7.23, read 2026-11).
import { address, methods, named, of, rowsOf, table } from '../rows.ts';
import type { Rule, Take } from '../rule.ts';

const row = rowsOf('databricks');
/** Also in the package they came from. */
const airflow = (...names: string[]): readonly string[] => [
  ...of('airflow', ...names),
  ...of('astro_databricks', ...names),
];

/** Tasks of a job or of a one-off run, written as JSON. */
const tasks = (role: 'defines', ...job: string[]): readonly Take[] => [
  { ...named('task', role, 'json.tasks[].task_key'), container: job },
  { ...named('task', role, 'tasks[].task_key'), container: job },
  { ...named('task', 'mentions', 'json.tasks[].depends_on[].task_key'), container: job },
  { ...named('task', 'mentions', 'tasks[].depends_on[].task_key'), container: job },
  named('job', 'runs', 'json.tasks[].run_job_task.job_id'),
  named('job', 'runs', 'tasks[].run_job_task.job_id'),
];
/** Files that run: only those in a lake are paths, a notebook of the workspace is none. */
const files: readonly Take[] = [
  address('reads', 'json.spark_python_task.python_file'),
  address('reads', 'spark_python_task.python_file'),
  address('reads', 'json.tasks[].spark_python_task.python_file'),
  address('reads', 'tasks[].spark_python_task.python_file'),
  address('reads', 'json.libraries[].jar'),
  address('reads', 'libraries[].jar'),
  address('reads', 'libraries[].whl'),
];

export const databricksAirflowRules: readonly Rule[] = [
  row(
    'DatabricksRunNowOperator',
    airflow('DatabricksRunNowOperator', 'DatabricksRunNowDeferrableOperator'),
    named('job', 'runs', 'job_name', 'json.job_name'),
    named('job', 'runs', 'job_id', 'json.job_id'),
  ),
  row(
    'DatabricksCreateJobsOperator',
    airflow('DatabricksCreateJobsOperator'),
    named('job', 'defines', 'name', 'json.name'),
    ...tasks('defines', 'name', 'json.name'),
  ),
  row(
    'DatabricksSubmitRunOperator',
    airflow('DatabricksSubmitRunOperator', 'DatabricksSubmitRunDeferrableOperator'),
    named('job', 'runs', 'run_name', 'json.run_name'),
    ...tasks('defines', 'run_name', 'json.run_name'),
    ...files,
  ),
  row(
    'DatabricksTaskOperator',
    airflow('DatabricksTaskOperator', 'DatabricksNotebookOperator'),
    named('task', 'defines', 'databricks_task_key', 'task_config.task_key'),
    named('job', 'runs', 'task_config.run_job_task.job_id'),
    address('reads', 'task_config.spark_python_task.python_file'),
  ),
  row(
    'DatabricksCopyIntoOperator',
    airflow('DatabricksCopyIntoOperator', 'DatabricksCopyIntoAssetOperator'),
    table('writes', ['table_name', 'unity_table'], 'catalog', 'schema'),
    address('reads', 'file_location'),
  ),
  row(
    'DatabricksPartitionSensor',
    airflow('DatabricksPartitionSensor'),
    table('reads', 'table_name', 'catalog', 'schema'),
  ),
  row('DatabricksSqlOperator', airflow('DatabricksSqlOperator'), address('writes', 'output_path')),
  row(
    'DatabricksHook.run_now',
    methods('DatabricksHook', 'databricks_hook', 'run_now'),
    named('job', 'runs', '0.job_id', 'json.job_id', '0.job_name', 'json.job_name'),
  ),
  row(
    'DatabricksHook.submit_run',
    methods('DatabricksHook', 'databricks_hook', 'submit_run'),
    named('job', 'runs', '0.run_name', 'json.run_name'),
  ),
  row(
    'DatabricksHook.job',
    methods('DatabricksHook', 'databricks_hook', 'find_job_id_by_name', 'cancel_all_runs'),
    named('job', 'reads', 0, 'job_name', 'job_id'),
  ),
];
