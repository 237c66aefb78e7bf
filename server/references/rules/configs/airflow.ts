// Airflow's files: DAGs that dag-factory makes from YAML, and operators' arguments wherever a file holds them (dag-factory 1.x, read 2026-11).
import { type ConfigRow, type ConfigShape, rowOf } from './row.ts';

const row = rowOf('airflow');

/** A schema of such a file says `str(required=False)` in its place. */
const plainName = '^([^()]+)$';

/** `project.dataset.table`, also `project:dataset.table`; a partition may follow. */
const tableName = '^([^\\s()]+)$';

/** Names that mean the same whoever holds them. */
export const airflowArguments: readonly ConfigRow[] = [
  row('**.trigger_dag_id', 'trigger_dag_id', 'job', 'runs', { pattern: plainName }),
  row('**.external_dag_id', 'external_dag_id', 'job', 'reads', { pattern: plainName }),
  row('**.external_task_id', 'external_task_id', 'task', 'reads', {
    container: '^external_dag_id',
    pattern: plainName,
  }),
  row('**.external_task_ids', 'external_task_id', 'task', 'reads', {
    container: '^external_dag_id',
    pattern: plainName,
  }),
  // Arguments of the operators for BigQuery.
  row('**.destination_project_dataset_table', 'bigquery.destination', 'table', 'writes', { pattern: tableName }),
  row('**.source_project_dataset_table', 'bigquery.source', 'table', 'reads', { pattern: tableName }),
  row('**.source_project_dataset_tables', 'bigquery.source', 'table', 'reads', { pattern: tableName }),
  row('**.ssh_conn_id', 'ssh_conn_id', 'host', 'mentions', { pattern: plainName }),
];

/** `bucket_name` and `bucket_key` of sensors, `s3_bucket` and `s3_key` of transfers. */
const buckets: readonly ConfigRow[] = [
  row('**.bucket_name', 's3.bucket', 'path', 'reads', {
    read: 'bucket',
    beside: '^bucket_key',
    when: [['^operator', 'S3Key']],
  }),
  row('**.s3_bucket', 's3.bucket', 'path', 'reads', {
    read: 'bucket',
    beside: '^s3_key',
    when: [['^operator', 'S3To']],
  }),
  row('**.s3_bucket', 's3.bucket', 'path', 'writes', {
    read: 'bucket',
    beside: '^s3_key',
    when: [['^operator', 'ToS3|CreateObject']],
  }),
];

const operators: readonly ConfigRow[] = [
  row('**.outlets', 'outlets', 'path', 'writes', { read: 'address' }),
  row('**.inlets', 'inlets', 'path', 'reads', { read: 'address' }),
  row('**.outlets.[].uri', 'outlets', 'path', 'writes', { read: 'address' }),
  row('**.inlets.[].uri', 'inlets', 'path', 'reads', { read: 'address' }),
  row('**.schedule', 'schedule', 'path', 'reads', { read: 'address' }),
  row('**.schedule.datasets', 'schedule', 'path', 'reads', { read: 'address' }),
  row('**.schedule.datasets.**.[]', 'schedule', 'path', 'reads', { read: 'address' }),
  row('**.schedule.**.uri', 'schedule', 'path', 'reads', { read: 'address' }),
  row('**.dataset_triggers', 'schedule', 'path', 'reads', { read: 'address' }),
  row('**.dataset_triggers.[].uri', 'schedule', 'path', 'reads', { read: 'address' }),
  row('**.bucket_key', 'bucket_key', 'path', 'reads', { read: 'address' }),
  ...buckets,
  row('**.job_name', 'job_name', 'job', 'runs', { when: [['^operator', 'DatabricksRunNow']] }),
  row('**.job_id', 'job_id', 'job', 'runs', { when: [['^operator', 'DatabricksRunNow']] }),
  row('**.sql', 'sql', 'table', 'reads', { read: 'sql' }),
];

const tasks = (at: string): readonly ConfigRow[] => [
  row(`${at}.tasks.*`, 'task', 'task', 'defines', {
    key: true,
    opens: 'task',
    group: '^task_group_name',
    when: [['^task_id', '^$']],
  }),
  row(`${at}.tasks.*.task_id`, 'task', 'task', 'defines', { opens: 'task', group: '^task_group_name' }),
  row(`${at}.tasks.[].task_id`, 'task', 'task', 'defines', { opens: 'task', group: '^task_group_name' }),
  row(`${at}.tasks.*.dependencies`, 'dependencies', 'task', 'mentions'),
  row(`${at}.tasks.[].dependencies`, 'dependencies', 'task', 'mentions'),
];

/** The key is the name where the DAG does not say another. */
const byKey = [
  ['^tasks', '^[[{]'],
  ['^dag_id', '^$'],
] as const;

export const airflowShapes: readonly ConfigShape[] = [
  {
    id: 'airflow.dagFactory',
    has: [
      ['*.tasks.*.operator'],
      ['*.tasks.[].operator'],
      ['*.tasks.*.decorator'],
      ['*.tasks.[].decorator'],
      ['*.tasks.[].task_id', '*.tasks.[].dependencies'],
    ],
    rows: [
      row('*', 'dag', 'job', 'defines', { key: true, opens: 'job', when: byKey, pattern: '^(?!default$)(.+)$' }),
      row('*.dag_id', 'dag', 'job', 'defines', { opens: 'job' }),
      ...tasks('*'),
      ...operators,
    ],
  },
  {
    id: 'airflow.dagFile',
    has: [
      ['dag_id', 'tasks.*.{}'],
      ['dag_id', 'tasks.[].task_id'],
    ],
    rows: [
      row('dag_id', 'dag', 'job', 'defines', { opens: 'job' }),
      row('tasks.*', 'task', 'task', 'defines', { key: true, opens: 'task', group: '^task_group_name' }),
      row('tasks.[].task_id', 'task', 'task', 'defines', { opens: 'task', group: '^task_group_name' }),
      row('tasks.*.dependencies', 'dependencies', 'task', 'mentions'),
      row('tasks.[].dependencies', 'dependencies', 'task', 'mentions'),
      ...operators,
    ],
  },
  {
    id: 'airflow.dagList',
    has: [['dags.[].dag_id']],
    rows: [row('dags.[].dag_id', 'dag', 'job', 'defines', { opens: 'job' }), ...tasks('dags.[]'), ...operators],
  },
];
