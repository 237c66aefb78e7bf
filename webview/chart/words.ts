// Words of the chart: every phrase of it, numbers and times as they are said.
import type { SeriesChart } from '../../server/protocol/series.ts';

export const ranges: readonly { readonly hours: number; readonly label: string; readonly title: string }[] = [
  { hours: 1, label: '1 h', title: 'the last hour' },
  { hours: 24, label: '24 h', title: 'the last 24 hours' },
  { hours: 24 * 7, label: '7 d', title: 'the last 7 days' },
  { hours: 24 * 30, label: '30 d', title: 'the last 30 days' },
];

export const chartWords = {
  title: 'Values',
  asking: 'Asking for its values…',
  again: 'Ask again',
  table: 'Values as a table',
  time: 'Time',
  noValue: 'no value',
  look: 'Time shown',
  couldNotAsk: (problem: string): string => `Could not ask. ${problem}`,
  noAnswer: 'The server gave no answer. The Plumbline output channel says why.',
  nobody: 'No run recorded a value, and no connection gives values of it. Plumbline: Add Connection adds one.',
  empty: (asked: readonly string[], hours: number): string =>
    `${asked.join(' and ')} ${asked.length === 1 ? 'has' : 'have'} no value of it in ${rangeTitle(hours)}.`,
  notDrawn: (count: number): string =>
    `${count === 1 ? '1 more group is' : `${count} more groups are`} in the table only.`,
} as const;

export function rangeTitle(hours: number): string {
  return ranges.find((range) => range.hours === hours)?.title ?? `the last ${hours} hours`;
}

/** At most four significant digits; large ones with k, M, G. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e15 || (size > 0 && size < 1e-4)) return value.toExponential(2);
  return value.toLocaleString('en-US', {
    maximumSignificantDigits: 4,
    ...(size >= 10_000 && { notation: 'compact' }),
  });
}

const when = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** `21 Nov 2026, 02:13`, in the time of this machine. */
export function instant(at: number): string {
  return when.format(at);
}

/** What a screen reader says of the drawing; the table has the rest. */
export function spokenChart({ from, to, unit, lines }: SeriesChart): string {
  const said = lines.map(({ name, points }) => {
    const values = points.map(([, value]) => value);
    const [least, most] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
    return `${name}: latest ${short(values.at(-1) ?? 0)}, lowest ${short(least)}, highest ${short(most)}`;
  });
  const what = lines.length === 1 ? 'Line chart' : `Line chart of ${lines.length} groups`;
  return `${what}${unit ? ` in ${unit}` : ''}, ${instant(from)} to ${instant(to)}. ${said.join('. ')}.`;
}
