// From the runs of an MLflow store to runs, metric series and the lineage they prove. Pure but for what it has seen.
import type { CatalogChange, MetricSeries, SeenEntity } from '../../catalog/change.ts';
import type { Edge } from '../../catalog/edge.ts';
import { type EntityId, entityId, parseEntityId } from '../../catalog/entity.ts';
import { stableUri } from '../../catalog/keys.ts';
import type { KnownInstances } from '../../catalog/mine.ts';
import type { DataUse, LogPlace, MetricPoint, Run, RunStatus } from '../../catalog/run.ts';
import { addressId, addressOf, dataUse } from './datasets.ts';
import { clip, type Ids, type Links, type MadeVersion, type Registry, tag } from './entities.ts';
import { airflowRuns, databricksMakers, named } from './linked.ts';
import { longestName, type StoredPoint, type StoredRun } from './shape.ts';

const mostParams = 200;
const longestValue = 500;
const mostMetrics = 500;

export interface RunMapper {
  /** `more`: versions of these runs that the registry of the context does not hold. */
  page(
    runs: readonly StoredRun[],
    logs: readonly (readonly LogPlace[])[],
    more?: readonly MadeVersion[],
  ): CatalogChange;
  /** What only the whole of the runs tells: metrics that measure no model belong to their experiment. */
  last(): CatalogChange;
}

export interface RunContext {
  readonly ids: Ids;
  readonly registry: Pick<Registry, 'experiments' | 'versions'>;
  readonly links?: Links;
  /** What a tag could mean. */
  readonly instances: KnownInstances;
  readonly environment?: string;
}

export function runMapper(context: RunContext): RunMapper {
  const { ids, registry } = context;
  const experimentNames = new Map(registry.experiments.map(({ id, name }) => [id, name]));
  const made = Map.groupBy(registry.versions, ({ runId }) => runId);
  const seen = new Set<string>();
  const unmeasured = new Map<EntityId, Edge>();
  const first = (key: string): boolean => !seen.has(key) && seen.add(key) !== undefined;

  const page: RunMapper['page'] = (stored, logs, more = []) => {
    const found = Map.groupBy(more, ({ runId }) => runId);
    const change = {
      runs: [] as Run[],
      series: [] as MetricSeries[],
      entities: [] as SeenEntity[],
      edges: [] as Edge[],
    };
    for (const [index, each] of stored.entries()) {
      const experiment = experimentNames.get(each.experimentId);
      // The run of a deleted experiment is deleted with it.
      if (experiment === undefined) continue;
      const versions = joined(made.get(each.id) ?? [], found.get(each.id) ?? []);
      const run = toRun(each, experiment, versions, logs[index] ?? [], context);
      change.runs.push(run);
      change.series.push(...toSeries(each, experiment, run.id, ids));
      const { job } = databricksMakers(each.tags);
      for (const edge of lineage(run, experiment, versions, ids, job)) {
        if (first(`${edge.from} ${edge.relation} ${edge.to}`)) change.edges.push(edge);
      }
      for (const use of [...run.inputs, ...run.outputs]) {
        if (use.id?.startsWith('path:') && first(use.id)) {
          change.entities.push({ id: use.id, kind: 'path', name: addressOf(use.id) });
        }
      }
      for (const { name } of run.metrics) {
        const id = ids.metric(experiment, name);
        const url = context.links?.experiment(each.experimentId);
        if (first(id)) change.entities.push({ id, kind: 'metric', name, ...(url ? { facts: { url } } : {}) });
        const evidence = `MLflow run ${run.name} logged it`;
        for (const model of new Set(versions.map(({ version }) => ids.model(version.model)))) {
          const edge: Edge = { from: model, to: id, relation: 'measures', origin: 'reported', evidence };
          if (first(`${model} measures ${id}`)) change.edges.push(edge);
        }
        const own: Edge = {
          from: ids.experiment(experiment),
          to: id,
          relation: 'measures',
          origin: 'reported',
          evidence,
        };
        if (versions.length === 0 && !unmeasured.has(id)) unmeasured.set(id, own);
        if (versions.length > 0) seen.add(`measured ${id}`);
      }
    }
    return change;
  };
  return {
    page,
    last: () => ({ edges: [...unmeasured].filter(([id]) => !seen.has(`measured ${id}`)).map(([, edge]) => edge) }),
  };
}

/** The same version may come from two listings. */
function joined(known: readonly MadeVersion[], more: readonly MadeVersion[]): readonly MadeVersion[] {
  if (more.length === 0) return known;
  const key = ({ version }: MadeVersion) => JSON.stringify([version.model, version.version]);
  return [...new Map([...known, ...more].map((made) => [key(made), made])).values()];
}

