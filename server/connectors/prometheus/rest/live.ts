// What one live connection keeps in mind between questions: how it names things, and which metrics there are.
import type { Catalog } from '../../../catalog/catalog.ts';
import type { Links } from '../links.ts';
import type { Families } from '../metrics.ts';
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

export interface Memory {
  /** Of the last listing of metrics, and when that was, epoch ms. */
  families?: { readonly at: number; readonly known: Families };
}

export function ruleContext({ instance, links, catalog, memory }: Live): RuleContext {
  const familyOf = (series: string): string => memory.families?.known.of(series) ?? series;
  return { instance, links, familyOf, ...(catalog ? { catalog } : {}) };
}
