// Runs: the runs that merged events add up to; pure.
import { type EntityId, entityId } from '../../catalog/entity.ts';
import type { DataUse, Run, RunStatus } from '../../catalog/run.ts';
import { rootOfTraceback } from '../exceptions.ts';
import { number, oneLine, record, said, text, time } from '../json.ts';
import { dataOf } from './datasets.ts';
import { type EntityContext, jobIdOf, type MeasuredPoint } from './entities.ts';
import { modelsOf } from './models.ts';
import { commitOf } from './said/facets.ts';
import type { Lineage, RunState, RunUse } from './said/lineage.ts';
import { testsOf } from './tests.ts';

/** A run that was begun and never ended is at work for this long at most; afterwards nobody knows. */
const silentMs = 24 * 3_600_000;

export function runOf(run: RunState, lineage: Lineage, context: EntityContext): Run | undefined {
  const job = lineage.jobs.get(run.job.value);
  if (!job) return undefined;
  const location = record(job.facets.get('sourceCodeLocation'));
  const models = modelsOf(run, lineage);
  const airflow = airflowOf(run);
  const query = text(record(run.facets.get('externalQuery')).externalQueryId);
  const status = statusOf(run, context.now);
  const measured = context.measured?.get(run.id) ?? [];
  const tests = testsOf(run.facets.get('test'));
  return said<Run>({
    id: entityId('run', 'openlineage', job.namespace, run.id),
    of: [jobIdOf(job), ...models.map(({ model }) => model)],
    name: airflow ? `${job.name}, ${airflow.run}` : job.name,
    status,
    startedAt: run.startedAt,
    endedAt: run.ended?.when.at,
    scheduledFor: time(record(run.facets.get('nominalTime')).nominalStartTime),
    parent: run.parent && entityId('run', 'openlineage', run.parent.value.namespace, run.parent.value.runId),
    attempt: airflow?.attempt,
    commit: commitOf(location),
    branch: text(location.branch),
    entryPoint: text(location.path),
    where: airflow?.pool ? `pool ${airflow.pool}` : undefined,
    message: status === 'failed' ? (messageOf(run) ?? tests?.failure ?? failedAssertion(measured)) : undefined,
    url: airflow?.url,
    metrics: measured.map(({ name, value, at }) => ({ name, value, at })),
    params: [
      ...(query ? [{ name: 'query id', value: query }] : []),
      ...(tests ? [{ name: 'tests', value: tests.words }] : []),
    ],
    inputs: usesOf(run.inputs, lineage),
    outputs: [
      ...usesOf(run.outputs, lineage),
      ...models.map(({ version: id, uri, versionName }) => ({ id, name: `${uri}${versionName}` })),
    ],
    logs: [],
    linked: airflow ? context.instances.airflow.map((instance) => airflowRun(instance, airflow)) : [],
  });
}

function statusOf(run: RunState, now: number): RunStatus {
  if (run.ended) return run.ended.value === 'COMPLETE' ? 'success' : 'failed';
  return run.isBegun && now - run.at < silentMs ? 'running' : 'unknown';
}

function messageOf(run: RunState): string | undefined {
  const { message, stackTrace } = record(run.facets.get('errorMessage'));
  const root = rootOfTraceback((text(stackTrace) ?? '').split('\n'));
  return root ?? oneLine(message) ?? (run.ended?.value === 'ABORT' ? 'aborted' : undefined);
}

/** Where the run failed and nothing says why. */
function failedAssertion(measured: readonly MeasuredPoint[]): string | undefined {
  const failed = measured.filter(({ isAssertion, value }) => isAssertion && value === 0).map(({ name }) => name);
  return failed.length === 0 ? undefined : oneLine(`assertions failed: ${failed.join(', ')}`);
}

function usesOf(uses: ReadonlyMap<string, RunUse>, lineage: Lineage): DataUse[] {
  return [...uses.values()].flatMap(({ dataset, rows, digest }) => {
    const state = lineage.datasets.get(dataset);
    if (!state) return [];
    const { id, exact } = dataOf(state);
    return [said<DataUse>({ id, name: exact, rows: rows?.value, digest: digest?.value })];
  });
}

// region Airflow
interface AirflowMention {
  readonly dag: string;
  readonly run: string;
  readonly task?: string;
  readonly mapIndex: number;
  readonly attempt?: number;
  readonly pool?: string;
  readonly url?: string;
}

/** The task try or DAG run that Airflow's provider says the event is of. */
function airflowOf(run: RunState): AirflowMention | undefined {
  const facet = record(run.facets.get('airflow') ?? run.facets.get('airflowDagRun'));
  const dag = text(record(facet.dag).dag_id) ?? text(record(facet.dagRun).dag_id);
  const id = text(record(facet.dagRun).run_id);
  if (!dag || !id) return undefined;
  const instance = record(facet.taskInstance);
  return {
    dag,
    run: id,
    task: text(record(facet.task).task_id),
    mapIndex: number(instance.map_index) ?? -1,
    attempt: number(instance.try_number),
    pool: text(instance.pool),
    url: text(instance.log_url),
  };
}

function airflowRun(instance: string, { dag, run, task, mapIndex, attempt }: AirflowMention): EntityId {
  const rest = task ? [task, String(mapIndex), String(attempt ?? 1)] : [];
  return entityId('run', 'airflow', instance, dag, run, ...rest);
}
// endregion
