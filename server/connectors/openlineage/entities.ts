// Entities: jobs, data, runs and edges out of merged events; pure.

import type { SeenEntity } from '../../catalog/change.ts';
import type { Edge } from '../../catalog/edge.ts';
import { type EntityId, entityId, pathId } from '../../catalog/entity.ts';
import type { Facts, SourcePlace } from '../../catalog/facts.ts';
import type { KnownInstances } from '../../catalog/mine.ts';
import type { DataUse, Run, RunStatus } from '../../catalog/run.ts';
import { type StoreModel, storeModel } from '../../catalog/storeModels.ts';
import { rootOfTraceback } from '../exceptions.ts';
import { list, number, oneLine, record, said, text, time } from '../json.ts';
import { dataOf } from './datasets.ts';
import type { Name } from './events.ts';
import { type DatasetState, fieldsOf, type JobState, type Lineage, type RunState, type RunUse } from './lineage.ts';

/** A run that was begun and never ended is at work for this long at most; afterwards nobody knows. */
const silentMs = 24 * 3_600_000;

export interface EntityContext {
  /** Epoch ms. */
  readonly now: number;
  readonly instances: KnownInstances;
  /** Where a file that the job's source code facet names is in the workspace, if it is there. */
  placeOf(path: string): SourcePlace | undefined;
}

export function jobIdOf({ namespace, name }: Name): EntityId {
  return entityId('job', 'openlineage', namespace, name);
}

export function jobEntity(job: JobState, context: EntityContext): SeenEntity {
  const location = record(job.facets.sourceCodeLocation);
  const file = text(location.path);
  return {
    id: jobIdOf(job),
    kind: 'job',
    name: job.name,
    aliases: [`${job.namespace}/${job.name}`],
    facts: said<Facts>({
      description: text(record(job.facets.documentation).description)?.slice(0, 2000),
      owner: ownersOf(job.facets.ownership),
      url: text(location.url),
      definedAt: file ? context.placeOf(file) : undefined,
      operator: oneLine(record(job.facets.jobType).integration, 100),
      compiledSql: text(record(job.facets.sql).query),
      updatedAt: job.at,
    }),
  };
}

/** Datasets that are one thing of ours (files of one folder) are one entity; the newest mention speaks for it. */
export function datasetEntities(datasets: Iterable<DatasetState>): readonly SeenEntity[] {
  const newest = new Map<EntityId, DatasetState>();
  for (const dataset of datasets) {
    const { id } = dataOf(dataset);
    const known = newest.get(id);
    if (!known || dataset.at >= known.at) newest.set(id, dataset);
  }
  return [...newest.values()].map(datasetEntity);
}

function datasetEntity(dataset: DatasetState): SeenEntity {
  const data = dataOf(dataset);
  const symlinks = list(record(dataset.facets.symlinks).identifiers).flatMap((value) => {
    const { namespace, name } = record(value);
    const read = text(name);
    return read ? dataOf({ namespace: text(namespace) ?? '', name: read }) : [];
  });
  const aliases = [...data.aliases, ...symlinks.flatMap((link) => [link.name, ...link.aliases])];
  const columns = fieldsOf(dataset.facets.schema).map(said);
  return {
    id: data.id,
    kind: data.kind,
    name: data.name,
    aliases: [...new Set(aliases)].filter((alias) => alias !== data.name),
    facts: said<Facts>({
      description: text(record(dataset.facets.documentation).description)?.slice(0, 2000),
      owner: ownersOf(dataset.facets.ownership),
      columns: columns.length > 0 ? columns : undefined,
      updatedAt: dataset.writtenAt,
      rows: dataset.rows,
      bytes: dataset.bytes,
    }),
  };
}

function ownersOf(facet: unknown): string | undefined {
  return oneLine(
    list(record(facet).owners)
      .flatMap((owner) => text(record(owner).name) ?? [])
      .join(', '),
    300,
  );
}

/** `reads` and `writes` of each job, `contains` or `runs` from the job that started it. */
export function jobEdges(job: JobState, lineage: Lineage): readonly Edge[] {
  const id = jobIdOf(job);
  /** The last evidence counts for an id. */
  const byId = (uses: ReadonlyMap<string, string>): ReadonlyMap<EntityId, string> =>
    new Map(
      [...uses].flatMap(([key, evidence]) => {
        const dataset = lineage.datasets.get(key);
        return dataset ? [[dataOf(dataset).id, evidence] as const] : [];
      }),
    );
  const edges: Edge[] = [];
  for (const [from, evidence] of byId(job.inputs)) {
    edges.push({ from, to: id, relation: 'reads', origin: 'reported', evidence });
  }
  for (const [to, evidence] of byId(job.outputs)) {
    edges.push({ from: id, to, relation: 'writes', origin: 'reported', evidence });
  }
  if (job.parent && jobIdOf(job.parent) !== id) {
    // Airflow names a task `<dag>.<task>`: it is a part of its parent. Other parents start a job of their own.
    const part = job.name.startsWith(`${job.parent.name}.`);
    const evidence = 'OpenLineage parent facet';
    edges.push({
      from: jobIdOf(job.parent),
      to: id,
      relation: part ? 'contains' : 'runs',
      origin: 'reported',
      evidence,
    });
  }
  return edges;
}

