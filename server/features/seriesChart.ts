// Series chart: which metrics an entity is drawn by, and one chart of what connections and runs say of their values.
import type { Catalog } from '../catalog/catalog.ts';
import type { MetricSeries } from '../catalog/change.ts';
import { type EntityId, parseEntityId } from '../catalog/entity.ts';
import type { SeriesChart, SeriesLine } from '../protocol/series.ts';
import { visible } from './markdown.ts';

/** Epoch ms. */
export interface ChartRange {
  readonly from: number;
  readonly to: number;
}

/** What is asked for, and what runs recorded; plain values, so that it outlives the snapshot. */
export interface ChartPlan {
  readonly id: EntityId;
  readonly metrics: readonly EntityId[];
  readonly units: readonly (string | undefined)[];
  readonly recorded: readonly SeriesLine[];
}

/** As `AskSeries` gives it. */
interface Answer {
  readonly source: string;
  readonly series: readonly MetricSeries[];
  readonly problem?: string;
}

const mostMetrics = 6;
const mostLines = 20;
const mostRecorded = 240;
const hourMs = 3_600_000;
const mostHours = 24 * 92;

/** From so many hours ago until now; what is no sensible time is a day. */
export function chartRange(hours: number, now: number): ChartRange {
  const span = Number.isFinite(hours) && hours > 0 ? Math.min(hours, mostHours) : 24;
  return { from: now - span * hourMs, to: now };
}

/** `members` are the ids of the entity itself, `watched` those of the metrics that a monitor measures. Undefined when there is no metric. */
export function chartPlan(
  catalog: Catalog,
  id: EntityId,
  members: readonly EntityId[],
  watched: readonly EntityId[],
): ChartPlan | undefined {
  const own = members.filter(isMetric);
  const isMonitor = members.some((one) => /^(code:)?monitor:/.test(one));
  const metrics = [...new Set(own.length > 0 ? own : isMonitor ? watched.filter(isMetric) : [])].slice(0, mostMetrics);
  if (metrics.length === 0) return undefined;
  return {
    id,
    metrics: metrics.filter((one) => !one.startsWith('code:')),
    units: metrics.flatMap((one) => (catalog.get(one) ? [catalog.facts(one).unit] : [])),
    recorded: metrics.flatMap((one) => recordedLine(catalog, one)),
  };
}

export function seriesChart(
  { id, units, recorded }: ChartPlan,
  range: ChartRange,
  answers: readonly Answer[],
): SeriesChart {
  const asked = answers.filter(({ problem }) => problem === undefined);
  const live = asked.flatMap(({ source, series }) => series.flatMap((one) => liveLine(source, one)));
  const ranged = answers.length > 0;
  const kept = ranged ? recorded.flatMap((line) => within(line, range)) : recorded;
  const lines = [...live, ...kept].slice(0, mostLines);
  const first = Math.min(...lines.map(({ points }) => points[0]?.[0] ?? range.to));
  const [unit] = units;
  return {
    id,
    from: ranged || lines.length === 0 ? range.from : first,
    to: range.to,
    ...(unit !== undefined && units.every((one) => one === unit) && { unit: visible(unit) }),
    lines,
    asked: unique(asked.map(({ source }) => visible(source))),
    problems: unique(answers.flatMap(({ problem }) => (problem === undefined ? [] : [visible(problem)]))),
    ranged,
  };
}

/** Of several metrics a connection is asked for each. */
function unique(said: readonly string[]): readonly string[] {
  return [...new Set(said)];
}

function isMetric(id: EntityId): boolean {
  return /^(code:)?metric:/.test(id);
}

/** The last value of each run, oldest first. */
function recordedLine(catalog: Catalog, metric: EntityId): readonly SeriesLine[] {
  const byRun = new Map<string, readonly [number, number]>();
  let name = '';
  for (const point of catalog.series(metric)) {
    // What a connection told of a group was kept as well; it is asked for anew.
    if (!Number.isFinite(point.value) || point.run.startsWith('{')) continue;
    name = point.name;
    byRun.set(point.run, [point.at, point.value]);
  }
  const points = [...byRun.values()].sort(([one], [other]) => one - other).slice(-mostRecorded);
  const source = catalog.factsBySource(metric)[0]?.source ?? parseEntityId(metric)?.tool ?? '';
  return points.length > 0 ? [{ name: visible(`${name}, last of each run`), source: visible(source), points }] : [];
}

function liveLine(source: string, { run, points }: MetricSeries): readonly SeriesLine[] {
  const drawn = points
    .filter(({ at, value }) => Number.isFinite(at) && Number.isFinite(value))
    .map(({ at, value }) => [at, value] as const)
    .toSorted(([one], [other]) => one - other);
  const group = /^\{.+\}$/.test(run) ? `, ${run}` : '';
  return drawn.length > 0
    ? [{ name: visible(`${points[0]?.name ?? ''}${group}`), source: visible(source), points: drawn }]
    : [];
}

function within(line: SeriesLine, { from, to }: ChartRange): readonly SeriesLine[] {
  const points = line.points.filter(([at]) => at >= from && at <= to);
  return points.length > 0 ? [{ ...line, points }] : [];
}
