// Series: the values of a metric over a time, for charts and hovers; what only grows as its rate, a histogram as a quantile.
import type { MetricSeries } from '../../../catalog/change.ts';
import { type EntityId, parseEntityId } from '../../../catalog/entity.ts';
import { groupText } from '../../labels.ts';
import type { Live } from './live.ts';
import { type RestSeries, readMatrix } from './shapes.ts';

/** Epoch ms. */
export interface SeriesRange {
  readonly from: number;
  readonly to: number;
}

const mostGroups = 20;
const mostPoints = 240;
const leastStepMs = 15_000;
const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** At most 20 groups of 240 points. Empty for what is no metric of this instance, and for one that has no value then. */
export async function seriesOf(
  metric: EntityId,
  { from, to }: SeriesRange,
  live: Live,
  signal: AbortSignal,
): Promise<readonly (MetricSeries & Pick<RestSeries, 'labels'>)[]> {
  const parts = parseEntityId(metric);
  const family = parts?.segments[0];
  if (parts?.tool !== 'prometheus' || parts.instance !== live.instance || family === undefined) return [];
  const stepMs = Math.max(leastStepMs, Math.ceil((to - from) / mostPoints));
  const { query, called } = questionOf(family, live, stepMs);
  const asked = [
    ['query', query],
    ['start', String(from / 1000)],
    ['end', String(to / 1000)],
    ['step', String(Math.ceil(stepMs / 1000))],
  ] as const;
  return readMatrix(await live.api.data('/api/v1/query_range', asked, signal))
    .filter(({ points }) => points.length > 0)
    .slice(0, mostGroups)
    .map(({ labels, points }) => ({
      ...{ metric, run: groupText(labels) || '{}', labels },
      points: points.map(({ at, value }) => ({ name: called, value, at })),
    }));
}

/** `topk` would choose anew at each step, so groups are cut here. */
function questionOf(family: string, { memory, api }: Live, stepMs: number) {
  const type = memory.families?.known.all.find((one) => one.name === family)?.meta.type;
  const plain = name.test(family) ? family : `{__name__=${JSON.stringify(family)}}`;
  const window = `${Math.max(60, Math.ceil((4 * stepMs) / 1000))}s`;
  if (type === 'counter') return { query: `rate(${plain}[${window}])`, called: `${family} per second` };
  if (type === 'histogram' && name.test(family)) {
    const query = `histogram_quantile(0.95, sum without (instance, pod) (rate(${family}_bucket[${window}])))`;
    return { query, called: `${family}, 95th percentile` };
  }
  api.host.log.debug('asks for a metric as it is', { family });
  return { query: plain, called: family };
}
