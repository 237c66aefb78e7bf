// Command lines of the tools that train, serve and orchestrate (mlflow 3, ray 2, airflow 2 and 3, databricks 0.2; options from memory).
import type { Role } from '../../reference.ts';
import type { CommandRule, CommandTake, Program, WordKey } from './command.ts';

const row = (id: string, sub: string, ...takes: CommandTake[]): CommandRule => ({ id, sub, takes });
const named =
  (kind: CommandTake['kind']) =>
  (role: Role, ...from: WordKey[]): CommandTake => ({ from, kind, role, read: 'name' });
const job = named('job');
const run = named('run');
const experiment = named('experiment');
const endpoint = named('endpoint');
const model = named('model');
const table = named('table');
const address = (role: Role, ...from: WordKey[]): CommandTake => ({ from, role, read: 'address' });
const field = (name: string, kind: CommandTake['kind'], role: Role, ...from: WordKey[]): CommandTake => ({
  from,
  kind,
  role,
  read: 'json',
  field: name,
});
const task = (role: Role): CommandTake => ({ from: [1], kind: 'task', role, read: 'name', container: 0 });

const mlflow: Program = {
  tool: 'mlflow',
  names: ['mlflow'],
  flags: '--no-conda --enable-mlserver --install-mlflow --install-java --help --serve-artifacts --no-serve-artifacts',
  rules: [
    row(
      'mlflow.cli.models',
      'models serve|predict|build-docker|generate-dockerfile|prepare-env|update-pip-requirements',
      {
        ...address('reads', '-m', '--model-uri'),
      },
    ),
    row(
      'mlflow.cli.models.io',
      'models predict',
      address('reads', '-i', '--input-path'),
      address('writes', '-o', '--output-path'),
    ),
    row('mlflow.cli.run', 'run', experiment('writes', '--experiment-name'), run('writes', '--run-id')),
    row(
      'mlflow.cli.experiments.create',
      'experiments create',
      experiment('writes', '-n', '--experiment-name'),
      address('mentions', '-l', '--artifact-location'),
    ),
    row('mlflow.cli.experiments', 'experiments get|csv', experiment('reads', '-n', '--experiment-name')),
    row('mlflow.cli.experiments.rename', 'experiments rename', experiment('writes', '--new-name')),
    row('mlflow.cli.runs', 'runs describe|link-traces', run('reads', '--run-id')),
    row('mlflow.cli.runs.change', 'runs delete|restore', run('writes', '--run-id')),
    row(
      'mlflow.cli.artifacts',
      'artifacts download|list',
      address('reads', '-u', '--artifact-uri'),
      run('reads', '-r', '--run-id'),
    ),
    row('mlflow.cli.artifacts.log', 'artifacts log-artifact|log-artifacts', run('writes', '-r', '--run-id')),
    row(
      'mlflow.cli.deployments.create',
      'deployments create|update',
      endpoint('writes', '--name'),
      address('reads', '-m', '--model-uri'),
    ),
    row('mlflow.cli.deployments.delete', 'deployments delete', endpoint('writes', '--name')),
    row('mlflow.cli.deployments', 'deployments get|predict|explain', endpoint('reads', '--name')),
    row(
      'mlflow.cli.deployments.run-local',
      'deployments run-local',
      endpoint('writes', '--name'),
      address('reads', '-m', '--model-uri'),
    ),
    row(
      'mlflow.cli.sagemaker',
      'sagemaker build-and-push-container|deploy-transform-job|push-model',
      address('reads', '-m', '--model-uri'),
    ),
    row('mlflow.cli.server', 'server|ui', address('mentions', '--default-artifact-root', '--artifacts-destination')),
  ],
};

const ray: Program = {
  tool: 'ray',
  names: ['ray'],
  flags: '--no-wait --verify --follow -f --log-color --help',
  rules: [
    row(
      'ray.cli.submit',
      'job submit',
      job('runs', '--submission-id', '--job-id'),
      address('mentions', '--working-dir'),
    ),
    row('ray.cli.job', 'job status|logs|list', job('reads', 0)),
    row('ray.cli.job.change', 'job stop|delete', job('mentions', 0)),
  ],
};

const serve: Program = {
  tool: 'ray',
  names: ['serve'],
  flags: '--blocking --non-blocking -r --reload --multi-app -y --yes',
  rules: [
    row('ray.cli.serve', 'run|deploy|build', endpoint('writes', '--name')),
    row('ray.cli.serve.status', 'status', endpoint('reads', '--name', '-n')),
  ],
};

