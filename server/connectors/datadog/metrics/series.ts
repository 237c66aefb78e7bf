// Series: the values of a metric over a time, for charts and hovers, by the tags that say what they are of.
import type { AlertLabel } from '../../../catalog/alert.ts';
import type { MetricSeries } from '../../../catalog/change.ts';
import type { EntityId } from '../../../catalog/entity.ts';
import { list, number, record, text } from '../../json.ts';
import { groupText } from '../../labels.ts';
import { saidBy } from '../ask/api.ts';
import { type Live, segmentsIn } from '../ask/live.ts';
import { knowOrg } from '../ask/who.ts';
import { tagsOf } from '../query.ts';

/** Epoch ms. */
export interface SeriesRange {
  readonly from: number;
  readonly to: number;
}

export type LabelledSeries = MetricSeries & { readonly labels: readonly AlertLabel[] };

const mostGroups = 20;
const mostPoints = 240;
const name = /^[A-Za-z][\w.]{0,199}$/;

/** At most 20 groups of 240 points. Empty for what is no metric of this organisation, and for one without values then. */
export async function seriesOf(
  metric: EntityId,
  { from, to }: SeriesRange,
  live: Live,
  signal: AbortSignal,
): Promise<readonly LabelledSeries[]> {
  await knowOrg(live, signal);
  const [called, ...rest] = segmentsIn(live, metric) ?? [];
  // What is no plain name cannot be written into a query.
  if (called === undefined || rest.length > 0 || !metric.startsWith('metric:') || !name.test(called)) return [];
  const { query, words } = questionOf(called, live);
  const answers = await querySeries(query, { from, to }, live, signal);
  return answers
    .filter(({ points }) => points.length > 0)
    .slice(0, mostGroups)
    .map(({ labels, points }) => ({
      ...{ metric, run: groupText(labels) || '{}', labels },
      points: thinned(points).map(([at, value]) => ({ name: words, value, at })),
    }));
}

/** What only grows is added up; all else is averaged. */
function questionOf(called: string, { memory }: Live) {
  const by = memory.shownBy.get(called) ?? [];
  const groups = by.length > 0 ? ` by {${by.join(',')}}` : '';
  const type = memory.types.get(called);
  if (type === 'count') return { query: `sum:${called}{*}${groups}.as_count()`, words: `${called}, count` };
  if (type === 'rate') return { query: `sum:${called}{*}${groups}.as_rate()`, words: `${called} per second` };
  return { query: `avg:${called}{*}${groups}`, words: called };
}

export interface RestSeries {
  readonly metric: string;
  readonly labels: readonly AlertLabel[];
  /** Epoch ms and value; gaps are left out. */
  readonly points: readonly (readonly [number, number])[];
}

/** `GET /api/v1/query`: asked in seconds, answered in ms. An error may come with status 200. */
export async function querySeries(
  query: string,
  { from, to }: SeriesRange,
  { api }: Live,
  signal: AbortSignal,
): Promise<readonly RestSeries[]> {
  const asked = [
    ['from', String(Math.floor(from / 1000))],
    ['to', String(Math.ceil(to / 1000))],
    ['query', query],
  ] as const;
  const answer = record(await api.get('/api/v1/query', asked, signal));
  if (!Array.isArray(answer.series))
    throw api.broken(`it answers /api/v1/query without series${saidBy(answer) ? `: ${saidBy(answer)}` : ''}`);
  return answer.series.map((value: unknown): RestSeries => {
    const { metric, tag_set: tagSet, scope, pointlist } = record(value);
    const tags = list(tagSet).flatMap((tag) => text(tag) ?? []);
    // Older answers have no `tag_set`; the scope also holds what was asked for.
    const written = tags.length > 0 ? tags : (text(scope)?.split(',') ?? []);
    const points = list(pointlist).flatMap((pair) => {
      const [at, said] = list(pair).map((one) => (one === null ? undefined : number(one)));
      return at === undefined || said === undefined ? [] : [[Math.round(at), said] as const];
    });
    return { metric: text(metric) ?? '', labels: tagsOf(written), points };
  });
}

function thinned<T>(points: readonly T[]): readonly T[] {
  const step = Math.ceil(points.length / mostPoints);
  return step <= 1 ? points : points.filter((_, index) => (points.length - 1 - index) % step === 0);
}
