// Shapes: what Prometheus answers, each part checked; what cannot be used is left out and counted.
import type { AlertLabel } from '../../../catalog/alert.ts';
import { isRecord, list, number, oneLine, record, text, time } from '../../json.ts';
import type { Surprises } from '../../problems.ts';
import type { MetricMeta } from '../metrics.ts';

export interface RestAlert {
  readonly labels: readonly AlertLabel[];
  readonly annotations: readonly AlertLabel[];
  readonly state: 'pending' | 'firing';
  /** Epoch ms. */
  readonly activeAt: number;
  /** Absent: not a number. */
  readonly value?: number;
}

export interface RestRule {
  readonly group: string;
  /** On the server. */
  readonly file: string;
  readonly name: string;
  readonly query: string;
  readonly labels: readonly AlertLabel[];
  readonly annotations: readonly AlertLabel[];
  /** Why it cannot be evaluated. */
  readonly error?: string;
  /** Absent: a recording rule. */
  readonly alerts?: readonly RestAlert[];
}

const longest = { label: 1_000, name: 500, query: 20_000 };
const mostLabels = 60;

/** By name; values that are no texts are left out. */
export function readLabels(value: unknown): readonly AlertLabel[] {
  return Object.entries(record(value))
    .flatMap(([name, said]) =>
      typeof said === 'string' && said !== '' ? [{ name, value: said.slice(0, longest.label) }] : [],
    )
    .filter(({ name }) => name !== '__name__')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, mostLabels);
}

/** Recorded from 2.42 (2026-11-23). `groupNextToken` of 3.x: more pages. */
export function readRules(data: unknown, surprises: Surprises): readonly RestRule[] {
  if (!isRecord(data) || !Array.isArray(data.groups)) surprises.add('a list of rules without groups');
  return list(record(data).groups).flatMap((value) => {
    const group = record(value);
    const name = text(group.name)?.slice(0, longest.name);
    if (name === undefined || !Array.isArray(group.rules)) surprises.add('groups of rules without a name or rules');
    if (name === undefined) return [];
    const file = oneLine(group.file) ?? '';
    return list(group.rules).flatMap((rule) => readRule(record(rule), name, file, surprises) ?? []);
  });
}

function readRule(
  rule: Readonly<Record<string, unknown>>,
  group: string,
  file: string,
  surprises: Surprises,
): RestRule | undefined {
  const name = text(rule.name)?.slice(0, longest.name);
  const query = text(rule.query)?.slice(0, longest.query);
  if (name === undefined || query === undefined) {
    surprises.add('rules without a name or a query');
    return undefined;
  }
  const error = rule.health === 'err' ? (oneLine(rule.lastError) ?? 'it could not be evaluated') : undefined;
  return {
    ...{ group, file, name, query, labels: readLabels(rule.labels), annotations: readLabels(rule.annotations) },
    ...(error === undefined ? {} : { error }),
    ...(rule.type === 'recording' ? {} : { alerts: list(rule.alerts).flatMap((alert) => readAlert(alert, surprises)) }),
  };
}

function readAlert(value: unknown, surprises: Surprises): readonly RestAlert[] {
  const alert = record(value);
  const activeAt = time(alert.activeAt);
  const state = alert.state === 'firing' || alert.state === 'pending' ? alert.state : undefined;
  if (activeAt === undefined || state === undefined) {
    surprises.add('alerts without a state or a time');
    return [];
  }
  const said = number(alert.value);
  const labels = readLabels(alert.labels);
  return [
    {
      labels,
      annotations: readLabels(alert.annotations),
      state,
      activeAt,
      ...(said === undefined ? {} : { value: said }),
    },
  ];
}

/** By metric; of several exporters the first one that says something. */
export function readMetadata(data: unknown): ReadonlyMap<string, MetricMeta> {
  return new Map(
    Object.entries(record(data)).map(([name, value]) => {
      const said = list(value).map(record);
      const of = (field: 'type' | 'help' | 'unit') =>
        said.map((one) => oneLine(one[field])).find((word) => word !== undefined);
      const [type, help, unit] = [of('type'), of('help'), of('unit')];
      const meta = { ...(type && { type }), ...(help && { help }), ...(unit && { unit }) };
      return [name, meta] as const;
    }),
  );
}

export interface RestSeries {
  readonly labels: readonly AlertLabel[];
  /** Epoch ms; those that are numbers. */
  readonly points: readonly { readonly at: number; readonly value: number }[];
}

export function readMatrix(data: unknown): readonly RestSeries[] {
  return list(record(data).result).map((value): RestSeries => {
    const { metric, values } = record(value);
    const points = list(values).flatMap((pair) => {
      const [at, said] = list(pair).map(number);
      return at === undefined || said === undefined ? [] : [{ at: Math.round(at * 1000), value: said }];
    });
    return { labels: readLabels(metric), points };
  });
}

export interface RestTarget {
  readonly labels: readonly AlertLabel[];
  readonly health: string;
  readonly url?: string;
  readonly error?: string;
}

export function readTargets(data: unknown): readonly RestTarget[] {
  return list(record(data).activeTargets).map((value): RestTarget => {
    const target = record(value);
    const [url, error] = [oneLine(target.scrapeUrl), oneLine(target.lastError)];
    const health = oneLine(target.health) ?? 'unknown';
    return { labels: readLabels(target.labels), health, ...(url && { url }), ...(error && { error }) };
  });
}
