// Pages: all that merged events add up to, as pages for the catalog; pure.
import type { CatalogChange, ScanProblem } from '../../catalog/change.ts';
import { dataEdges, datasetEntities, type EntityContext, jobEdges, jobEntity, lifecycleChanges } from './entities.ts';
import { measuredByRun, measuredPage } from './measured.ts';
import { storeModelPage } from './models.ts';
import { runOf } from './runs.ts';
import type { Lineage } from './said/lineage.ts';

const pageSize = 1000;

export function* lineagePages(lineage: Lineage, given: Omit<EntityContext, 'measured'>): Generator<CatalogChange> {
  const context: EntityContext = { ...given, measured: measuredByRun(lineage) };
  for (const page of pages([...lineage.jobs.values()])) {
    yield {
      entities: page.map((job) => jobEntity(job, context)),
      edges: page.flatMap((job) => jobEdges(job, lineage)),
    };
  }
  for (const entities of pages(datasetEntities(lineage.datasets.values()))) yield { entities };
  for (const page of pages([...lineage.datasets.values()].flatMap(lifecycleChanges))) yield { events: page };
  for (const edges of pages(dataEdges(lineage))) yield { edges };
  for (const page of pages([...lineage.runs.values()])) {
    yield { runs: page.flatMap((run) => runOf(run, lineage, context) ?? []) };
  }
  const { entities, edges, series } = measuredPage(lineage);
  for (const page of pages(entities)) yield { entities: page };
  for (const page of pages(edges)) yield { edges: page };
  for (const page of pages(series)) yield { series: page };
  yield storeModelPage(lineage);
  if (lineage.left > 0) yield { problems: [leftOut(lineage.left)] };
}

/** In words, since what is left out is not there to be seen. */
function leftOut(count: number): ScanProblem {
  return {
    message: `The events tell of more runs than are kept: the ${count.toLocaleString('en')} that were told first are left out.`,
    advice: 'Move old events elsewhere.',
  };
}

function* pages<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += pageSize) yield items.slice(from, from + pageSize);
}
