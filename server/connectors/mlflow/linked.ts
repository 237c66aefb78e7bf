// Ids of the Airflow run that made an MLflow run, out of its tags and parameters. Pure.
import type { Catalog } from '../../catalog/catalog.ts';
import { type EntityId, entityId } from '../../catalog/entity.ts';
import type { Tag } from './shape.ts';

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
  const dag = named(tags, spellings.dag);
  const run = named(tags, spellings.run);
  const task = named(tags, spellings.task);
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

/** Tags name Airflow runs without saying where that Airflow is: every one the catalog knows could be meant. */
export function airflowInstances(catalog: Catalog | undefined): readonly string[] {
  const scopes = catalog?.sources().filter(({ tool }) => tool === 'airflow') ?? [];
  return [...new Set(scopes.map((known) => known.scope.replace(/^[^:]*:\/\//, '')))].sort();
}

function named(tags: readonly Tag[], spelling: RegExp): string | undefined {
  const tag = tags.find(({ key, value }) => value !== '' && spelling.test(key.toLowerCase().replace(/[^a-z]/g, '')));
  return tag?.value.slice(0, 500);
}
