// MLflow's models: loaded, logged, registered, deployed (API of 2.22 and 3.17, read 2026-11).
import type { Role } from '../../reference.ts';
import { address, named, of, rowsOf } from '../rows.ts';
import type { ArgumentKey, Rule, Take } from '../rule.ts';

const row = rowsOf('mlflow');
const model = (role: Role, ...from: ArgumentKey[]): Take => named('model', role, ...from);
const uri = address;
const run = (role: Role, ...from: ArgumentKey[]): Take => named('run', role, ...from);

/** A function of the module and the client's method of the same name. */
const both = (name: string): string[] => [`mlflow.${name}`, `MlflowClient#${name}`, `client:${name}`];
const client = (name: string): string[] => [`MlflowClient#${name}`, `client:${name}`];

/** Of what `get_deploy_client` gives, too, where that has a name of its own. */
const plugin = (...names: string[]): string[] =>
  names.flatMap((name) => [
    `*DeploymentClient#${name}`,
    `deploy_client:${name}`,
    `deployment_client:${name}`,
    `deployments_client:${name}`,
  ]);

export const mlflowModelRules: readonly Rule[] = [
  row(
    'load_model',
    ['mlflow.load_model', 'aeon.load_model', 'sktime.load_model', 'mlflavors.load_model'],
    uri('reads', 0, 'model_uri'),
  ),
  row('spark_udf', ['mlflow.spark_udf'], uri('reads', 1, 'model_uri')),
  row(
    'model',
    of(
      'mlflow',
      'get_model_dependencies',
      'set_signature',
      'add_libraries_to_model',
      'convert_input_example_to_serving_input',
    ),
    uri('reads', 0, 'model_uri'),
  ),
  row('register_model', ['mlflow.register_model'], uri('reads', 0, 'model_uri'), model('writes', 1, 'name')),
  row(
    'log_model',
    [
      'mlflow.log_model',
      'mlflow.Model.log',
      'aeon.log_model',
      'sktime.log_model',
      '#log_model',
      'FeatureEngineeringClient#log_model',
      'FeatureStoreClient#log_model',
      'fe:log_model',
      'fs:log_model',
    ],
    model('writes', 'registered_model_name'),
  ),
  row('autolog', ['mlflow.autolog'], model('writes', 'registered_model_name')),
  // MLflow's own word, whoever hands it on.
  row('registered_model_name', ['=registered_model_name'], model('writes', 'registered_model_name')),
  row('save_model', ['mlflow.save_model'], uri('writes', 1, 'path')),
  row('evaluate', ['mlflow.evaluate'], uri('reads', 0, 'model')),
  row('predict', ['mlflow.models.predict'], uri('reads', 0, 'model_uri')),
  row('get_model_info', ['mlflow.get_model_info'], uri('reads', 0, 'model_uri')),
  row('build_docker', ['mlflow.build_docker', 'mlflow.generate_dockerfile'], uri('reads', 0, 'model_uri')),
  row('Model.load', ['mlflow.Model.load'], uri('reads', 0, 'path')),
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
  row('score_batch', ['#score_batch'], uri('reads', 0, 'model_uri')),
  row(
    'create_deployment',
    ['#create_deployment', '#update_deployment'],
    named('endpoint', 'writes', 'name'),
    uri('reads', 1, 'model_uri'),
  ),
  row(
    'deployment',
    ['mlflow.get_deploy_client#create_deployment', 'mlflow.get_deploy_client#update_deployment'],
    named('endpoint', 'writes', 0, 'name'),
  ),
  // A plugin's client for its own platform; MLflow's words (`BaseDeploymentClient`, 3.17, read 2026-11).
  row(
    'plugin.write',
    plugin('create_deployment', 'update_deployment', 'delete_deployment', 'create_endpoint', 'update_endpoint'),
    named('endpoint', 'writes', 0, 'name', 'endpoint'),
    uri('reads', 1, 'model_uri'),
  ),
  row('plugin.delete_endpoint', plugin('delete_endpoint'), named('endpoint', 'writes', 0, 'endpoint', 'name')),
  row(
    'plugin.read',
    plugin('predict', 'predict_stream', 'explain', 'get_deployment', 'get_endpoint'),
    named('endpoint', 'reads', 0, 'deployment_name', 'name', 'endpoint'),
  ),
  row(
    'deploy_client.write',
    [
      'mlflow.get_deploy_client#create_endpoint',
      'mlflow.get_deploy_client#update_endpoint',
      'mlflow.get_deploy_client#delete_endpoint',
      'mlflow.get_deploy_client#delete_deployment',
    ],
    named('endpoint', 'writes', 0, 'name', 'endpoint'),
    model('reads', 'config.served_entities[].entity_name', 'config.served_models[].model_name'),
  ),
  row(
    'deploy_client.predict',
    ['mlflow.get_deploy_client#predict', 'mlflow.get_deploy_client#predict_stream', 'deploy_client:predict'],
    named('endpoint', 'reads', 'endpoint', 'deployment_name', 0),
  ),
  row(
    'deploy_client.get',
    ['mlflow.get_deploy_client#get_endpoint', 'mlflow.get_deploy_client#get_deployment'],
    named('endpoint', 'reads', 0, 'name', 'endpoint'),
  ),
  row(
    'sagemaker',
    of('mlflow', 'deploy_transform_job', '_deploy'),
    uri('reads', 'model_uri'),
    named('endpoint', 'writes', 'app_name'),
  ),
  row('create_registered_model', both('create_registered_model'), model('writes', 0, 'name')),
  row('update_registered_model', both('update_registered_model'), model('writes', 0, 'name')),
  row('delete_registered_model', both('delete_registered_model'), model('mentions', 0, 'name')),
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
  row(
    'search_model_versions',
    client('search_model_versions'),
    { ...model('reads', 0, 'filter_string'), read: 'filter' },
    { ...run('reads', 0, 'filter_string'), read: 'filter', field: 'run_id' },
  ),
  row('search_registered_models', client('search_registered_models'), {
    ...model('reads', 0, 'filter_string'),
    read: 'filter',
  }),
  // Of the module, the first argument is a number.
  row(
    'search_models',
    of('mlflow', 'search_model_versions', 'search_registered_models'),
    { ...model('reads', 1, 'filter_string'), read: 'filter' },
    { ...run('reads', 1, 'filter_string'), read: 'filter', field: 'run_id' },
  ),
  row('delete_registered_model_tag', client('delete_registered_model_tag'), model('mentions', 0, 'name')),
  row('get_model_version_stages', client('get_model_version_stages'), {
    ...model('reads', 0, 'name'),
    version: [1, 'version'],
  }),
];
