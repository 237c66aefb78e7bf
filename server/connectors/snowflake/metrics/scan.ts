// Scan of metrics: queries that the user allowed, run while a warehouse is awake for others, as metrics with their points.
import type { CatalogChange, MetricSeries, SeenEntity } from '../../../catalog/change.ts';
import { type EntityId, parseEntityId } from '../../../catalog/entity.ts';
import type { MetricQuery } from '../../../protocol/metricQuery.ts';
import { idsOf } from '../ids.ts';
import { coveredIn, type Poll, partly } from '../poll.ts';
import { measuredOf } from './result.ts';

const everyMs = 15 * 60_000;
const mostPoints = 1_000;

/** A metric is there as soon as its query is allowed; its points come with the first warehouse that is awake. */
export async function metricsPart(queries: readonly MetricQuery[], poll: Poll): Promise<CatalogChange> {
  const entities = queries.map((query) => metricOf(query, poll));
  const series: MetricSeries[] = [];
  for (const query of queries) {
    const last = poll.memory.measured.get(query.query);
    if (poll.warehouse === undefined || (last !== undefined && Math.abs(poll.now - last) < everyMs)) continue;
    poll.memory.measured.set(query.query, poll.now);
    const found = await partly(poll, `values of ${query.metric}`, () => measured(query, poll));
    series.push(...(found ?? []));
  }
  return { entities, series, covered: coveredIn(poll, ['metric']) };
}

function metricOf({ metric, query }: MetricQuery, { place }: Poll): SeenEntity {
  const facts = { query, description: `A query of the connection ${place.source}` };
  return { id: idsOf(place).metric(metric), kind: 'metric', name: metric, facts };
}

async function measured(query: MetricQuery, poll: Poll): Promise<readonly MetricSeries[]> {
  const { warehouse, warehouses, signal, place, catalog, now, problems, api } = poll;
  if (warehouse === undefined) return [];
  const { rows } = await warehouses.query(warehouse, query.query.trim().replace(/;$/, ''), signal);
  const found = measuredOf(query.metric, rows, now);
  if (!found) {
    problems.push({ message: `${api.place}: the query of ${query.metric} has no column of numbers. Correct it.` });
    return [];
  }
  const metric = idsOf(place).metric(query.metric);
  const before = found.every(({ isTimed }) => isTimed) ? [] : (catalog?.series(metric) ?? []);
  return found.map(({ group, points, isTimed }) => {
    const known = isTimed ? [] : before.filter(({ run, at }) => run === group && at < now);
    const plain = known.map(({ name, value, at }) => ({ name, value, at }));
    return { metric, run: group, points: [...plain, ...points].slice(-mostPoints) };
  });
}

/** What was measured, of what is ours; no warehouse is asked for a chart, since what is known is a quarter of an hour old at most while one is awake. */
export function knownSeries(
  metric: EntityId,
  { from, to }: { readonly from: number; readonly to: number },
  { place, catalog }: Pick<Poll, 'place' | 'catalog'>,
): readonly MetricSeries[] {
  const parts = parseEntityId(metric);
  if (parts?.tool !== 'snowflake' || parts.instance !== place.account || !catalog) return [];
  const points = catalog.series(metric).filter(({ at }) => at >= from && at <= to);
  return [...Map.groupBy(points, ({ run }) => run)].map(([run, some]) => ({
    ...{ metric, run },
    points: some.map(({ name, value, at }) => ({ name, value, at })),
  }));
}
