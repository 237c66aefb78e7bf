// MetricQuery: a query of a warehouse whose result is a metric, and whether a text can be one.

/** One statement that reads. Its result: a number, or a time and a number in each row, and a text that says of which group. */
export interface MetricQuery {
  /** What the metric is called. */
  readonly metric: string;
  readonly query: string;
}

const longestQuery = 20_000;
const longestName = 200;

/** Undefined when both are usable; else what is wrong and what to write. */
export function metricQueryMistake(metric: string, query: string): string | undefined {
  if (metric === '' || metric.length > longestName || /[\u0000-\u001f\u007f]/.test(metric))
    return `"metric" must be a name in one line of at most ${longestName} characters`;
  if (query.length > longestQuery) return `"query" is longer than ${longestQuery} characters; make a view of it`;
  if (!/^(?:select|with)\b/i.test(query.trimStart()))
    return '"query" must begin with SELECT or WITH; it only reads, and a comment stands behind it';
  // The API runs one statement at a time anyway; a text that looks like two is a mistake.
  return query.trim().replace(/;$/, '').includes(';') ? '"query" must be one statement, without ";" in it' : undefined;
}

/** The same text, however it is wrapped at its ends. */
export function isSameQuery(one: MetricQuery, other: MetricQuery): boolean {
  return one.metric === other.metric && one.query.trim() === other.query.trim();
}
