// Metrics: the names of series and what their exporters say of them, as one metric each with the names code may use.
import type { SeenEntity } from '../../catalog/change.ts';
import { type EntityId, entityId } from '../../catalog/entity.ts';
import { said } from '../json.ts';

/** Of the metadata that targets expose. */
export interface MetricMeta {
  readonly type?: string;
  readonly help?: string;
  readonly unit?: string;
}

/** A metric with all its series' names. */
export interface Family {
  readonly name: string;
  readonly meta: MetricMeta;
  /** Of its series, and what the client library was told; without `name`. */
  readonly aliases: readonly string[];
}

export interface Families {
  readonly all: readonly Family[];
  /** The family of a series' name; the name itself where none is known. */
  of(series: string): string;
}

const parts: readonly (readonly [RegExp, readonly string[]])[] = [
  [/_(?:bucket|count|sum)$/, ['histogram', 'summary']],
  [/_(?:gcount|gsum|bucket)$/, ['gaugehistogram']],
  [/_created$/, ['counter', 'histogram', 'summary']],
  [/_total$/, ['counter']],
  [/_info$/, ['info']],
];

/**
 * Exporters name the metadata of a counter `x_total` in the old text format and `x` in OpenMetrics, and what code calls
 * `Counter("x")` is exposed as `x_total` (prometheus_client 0.23 with Prometheus 2.42, tried 2026-11-23). The family is
 * called like its one series where it has one, and by its base name where it has several (histograms, summaries).
 */
export function familiesOf(names: readonly string[], metadata: ReadonlyMap<string, MetricMeta>): Families {
  const there = new Set(names);
  const bases = new Map<string, { readonly meta: MetricMeta; readonly series: string[] }>();
  const familyOf = new Map<string, string>();
  for (const name of names) {
    const base = baseOf(name, metadata, there);
    const known = bases.get(base) ?? { meta: metadata.get(base) ?? metadata.get(name) ?? {}, series: [] };
    known.series.push(name);
    bases.set(base, known);
  }
  const all = [...bases].map(([base, { meta, series }]): Family => {
    const own = series.filter((name) => !/_created$/.test(name) || name === base);
    const name = own.length === 1 && own[0] !== undefined ? own[0] : base;
    for (const each of series) familyOf.set(each, name);
    const short = name === base && meta.type === 'counter' ? base.replace(/_total$/, '') : base;
    const aliases = [...series, ...(there.has(short) ? [] : [short])].filter((alias) => alias !== name);
    return { name, meta, aliases: [...new Set(aliases)] };
  });
  return { all, of: (series) => familyOf.get(series) ?? series };
}

function baseOf(name: string, metadata: ReadonlyMap<string, MetricMeta>, there: ReadonlySet<string>): string {
  if (metadata.has(name)) return name;
  for (const [suffix, types] of parts) {
    const base = name.replace(suffix, '');
    const known = base === name ? undefined : metadata.get(base);
    if (known && (known.type === undefined || types.includes(known.type))) return base;
    // The old text format names the metadata of a counter by its series.
    const counter = `${base}_total`;
    if (suffix.source.startsWith('_created') && metadata.get(counter)?.type === 'counter') return counter;
  }
  // Written from elsewhere (remote write, a recorded rule) without a word on its type.
  const base = name.replace(/_(?:bucket|count|sum)$/, '');
  return base !== name && there.has(`${base}_bucket`) && there.has(`${base}_count`) ? base : name;
}

export function metricId(instance: string, family: string): EntityId {
  return entityId('metric', 'prometheus', instance, family);
}

export function metricEntity({ name, meta, aliases }: Family, instance: string, url: string): SeenEntity {
  return {
    ...{ id: metricId(instance, name), kind: 'metric', name },
    ...(aliases.length > 0 ? { aliases } : {}),
    facts: said({ description: meta.help, metricType: meta.type, unit: meta.unit, url }),
  };
}
