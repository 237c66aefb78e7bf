// Pages: what the artifacts of one project say, in pages of the catalog; the same for a target folder and for dbt Cloud. Pure.
import type { CatalogChange } from '../../catalog/change.ts';
import type { FreshnessResults, RunResults } from './artifacts.ts';
import { freshnessMetrics, testMetrics } from './metrics.ts';
import { type RunContext, runsOf } from './runs.ts';
import { type Artifacts, edgesOf, entitiesOf } from './tables.ts';

const pageSize = 1000;

/** What one command did, and what is known of it besides. */
export interface Command {
  readonly results: RunResults;
  readonly context: Omit<RunContext, 'project' | 'nodes'>;
}

export function* pagesOf(
  artifacts: Artifacts,
  commands: readonly Command[],
  freshness: FreshnessResults,
): Generator<CatalogChange, void, void> {
  const { project, byId: nodes } = artifacts;
  const runs = commands.flatMap(({ results, context }) => runsOf(results, { ...context, project, nodes }));
  const [tests, sources] = [testMetrics(artifacts, runs), freshnessMetrics(artifacts, freshness)];
  for (const entities of slices([...entitiesOf(artifacts), ...tests.entities, ...sources.entities])) yield { entities };
  for (const edges of slices([...edgesOf(artifacts), ...tests.edges, ...sources.edges])) yield { edges };
  for (const page of slices([...runs, ...sources.runs])) yield { runs: page };
  for (const series of slices([...tests.series, ...sources.series])) yield { series };
}

function* slices<T>(items: readonly T[]): Generator<readonly T[], void, void> {
  for (let from = 0; from < items.length; from += pageSize) yield items.slice(from, from + pageSize);
}
