// MLflow's experiments, runs and metrics (API of 2.22 and 3.17), and what logs to them from other libraries (read 2026-11; those libraries from memory).
import type { Role } from '../../reference.ts';
import { address, named, of, rowsOf } from '../rows.ts';
import type { ArgumentKey, Rule, Take } from '../rule.ts';

const row = rowsOf('mlflow');
const experiment = (role: Role, ...from: ArgumentKey[]): Take => named('experiment', role, ...from);
const run = (role: Role, ...from: ArgumentKey[]): Take => named('run', role, ...from);
const metric = (role: Role, ...from: ArgumentKey[]): Take => named('metric', role, ...from);
const inText = (...from: ArgumentKey[]): Take => ({ ...metric('reads', ...from), read: 'metrics' });

/** A function of the module and the client's method of the same name. */
const both = (...names: string[]): string[] =>
  names.flatMap((name) => [`mlflow.${name}`, `MlflowClient#${name}`, `client:${name}`]);
const client = (...names: string[]): string[] => names.flatMap((name) => [`MlflowClient#${name}`, `client:${name}`]);
const known = (...names: string[]): string[] => names.map((name) => `MlflowClient#${name}`);

const experiments: readonly Rule[] = [
  row('set_experiment', ['mlflow.set_experiment'], experiment('writes', 0, 'experiment_name', 'experiment_id')),
  row(
    'create_experiment',
    ['mlflow.create_experiment', 'MlflowClient#create_experiment'],
    experiment('writes', 0, 'name'),
  ),
  row('client.create_experiment', ['client:create_experiment'], {
    ...experiment('writes', 0, 'name'),
    unless: ['project', 'project_name'],
  }),
  row('get_experiment_by_name', both('get_experiment_by_name'), experiment('reads', 0, 'name')),
  row(
    'get_experiment',
    ['mlflow.get_experiment', 'MlflowClient#get_experiment'],
    experiment('reads', 0, 'experiment_id'),
  ),
  row(
    'experiment',
    ['mlflow.delete_experiment', 'mlflow.restore_experiment', ...known('delete_experiment', 'restore_experiment')],
    experiment('writes', 0, 'experiment_id'),
  ),
  row(
    'set_experiment_tag',
    known('set_experiment_tag', 'rename_experiment', 'delete_experiment_tag'),
    experiment('writes', 0, 'experiment_id'),
  ),
  row('rename_experiment', known('rename_experiment'), experiment('writes', 1, 'new_name')),
  row('search_experiments', both('search_experiments'), {
    ...experiment('reads', 'filter_string'),
    read: 'filter',
  }),
  row(
    'search_runs',
    ['mlflow.search_runs', 'MlflowClient#search_runs', 'client:search_runs'],
    experiment('reads', 'experiment_names'),
    experiment('reads', 0, 'experiment_ids'),
    inText(1, 'filter_string'),
    inText(4, 'order_by'),
  ),
  row(
    'search_in_experiments',
    both('search_traces', 'search_logged_models', 'search_datasets'),
    experiment('reads', 0, 'experiment_ids'),
  ),
  row('search_logged_models', both('search_logged_models'), inText(1, 'filter_string'), inText('order_by')),
  row('create_run', known('create_run'), experiment('writes', 0, 'experiment_id')),
  row(
    'projects.run',
    ['mlflow.projects.run', 'mlflow.run'],
    experiment('writes', 'experiment_name'),
    experiment('writes', 'experiment_id'),
    address('reads', 0, 'uri'),
  ),
];

const runs: readonly Rule[] = [
  row(
    'start_run',
    ['mlflow.start_run'],
    run('writes', 0, 'run_id'),
    experiment('writes', 'experiment_id'),
    run('mentions', 'parent_run_id'),
  ),
  row('get_run', both('get_run', 'get_parent_run'), run('reads', 0, 'run_id')),
  row('delete_run', both('delete_run', 'restore_run'), run('writes', 0, 'run_id')),
  row(
    'run.write',
    client(
      'set_terminated',
      'set_tag',
      'delete_tag',
      'update_run',
      'log_param',
      'log_batch',
      'log_inputs',
      'log_artifact',
      'log_artifacts',
      'log_text',
      'log_dict',
      'log_figure',
      'log_image',
      'log_table',
    ),
    run('writes', 0, 'run_id'),
  ),
  row(
    'log_to_run',
    of('mlflow', 'log_artifact', 'log_artifacts', 'log_text', 'log_dict', 'log_table', 'log_params'),
    run('writes', 'run_id'),
  ),
];

const metrics: readonly Rule[] = [
  row('log_metric', ['mlflow.log_metric'], metric('writes', 0, 'key'), run('writes', 'run_id')),
  row('client.log_metric', client('log_metric'), run('writes', 0, 'run_id'), metric('writes', 1, 'key')),
  row(
    'log_metrics',
    ['mlflow.log_metrics'],
    { ...metric('writes', 0, 'metrics'), read: 'keys' },
    run('writes', 'run_id'),
  ),
  row('Metric', ['mlflow.Metric'], metric('writes', 0, 'key')),
  row('get_metric_history', both('get_metric_history'), run('reads', 0, 'run_id'), metric('reads', 1, 'key')),
];

/** Other libraries that log to an experiment. */
const others: readonly Rule[] = [
  row(
    'MLflowLoggerCallback',
    ['ray.MLflowLoggerCallback', 'ray.setup_mlflow', 'mlflow.MLflowLoggerCallback'],
    experiment('writes', 'experiment_name'),
    experiment('writes', 'experiment_id'),
  ),
  row(
    'MLFlowLogger',
    [
      'pytorch_lightning.MLFlowLogger',
      'lightning.MLFlowLogger',
      'lightning_fabric.MLFlowLogger',
      'ignite.MLflowLogger',
    ],
    experiment('writes', 0, 'experiment_name'),
    run('writes', 'run_id'),
  ),
  row(
    'optuna.MLflowCallback',
    ['optuna.MLflowCallback', 'optuna_integration.MLflowCallback'],
    experiment('writes', 'mlflow_kwargs.experiment_name'),
  ),
];

export const mlflowExperimentRules: readonly Rule[] = [...experiments, ...runs, ...metrics, ...others];
