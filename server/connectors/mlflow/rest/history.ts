// The values a metric had in the course of a run, for what is on screen.
import type { MetricSeries } from '../../../catalog/change.ts';
import { HttpError } from '../../httpError.ts';
import { list, record, text } from '../../json.ts';
import { type StoredPoint, type StoredRun, seriesPoints, thinned } from '../shape.ts';
import { type Asking, chunks } from './ask/listings.ts';
import { allOf } from './ask/pages.ts';
import { readAll, readPoint } from './ask/shapes.ts';
import type { Live } from './scope.ts';

/** MLflow takes 100, and gunicorn's request line holds this many. */
const runsInQuery = 80;
/** Where the server cannot give several runs at once, only so many are asked for. */
const mostAlone = 10;

/** One question for every 80 runs; none for runs whose last value has been told with all before it. */
export async function historyOf(
  key: string,
  runs: readonly StoredRun[],
  experimentName: (run: StoredRun) => string | undefined,
  live: Live,
  asking: Asking,
): Promise<readonly MetricSeries[]> {
  const wanted = runs.flatMap((run) => {
    const last = run.metrics.find((metric) => metric.key === key);
    return last && /^\w+$/.test(run.id) && !live.memory.isHistoryWhole(run, last) ? [{ run, last }] : [];
  });
  const series: MetricSeries[] = [];
  for (const some of chunks(wanted, runsInQuery)) {
    const found = await pointsOf(
      key,
      some.map(({ run }) => run.id),
      asking,
    );
    for (const { run, last } of some) {
      const points = found.get(run.id);
      const experiment = experimentName(run);
      if (points === undefined || experiment === undefined) continue;
      const isThere = points.some(({ at, step }) => at === last.at && step === last.step);
      const all = [...points, ...(isThere ? [] : [last])].sort((a, b) => a.at - b.at || a.step - b.step);
      live.memory.keepHistory(run, last);
      series.push({
        metric: live.ids.metric(experiment, key),
        run: live.ids.run(run.id),
        points: thinned(all).map(({ value, at, step }) => ({ name: key, value, at, step })),
      });
    }
  }
  return series;
}

/** By run; a run that is not in it could not be asked about. */
async function pointsOf(
  key: string,
  runs: readonly string[],
  { api, surprises, signal }: Asking,
): Promise<ReadonlyMap<string, readonly StoredPoint[]>> {
  const query = [
    ...runs.map((id) => ['run_ids', id] as const),
    ['metric_key', key] as const,
    // Thinned evenly over the steps by the server.
    ['max_results', String(seriesPoints)] as const,
  ];
  try {
    const answer = record(await api.json('metrics/get-history-bulk-interval', { query }, signal));
    const byRun = Map.groupBy(list(answer.metrics), (metric) => text(record(metric).run_id) ?? '');
    return new Map(runs.map((id) => [id, readAll(byRun.get(id) ?? [], readPoint, surprises)]));
  } catch (error) {
    if (!(error instanceof HttpError) || error.kind !== 'missing') throw error;
  }
  const found = new Map<string, readonly StoredPoint[]>();
  for (const id of runs.slice(0, mostAlone)) {
    const listing = {
      ...{ name: 'metrics/get-history', field: 'metrics', size: 25_000, method: 'GET' as const },
      ask: [['run_id', id] as const, ['metric_key', key] as const],
    };
    found.set(id, readAll(await allOf(api, listing, signal), readPoint, surprises));
  }
  return found;
}
