// Result: the rows of a metric query as points of a metric, by group; pure.
import type { MetricPoint } from '../../../catalog/run.ts';
import type { Row } from '../ask/rows.ts';

export interface Measured {
  /** As `{model="churn"}`; `{}` where there are no groups. */
  readonly group: string;
  /** In order of time. */
  readonly points: readonly MetricPoint[];
  /** The rows said when; else it is the value of now. */
  readonly isTimed: boolean;
}

const mostGroups = 50;
const mostPoints = 1_000;
const longest = 200;
const numeric = /^(?:fixed|real|float|number)$/;
const timed = /^(?:date|timestamp)/;

/**
 * The first column of a time is when, the first other one that holds numbers is the value, texts are the group. Undefined
 * when no column holds numbers.
 */
export function measuredOf(metric: string, rows: readonly Row[], now: number): readonly Measured[] | undefined {
  const [first] = rows;
  if (!first) return [];
  const types = first.types;
  const value = types.find(([, type]) => numeric.test(type))?.[0];
  const when = types.find(([, type]) => timed.test(type))?.[0];
  const labels = types.flatMap(([name, type]) => (type === 'text' || type === 'boolean' ? [name] : []));
  if (value === undefined) return undefined;
  const groups = new Map<string, MetricPoint[]>();
  for (const row of rows) {
    const at = when === undefined ? now : row.time(when);
    const number = row.number(value);
    if (at === undefined || number === undefined) continue;
    const group = groupOf(row, labels);
    const points = groups.get(group) ?? [];
    if (points.length === 0 && groups.size >= mostGroups) continue;
    points.push({ name: metric, value: number, at });
    groups.set(group, points);
  }
  return [...groups].map(([group, points]) => ({
    group,
    isTimed: when !== undefined,
    points: points.toSorted((a, b) => a.at - b.at).slice(-mostPoints),
  }));
}

function groupOf(row: Row, labels: readonly string[]): string {
  const said = labels.flatMap((label) => {
    const value = row.line(label, longest);
    return value === undefined ? [] : [`${label}=${JSON.stringify(value)}`];
  });
  return `{${said.join(',')}}`;
}
