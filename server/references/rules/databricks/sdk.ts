// Databricks' SDK: jobs, tasks, endpoints, registered models, tables, files (databricks-sdk 0.162, read 2026-11).
import type { Role } from '../../reference.ts';
import { address, named, of, rowsOf, table } from '../rows.ts';
import type { ArgumentKey, Rule, Take } from '../rule.ts';

const row = rowsOf('databricks');
const mlflow = rowsOf('mlflow');
/** `w.jobs.run_now`: the service is what is written before the last dot. */
const service = (name: string, ...calls: string[]): readonly string[] => calls.map((call) => `${name}:${call}`);
const model = (role: Role, ...from: ArgumentKey[]): Take => named('model', role, ...from);

const jobs: readonly Rule[] = [
  row('jobs.run_now', service('jobs', 'run_now', 'run_now_and_wait'), named('job', 'runs', 0, 'job_id')),
  row('jobs.submit', service('jobs', 'submit', 'submit_and_wait'), named('job', 'runs', 'run_name')),
  row('jobs.create', service('jobs', 'create'), { ...named('job', 'defines', 'name'), when: ['tasks'] }),
  row('jobs.get', service('jobs', 'get'), named('job', 'reads', 0, 'job_id')),
  row('jobs.list', service('jobs', 'list'), named('job', 'reads', 'name')),
  row('jobs.list_runs', service('jobs', 'list_runs'), named('job', 'reads', 'job_id')),
  row(
    'jobs.update',
    service('jobs', 'update', 'reset', 'delete', 'cancel_all_runs'),
    named('job', 'writes', 0, 'job_id'),
  ),
  row('Task', of('databricks', 'Task', 'SubmitTask'), named('task', 'defines', 'task_key')),
  row('TaskDependency', of('databricks', 'TaskDependency'), named('task', 'mentions', 0, 'task_key')),
  row('RunJobTask', of('databricks', 'RunJobTask'), named('job', 'runs', 0, 'job_id')),
  row('SparkPythonTask', of('databricks', 'SparkPythonTask'), address('reads', 0, 'python_file')),
  row('Job', ['databricks.Job'], named('job', 'defines', 'name')),
  row(
    'Job.from_dict',
    ['databricks.Job.from_dict'],
    named('job', 'defines', '0.name'),
    { ...named('task', 'defines', '0.tasks[].task_key'), container: ['0.name'] },
    { ...named('task', 'mentions', '0.tasks[].depends_on[].task_key'), container: ['0.name'] },
    named('job', 'runs', '0.tasks[].run_job_task.job_id'),
  ),
  row(
    'Task.from_dict',
    ['databricks.Task.from_dict', 'databricks.SubmitTask.from_dict'],
    named('task', 'defines', '0.task_key'),
    named('task', 'mentions', '0.depends_on[].task_key'),
  ),
  row('bundle.job', ['databricks.bundles.job'], { ...named('job', 'defines', 'name'), orFunction: true }),
  row('bundle.task', ['databricks.bundles.task'], { ...named('task', 'defines', 'task_key'), orFunction: true }),
  row('taskValues', ['taskValues:get'], named('task', 'reads', 0, 'taskKey')),
];

const endpoints: readonly Rule[] = [
  row(
    'serving_endpoints.read',
    service('serving_endpoints', 'query', 'get', 'get_open_api', 'logs', 'build_logs', 'export_metrics'),
    named('endpoint', 'reads', 0, 'name'),
  ),
  row(
    'serving_endpoints.write',
    service(
      'serving_endpoints',
      'create',
      'create_and_wait',
      'update_config',
      'update_config_and_wait',
      'delete',
      'put',
      'patch',
    ),
    named('endpoint', 'writes', 0, 'name'),
  ),
  row('EndpointCoreConfigInput', of('databricks', 'EndpointCoreConfigInput'), named('endpoint', 'writes', 'name')),
  mlflow('ServedEntityInput', of('databricks', 'ServedEntityInput'), {
    ...model('reads', 'entity_name'),
    version: ['entity_version'],
  }),
  mlflow('ServedModelInput', of('databricks', 'ServedModelInput'), {
    ...model('reads', 'model_name'),
    version: ['model_version'],
  }),
  row(
    'feature_endpoint',
    ['#create_feature_serving_endpoint', '#delete_feature_serving_endpoint'],
    named('endpoint', 'writes', 'name'),
  ),
  // What is sent to the REST API, and to MLflow's client (API 2.0, serving endpoints, read 2026-11).
  row('serving_endpoint', ['{name,config}'], {
    ...named('endpoint', 'writes', 'name'),
    when: ['config.served_entities', 'config.served_models'],
  }),
  mlflow('served_entity', ['{entity_name,entity_version}'], {
    ...model('reads', 'entity_name'),
    version: ['entity_version'],
  }),
  mlflow('served_model', ['{model_name,model_version}'], {
    ...model('reads', 'model_name'),
    version: ['model_version'],
  }),
  row('feature_endpoint.get', ['#get_feature_serving_endpoint'], named('endpoint', 'reads', 'name')),
];

