// Files of Ray, KServe, Prefect and MLflow: applications, submitted jobs, endpoints, deployments, runs (read 2026-11 in the packages and schemas).
import { type ConfigRow, type ConfigShape, rowOf } from './row.ts';

const ray = rowOf('ray');
const mlflow = rowOf('mlflow');
const kserve = rowOf('kserve');
const kube = rowOf('kubernetes');
const prefect = rowOf('prefect');

const applications: readonly ConfigRow[] = [
  ray('applications.[].name', 'serve.application', 'endpoint', 'defines'),
  ray('applications.[].deployments.[].name', 'serve.deployment', 'endpoint', 'defines'),
];

const isKind = (kind: string) => [['kind', `^(?:${kind})$`]] as const;

/** Keys of settings that only MLflow's own things are called by. */
export const mlflowKeys: readonly ConfigRow[] = [
  mlflow('**.registered_model_name', 'registered_model_name', 'model', 'mentions', { read: 'modelOrName' }),
  mlflow('**.mlflow_experiment_name', 'experiment_name', 'experiment', 'mentions'),
  mlflow('**.mlflow_experiment', 'experiment_name', 'experiment', 'mentions'),
  mlflow('**.mlflow.experiment_name', 'experiment_name', 'experiment', 'mentions'),
  mlflow('**.experiment_name', 'experiment_name', 'experiment', 'mentions', {
    when: [['^_target_', '[Mm][Ll][Ff]low']],
  }),
  mlflow('**.init_args.experiment_name', 'experiment_name', 'experiment', 'mentions', {
    when: [['^^class_path', '[Mm][Ll][Ff]low']],
  }),
  mlflow('**.mlflow_run_id', 'run_id', 'run', 'mentions', { pattern: '^([0-9a-f]{32})$' }),
];

export const servingShapes: readonly ConfigShape[] = [
  {
    id: 'kubernetes.configMap',
    has: [['kind=^ConfigMap$', 'data.{}']],
    rows: [kube('data.*', 'data', 'path', 'mentions', { read: 'yaml' })],
  },
  {
    id: 'ray.serve',
    has: [['applications.[].import_path'], ['applications.[].deployments.[].name']],
    rows: applications,
  },
  {
    id: 'ray.kube',
    has: [['kind=^Ray(?:Job|Service|CronJob)$']],
    rows: [
      ray('metadata.name', 'RayJob', 'job', 'defines', { when: isKind('RayJob|RayCronJob'), opens: 'job' }),
      ray('metadata.name', 'RayService', 'endpoint', 'defines', { when: isKind('RayService') }),
      ray('spec.serveConfigV2', 'serveConfig', 'endpoint', 'defines', { read: 'yaml' }),
      ray('spec.runtimeEnvYAML', 'runtimeEnv', 'path', 'mentions', { read: 'yaml' }),
      ...applications,
    ],
  },
  {
    id: 'kserve',
    has: [['kind=^(?:InferenceService|SeldonDeployment)$']],
    rows: [
      kserve('metadata.name', 'InferenceService', 'endpoint', 'defines'),
      kserve('spec.**.storageUri', 'storageUri', 'path', 'reads', { read: 'address' }),
      kserve('spec.**.modelUri', 'modelUri', 'path', 'reads', { read: 'address' }),
    ],
  },
  {
    id: 'prefect',
    file: '/prefect\\.ya?ml$',
    rows: [prefect('deployments.[].name', 'deployment', 'job', 'defines')],
  },
  {
    // What Prefect 2 wrote for a deployment.
    id: 'prefect.deployment',
    has: [['flow_name', 'entrypoint', 'work_queue_name']],
    rows: [
      prefect('name', 'deployment', 'job', 'defines'),
      prefect('flow_name', 'flow', 'job', 'mentions', { pattern: '^(?!null$)(.+)$' }),
    ],
  },
  {
    id: 'mlflow.model',
    file: '/MLmodel$',
    rows: [mlflow('run_id', 'MLmodel', 'run', 'mentions', { pattern: '^([0-9a-f]{32})$' })],
  },
  {
    id: 'mlflow.kedro',
    file: '/mlflow\\.ya?ml$',
    rows: [mlflow('tracking.experiment.name', 'experiment_name', 'experiment', 'mentions')],
  },
];
