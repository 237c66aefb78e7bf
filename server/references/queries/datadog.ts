// Datadog metric queries: the metrics that a monitor's, widget's or SLO's query reads, with where they stand in it.
import { isHole } from '../sql/tokens.ts';

/** Offsets are into the query. Characters that stand for holes are part of the name. */
export interface QueryMetric {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** The names of metrics are no longer (Datadog's documentation of custom metrics, read 2026-11). */
const longestName = 200;
const noMetrics = new Set(['by', 'on', 'over']);

/**
 * `avg(last_5m):avg:churn.auc{env:prod} by {host} < 0.8`: a metric stands right before the braces of its scope, behind
 * its aggregation; at the end of a query that is half typed the braces may be missing. What logs, events and checks are asked stands in quotes, and is no metric. Linear in the query.
 */
export function datadogMetrics(query: string): readonly QueryMetric[] {
  const found: QueryMetric[] = [];
  let depth = 0;
  let isOpen = false;
  for (let at = 0; at < query.length; at++) {
    const sign = query.charAt(at);
    if (depth === 0 && (sign === '"' || sign === "'")) {
      const end = query.indexOf(sign, at + 1);
      isOpen = end < 0;
      at = isOpen ? query.length : end;
    } else if (sign === '{') {
      const metric = depth === 0 ? metricBefore(query, at) : undefined;
      if (metric) found.push(metric);
      depth++;
    } else if (sign === '}' && depth > 0) depth--;
    else if (depth === 0 && isHole(query.charCodeAt(at)) && endsName(query, at + 1)) {
      // A hole right behind a name is its scope: `avg:aws.rds.cpu${local.filter} by {host}`.
      const metric = metricBefore(query, at);
      if (metric && isScoped(query, metric)) found.push(metric);
    }
  }
  const last = depth === 0 && !isOpen ? metricBefore(query, query.trimEnd().length) : undefined;
  if (
    last &&
    /(?:^|[\s(,+*/:-])(?:avg|sum|min|max|count|p\d\d):$/.test(query.slice(Math.max(0, last.from - 7), last.from))
  )
    found.push(last);
  return found;
}

function metricBefore(query: string, brace: number): QueryMetric | undefined {
  let from = brace;
  while (from > 0 && brace - from <= longestName && isNameCode(query.charCodeAt(from - 1))) from--;
  const name = query.slice(from, brace);
  if (name === '' || name.length > longestName || !isNameStart(name) || noMetrics.has(name)) return undefined;
  const before = query.charAt(from - 1);
  // Without an aggregation only a name with its dots is sure to be one.
  if (before !== ':' && !(name.includes('.') && /^[\s(,+*/-]?$/.test(before))) return undefined;
  return { name, from, to: brace };
}

/** Neither more of a name nor its braces; `.as_count()` is a function. */
function endsName(query: string, at: number): boolean {
  if (query.charAt(at) === '.') return /^\.[a-z_]{1,40}\(/.test(query.slice(at, at + 45));
  return query.charAt(at) !== '{' && !isNameCode(query.charCodeAt(at));
}

/** Behind an aggregation, with its dots, and whole: what ends in a sign goes on in the hole. */
function isScoped(query: string, { name, from }: QueryMetric): boolean {
  return query.charAt(from - 1) === ':' && name.includes('.') && /[A-Za-z0-9]$/.test(name);
}

function isNameCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 46 ||
    isHole(code)
  );
}

function isNameStart(name: string): boolean {
  return /^[A-Za-z]/.test(name) || isHole(name.charCodeAt(0));
}
