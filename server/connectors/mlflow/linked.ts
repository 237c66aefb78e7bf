// Ids of other tools' runs that belong to an MLflow run, out of its tags and parameters. Pure.
import type { Catalog } from '../../catalog/catalog.ts';
import { type EntityId, entityId } from '../../catalog/entity.ts';
import { type KnownInstances, knownInstances, mine } from '../../catalog/mine.ts';
import type { StoredRun, Tag } from './shape.ts';

type NamedRun = Pick<StoredRun, 'id' | 'name' | 'tags' | 'params'>;

const longestText = 20_000;

/** How teams spell them: `airflow.dag_id`, `airflow_dag_id`, `AIRFLOW_CTX_DAG_ID`, `airflow.dag_run_id`, … */
const spellings: Readonly<Record<'dag' | 'run' | 'task', RegExp>> = {
  dag: /^airflow(?:ctx)?dag(?:id)?$/,
  run: /^airflow(?:ctx)?(?:dag)?run(?:id)?$/,
  task: /^airflow(?:ctx)?task(?:id)?$/,
};

/**
 * The task instance (a prefix of its tries) and the DAG run, once for each Airflow instance that is known; ids that
 * no source has are harmless. Empty unless both the DAG and the run are named.
 */
export function airflowRuns(tags: readonly Tag[], instances: readonly string[]): readonly EntityId[] {
  const dag = tagged(tags, spellings.dag);
  const run = tagged(tags, spellings.run);
  const task = tagged(tags, spellings.task);
  if (dag === undefined || run === undefined) return [];
  return instances.flatMap((instance) => [
    ...(task === undefined ? [] : [entityId('run', 'airflow', instance, dag, run, task)]),
    entityId('run', 'airflow', instance, dag, run),
  ]);
}

/**
 * The run of the Databricks task that made it, and its job. `mlflow.databricks.jobRunID` holds the id of the *task's* run
 * (its tags: databricks_job_context.py of MLflow 3.17, read 2026-11-23; that it is the task's and not the job's is not
 * seen on a real workspace by ourselves). Nothing without the id of the workspace.
 */
export function databricksMakers(tags: readonly Tag[]): { readonly run?: EntityId; readonly job?: EntityId } {
  const value = (key: string): string | undefined => {
    const found = tags.find((tag) => tag.key === `mlflow.databricks.${key}`)?.value;
    return found !== undefined && /^\d{1,20}$/.test(found) ? found : undefined;
  };
  const workspace = value('workspaceID');
  const [run, job] = [value('jobRunID'), value('jobID')];
  if (workspace === undefined) return {};
  return {
    ...(run === undefined ? {} : { run: entityId('run', 'databricks', workspace, run) }),
    ...(job === undefined ? {} : { job: entityId('job', 'databricks', workspace, job) }),
  };
}

/** Tags name runs without saying where they are: every instance that the catalog knows could be meant. */
export function instancesIn(catalog: Catalog | undefined): KnownInstances {
  const experiments = catalog?.list('experiment', 1000).map(({ id }) => id) ?? [];
  const known = knownInstances(catalog?.sources() ?? [], [], experiments);
  return { ...known, airflow: [...known.airflow].sort() };
}

/** Runs of other tools that its name, tags and parameters say: a submission, a trial, a page. Not its own id. */
export function named({ id, name, tags, params }: NamedRun, instances: KnownInstances): readonly EntityId[] {
  // Of MLflow's own only the name and the note are written by people; others hold the run's own id.
  const said = tags.filter(({ key }) => !key.startsWith('mlflow.') || /^mlflow\.(?:runName|note\.content)$/.test(key));
  const words = [...said, ...params].map(({ key, value }) => `${key}=${value}`);
  const text = [name ?? '', ...words].join('\n').slice(0, longestText);
  return mine(text, instances).filter((other) => !other.endsWith(`/${id}`));
}

function tagged(tags: readonly Tag[], spelling: RegExp): string | undefined {
  const tag = tags.find(({ key, value }) => value !== '' && spelling.test(key.toLowerCase().replace(/[^a-z]/g, '')));
  return tag?.value.slice(0, 500);
}
