// What is on screen, as of now: a few questions for models, runs, experiments and metrics each.
import type { CatalogChange, MetricSeries } from '../../../catalog/change.ts';
import { type EntityId, parseEntityId } from '../../../catalog/entity.ts';
import { isRecord, record } from '../../json.ts';
import { registryOf } from '../entities.ts';
import { instancesIn } from '../linked.ts';
import { runMapper } from '../runs.ts';
import type { StoredExperiment, StoredRun, StoreProblem } from '../shape.ts';
import {
  type Asking,
  canFilter,
  experiments,
  model,
  runs,
  runsById,
  versionsMadeBy,
  versionsOf,
} from './ask/listings.ts';
import { type Part, partly, Surprises } from './ask/problems.ts';
import { readVersion } from './ask/shapes.ts';
import { historyOf } from './history.ts';
import { logsOf } from './logs.ts';
import type { Live } from './scope.ts';

/** Of each kind; what is beyond is left to the next scan. */
const most = { models: 20, runs: 100, detailed: 20, metricsOfRuns: 12, metrics: 10, runsOfMetric: 80 };

export async function* describe(
  ids: readonly EntityId[],
  live: Live,
  signal: AbortSignal,
): AsyncGenerator<CatalogChange, void, void> {
  const asking: Asking = { api: live.api, surprises: new Surprises(), signal };
  const mine = ids.flatMap((id) => {
    const parts = parseEntityId(id);
    return parts?.tool === 'mlflow' && parts.instance === live.instance ? [parts] : [];
  });
  const named = (kind: string) =>
    mine.flatMap(({ kind: each, segments: [name] }) => (each === kind && name !== undefined ? [name] : []));
  const versionIds = mine.flatMap(({ kind, segments: [name, version] }) =>
    kind === 'version' && name !== undefined && version !== undefined ? [{ name, version }] : [],
  );
  const metrics = mine.flatMap(({ kind, segments: [experiment, key] }) =>
    kind === 'metric' && experiment !== undefined && key !== undefined ? [{ experiment, key }] : [],
  );
  const models = [...new Set([...named('model'), ...versionIds.map(({ name }) => name)])].slice(0, most.models);
  for (const name of models) {
    const wanted = versionIds.filter((version) => version.name === name).map(({ version }) => version);
    yield await tried('registry', asking, () => describeModel(name, wanted, live, asking));
  }
  if (named('experiment').length > 0) {
    yield await tried('experiments', asking, async () => {
      const found = await experimentsOf(live, asking, true);
      return registryOf({ experiments: found, models: [], versions: [], loggedModels: [] }, live.ids, live.links);
    });
  }
  const runIds = [...new Set(named('run'))].slice(0, most.runs);
  if (runIds.length > 0) yield await tried('runs', asking, () => describeRuns(runIds, live, asking));
  for (const [experiment, some] of Map.groupBy(metrics.slice(0, most.metrics), (metric) => metric.experiment)) {
    const keys = some.map(({ key }) => key);
    yield await tried('runs', asking, () => describeMetrics(experiment, keys, live, asking));
  }
}

/** A part that is refused is a problem; with surprises in its answers. */
async function tried(
  part: Part,
  { surprises, api }: Asking,
  work: () => Promise<CatalogChange>,
): Promise<CatalogChange> {
  const problems: StoreProblem[] = [];
  let change: CatalogChange = {};
  try {
    const { entities, edges, runs: found, series } = await work();
    change = {
      ...(entities && { entities }),
      ...(edges && { edges }),
      ...(found && { runs: found }),
      ...(series && { series }),
    };
  } catch (error) {
    problems.push(partly(error, part));
  }
  return { incremental: true, ...change, problems: [...problems, ...surprises.take(api.address)] };
}

async function describeModel(
  name: string,
  wanted: readonly string[],
  live: Live,
  asking: Asking,
): Promise<CatalogChange> {
  const found = await model(name, asking);
  if (!found) return {};
  const versions = canFilter(name) ? [...(await versionsOf(name, asking, true))] : [];
  const missing = wanted.filter((version) => !versions.some((each) => each.version === version));
  for (const version of missing.slice(0, most.models)) {
    const query = [['name', name] as const, ['version', version] as const];
    const said = record(await live.api.find('model-versions/get', query, asking.signal)).model_version;
    const read = isRecord(said) ? readVersion(said, asking.surprises) : undefined;
    if (read) versions.push(read);
  }
  const experimentIds = (await experimentsOf(live, asking)).map(({ id }) => id);
  await live.memory.made(versions, experimentIds, asking);
  const listing = { experiments: [], models: [found], versions, loggedModels: live.memory.loggedModels };
  return registryOf(listing, live.ids, live.links);
}

async function describeRuns(ids: readonly string[], live: Live, asking: Asking): Promise<CatalogChange> {
  let all = await experimentsOf(live, asking);
  const idsOf = (some: readonly StoredExperiment[]) => some.map(({ id }) => id);
  let found = await runsById(ids, idsOf(all), asking);
  if (found.length < ids.length) {
    // Of an experiment that is new.
    const known = new Set(idsOf(all));
    all = await experimentsOf(live, asking, true);
    const fresh = idsOf(all).filter((id) => !known.has(id));
    if (fresh.length > 0) found = [...found, ...(await runsById(ids, fresh, asking))];
  }
  const versions = await versionsMadeBy(
    found.map(({ id }) => id),
    asking,
  );
  const made = await live.memory.made(versions, idsOf(all), asking);
  const detailed = found.slice(0, most.detailed);
  const logs: Awaited<ReturnType<typeof logsOf>>[] = [];
  for (const [index, run] of found.entries()) {
    logs.push(index < most.detailed ? await logsOf(run, live, asking) : live.memory.lastLogs(run, live));
  }
  const mapper = runMapper({
    ...{ ids: live.ids, links: live.links, instances: instancesIn(live.catalog) },
    registry: { experiments: all, versions: made },
    ...(live.environment ? { environment: live.environment } : {}),
  });
  const change = mapper.page(
    found.map((run) => ({ ...run, history: [] })),
    logs,
  );
  const keys = [...new Set(detailed.flatMap(({ history }) => history.map(({ key }) => key)))];
  const nameOf = (run: StoredRun) => all.find(({ id }) => id === run.experimentId)?.name;
  const series: MetricSeries[] = [];
  for (const key of keys.slice(0, most.metricsOfRuns)) {
    series.push(...(await historyOf(key, detailed, nameOf, live, asking)));
  }
  return { ...change, series };
}

/** Of the newest runs of their experiment. */
async function describeMetrics(
  experiment: string,
  keys: readonly string[],
  live: Live,
  asking: Asking,
): Promise<CatalogChange> {
  const all = await experimentsOf(live, asking);
  const of = all.find(({ name }) => name === experiment);
  if (!of) return {};
  const newest: StoredRun[] = [];
  const question = { experimentIds: [of.id], newest: most.runsOfMetric };
  for await (const page of runs(question, asking)) newest.push(...page);
  const series: MetricSeries[] = [];
  for (const key of keys) series.push(...(await historyOf(key, newest, () => experiment, live, asking)));
  return { series };
}

/** As the last scan listed them, unless that is not enough. */
async function experimentsOf(live: Live, asking: Asking, fresh = false): Promise<readonly StoredExperiment[]> {
  if (!fresh && live.memory.experiments) return live.memory.experiments;
  live.memory.experiments = await experiments(asking);
  return live.memory.experiments;
}
