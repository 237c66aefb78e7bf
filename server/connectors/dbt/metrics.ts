// Metrics: failing rows of tests and the age of sources as metrics with a value for each time dbt looked; pure.
import type { MetricSeries, SeenEntity } from '../../catalog/change.ts';
import type { Edge } from '../../catalog/edge.ts';
import { type EntityId, entityId, parseEntityId } from '../../catalog/entity.ts';
import type { Run } from '../../catalog/run.ts';
import { said } from '../json.ts';
import type { Freshness, FreshnessResults, ManifestNode } from './artifacts.ts';
import { type Artifacts, definedAt, nodeId, ownerOf, testTypes } from './tables.ts';

export interface Measured {
  readonly entity: SeenEntity;
  readonly edges: readonly Edge[];
}

/** `metric:dbt://<project>/<unique id>/failures`, of sources `…/freshness`: so `failures` is its name in rules of plumbline.yaml. */
function metricId(project: string, node: string, name: 'failures' | 'freshness'): EntityId {
  return entityId('metric', 'dbt', project, node, name);
}

/** One metric for each test. */
export function* testMetrics(artifacts: Artifacts): Generator<Measured, void, void> {
  for (const node of artifacts.manifest.nodes) {
    if (!testTypes.includes(node.type)) continue;
    const id = metricId(artifacts.project, node.uniqueId, 'failures');
    const severity = node.severity === undefined ? '' : `, severity ${node.severity}`;
    const as = { metricType: `dbt test${severity}`, unit: 'rows' };
    yield {
      entity: metricOf(id, `${node.name}.failures`, node, artifacts, as),
      edges: measuring(testedBy(node, artifacts), id, `dbt test ${node.name}`, artifacts),
    };
  }
}

/** The failures that runs of tests counted. */
export function seriesOfTests(runs: readonly Run[], project: string): readonly MetricSeries[] {
  return runs.flatMap((run): MetricSeries[] => {
    const parts = run.metrics.length > 0 && run.of[0] !== undefined ? parseEntityId(run.of[0]) : undefined;
    const [node] = parts?.kind === 'task' ? parts.segments : [];
    return node === undefined
      ? []
      : [{ metric: metricId(project, node, 'failures'), run: run.id, points: run.metrics }];
  });
}

/** The table that it is attached to; a test of its own may read several. */
function testedBy(node: ManifestNode, { byId }: Artifacts): readonly ManifestNode[] {
  const keys = node.attachedTo === undefined ? node.dependsOn : [node.attachedTo];
  return keys.flatMap((key) => byId.get(key) ?? []);
}

/** One metric for each source whose rows may only get so old, or that dbt looked at. */
export function* freshnessMetrics(artifacts: Artifacts): Generator<Measured, void, void> {
  for (const node of artifacts.manifest.nodes) {
    if (!node.mayAge && !artifacts.freshness.has(node.uniqueId)) continue;
    const id = metricId(artifacts.project, node.uniqueId, 'freshness');
    const as = { metricType: 'dbt source freshness', unit: 's' };
    yield {
      entity: metricOf(id, freshnessName(node), node, artifacts, as),
      edges: measuring([node], id, 'dbt source freshness', artifacts),
    };
  }
}

/**
 * Each check is a run of its metric, with the age dbt found. What it found is no failure of the check: a stale table is
 * its own incident.
 */
export function checksOf({ project, byId }: Artifacts, { invocation, generatedAt, results }: FreshnessResults) {
  const runs: Run[] = [];
  const series: MetricSeries[] = [];
  for (const result of results) {
    const node = byId.get(result.uniqueId);
    if (!node) continue;
    const metric = metricId(project, node.uniqueId, 'freshness');
    const run = entityId('run', 'dbt', project, invocation ?? 'last', node.uniqueId);
    const at = result.lookedAt ?? generatedAt;
    runs.push(checkRun(metric, freshnessName(node), result, run, at));
    const { ageSeconds: value } = result;
    if (value !== undefined && at !== undefined)
      series.push({ metric, run, points: [{ name: 'freshness', value, at }] });
  }
  return { runs, series };
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