function toRun(
  stored: StoredRun,
  experiment: string,
  versions: readonly MadeVersion[],
  logs: readonly LogPlace[],
  { ids, instances, environment, links }: RunContext,
): Run {
  const { tags } = stored;
  const parent = tag(tags, 'mlflow.parentRunId');
  const commit = tag(tags, 'mlflow.source.git.commit') ?? stored.sourceVersion;
  const { run: onDatabricks } = databricksMakers(tags);
  return {
    id: ids.run(stored.id),
    of: [
      ids.experiment(experiment),
      ...new Set(versions.map(({ version }) => ids.model(version.model))),
      ...versions.map(({ version }) => ids.version(version.model, version.version)),
    ],
    name: clip(tag(tags, 'mlflow.runName') ?? stored.name ?? stored.id.slice(0, 8), longestName),
    status: statusOf(stored.status),
    startedAt: stored.startedAt,
    endedAt: stored.endedAt,
    parent: parent === undefined ? undefined : ids.run(parent),
    user: tag(tags, 'mlflow.user') ?? stored.user,
    commit: commit && /^[0-9a-f]{7,64}$/i.test(commit) ? commit : undefined,
    branch: tag(tags, 'mlflow.source.git.branch') ?? tag(tags, 'mlflow.gitBranch'),
    entryPoint: tag(tags, 'mlflow.source.name') ?? stored.sourceName,
    environment,
    message: messageOf(stored),
    url: links?.run(stored.experimentId, stored.id),
    metrics: stored.metrics.slice(0, mostMetrics).map(toMetric),
    params: stored.params
      .slice(0, mostParams)
      .map(({ key, value }) => ({ name: key, value: clip(value, longestValue) })),
    inputs: stored.inputs.map(dataUse),
    outputs: outputsOf(versions, ids),
    logs,
    linked: [
      ...new Set([
        ...airflowRuns([...tags, ...stored.params], instances.airflow),
        ...(onDatabricks === undefined ? [] : [onDatabricks]),
        ...named(stored, instances),
      ]),
    ],
  };
}

/** MLflow records no reason; a team may have put one into a tag. KILLED is said, because we call it failed. */
function messageOf({ status, tags }: StoredRun): string | undefined {
  if (statusOf(status) !== 'failed') return undefined;
  const keys = ['error', 'error_message', 'exception', 'failure_reason'];
  const said = keys.map((key) => tag(tags, key)).find((value) => value !== undefined);
  if (said !== undefined) return clip(said.trim().split(/\r?\n/)[0] ?? '', longestValue);
  return status === 'KILLED' ? 'MLflow says KILLED: it was stopped from outside' : undefined;
}

function statusOf(status: string): RunStatus {
  switch (status) {
    case 'RUNNING':
      return 'running';
    case 'SCHEDULED':
      return 'queued';
    case 'FINISHED':
      return 'success';
    case 'FAILED':
    case 'KILLED':
      return 'failed';
    default:
      return 'unknown';
  }
}

/** The versions it became, and where their files are when that is a place others could name. */
function outputsOf(versions: readonly MadeVersion[], ids: Ids): readonly DataUse[] {
  return versions.flatMap(({ version, artifactUri }): readonly DataUse[] => {
    const name = `${version.model}/${version.version}`;
    const id = artifactUri === undefined ? undefined : addressId(stableUri(artifactUri));
    const files = id && artifactUri && !id.startsWith('path:file:') ? [{ id, name: artifactUri }] : [];
    return [{ id: ids.version(version.model, version.version), name }, ...files];
  });
}

/** Data → model and experiment → model, as far as this run proves them. */
function lineage(
  run: Run,
  experiment: string,
  versions: readonly MadeVersion[],
  ids: Ids,
  job: EntityId | undefined,
): readonly Edge[] {
  const models = [...new Set(versions.map(({ version }) => version.model))];
  return models.flatMap((model): readonly Edge[] => {
    const to = ids.model(model);
    const evidence = `MLflow run ${run.name}`;
    const reads = run.inputs.flatMap(({ id }): readonly Edge[] =>
      id === undefined ? [] : [{ from: id, to, relation: 'reads', origin: 'reported', evidence }],
    );
    const made: Edge = { from: ids.experiment(experiment), to, relation: 'made', origin: 'reported', evidence };
    const makers: Edge[] = run.linked.flatMap((linked): readonly Edge[] => {
      const maker = jobOfRun(linked);
      const tagged = `${evidence} is tagged with its Airflow run`;
      return maker === undefined ? [] : [{ from: maker, to, relation: 'made', origin: 'matched', evidence: tagged }];
    });
    if (job !== undefined) {
      const tagged = `${evidence} is tagged with mlflow.databricks.jobID`;
      makers.push({ from: job, to, relation: 'made', origin: 'reported', evidence: tagged });
    }
    return [...reads, made, ...makers];
  });
}

/** `run:airflow://i/dag/run/task` ran the task, `run:airflow://i/dag/run` the job. */
function jobOfRun(run: EntityId): EntityId | undefined {
  const parts = parseEntityId(run);
  if (parts?.tool !== 'airflow') return undefined;
  const [dag, , task] = parts.segments;
  if (dag === undefined) return undefined;
  return task === undefined
    ? entityId('job', 'airflow', parts.instance, dag)
    : entityId('task', 'airflow', parts.instance, dag, task);
}

function toSeries(stored: StoredRun, experiment: string, run: EntityId, ids: Ids): readonly MetricSeries[] {
  const byKey = Map.groupBy(stored.history, ({ key }) => key);
  return [...byKey].map(([key, points]) => ({
    metric: ids.metric(experiment, key),
    run,
    points: points.map(toMetric),
  }));
}

function toMetric({ key, value, at, step }: StoredPoint): MetricPoint {
  return { name: key, value, at, step };
}
