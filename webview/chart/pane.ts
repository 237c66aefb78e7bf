// Chart pane: the values of the selected metric or monitor, or in words why there are none.
import type { SeriesChart } from '../../server/protocol/series.ts';
import { button } from '../controls.ts';
import { element } from '../draw/element.ts';
import type { Intentions } from '../intentions.ts';
import type { Charted } from '../state.ts';
import { mostDrawn, plot } from './plot.ts';
import { valueTable } from './valueTable.ts';
import { chartWords, ranges } from './words.ts';
import './chart.css';

/** One element that stays, whatever is drawn around it; empty when there is nothing to draw. */
export function chartPane(act: Intentions): {
  readonly element: HTMLElement;
  draw(charted: Charted | undefined): void;
} {
  const root = element('section', 'chart');
  root.setAttribute('aria-label', chartWords.title);
  root.hidden = true;
  const said = element('div', 'said');
  said.setAttribute('role', 'status');
  const drawing = element('div', '');
  const readout = element('output', 'readout');
  const bar = element('div', 'ranges');
  bar.setAttribute('role', 'group');
  bar.setAttribute('aria-label', chartWords.look);
  const buttons = ranges.map(({ hours, label, title }) => {
    const one = element('button', 'range', label);
    one.type = 'button';
    one.title = title;
    one.setAttribute('aria-label', title);
    one.addEventListener('click', () => act.chart(hours));
    bar.append(one);
    return { hours, one };
  });
  let hours = ranges[1]?.hours ?? 24;
  const again = button(chartWords.again, chartWords.again, () => act.chart(hours));
  root.append(element('h3', '', chartWords.title), bar, said, drawing, again, readout);
  let drawn: Charted | undefined;
  let isTableOpen = false;
  return {
    element: root,
    draw(charted) {
      if (charted === drawn) return;
      drawn = charted;
      root.hidden = !charted || (!charted.busy && charted.answer === 'none');
      if (!charted) return;
      hours = charted.hours;
      const chart = typeof charted.answer === 'object' ? charted.answer : undefined;
      bar.hidden = chart?.ranged === false;
      for (const { hours: own, one } of buttons) one.setAttribute('aria-pressed', String(own === hours));
      root.setAttribute('aria-busy', String(charted.busy));
      again.hidden = charted.busy;
      said.replaceChildren(...sentences(charted, chart).map((sentence) => element('p', '', sentence)));
      readout.textContent = '';
      const parts = chart && chart.lines.length > 0 ? [caption(chart), plot(chart, read), legend(chart)] : [];
      drawing.replaceChildren(...parts.filter((part) => part !== undefined));
      if (chart && chart.lines.length > 0) {
        drawing.append(
          valueTable(chart, isTableOpen, (open) => {
            isTableOpen = open;
          }),
        );
      }
    },
  };

  function read(at: string): void {
    readout.textContent = at;
  }
}

/** What cannot be drawn; nothing when all is well. */
function sentences({ busy, answer, hours }: Charted, chart: SeriesChart | undefined): readonly string[] {
  if (busy) return [chartWords.asking];
  if (answer === 'failed') return [chartWords.noAnswer];
  if (!chart) return [];
  const { lines, asked, problems } = chart;
  const failed = problems.map(chartWords.couldNotAsk);
  if (lines.length > 0)
    return lines.length > mostDrawn ? [...failed, chartWords.notDrawn(lines.length - mostDrawn)] : failed;
  if (asked.length > 0) return [...failed, chartWords.empty(asked, hours)];
  return failed.length > 0 ? failed : [chartWords.nobody];
}

function caption({ unit, ranged, lines }: SeriesChart): HTMLElement | undefined {
  const sources = [...new Set(lines.map(({ source }) => source))].join(', ');
  return element('p', 'below', [unit && `in ${unit}`, ranged ? '' : 'all runs', sources].filter(Boolean).join(' · '));
}

function legend({ lines }: SeriesChart): HTMLElement {
  const list = element('ul', 'lines');
  for (const [index, { name }] of lines.slice(0, mostDrawn).entries()) {
    const item = element('li', '');
    const sign = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    sign.setAttribute('class', `sign series series-${index}`);
    sign.setAttribute('viewBox', '0 0 28 8');
    sign.setAttribute('aria-hidden', 'true');
    const sample = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    sample.setAttribute('d', 'M0,4H28');
    sign.append(sample);
    item.append(sign, element('span', '', name));
    list.append(item);
  }
  return list;
}
