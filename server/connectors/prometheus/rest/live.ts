// What one live connection keeps in mind between questions: how it names things, and which metrics there are.
import type { Catalog } from '../../../catalog/catalog.ts';
import type { Links } from '../links.ts';
import type { Families } from '../metrics.ts';
import { metricsOf, type ReadMetric } from '../promql.ts';
import type { RuleContext } from '../rules.ts';
import type { Api } from './api.ts';

export interface Live {
  readonly api: Api;
  readonly instance: string;
  /** `prometheus://instance`. */
  readonly scope: string;
  readonly links: Links;
  readonly catalog?: Catalog;
  readonly memory: Memory;
}

/** Queries that were read, with what they read: they are the same every minute. */
const mostQueries = 20_000;

export interface Memory {
  readonly queries: Map<string, readonly ReadMetric[]>;
  /** Of the last listing of metrics, and when that was, epoch ms. */
  families?: { readonly at: number; readonly known: Families };
}

export function ruleContext({ instance, links, catalog, memory }: Live): RuleContext {
  const familyOf = (series: string): string => memory.families?.known.of(series) ?? series;
  const read = (query: string): readonly ReadMetric[] => {
    const known = memory.queries.get(query);
    if (known) return known;
    const metrics = metricsOf(query);
    if (memory.queries.size >= mostQueries) memory.queries.clear();
    memory.queries.set(query, metrics);
    return metrics;
  };
  return { instance, links, familyOf, metricsOf: read, ...(catalog ? { catalog } : {}) };
}
