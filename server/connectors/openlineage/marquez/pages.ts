// Pages: what lists of Marquez add up to, page by page; a page stands by itself, so that nothing but names is kept in memory. Pure.
import type { CatalogChange } from '../../../catalog/change.ts';
import type { Edge } from '../../../catalog/edge.ts';
import type { EntityContext } from '../entities.ts';
import { dataEdges, datasetEntities, jobEdges, jobEntity, jobIdOf, lifecycleChanges } from '../entities.ts';
import { measuredByRun, measuredPage } from '../measured.ts';
import { storeModelPage } from '../models.ts';
import { runOf } from '../runs.ts';
import type { Name } from '../said/events.ts';
import { Lineage } from '../said/lineage.ts';
import { datasetEvent, jobEvent, type MarquezDataset, type MarquezJob, type MarquezRun, runEvents } from './shapes.ts';

export type PageContext = Omit<EntityContext, 'measured'>;

/** Jobs, what they read and write, and their runs. Data is only mentioned: what it is, its own list says. */
export function jobsPage(jobs: readonly MarquezJob[], given: PageContext): CatalogChange {
  const said = new Lineage();
  const ran = new Lineage();
  for (const job of jobs) {
    said.add(jobEvent(job));
    addRuns(ran, job.runs, job);
  }
  const parents = jobs.flatMap((job) => parentEdge(job) ?? []);
  const edges = [...said.jobs.values()].flatMap((job) => jobEdges(job, said));
  const models = storeModelPage(ran);
  return {
    ...ranPage(ran, said, given),
    edges: [...edges, ...parents, ...measuredPage(ran).edges, ...models.edges],
    entities: [
      ...[...said.jobs.values()].map((job) => jobEntity(job, given)),
      ...mentioned([...said.datasets.values(), ...ran.datasets.values()]),
      ...measuredPage(ran).entities,
      ...models.entities,
    ],
  };
}

function addRuns(lineage: Lineage, runs: readonly MarquezRun[], job: Name): void {
  for (const run of runs)
    for (const event of runEvents(run, { namespace: job.namespace, name: job.name })) lineage.add(event);
}

/** Runs with what they measured. The facets of the job itself (its commit) are those of `said`, which is the newest. */
function ranPage(ran: Lineage, said: Lineage, given: PageContext): CatalogChange {
  const context: EntityContext = { ...given, measured: measuredByRun(ran) };
  for (const [key, job] of said.jobs) if (ran.jobs.has(key)) ran.jobs.set(key, job);
  const { series } = measuredPage(ran);
  return { runs: [...ran.runs.values()].flatMap((run) => runOf(run, ran, context) ?? []), series };
}

/** Runs of one job, as its own list gives them. */
export function runsPage(runs: readonly MarquezRun[], job: MarquezJob, given: PageContext): CatalogChange {
  const said = new Lineage();
  said.add(jobEvent(job));
  const ran = new Lineage();
  addRuns(ran, runs, job);
  const measured = measuredPage(ran);
  const page = ranPage(ran, said, given);
  return { ...page, entities: [...mentioned([...ran.datasets.values()]), ...measured.entities], edges: measured.edges };
}

/** Without facts, so that those which its own list gave stay. */
function mentioned(datasets: Parameters<typeof datasetEntities>[0]): CatalogChange['entities'] & object {
  return datasetEntities(datasets).map(({ id, kind, name, aliases = [] }) => ({ id, kind, name, aliases }));
}

function parentEdge({ namespace, name, parent }: MarquezJob): Edge | undefined {
  if (!parent || parent.name === name) return undefined;
  const relation = name.startsWith(`${parent.name}.`) ? 'contains' : 'runs';
  const [from, to] = [jobIdOf(parent), jobIdOf({ namespace, name })];
  return { from, to, relation, origin: 'reported', evidence: 'Marquez: the parent of its runs' };
}

/** Data as its own list tells it, what it is made of, and what its facets measured. */
export function datasetsPage(datasets: readonly MarquezDataset[]): CatalogChange {
  const lineage = new Lineage();
  for (const dataset of datasets) lineage.add(datasetEvent(dataset));
  const told = new Set(datasets.map(({ namespace, name }) => `${namespace}\n${name}`));
  const own = [...lineage.datasets].filter(([key]) => told.has(key)).map(([, dataset]) => dataset);
  const others = [...lineage.datasets].filter(([key]) => !told.has(key)).map(([, dataset]) => dataset);
  const measured = measuredPage(lineage);
  return {
    entities: [...mentioned(others), ...datasetEntities(own), ...measured.entities],
    edges: [...dataEdges(lineage), ...measured.edges],
    series: measured.series,
    events: own.flatMap(lifecycleChanges),
  };
}
