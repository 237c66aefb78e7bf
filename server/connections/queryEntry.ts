// Query entry: the metric queries of a connection to a warehouse, as they stand in connections.json.
import { type MetricQuery, metricQueryMistake } from '../protocol/metricQuery.ts';

const most = 50;

/** What is wrong, where something is. */
export function queriesOf(value: unknown): readonly MetricQuery[] | string {
  const expected = `"queries" must be a list of at most ${most} entries like {"metric": "null_rate", "query": "SELECT …"}`;
  if (!Array.isArray(value) || value.length > most) return expected;
  const found: MetricQuery[] = [];
  for (const one of value) {
    const { metric, query } = Object(one) as { metric?: unknown; query?: unknown };
    if (typeof metric !== 'string' || typeof query !== 'string') return expected;
    const mistake = metricQueryMistake(metric, query);
    if (mistake !== undefined) return `"queries": ${mistake}`;
    found.push({ metric, query });
  }
  return found;
}
