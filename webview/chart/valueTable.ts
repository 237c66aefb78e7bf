// Value table: the same values as text, for whoever cannot or would not read the drawing.
import type { SeriesChart } from '../../server/protocol/series.ts';
import { element } from '../draw/element.ts';
import { tableRows } from './scales.ts';
import { chartWords, instant, short } from './words.ts';

const mostRows = 24;

/** `open` is whether it was; `onToggle` hears when the user changes that. */
export function valueTable(chart: SeriesChart, open: boolean, onToggle: (open: boolean) => void): HTMLElement {
  const root = element('details', 'values');
  root.open = open;
  root.addEventListener('toggle', () => onToggle(root.open));
  const table = element('table', '');
  const head = element('tr', '');
  head.append(header('col', chartWords.time));
  for (const { name } of chart.lines) head.append(header('col', chart.unit ? `${name} (${chart.unit})` : name));
  const top = element('thead', '');
  top.append(head);
  const body = element('tbody', '');
  for (const { at, values } of tableRows(chart, mostRows)) {
    const row = element('tr', '');
    row.append(header('row', instant(at)));
    for (const value of values) row.append(element('td', '', value === undefined ? chartWords.noValue : short(value)));
    body.append(row);
  }
  table.append(top, body);
  const scroll = element('div', 'scroll');
  scroll.tabIndex = 0;
  scroll.setAttribute('role', 'region');
  scroll.setAttribute('aria-label', chartWords.table);
  scroll.append(table);
  root.append(element('summary', '', chartWords.table), scroll);
  return root;
}

function header(scope: 'col' | 'row', content: string): HTMLElement {
  const made = element('th', '', content);
  made.scope = scope;
  return made;
}