const catalog: readonly Rule[] = [
  mlflow('registered_models.get', service('registered_models', 'get'), model('reads', 0, 'full_name')),
  mlflow('registered_models.set_alias', service('registered_models', 'set_alias', 'delete_alias'), {
    ...model('writes', 0, 'full_name'),
    alias: [1, 'alias'],
    version: [2, 'version_num'],
  }),
  mlflow('registered_models.write', service('registered_models', 'delete', 'update'), model('writes', 0, 'full_name')),
  mlflow('model_versions.get', service('model_versions', 'get', 'list'), {
    ...model('reads', 0, 'full_name'),
    version: [1, 'version'],
  }),
  mlflow('model_versions.get_by_alias', service('model_versions', 'get_by_alias'), {
    ...model('reads', 0, 'full_name'),
    alias: [1, 'alias'],
  }),
  mlflow('model_versions.write', service('model_versions', 'update', 'delete'), {
    ...model('writes', 0, 'full_name'),
    version: [1, 'version'],
  }),
  mlflow('model_registry', service('model_registry', 'get_model', 'get_latest_versions'), model('reads', 0, 'name')),
  mlflow(
    'model_registry.write',
    service('model_registry', 'create_model', 'create_model_version', 'transition_stage'),
    {
      ...model('writes', 0, 'name'),
      version: ['version'],
      stage: ['stage'],
    },
  ),
  mlflow('experiments.get', service('experiments', 'get_by_name'), named('experiment', 'reads', 0, 'experiment_name')),
  mlflow('experiments.create', service('experiments', 'create_experiment'), named('experiment', 'writes', 0, 'name')),
  row('tables.get', service('tables', 'get', 'exists'), table('reads', [0, 'full_name'])),
  row('tables.write', service('tables', 'delete', 'update'), table('writes', [0, 'full_name'])),
  row(
    'quality_monitors',
    service('quality_monitors', 'get', 'run_refresh', 'list_refreshes'),
    table('reads', [0, 'table_name']),
  ),
  row(
    'quality_monitors.write',
    service('quality_monitors', 'create', 'update', 'delete'),
    table('writes', [0, 'table_name']),
  ),
];

/** `w.dbfs`, `w.files`, `dbutils.fs`. */
const files: readonly Rule[] = [
  row(
    'files.read',
    [
      ...service('dbfs', 'download', 'list', 'exists', 'get_status', 'read'),
      ...service('files', 'download', 'list_directory_contents'),
    ],
    address('reads', 0, 'path', 'file_path', 'directory_path'),
  ),
  row(
    'files.write',
    [
      ...service('dbfs', 'upload', 'mkdirs', 'delete', 'put'),
      ...service('files', 'upload', 'delete', 'create_directory'),
    ],
    address('writes', 0, 'path', 'file_path', 'directory_path'),
  ),
  row('dbfs.open', ['dbfs:open'], { ...address('reads', 0, 'path'), unless: ['write'] }),
  row('dbfs.open_write', ['dbfs:open'], { ...address('writes', 0, 'path'), when: ['write'] }),
  row('dbfs.copy', service('dbfs', 'copy', 'move_'), address('reads', 0, 'src'), address('writes', 1, 'dst')),
  row('dbutils.fs.read', ['dbutils>ls', 'dbutils>head'], address('reads', 0)),
  row('dbutils.fs.write', ['dbutils>put', 'dbutils>rm', 'dbutils>mkdirs'], address('writes', 0)),
  row('dbutils.fs.copy', ['dbutils>cp', 'dbutils>mv'], address('reads', 0), address('writes', 1)),
  row(
    'dbutils.fs.mount',
    ['dbutils>mount'],
    address('reads', 0, 'source'),
    address('writes', 1, 'mount_point', 'mountPoint'),
  ),
];

export const databricksSdkRules: readonly Rule[] = [...jobs, ...endpoints, ...catalog, ...files];
