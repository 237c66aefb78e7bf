// Pages: what the artifacts of one project say, in pages of the catalog; the same for a target folder and for dbt Cloud. Pure.
import type { CatalogChange } from '../../catalog/change.ts';
import type { FreshnessResults, RunResults } from './artifacts.ts';
import { freshnessMetrics, testMetrics } from './metrics.ts';
import { type RunContext, runsOf } from './runs.ts';
import { type Artifacts, edgesOf, entitiesOf } from './tables.ts';

const pageSize = 1000;

export function* pagesOf(
  artifacts: Artifacts,
  results: RunResults,
  freshness: FreshnessResults,
  context: Omit<RunContext, 'project' | 'nodes'>,
): Generator<CatalogChange, void, void> {
  const runs = runsOf(results, { ...context, project: artifacts.project, nodes: artifacts.byId });
  const [tests, sources] = [testMetrics(artifacts, runs), freshnessMetrics(artifacts, freshness)];
  for (const entities of slices([...entitiesOf(artifacts), ...tests.entities, ...sources.entities])) yield { entities };
  for (const edges of slices([...edgesOf(artifacts), ...tests.edges, ...sources.edges])) yield { edges };
  for (const page of slices([...runs, ...sources.runs])) yield { runs: page };
  for (const series of slices([...tests.series, ...sources.series])) yield { series };
}

function* slices<T>(items: readonly T[]): Generator<readonly T[], void, void> {
  for (let from = 0; from < items.length; from += pageSize) yield items.slice(from, from + pageSize);
}
