// MLflow's calls (API of 2.22 and 3.x, read 2026-11 in the packages).
import type { Role } from '../reference.ts';
import type { Rule, Take } from './rule.ts';

const model = (role: Role, ...from: (number | string)[]): Take => ({ from, kind: 'model', role });
const uri = (role: Role, ...from: (number | string)[]): Take => ({ from, kind: 'model', role, read: 'address' });
const experiment = (role: Role, ...from: (number | string)[]): Take => ({ from, kind: 'experiment', role });
const run = (role: Role, ...from: (number | string)[]): Take => ({ from, kind: 'run', role });
const metric = (role: Role, ...from: (number | string)[]): Take => ({ from, kind: 'metric', role });

/** A function of the module and the client's method of the same name. */
const both = (name: string): string[] => [`mlflow.${name}`, `MlflowClient#${name}`, `client:${name}`];
const client = (name: string): string[] => [`MlflowClient#${name}`, `client:${name}`];
const row = (name: string, calls: readonly string[], ...takes: Take[]): Rule => ({
  id: `mlflow.${name}`,
  tool: 'mlflow',
  calls,
  takes,
});

export const mlflowRules: readonly Rule[] = [
  row('load_model', ['mlflow.load_model', 'aeon.load_model', 'sktime.load_model'], uri('reads', 0, 'model_uri')),
  row('spark_udf', ['mlflow.spark_udf'], uri('reads', 1, 'model_uri')),
  row('register_model', ['mlflow.register_model'], uri('reads', 0, 'model_uri'), model('writes', 1, 'name')),
  row('log_model', ['mlflow.log_model'], model('writes', 'registered_model_name')),
  row('save_model', ['mlflow.save_model'], uri('writes', 1, 'path')),
  row('evaluate', ['mlflow.evaluate'], uri('reads', 0, 'model')),
  row('predict', ['mlflow.predict'], uri('reads', 0, 'model_uri')),
  row('get_model_info', ['mlflow.get_model_info'], uri('reads', 0, 'model_uri')),
  row('build_docker', ['mlflow.build_docker', 'mlflow.generate_dockerfile'], uri('reads', 0, 'model_uri')),
  row('Model.load', ['mlflow.load'], uri('reads', 0, 'path')),
  row('download_artifacts', ['mlflow.download_artifacts'], uri('reads', 0, 'artifact_uri'), run('reads', 'run_id')),
  row('client.download_artifacts', client('download_artifacts'), run('reads', 0, 'run_id')),
  row('load_artifact', ['mlflow.load_text', 'mlflow.load_dict', 'mlflow.load_image'], uri('reads', 0, 'artifact_uri')),
  row('list_artifacts', ['mlflow.list_artifacts'], uri('reads', 0, 'artifact_uri'), run('reads', 'run_id')),
  row('client.list_artifacts', client('list_artifacts'), run('reads', 0, 'run_id')),
  row(
    'copy_model_version',
    both('copy_model_version'),
    uri('reads', 0, 'src_model_uri'),
    model('writes', 1, 'dst_name'),
  ),
  row('score_batch', ['#score_batch'], uri('reads', 'model_uri')),
  row(
    'create_deployment',
    ['#create_deployment', '#update_deployment'],
    { from: [0, 'name'], kind: 'endpoint', role: 'writes' },
    uri('reads', 1, 'model_uri'),
  ),
  row('create_registered_model', both('create_registered_model'), model('writes', 0, 'name')),
  row('update_registered_model', both('update_registered_model'), model('writes', 0, 'name')),
  row('delete_registered_model', both('delete_registered_model'), model('writes', 0, 'name')),
  row(
    'rename_registered_model',
    both('rename_registered_model'),
    model('writes', 0, 'name'),
    model('writes', 1, 'new_name'),
  ),
  row('set_registered_model_tag', both('set_registered_model_tag'), model('writes', 0, 'name')),
  row('get_registered_model', both('get_registered_model'), model('reads', 0, 'name')),
  row('get_latest_versions', both('get_latest_versions'), { ...model('reads', 0, 'name'), stage: [1, 'stages'] }),
  row(
    'create_model_version',
    both('create_model_version'),
    model('writes', 0, 'name'),
    uri('reads', 1, 'source'),
    run('reads', 2, 'run_id'),
  ),
  row('get_model_version', both('get_model_version'), { ...model('reads', 0, 'name'), version: [1, 'version'] }),
  row('delete_model_version', both('delete_model_version'), { ...model('writes', 0, 'name'), version: [1, 'version'] }),
  row('update_model_version', both('update_model_version'), { ...model('writes', 0, 'name'), version: [1, 'version'] }),
  row('get_model_version_download_uri', both('get_model_version_download_uri'), {
    ...model('reads', 0, 'name'),
    version: [1, 'version'],
  }),
  row('set_model_version_tag', both('set_model_version_tag'), {
    ...model('writes', 0, 'name'),
    version: [1, 'version'],
  }),
  row('delete_model_version_tag', both('delete_model_version_tag'), {
    ...model('writes', 0, 'name'),
    version: [1, 'version'],
  }),
  row('transition_model_version_stage', both('transition_model_version_stage'), {
    ...model('writes', 0, 'name'),
    version: [1, 'version'],
    stage: [2, 'stage'],
  }),
  row(
    'get_model_version_by_alias',
    ['mlflow.get_model_version_by_alias', 'MlflowClient#get_model_version_by_alias', '#get_model_version_by_alias'],
    {
      ...model('reads', 0, 'name'),
      alias: [1, 'alias'],
    },
  ),
  row('set_registered_model_alias', ['mlflow.set_registered_model_alias', '#set_registered_model_alias'], {
    ...model('writes', 0, 'name'),
    alias: [1, 'alias'],
    version: [2, 'version'],
  }),
  row('delete_registered_model_alias', ['mlflow.delete_registered_model_alias', '#delete_registered_model_alias'], {
    ...model('writes', 0, 'name'),
    alias: [1, 'alias'],
  }),
  row('search_model_versions', both('search_model_versions'), {
    ...model('reads', 0, 'filter_string'),
    read: 'filter',
  }),
  row('search_registered_models', both('search_registered_models'), {
    ...model('reads', 'filter_string'),
    read: 'filter',
  }),

  row('set_experiment', ['mlflow.set_experiment'], experiment('writes', 0, 'experiment_name')),
  row('create_experiment', both('create_experiment'), experiment('writes', 0, 'name')),
  row('get_experiment_by_name', both('get_experiment_by_name'), experiment('reads', 0, 'name')),
  row('search_runs', ['mlflow.search_runs'], experiment('reads', 'experiment_names')),
  row(
    'MLflowLoggerCallback',
    ['ray.MLflowLoggerCallback', 'ray.setup_mlflow', 'mlflow.MLflowLoggerCallback'],
    experiment('writes', 'experiment_name'),
  ),

  row('start_run', ['mlflow.start_run'], run('writes', 0, 'run_id')),
  row('get_run', both('get_run'), run('reads', 0, 'run_id')),
  row('get_parent_run', both('get_parent_run'), run('reads', 0, 'run_id')),
  row('delete_run', both('delete_run'), run('writes', 0, 'run_id')),
  row('set_terminated', client('set_terminated'), run('writes', 0, 'run_id')),
  row('set_tag', client('set_tag'), run('writes', 0, 'run_id')),
  row('log_metric', ['mlflow.log_metric'], metric('writes', 0, 'key')),
  row('client.log_metric', client('log_metric'), run('writes', 0, 'run_id'), metric('writes', 1, 'key')),
  row('log_metrics', ['mlflow.log_metrics'], { ...metric('writes', 0, 'metrics'), read: 'keys' }),
  row('get_metric_history', both('get_metric_history'), run('reads', 0, 'run_id'), metric('reads', 1, 'key')),
];
