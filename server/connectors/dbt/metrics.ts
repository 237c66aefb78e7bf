// Metrics: failing rows of tests and the age of sources as metrics with a value for each time dbt looked; pure.
import type { CatalogChange, MetricSeries, SeenEntity } from '../../catalog/change.ts';
import type { Edge } from '../../catalog/edge.ts';
import { type EntityId, entityId } from '../../catalog/entity.ts';
import type { Run } from '../../catalog/run.ts';
import { said } from '../json.ts';
import type { Freshness, FreshnessResults, ManifestNode } from './artifacts.ts';
import { type Artifacts, definedAt, nodeId, ownerOf, testTypes } from './tables.ts';

export type Measured = Required<Pick<CatalogChange, 'entities' | 'edges' | 'series' | 'runs'>>;

/** `metric:dbt://<project>/<unique id>/failures`, of sources `…/freshness`: so `failures` is its name in rules of plumbline.yaml. */
function metricId(project: string, node: string, name: 'failures' | 'freshness'): EntityId {
  return entityId('metric', 'dbt', project, node, name);
}

/** One metric for each test, with the value of each run that counted its failures. */
export function testMetrics(artifacts: Artifacts, runs: readonly Run[]): Measured {
  const entities: SeenEntity[] = [];
  const edges: Edge[] = [];
  const metrics = new Map<EntityId, EntityId>();
  for (const node of artifacts.manifest.nodes) {
    const task = testTypes.includes(node.type) ? nodeId(artifacts.project, node) : undefined;
    if (task === undefined) continue;
    const id = metricId(artifacts.project, node.uniqueId, 'failures');
    metrics.set(task, id);
    const severity = node.severity === undefined ? '' : `, severity ${node.severity}`;
    entities.push(
      metricOf(id, `${node.name}.failures`, node, artifacts, { metricType: `dbt test${severity}`, unit: 'rows' }),
    );
    edges.push(...measuring(testedBy(node, artifacts), id, `dbt test ${node.name}`, artifacts));
  }
  const series = runs.flatMap((run): MetricSeries[] => {
    const metric = metrics.get(run.of[0] ?? '');
    return metric !== undefined && run.metrics.length > 0 ? [{ metric, run: run.id, points: run.metrics }] : [];
  });
  return { entities, edges, series, runs: [] };
}

/** The table that it is attached to; a test of its own may read several. */
function testedBy(node: ManifestNode, { byId }: Artifacts): readonly ManifestNode[] {
  const keys = node.attachedTo === undefined ? node.dependsOn : [node.attachedTo];
  return keys.flatMap((key) => byId.get(key) ?? []);
}

/**
 * One metric for each source whose rows may only get so old, with the age dbt found; the check is a run of it. What it found is
 * no failure of the check: a stale table is its own incident.
 */
export function freshnessMetrics(
  artifacts: Artifacts,
  { invocation, generatedAt, results }: FreshnessResults,
): Measured {
  const [entities, edges, series, runs]: [SeenEntity[], Edge[], MetricSeries[], Run[]] = [[], [], [], []];
  const asked = new Set(results.map(({ uniqueId }) => uniqueId));
  const others = artifacts.manifest.nodes.filter(({ mayAge, uniqueId }) => mayAge && !asked.has(uniqueId));
  for (const node of [...others, ...results.flatMap(({ uniqueId }) => artifacts.byId.get(uniqueId) ?? [])]) {
    const id = metricId(artifacts.project, node.uniqueId, 'freshness');
    entities.push(
      metricOf(id, freshnessName(node), node, artifacts, { metricType: 'dbt source freshness', unit: 's' }),
    );
    edges.push(...measuring([node], id, 'dbt source freshness', artifacts));
  }
  for (const result of results) {
    const node = artifacts.byId.get(result.uniqueId);
    if (!node) continue;
    const { project } = artifacts;
    const id = metricId(project, node.uniqueId, 'freshness');
    const run = entityId('run', 'dbt', project, invocation ?? 'last', node.uniqueId);
    const at = result.lookedAt ?? generatedAt;
    runs.push(checkRun(id, freshnessName(node), result, run, at));
    const { ageSeconds: value } = result;
    if (value !== undefined && at !== undefined)
      series.push({ metric: id, run, points: [{ name: 'freshness', value, at }] });
  }
  return { entities, edges, series, runs };
}

function freshnessName({ sourceName, name }: ManifestNode): string {
  return [sourceName, name, 'freshness'].filter(Boolean).join('.');
}

function checkRun(of: EntityId, name: string, result: Freshness, id: EntityId, at: number | undefined): Run {
  return said<Run>({
    ...{ id, of: [of], name: `dbt source freshness ${name.replace(/\.freshness$/, '')}` },
    status: result.failure === undefined ? 'success' : 'failed',
    startedAt: at,
    endedAt: at,
    message: result.failure ?? (result.status === 'pass' ? undefined : `freshness: ${result.status}`),
    ...{ metrics: [], params: [], inputs: [], outputs: [], logs: [], linked: [] },
  });
}

function metricOf(
  id: EntityId,
  name: string,
  node: ManifestNode,
  artifacts: Artifacts,
  { metricType, unit }: { readonly metricType: string; readonly unit: string },
): SeenEntity {
  const { description } = node;
  const facts = {
    description,
    owner: ownerOf(node, artifacts),
    definedAt: definedAt(node, artifacts),
    metricType,
    unit,
  };
  return { id, kind: 'metric', name, facts: said(facts) };
}

function measuring(
  nodes: readonly ManifestNode[],
  to: EntityId,
  evidence: string,
  { project }: Artifacts,
): readonly Edge[] {
  const tables = nodes.map((node) => nodeId(project, node)).filter((id) => id?.startsWith('table:'));
  return [...new Set(tables)].flatMap((from): Edge[] =>
    from === undefined ? [] : [{ from, to, relation: 'measures', origin: 'declared', evidence }],
  );
}
