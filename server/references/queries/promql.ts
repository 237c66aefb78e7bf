// PromQL: the metrics that a query of Prometheus, Grafana or an alert rule reads, with where they stand in it.
import { isHole } from '../sql/tokens.ts';
import type { QueryMetric } from './datadog.ts';

const keywords = new Set(
  'and or unless by without on ignoring group_left group_right bool offset inf nan atan2 start end'.split(' '),
);
/** With `by (…)` between their name and their brackets. */
const aggregations = new Set(
  'sum min max avg group stddev stdvar count count_values bottomk topk quantile limitk limit_ratio'.split(' '),
);
/** What stands in brackets after these are labels. */
const beforeLabels = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);

/** Labels, durations, functions and texts are no metrics; `{__name__="x"}` names one. Linear in the query. */
export function promqlMetrics(query: string): readonly QueryMetric[] {
  const found: QueryMetric[] = [];
  let at = 0;
  while (at < query.length) {
    const sign = query.charAt(at);
    if (sign === '#') at = end(query, '\n', at);
    else if (sign === '"' || sign === "'" || sign === '`') at = end(query, sign, at + 1);
    else if (sign === '[') at = end(query, ']', at + 1);
    else if (sign === '{') at = matchers(query, at, found);
    else if (sign === '$') at = variableEnd(query, at);
    else if (isDigit(query.charCodeAt(at))) at = wordEnd(query, at, true);
    else if (isWordCode(query.charCodeAt(at))) at = word(query, at, found);
    else at++;
  }
  return found;
}

function word(query: string, from: number, found: QueryMetric[]): number {
  const to = wordEnd(query, from, false);
  const name = query.slice(from, to);
  const lower = name.toLowerCase();
  let next = to;
  while (next < query.length && query.charCodeAt(next) <= 32) next++;
  const called = query.charAt(next) === '(';
  if (beforeLabels.has(lower)) return called ? end(query, ')', next) : to;
  if (keywords.has(lower) || called) return to;
  if (aggregations.has(lower) && /^(by|without)\b/i.test(query.slice(next, next + 8))) return to;
  found.push({ name, from, to });
  return to;
}

/** `{job="x", __name__="errors_total"}` */
function matchers(query: string, from: number, found: QueryMetric[]): number {
  let at = from + 1;
  let label = '';
  while (at < query.length && query.charAt(at) !== '}') {
    const sign = query.charAt(at);
    if (sign === '"' || sign === "'" || sign === '`') {
      const close = end(query, sign, at + 1);
      const closed = query.charAt(close - 1) === sign && close - 1 > at;
      if (label === '__name__=' && closed)
        found.push({ name: query.slice(at + 1, close - 1), from: at + 1, to: close - 1 });
      at = close;
      label = '';
    } else {
      label = sign === ',' ? '' : sign.trim() === '' ? label : `${label}${sign}`.slice(-20);
      at++;
    }
  }
  return at + 1;
}

/** Behind the closing sign, or the end. A quote behind `\` closes nothing. */
function end(query: string, sign: string, from: number): number {
  for (let at = from; at < query.length; at++) {
    if (query.charAt(at) === '\\' && sign !== '`') at++;
    else if (query.charAt(at) === sign) return at + 1;
  }
  return query.length;
}

/** `$__rate_interval`, `${window:raw}` */
function variableEnd(query: string, from: number): number {
  if (query.charAt(from + 1) === '{') return end(query, '}', from + 2);
  return Math.max(from + 1, wordEnd(query, from + 1, false));
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isWordCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    isDigit(code) ||
    code === 95 ||
    code === 58 ||
    isHole(code)
  );
}

function wordEnd(query: string, from: number, number: boolean): number {
  let at = from;
  while (at < query.length && (isWordCode(query.charCodeAt(at)) || (number && query.charAt(at) === '.'))) at++;
  return at;
}
