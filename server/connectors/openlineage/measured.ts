// Measured: metrics of data quality as entities with their series; pure.
import type { MetricSeries, SeenEntity } from '../../catalog/change.ts';
import type { Edge } from '../../catalog/edge.ts';
import { entityId } from '../../catalog/entity.ts';
import { dataOf } from './datasets.ts';
import type { MeasuredPoint } from './entities.ts';
import type { Lineage } from './said/lineage.ts';

export interface MeasuredPage {
  readonly entities: readonly SeenEntity[];
  readonly edges: readonly Edge[];
  readonly series: readonly MetricSeries[];
}

/** Whose points no run measured: a dataset event told them. */
const noRun = '{}';

/** A metric `<data>.<what was measured>` for each measurement: `RAW.USERS.AGE.nullCount`. */
export function measuredPage(lineage: Lineage): MeasuredPage {
  const page = { entities: [] as SeenEntity[], edges: [] as Edge[], series: [] as MetricSeries[] };
  for (const { dataset, name, asserts, points } of lineage.measurements.all.values()) {
    const state = lineage.datasets.get(dataset);
    if (!state) continue;
    const data = dataOf(state);
    const metric = entityId('metric', 'openlineage', state.namespace, state.name, name);
    const facts = asserts ? { facts: { description: asserts.value } } : {};
    page.entities.push({ id: metric, kind: 'metric', name: `${data.name}.${name}`, aliases: [name], ...facts });
    const evidence = 'OpenLineage data quality facet';
    page.edges.push({ from: data.id, to: metric, relation: 'measures', origin: 'reported', evidence });
    for (const [run, { when, value }] of points) {
      const job = lineage.runs.get(run)?.job.value;
      const namespace = job === undefined ? undefined : lineage.jobs.get(job)?.namespace;
      const of = namespace === undefined ? noRun : entityId('run', 'openlineage', namespace, run);
      page.series.push({ metric, run: of, points: [{ name, value, at: when.at }] });
    }
  }
  return page;
}

const mostOfRun = 200;

/** By run id: what it measured, by name. */
export function measuredByRun({ measurements }: Lineage): ReadonlyMap<string, readonly MeasuredPoint[]> {
  const found = new Map<string, MeasuredPoint[]>();
  for (const { name, asserts, points } of measurements.all.values()) {
    for (const [run, { when, value }] of points) {
      const mine = found.get(run) ?? [];
      if (run === '' || mine.length >= mostOfRun) continue;
      mine.push({ name, value, at: when.at, isAssertion: asserts !== undefined });
      found.set(run, mine);
    }
  }
  return found;
}