export function runOf(run: RunState, lineage: Lineage, context: EntityContext): Run | undefined {
  const job = lineage.jobs.get(run.job);
  if (!job) return undefined;
  const location = record(job.facets.sourceCodeLocation);
  const version = text(location.version);
  const models = modelsOf(run, lineage);
  const airflow = airflowOf(run);
  const query = text(record(run.facets.externalQuery).externalQueryId);
  const status = statusOf(run, context.now);
  return said<Run>({
    id: entityId('run', 'openlineage', job.namespace, run.id),
    of: [jobIdOf(job), ...models.map(({ model }) => model)],
    name: airflow ? `${job.name}, ${airflow.run}` : job.name,
    status,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    scheduledFor: time(record(run.facets.nominalTime).nominalStartTime),
    parent: run.parent && entityId('run', 'openlineage', run.parent.namespace, run.parent.runId),
    attempt: airflow?.attempt,
    commit: version && /^[0-9a-f]{40}$/i.test(version) ? version.toLowerCase() : undefined,
    branch: text(location.branch),
    entryPoint: text(location.path),
    where: airflow?.pool ? `pool ${airflow.pool}` : undefined,
    message: status === 'failed' ? messageOf(run) : undefined,
    url: airflow?.url,
    metrics: [],
    params: query ? [{ name: 'query id', value: query }] : [],
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
  if (run.type === 'COMPLETE') return 'success';
  if (run.type === 'FAIL' || run.type === 'ABORT') return 'failed';
  return run.type !== undefined && now - run.at < silentMs ? 'running' : 'unknown';
}

function messageOf(run: RunState): string | undefined {
  const { message, stackTrace } = record(run.facets.errorMessage);
  const root = rootOfTraceback((text(stackTrace) ?? '').split('\n'));
  return root ?? oneLine(message) ?? (run.type === 'ABORT' ? 'aborted' : undefined);
}

function usesOf(uses: ReadonlyMap<string, RunUse>, lineage: Lineage): DataUse[] {
  return [...uses.values()].flatMap(({ dataset, rows, digest }) => {
    const state = lineage.datasets.get(dataset);
    if (!state) return [];
    const { id, exact } = dataOf(state);
    return [said<DataUse>({ id, name: exact, rows, digest })];
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
  const facet = record(run.facets.airflow ?? run.facets.airflowDagRun);
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

// region Models of a store
function modelsOf(run: RunState, lineage: Lineage): readonly StoreModel[] {
  return [...run.outputs.keys()].flatMap((key) => {
    const dataset = lineage.datasets.get(key);
    return (dataset && storeModel(dataOf(dataset).exact)) ?? [];
  });
}

/** A model and its versions for each file that a run wrote as one. */
export function storeModelPage(lineage: Lineage): {
  readonly entities: readonly SeenEntity[];
  readonly edges: readonly Edge[];
} {
  const models = new Map<EntityId, { readonly model: StoreModel; latest: StoreModel; at: number }>();
  const entities: SeenEntity[] = [];
  const edges: Edge[] = [];
  const runs = [...lineage.runs.values()].sort((a, b) => a.at - b.at);
  for (const run of runs) {
    const job = lineage.jobs.get(run.job);
    for (const model of job ? modelsOf(run, lineage) : []) {
      const known = models.get(model.model) ?? { model, latest: model, at: run.at };
      known.latest = model;
      models.set(model.model, known);
      const madeBy = entityId('run', 'openlineage', job?.namespace ?? '', run.id);
      const name = `${model.uri}${model.versionName}`;
      const facts: Facts = { madeBy, createdAt: run.endedAt ?? run.at, artifactUri: name };
      entities.push({ id: model.version, kind: 'version', name, facts });
      edges.push({
        from: model.model,
        to: model.version,
        relation: 'contains',
        origin: 'matched',
        evidence: 'the key of a model file',
      });
      if (job) {
        const evidence = `OpenLineage run ${run.id} wrote a model file`;
        edges.push({ from: jobIdOf(job), to: model.model, relation: 'made', origin: 'reported', evidence });
      }
    }
  }
  for (const { model, latest } of models.values()) {
    const evidence = 'the files below this path are model files';
    edges.push({ from: pathId(model.uri), to: model.model, relation: 'same', origin: 'matched', evidence });
    entities.push({
      id: model.model,
      kind: 'model',
      name: model.uri,
      aliases: [model.uri.slice(0, -1)],
      facts: { latestVersion: latest.versionName, artifactUri: model.uri },
    });
  }
  return { entities, edges };
}
// endregion
