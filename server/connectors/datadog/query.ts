// Query: the metrics that a monitor's query reads, with the tags it asks for and the groups it makes.
import type { AlertLabel } from '../../catalog/alert.ts';

export interface ReadMetric {
  readonly name: string;
  /** Those it asks for; what is excluded or matched by a pattern is not among them. */
  readonly tags: readonly AlertLabel[];
}

export interface ReadQuery {
  /** In order, each name once. */
  readonly metrics: readonly ReadMetric[];
  /** What logs, events or checks are asked: the texts in quotes of a query that reads no metric. */
  readonly searched?: string;
}

const longest = 20_000;
/** Names of metrics have at most 200 characters (docs.datadoghq.com/metrics/custom_metrics, 2026-11). */
const metric = /(?:^|[^\w.])((?:[a-z]\w{0,30}:)?)([A-Za-z][\w.]{0,199})$/;
const noMetrics = new Set(['by', 'over', 'on']);

/** `avg(last_5m):avg:churn.auc{env:prod} by {model} < 0.8`. Linear; nothing of a query over 20,000 characters. */
export function readQuery(query: string): ReadQuery {
  if (query.length > longest) return { metrics: [] };
  const found = new Map<string, Map<string, AlertLabel>>();
  const quoted: string[] = [];
  for (let at = 0; at < query.length; at += 1) {
    const sign = query.charAt(at);
    if (sign === '"' || sign === "'") {
      const end = endOfQuote(query, at);
      quoted.push(query.slice(at + 1, end).replaceAll(`\\${sign}`, sign));
      at = end;
    } else if (sign === '{') {
      const end = endOfBraces(query, at);
      const [, aggregation = '', name = ''] = metric.exec(query.slice(Math.max(0, at - 240), at).trimEnd()) ?? [];
      const isMetric = name !== '' && !noMetrics.has(name) && (aggregation !== '' || name.includes('.'));
      if (isMetric) {
        const known = found.get(name) ?? new Map<string, AlertLabel>();
        for (const tag of tagsIn(query.slice(at + 1, end))) known.set(`${tag.name}:${tag.value}`, tag);
        found.set(name, known);
      }
      at = end;
    }
  }
  const [searched] = quoted;
  const metrics = [...found].map(([name, tags]) => ({ name, tags: [...tags.values()] }));
  return { metrics, ...(metrics.length === 0 && searched !== undefined ? { searched } : {}) };
}

function endOfQuote(query: string, from: number): number {
  for (let at = from + 1; at < query.length; at += 1) {
    if (query.charAt(at) === '\\') at += 1;
    else if (query.charAt(at) === query.charAt(from)) return at;
  }
  return query.length;
}

function endOfBraces(query: string, from: number): number {
  let depth = 0;
  for (let at = from; at < query.length; at += 1) {
    const sign = query.charAt(at);
    if (sign === '{') depth += 1;
    if (sign === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return query.length;
}

/** `env:prod,!host:a` and `env:prod AND (team:ml OR team:ds) AND NOT host:a`: alternatives are no tags that all have. */
function tagsIn(scope: string): readonly AlertLabel[] {
  if (/\bOR\b|\bIN\b/i.test(scope)) return [];
  return scope.split(/,|\s(?:AND|and)\s/).flatMap((part) => {
    const written = part.trim();
    return /^(?:!|-|not\s)/i.test(written) || written.includes('*') ? [] : (tagOf(written) ?? []);
  });
}

const longestTag = 400;

/** `dag_id:train_churn`; undefined for a tag without a value. */
export function tagOf(written: string): AlertLabel | undefined {
  const at = written.indexOf(':');
  const [name, value] = [written.slice(0, at).trim(), written.slice(at + 1).trim()];
  return at < 1 || value === '' || value === 'N/A' || written.length > longestTag ? undefined : { name, value };
}

/** Each once, by name. */
export function tagsOf(written: readonly string[]): readonly AlertLabel[] {
  const found = new Map(written.flatMap((one) => (tagOf(one) ? [[one, tagOf(one) as AlertLabel] as const] : [])));
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The name of a group, `host:a,env:prod`; a comma inside of a value belongs to it. `*`: no group. */
export function groupTags(group: string): readonly AlertLabel[] {
  if (group === '*' || group === '') return [];
  const parts: string[] = [];
  for (const part of group.slice(0, 4_000).split(',')) {
    if (part.includes(':') || parts.length === 0) parts.push(part);
    else parts.push(`${parts.pop() ?? ''},${part}`);
  }
  return tagsOf(parts);
}
