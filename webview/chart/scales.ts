// Scales: from instants and values to points of the drawing; pure.
import { extent, scaleLinear, scaleTime } from 'd3';
import type { SeriesChart } from '../../server/protocol/series.ts';

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export function scalesOf({ from, to, lines }: SeriesChart, box: Box) {
  const [least = 0, most = 0] = extent(lines.flatMap(({ points }) => points.map(([, value]) => value)));
  // A level line would lie on the edge of a range without height.
  const room = least === most ? Math.abs(least) * 0.1 || 1 : 0;
  return {
    x: scaleTime([new Date(from), new Date(to > from ? to : from + 1)], [box.left, box.right]),
    y: scaleLinear([least - room, most + room], [box.bottom, box.top]).nice(4),
  };
}

/** Where a line has no value for long, it is not drawn through: more than thrice its usual step. */
export function pieces(points: readonly (readonly [number, number])[]): (readonly (readonly [number, number])[])[] {
  const steps = points.slice(1).map(([at], index) => at - (points[index]?.[0] ?? at));
  const usual = steps.toSorted((one, other) => one - other)[Math.floor(steps.length / 2)] ?? 0;
  const found: (readonly [number, number])[][] = [];
  for (const [index, point] of points.entries()) {
    const gap = index === 0 || (points.length > 8 && (steps[index - 1] ?? 0) > 3 * usual);
    if (gap) found.push([point]);
    else found.at(-1)?.push(point);
  }
  return found;
}

export interface TableRow {
  /** Epoch ms. */
  readonly at: number;
  /** One for each line; absent: no value then. */
  readonly values: readonly (number | undefined)[];
}

/** The last value of each line in each of at most `most` even parts of the time, newest first; empty parts are left out. */
export function tableRows({ from, to, lines }: SeriesChart, most: number): readonly TableRow[] {
  const width = Math.max(1, (to - from) / most);
  const parts = new Map<number, { at: number; values: (number | undefined)[] }>();
  for (const [column, { points }] of lines.entries()) {
    for (const [at, value] of points) {
      const part = Math.min(most - 1, Math.max(0, Math.floor((at - from) / width)));
      const row = parts.get(part) ?? { at, values: lines.map(() => undefined) };
      row.at = Math.max(row.at, at);
      row.values[column] = value;
      parts.set(part, row);
    }
  }
  return [...parts].sort(([one], [other]) => other - one).map(([, row]) => row);
}
