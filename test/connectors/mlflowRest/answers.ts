// What MLflow 3.17.2 and 2.22.5 answered on 2026-11-23 to a small store that their own client had filled; ids shortened.

export const errors = {
  /** Both generations, to a route they do not have; the body of a web page. */
  noRoute:
    '<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>\n',
  noModel: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'Registered Model with name=nope not found' },
  hostHeader: 'Invalid Host header - possible DNS rebinding attack detected',
  artifactsOnly:
    'Endpoint: /api/2.0/mlflow/experiments/search disabled due to the mlflow server running in `--artifacts-only` mode. To enable tracking server functionality, run `mlflow server` without `--artifacts-only`',
  noWorkspaces: {
    error_code: 'FEATURE_DISABLED',
    message: 'Workspace APIs are not available: workspaces are not enabled on this server',
    sqlstate: 'KAM00',
    error_class: 'FEATURE_DISABLED',
  },
  pageSize: {
    error_code: 'INVALID_PARAMETER_VALUE',
    message: "Invalid value 50001 for parameter 'max_results' supplied.",
  },
};

const commit = '5be1f0a5be1f0a5be1f0a5be1f0a5be1f0a5be1f';
export const runIds = ['fde14c0757f14b70925eb8fc6a0374ac', '06712e8b19c945dbbf10dbe2b8f871b8'] as const;

const run = (artifactUri: string, outputs: object) => ({
  info: {
    run_uuid: runIds[0],
    experiment_id: '1',
    run_name: 'train-16',
    user_id: 'ana',
    status: 'FINISHED',
    start_time: 1795441086737,
    end_time: 1795441094512,
    artifact_uri: artifactUri,
    lifecycle_stage: 'active',
    run_id: runIds[0],
  },
  data: {
    metrics: [
      { key: 'auc', value: 0.8560000000000001, timestamp: 1795441087320, step: 4 },
      { key: 'eval/f1', value: 0.5, timestamp: 1795441087432, step: 0 },
      { key: 'loss', value: 'NaN', timestamp: 1795441087551, step: 0 },
      { key: 'up', value: 1.7976931348623157e308, timestamp: 1795441087626, step: 0 },
      { key: 'down', value: -1.7976931348623157e308, timestamp: 1795441087669, step: 0 },
      { key: 'late', value: 2.0, timestamp: 1795441087742, step: 10 },
    ],
    params: [
      { key: 'C', value: '0.1' },
      { key: 'note', value: 'été / 50 % "quoted"\nsecond line' },
    ],
    tags: [
      { key: 'mlflow.user', value: 'ana' },
      { key: 'mlflow.source.name', value: 'train.py' },
      { key: 'mlflow.source.type', value: 'LOCAL' },
      { key: 'mlflow.source.git.commit', value: commit },
      { key: 'mlflow.runName', value: 'train-16' },
      { key: 'airflow.dag_id', value: 'train_churn' },
      { key: 'airflow.run_id', value: 'scheduled__2026-11-16T06:00:00+00:00' },
    ],
  },
  inputs: {
    dataset_inputs: [
      {
        tags: [{ key: 'mlflow.data.context', value: 'training' }],
        dataset: {
          name: 'churn_features',
          digest: 'c42e9dfe',
          source_type: 's3',
          source: '{"uri": "s3://acme-lake/churn/features/"}',
          schema: '{"mlflow_colspec": [{"type": "double", "name": "a", "required": true}]}',
          profile: '{"num_rows": 2, "num_elements": 2}',
        },
      },
    ],
  },
  ...outputs,
});

const running = {
  info: {
    run_uuid: runIds[1],
    experiment_id: '1',
    run_name: 'still running',
    user_id: 'unknown',
    status: 'RUNNING',
    start_time: 1795441097500,
    artifact_uri: `mlflow-artifacts:/1/${runIds[1]}/artifacts`,
    lifecycle_stage: 'active',
    run_id: runIds[1],
  },
  data: { tags: [{ key: 'mlflow.runName', value: 'still running' }] },
  inputs: {},
};

const experiments = [
  {
    experiment_id: '1',
    name: 'churn',
    artifact_location: 'mlflow-artifacts:/1',
    lifecycle_stage: 'active',
    last_update_time: 1795441078238,
    creation_time: 1795441078238,
    workspace: 'default',
  },
  {
    experiment_id: '0',
    name: 'Default',
    artifact_location: 'mlflow-artifacts:/0',
    lifecycle_stage: 'active',
    last_update_time: 1795441070000,
    creation_time: 1795441070000,
    workspace: 'default',
  },
];

const version = (source: string) => ({
  name: 'churn',
  version: '3',
  creation_timestamp: 1795441094183,
  last_updated_timestamp: 1795441094183,
  current_stage: 'None',
  description: '',
  source,
  run_id: runIds[0],
  status: 'READY',
  run_link: '',
});

const model = (source: string) => ({
  name: 'churn',
  creation_timestamp: 1795441082828,
  last_updated_timestamp: 1795441097843,
  description: 'Who leaves.',
  latest_versions: [version(source)],
  tags: [{ key: 'team', value: 'growth' }],
  aliases: [{ alias: 'challenger', version: '3' }],
});

const loggedModel = {
  info: {
    model_id: 'm-f92cddb374b748a1a3fbc92f2983a0a5',
    experiment_id: '1',
    name: 'model',
    creation_timestamp_ms: 1795441092236,
    last_updated_timestamp_ms: 1795441093910,
    artifact_uri: 'mlflow-artifacts:/1/models/m-f92cddb374b748a1a3fbc92f2983a0a5/artifacts',
    status: 'LOGGED_MODEL_READY',
    model_type: '',
    source_run_id: runIds[0],
  },
  data: {},
};

const source3 = 'models:/m-f92cddb374b748a1a3fbc92f2983a0a5';
const source2 = `mlflow-artifacts:/1/${runIds[0]}/artifacts/model`;
const files = `mlflow-artifacts:/1/${runIds[0]}/artifacts`;
const outputs = { outputs: { model_outputs: [{ model_id: 'm-f92cddb374b748a1a3fbc92f2983a0a5', step: 0 }] } };

export const stores = {
  '3.17.2': {
    experiments,
    models: [model(source3)],
    versions: [version(source3)],
    runs: [running, run(files, outputs)],
    loggedModels: [loggedModel],
  },
  '2.22.5': {
    experiments: experiments.map(({ workspace: _workspace, ...experiment }) => experiment),
    models: [model(source2)],
    versions: [version(source2)],
    runs: [running, run(files, {})],
    loggedModels: undefined,
  },
};

export const history = [0, 1, 2, 3, 4].map((step) => ({
  ...{ key: 'auc', value: 0.8160000000000001 + step / 100, timestamp: 1795441086888 + 108 * step, step },
  run_id: runIds[0],
}));

export const artifactList = {
  '': {
    root_uri: files,
    files: [
      { path: 'logs', is_dir: true },
      { path: 'model', is_dir: true },
      { path: 'train.log', is_dir: false, file_size: 8 },
    ],
  },
  logs: { root_uri: files, files: [{ path: 'logs/train.log', is_dir: false, file_size: 8 }] },
};
