// What is on screen, as of now: a monitor with all its groups, the tags and the last day of a metric.
import type { CatalogChange } from '../../catalog/change.ts';
import type { EntityId } from '../../catalog/entity.ts';
import { Surprises } from '../problems.ts';
import { unlessRefused } from '../unlessRefused.ts';
import { type Live, segmentsIn } from './ask/live.ts';
import { knowOrg } from './ask/who.ts';
import { describeMetric } from './metrics/describe.ts';
import { toldMonitor } from './monitors/entities.ts';
import { contextFor, oneMonitor } from './monitors/scan.ts';
import { readMonitor } from './monitors/shapes.ts';

const most = { monitors: 10, metrics: 5 };

/** Ids of other instances and kinds are passed over; what may not be asked is left out. */
export async function* describe(
  ids: readonly EntityId[],
  live: Live,
  signal: AbortSignal,
): AsyncGenerator<CatalogChange, void, void> {
  if (!ids.some((id) => id.includes(`:${live.scope}/`))) return;
  await knowOrg(live, signal);
  const mine = ids.filter((id) => segmentsIn(live, id) !== undefined);
  const monitors = mine.filter((id) => id.startsWith('monitor:')).slice(0, most.monitors);
  for (const id of monitors)
    yield await unlessRefused('Datadog', live.api.host, signal, () => describeMonitor(id, live, signal));
  const metrics = mine.filter((id) => id.startsWith('metric:')).slice(0, most.metrics);
  for (const id of metrics)
    yield await unlessRefused('Datadog', live.api.host, signal, () => describeMetric(id, live, signal));
}

async function describeMonitor(id: EntityId, live: Live, signal: AbortSignal): Promise<CatalogChange> {
  const [number = ''] = segmentsIn(live, id) ?? [];
  const monitor = readMonitor(await oneMonitor(number, live, signal), new Surprises());
  if (!monitor) return {};
  const { entity, edges, runs } = toldMonitor(monitor, await contextFor([monitor], live, signal));
  return { entities: [entity], edges, runs };
}