const airflow: Program = {
  tool: 'airflow',
  names: ['airflow'],
  flags:
    '-y --yes -v --verbose --no-replace-microtime --replace-microtime -n --dry-run --reset-dagruns --rerun-failed-tasks --mark-success -m -x --donot-pickle --continue-on-failures --run-backwards -B -l --local -I --ignore-dependencies --ignore-first-depends-on-past -f --force --imgcat -A --ignore-all-dependencies -N --ship-dag --interactive --treat-dag-as-regex --show-dagrun --use-executor',
  rules: [
    row('airflow.cli.dags.run', 'dags trigger|test|backfill', job('runs', 0)),
    row(
      'airflow.cli.dags',
      'dags pause|unpause|delete|state|show|list-jobs|next-execution|details|show-dependencies',
      job('mentions', 0),
    ),
    row('airflow.cli.list-runs', 'dags list-runs', job('mentions', '-d', '--dag-id', 0)),
    row('airflow.cli.backfill', 'backfill create', job('runs', '--dag-id')),
    row('airflow.cli.tasks.run', 'tasks test|run', job('runs', 0), task('runs')),
    row('airflow.cli.tasks', 'tasks state|render|failed-deps|states-for-dag-run', job('mentions', 0), task('mentions')),
    row('airflow.cli.clear', 'tasks clear|list', job('mentions', 0)),
    row('airflow.cli.1.run', 'trigger_dag', job('runs', 0)),
    row('airflow.cli.1.task', 'test', job('runs', 0), task('runs')),
    row('airflow.cli.1', 'pause|unpause|delete_dag|clear|list_tasks', job('mentions', 0)),
  ],
};

const databricks: Program = {
  tool: 'databricks',
  names: ['databricks'],
  flags:
    '--no-wait --overwrite --recursive -r --debug --force --force-lock --auto-approve --restart --no-compute --validate-only --refresh-all',
  rules: [
    row('databricks.cli.run-now', 'jobs run-now', job('runs', '--job-id', 0), field('job_id', 'job', 'runs', '--json')),
    row('databricks.cli.create', 'jobs create', field('name', 'job', 'defines', '--json')),
    row('databricks.cli.submit', 'jobs|runs submit', field('run_name', 'job', 'runs', '--json')),
    row('databricks.cli.jobs', 'jobs get|delete|list-runs', job('mentions', '--job-id', 0)),
    row(
      'databricks.cli.jobs.update',
      'jobs update|reset',
      job('mentions', '--job-id', 0),
      field('job_id', 'job', 'mentions', '--json'),
    ),
    row('databricks.cli.bundle', 'bundle run', job('runs', 0)),
    row('databricks.cli.fs.copy', 'fs cp', address('reads', 0), address('writes', 'last')),
    row('databricks.cli.fs.read', 'fs ls|cat', address('reads', 0)),
    row('databricks.cli.fs.write', 'fs mkdir|mkdirs|rm', address('writes', 0)),
    row('databricks.cli.endpoints', 'serving-endpoints get|query|build-logs|logs|export-metrics', endpoint('reads', 0)),
    row(
      'databricks.cli.endpoints.create',
      'serving-endpoints create|delete|update-config|put',
      endpoint('writes', 0),
      field('name', 'endpoint', 'writes', '--json'),
    ),
    row('databricks.cli.models', 'registered-models get', model('reads', 0)),
    row('databricks.cli.models.change', 'registered-models delete|update', model('writes', 0)),
    row('databricks.cli.versions', 'model-versions get|list|get-by-alias', model('reads', 0)),
    row('databricks.cli.registry', 'model-registry get-model', model('reads', 0)),
    row('databricks.cli.registry.create', 'model-registry create-model|delete-model|update-model', model('writes', 0)),
    row('databricks.cli.experiments', 'experiments get-by-name', experiment('reads', 0)),
    row('databricks.cli.experiments.create', 'experiments create-experiment', experiment('writes', 0)),
    row('databricks.cli.tables', 'tables get|exists', table('reads', 0)),
    row('databricks.cli.tables.delete', 'tables delete', table('writes', 0)),
  ],
};

const prefect: Program = {
  tool: 'prefect',
  names: ['prefect'],
  flags: '--watch --all --no-prompt',
  rules: [
    row('prefect.cli.run', 'deployment run', job('runs', 0)),
    row('prefect.cli.deployment', 'deployment inspect|delete|pause|resume|schedule', job('mentions', 0)),
    row('prefect.cli.build', 'deployment build', job('defines', '--name', '-n')),
    row('prefect.cli.deploy', 'deploy', job('defines', '--name', '-n')),
  ],
};

const dagster: Program = {
  tool: 'dagster',
  names: ['dagster'],
  rules: [row('dagster.cli.job', 'job execute|launch|backfill', job('runs', '-j', '--job'))],
};

const composer: Program = {
  tool: 'airflow',
  names: ['gcloud'],
  flags: '--quiet -q --async',
  rules: [
    row('gcloud.storage.copy', 'storage cp|mv|rsync', address('reads', 0), address('writes', 'last')),
    row('gcloud.storage.read', 'storage ls|cat|du|objects', address('reads', 'each')),
    row('gcloud.storage.write', 'storage rm', address('writes', 'each')),
    row('gcloud.ssh', 'compute ssh', { from: ['--command'], role: 'mentions', read: 'shell' }),
  ],
};

export const mlPrograms: readonly Program[] = [mlflow, ray, serve, airflow, databricks, prefect, dagster, composer];
