// Legend: what lines, marks, boxes and keys mean.
import type { LineageNode, LineageOrigin } from '../../server/protocol/lineage.ts';
import { keyWords, originWords, words } from '../words.ts';
import { element } from './element.ts';
import { icon, statusIcon } from './icons.ts';

const origins: readonly LineageOrigin[] = ['reported', 'declared', 'code', 'matched'];
const marks: readonly (readonly [NonNullable<LineageNode['status']>, string])[] = [
  ['success', 'succeeded'],
  ['failed', 'failed'],
  ['running', 'running'],
  ['skipped', 'skipped'],
];

export function legend(): HTMLElement {
  const details = element('details', 'legend');
  const box = element('div', 'legend-box');
  box.append(
    element('h3', '', words.lines),
    ...origins.map((origin) => row(sampleLine(origin), originWords[origin])),
    element('h3', '', words.marks),
    ...marks.map(([status, meaning]) => row(icon(statusIcon(status), `status status-${status}`), meaning)),
    element('h3', '', words.shapes),
    row(sampleBox(), words.dashedBox),
    element('h3', '', words.keys),
    ...keyWords.map(([keys, meaning]) => row(element('kbd', '', keys), meaning)),
  );
  details.append(element('summary', '', words.legend), box);
  details.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') details.open = false;
  });
  document.addEventListener('click', ({ target }) => {
    if (target instanceof Node && !details.contains(target)) details.open = false;
  });
  return details;
}

function row(sign: Element, meaning: string): HTMLElement {
  const made = element('div', 'legend-row');
  const left = element('span', 'legend-sign');
  left.append(sign);
  made.append(left, element('span', '', meaning));
  return made;
}

function sampleLine(origin: LineageOrigin): SVGSVGElement {
  const line = icon('M1,8 L47,8', 'sample');
  line.setAttribute('viewBox', '0 0 48 16');
  line.firstElementChild?.setAttribute('class', `line origin-${origin}`);
  return line;
}

function sampleBox(): SVGSVGElement {
  const box = icon('M8,2 h32 v12 h-32 z', 'sample');
  box.setAttribute('viewBox', '0 0 48 16');
  box.firstElementChild?.setAttribute('class', 'sample-box');
  return box;
}
