// Submitter: what submitted a job, by what its metadata and environment say; a submission is a run of that, else it stands alone. Pure.
import { type EntityId, entityId } from '../../../catalog/entity.ts';
import { type KnownInstances, mine } from '../../../catalog/mine.ts';
import type { Pair, RayJob } from './told/shapes.ts';

export interface Submitter {
  /** The Airflow task or DAG; empty when nobody is named. */
  readonly of: readonly EntityId[];
  readonly parent?: EntityId;
  readonly linked: readonly EntityId[];
}

/** How teams spell them in metadata: `airflow_dag_id`, `airflow.dag_id`, `dag_id`, `AIRFLOW_CTX_DAG_RUN_ID` … */
const spellings = {
  dag: /^(?:airflow)?(?:ctx)?dag(?:id)?$/,
  run: /^(?:airflow)?(?:ctx)?dagrun(?:id)?$|^airflow(?:ctx)?run(?:id)?$/,
  task: /^(?:airflow)(?:ctx)?task(?:id)?$|^taskid$/,
  mlflow: /^mlflowrun(?:id)?$/,
} as const;

export function submitterOf(job: RayJob, instances: KnownInstances): Submitter {
  const said = [...job.contexts, ...job.metadata];
  const dag = named(said, spellings.dag);
  const run = named(said, spellings.run);
  const task = named(said, spellings.task);
  const words = [...said.map(({ name, value }) => `${name}=${value}`), job.entrypoint ?? ''].join('\n');
  const mlflow = named(said, spellings.mlflow);
  const tracked =
    mlflow !== undefined && /^[0-9a-f]{32}$/.test(mlflow)
      ? instances.mlflow.map((instance) => entityId('run', 'mlflow', instance, mlflow))
      : [];
  const airflow = dag === undefined ? [] : instances.airflow;
  const runs = airflow.flatMap((instance) => airflowRuns(instance, dag ?? '', run, task));
  const parents =
    run === undefined ? [] : airflow.map((instance) => entityId('run', 'airflow', instance, dag ?? '', run));
  return {
    of: airflow.map((instance) =>
      task === undefined
        ? entityId('job', 'airflow', instance, dag ?? '')
        : entityId('task', 'airflow', instance, dag ?? '', task),
    ),
    // Which of several Airflows it is, nobody says.
    ...(parents.length === 1 && parents[0] !== undefined ? { parent: parents[0] } : {}),
    linked: [...new Set([...runs, ...tracked, ...mine(words, instances)])],
  };
}

function airflowRuns(
  instance: string,
  dag: string,
  run: string | undefined,
  task: string | undefined,
): readonly EntityId[] {
  if (run === undefined) return [];
  const whole = entityId('run', 'airflow', instance, dag, run);
  return task === undefined ? [whole] : [entityId('run', 'airflow', instance, dag, run, task), whole];
}

/**
 * Under which name it is submitted again and again: `job_name`, which is Ray's own word in metadata, or a submission id
 * that somebody chose, without the date or number at its end that makes it a new one each time. An id that Ray made names nothing.
 */
export function jobNameOf({ metadata, submission }: RayJob): string | undefined {
  const said = named(metadata, /^(?:ray)?jobname$|^runname$|^rayjob$/);
  if (said !== undefined && said !== submission) return said;
  if (submission === undefined || submission.startsWith('raysubmit_')) return undefined;
  const plain = submission.replace(/[-_.:]?(?:\d{4}-\d\d-\d\d|\d{6,20})(?:[-_.:TZ+]{1,2}\d{1,9}){0,5}Z?$/, '');
  return plain === '' ? submission : plain;
}

export function ownerOf({ metadata }: RayJob): string | undefined {
  return named(metadata, /^(?:owner|team|user|username|submittedby|submitter)$/);
}

const commitNames = /^(?:git|ci)?(?:commit|sha)(?:sha|hash|id)?$|^githubsha$|^revision$/;
/** The archive of a commit, as `working_dir` may be: `https://github.com/org/repo/archive/<sha>.zip`. */
const archive = /^https:\/\/[^\s]{1,300}\/(?:archive|zipball|tarball)\/([0-9a-f]{7,64})(?:\.zip|\.tar\.gz)?$/i;

export function commitOf({ metadata, contexts, workingDir }: RayJob): string | undefined {
  const said = named([...metadata, ...contexts], commitNames);
  if (said !== undefined && /^[0-9a-f]{7,64}$/i.test(said)) return said;
  return archive.exec(workingDir ?? '')?.[1];
}

export function branchOf({ metadata }: RayJob): string | undefined {
  return named(metadata, /^(?:git)?branch$/);
}

/** Case and signs between words do not count. */
function named(pairs: readonly Pair[], spelling: RegExp): string | undefined {
  return pairs.find(({ name }) => spelling.test(name.toLowerCase().replace(/[^a-z]/g, '')))?.value.slice(0, 500);
}
