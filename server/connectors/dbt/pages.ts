// Pages: what the artifacts of one project say, in pages of the catalog; the same for a target folder and for dbt Cloud. Pure.
import type { CatalogChange } from '../../catalog/change.ts';
import type { FreshnessResults, RunResults } from './artifacts.ts';
import { checksOf, freshnessMetrics, seriesOfTests, testMetrics } from './metrics.ts';
import { type RunContext, runsOf } from './runs.ts';
import { type Artifacts, edgesOf, entitiesOf } from './tables.ts';

const pageSize = 1000;

/** What one command did, and what is known of it besides. */
export interface Command {
  readonly results: RunResults;
  readonly context: Omit<RunContext, 'project' | 'nodes'>;
}

/** Made page by page, so that others get their turn between two. */
export function* pagesOf(
  artifacts: Artifacts,
  commands: readonly Command[],
  freshness: FreshnessResults,
): Generator<CatalogChange, void, void> {
  const { project, byId: nodes } = artifacts;
  for (const entities of slices(entitiesOf(artifacts))) yield { entities };
  for (const edges of slices(edgesOf(artifacts))) yield { edges };
  for (const metrics of [testMetrics(artifacts), freshnessMetrics(artifacts)]) {
    for (const page of slices(metrics))
      yield { entities: page.map(({ entity }) => entity), edges: page.flatMap(({ edges }) => edges) };
  }
  for (const { results, context } of commands) {
    for (const runs of slices(runsOf(results, { ...context, project, nodes })))
      yield { runs, series: seriesOfTests(runs, project) };
  }
  const checks = checksOf(artifacts, freshness);
  for (const runs of slices(checks.runs)) yield { runs };
  for (const series of slices(checks.series)) yield { series };
}

function* slices<T>(items: Iterable<T>): Generator<readonly T[], void, void> {
  let page: T[] = [];
  for (const item of items) {
    page.push(item);
    if (page.length < pageSize) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
