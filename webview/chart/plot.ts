// Plot: the lines of a chart over a time axis; told apart by dashes as well as by colour.
import { axisBottom, axisLeft, line as path, pointer, select, timeFormat } from 'd3';
import type { SeriesChart, SeriesLine } from '../../server/protocol/series.ts';
import { pieces, scalesOf } from './scales.ts';
import { instant, short, spokenChart } from './words.ts';

const size = { width: 300, height: 150 };
const box = { left: 46, right: size.width - 18, top: 10, bottom: size.height - 24 };
/** More could not be told apart. */
export const mostDrawn = 6;

/** `readout` is told what stands at the pointer, and nothing when it leaves. */
export function plot(chart: SeriesChart, readout: (said: string) => void): SVGSVGElement {
  const root = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const { x, y } = scalesOf(chart, box);
  const svg = select(root)
    .attr('class', 'plot')
    .attr('viewBox', `0 0 ${size.width} ${size.height}`)
    .attr('role', 'img')
    .attr('aria-label', spokenChart(chart));
  svg
    .append('g')
    .attr('class', 'axis')
    .attr('transform', `translate(0,${box.bottom})`)
    .call(axisBottom<Date>(x).ticks(4).tickFormat(timeOfTick).tickSizeOuter(0));
  svg
    .append('g')
    .attr('class', 'axis')
    .attr('transform', `translate(${box.left},0)`)
    .call(
      axisLeft(y)
        .ticks(4)
        .tickFormat((value) => short(Number(value)))
        .tickSizeOuter(0),
    );
  svg
    .append('g')
    .attr('class', 'rules')
    .selectAll('line')
    .data(y.ticks(4))
    .join('line')
    .attr('x1', box.left)
    .attr('x2', box.right)
    .attr('y1', (value) => y(value))
    .attr('y2', (value) => y(value));
  const drawn = path<readonly [number, number]>(
    ([at]) => x(at),
    ([, value]) => y(value),
  );
  for (const [index, { points }] of chart.lines.slice(0, mostDrawn).entries()) {
    const group = svg.append('g').attr('class', `series series-${index}`);
    for (const piece of pieces(points)) {
      const [only] = piece;
      if (piece.length === 1 && only)
        group.append('circle').attr('cx', x(only[0])).attr('cy', y(only[1])).attr('r', 2.5);
      else group.append('path').attr('d', drawn([...piece]));
    }
  }
  const cursor = svg.append('line').attr('class', 'cursor').attr('y1', box.top).attr('y2', box.bottom);
  svg.on('pointermove', (event: PointerEvent) => {
    const at = Number(x.invert(pointer(event, root)[0]));
    const found = chart.lines.slice(0, mostDrawn).flatMap((one) => nearest(one, at) ?? []);
    const [first] = found.toSorted((one, other) => Math.abs(one.at - at) - Math.abs(other.at - at));
    if (!first) return;
    cursor.attr('x1', x(first.at)).attr('x2', x(first.at)).classed('shown', true);
    const same = found.filter((one) => one.at === first.at).map(({ name, value }) => `${name} ${short(value)}`);
    readout(`${instant(first.at)}: ${same.join(' · ')}`);
  });
  svg.on('pointerleave', () => {
    cursor.classed('shown', false);
    readout('');
  });
  return root;
}

const [day, time] = [timeFormat('%-d %b'), timeFormat('%H:%M')];

function timeOfTick(at: Date): string {
  return at.getHours() === 0 && at.getMinutes() === 0 ? day(at) : time(at);
}

function nearest({ name, points }: SeriesLine, at: number) {
  let best: readonly [number, number] | undefined;
  for (const point of points) if (!best || Math.abs(point[0] - at) <= Math.abs(best[0] - at)) best = point;
  return best && { name, at: best[0], value: best[1] };
}
