// Databricks' files: bundles with their resources, and the JSON of the jobs API (bundle schema and Jobs API 2.1, read 2026-11).
import { type ConfigRow, type ConfigShape, rowOf } from './row.ts';

const row = rowOf('databricks');

/** `${resources.jobs.score.id}`: the key is what stands for the job. */
const jobKey = '^\\$\\{resources\\.jobs\\.([\\w-]+)\\.\\w+\\}$';
const otherId = '^(?!\\$\\{resources\\.)(.+)$';

function taskRows(at: string): readonly ConfigRow[] {
  return [
    row(`${at}.task_key`, 'task_key', 'task', 'defines', { opens: 'task' }),
    row(`${at}.depends_on.[].task_key`, 'depends_on', 'task', 'mentions'),
    row(`${at}.run_job_task.job_id`, 'run_job_task', 'job', 'runs', { pattern: jobKey }),
    row(`${at}.run_job_task.job_id`, 'run_job_task', 'job', 'runs', { pattern: otherId }),
  ];
}

/** Below what holds the settings of a job. */
function jobRows(at: string): readonly ConfigRow[] {
  return [
    ...taskRows(`${at}tasks.[]`),
    ...taskRows(`${at}tasks.[].for_each_task.task`),
    row(`${at}trigger.file_arrival.url`, 'file_arrival', 'path', 'reads', { read: 'address' }),
    row(`${at}trigger.table_update.table_names`, 'table_update', 'table', 'reads'),
    row(`${at}trigger.table.table_names`, 'table_update', 'table', 'reads'),
  ];
}

function resourceRows(at: string): readonly ConfigRow[] {
  const job = `${at}jobs.*`;
  const endpoint = `${at}model_serving_endpoints.*`;
  const monitor = `${at}quality_monitors.*`;
  return [
    row(job, 'job', 'job', 'defines', { key: true, opens: 'job' }),
    row(`${job}.name`, 'job.name', 'job', 'defines'),
    ...jobRows(`${job}.`),
    row(`${at}experiments.*.name`, 'experiment', 'experiment', 'defines'),
    row(`${at}models.*.name`, 'model', 'model', 'defines'),
    row(`${at}registered_models.*.name`, 'registered_model', 'model', 'defines', {
      qualify: ['^catalog_name', '^schema_name'],
    }),
    row(`${endpoint}.name`, 'endpoint', 'endpoint', 'defines'),
    row(`${endpoint}.config.served_entities.[].entity_name`, 'served_entity', 'model', 'reads', {
      version: '^entity_version',
    }),
    row(`${endpoint}.config.served_models.[].model_name`, 'served_model', 'model', 'reads', {
      version: '^model_version',
    }),
    row(monitor, 'quality_monitor', 'monitor', 'defines', { key: true }),
    row(`${monitor}.table_name`, 'quality_monitor.table', 'table', 'reads'),
    row(`${monitor}.baseline_table_name`, 'quality_monitor.table', 'table', 'reads'),
    row(`${at}alerts.*`, 'alert', 'monitor', 'defines', { key: true, when: [['^display_name', '^$']] }),
    row(`${at}alerts.*.display_name`, 'alert', 'monitor', 'defines'),
    row(`${at}alerts.*.query_text`, 'alert.query', 'table', 'reads', { read: 'sql' }),
    row(`${at}synced_database_tables.*.name`, 'synced_table', 'table', 'defines'),
    row(`${at}synced_database_tables.*.spec.source_table_full_name`, 'synced_table.source', 'table', 'reads'),
  ];
}

const types = [
  'jobs',
  'pipelines',
  'models',
  'registered_models',
  'experiments',
  'model_serving_endpoints',
  'schemas',
  'volumes',
  'quality_monitors',
  'alerts',
  'dashboards',
  'apps',
  'clusters',
];

/** Tasks of whatever writes jobs in a form of its own. */
export const tasksAnywhere: readonly ConfigRow[] = taskRows('**.tasks.[]');

/** The settings of one job, as they are sent to the Jobs API, or came from it. */
function apiJob(at: string): readonly ConfigRow[] {
  return [
    row(`${at}name`, 'job.name', 'job', 'defines', { opens: 'job' }),
    row(`${at}run_name`, 'run_name', 'job', 'runs', { opens: 'job' }),
    ...jobRows(at),
  ];
}

export const databricksShapes: readonly ConfigShape[] = [
  {
    id: 'databricks.bundle',
    file: '/(?:databricks|bundle)\\.ya?ml$',
    has: [
      ...types.flatMap((type) => [[`resources.${type}.{}`], [`targets.*.resources.${type}.{}`]]),
      ['bundle.name', 'targets.{}'],
      ['bundle.name', 'include.[]'],
    ],
    rows: [...resourceRows('resources.'), ...resourceRows('targets.*.resources.')],
  },
  {
    id: 'databricks.dbx',
    has: [['environments.*.workflows.[].name'], ['environments.*.jobs.[].name']],
    rows: ['workflows', 'jobs'].map((list) =>
      row(`environments.*.${list}.[].name`, 'job.name', 'job', 'defines', { opens: 'job' }),
    ),
  },
  { id: 'databricks.job', has: [['tasks.[].task_key']], rows: apiJob('') },
  { id: 'databricks.jobSettings', has: [['settings.tasks.[].task_key']], rows: apiJob('settings.') },
  { id: 'databricks.newSettings', has: [['new_settings.tasks.[].task_key']], rows: apiJob('new_settings.') },
  {
    id: 'databricks.singleTask',
    has: ['notebook_task', 'spark_python_task', 'spark_jar_task', 'python_wheel_task', 'spark_submit_task'].map(
      (task) => [`${task}.{}`],
    ),
    rows: [
      row('name', 'job.name', 'job', 'defines', { opens: 'job' }),
      row('run_name', 'run_name', 'job', 'runs', { opens: 'job' }),
    ],
  },
  {
    id: 'databricks.runNow',
    has: ['notebook_params', 'python_params', 'jar_params', 'job_parameters', 'python_named_params'].map((key) => [
      'job_id',
      key,
    ]),
    rows: [row('job_id', 'run_now', 'job', 'runs')],
  },
];
