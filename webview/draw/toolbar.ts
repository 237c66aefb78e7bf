// Toolbar: view, zoom, follow, and the legend of lines.
import { button, checkbox, progress } from '../controls.ts';
import type { State } from '../state.ts';
import { originWords, words } from '../words.ts';

export interface ToolbarActions {
  view(view: 'graph' | 'list'): void;
  fit(): void;
  zoomBy(factor: number): void;
  follow(following: boolean): void;
}

export interface Toolbar {
  readonly element: HTMLElement;
  draw(state: State): void;
}

export function toolbar(act: ToolbarActions): Toolbar {
  const element = document.createElement('div');
  element.className = 'toolbar';
  element.setAttribute('role', 'toolbar');
  element.setAttribute('aria-label', 'Lineage');
  let view: 'graph' | 'list' = 'graph';
  const change = button('List', 'Show as a list', () => act.view(view === 'graph' ? 'list' : 'graph'));
  const zoomButtons = [
    button('Fit', 'Fit the graph into the panel', () => act.fit()),
    button('+', 'Zoom in', () => act.zoomBy(1.3)),
    button('−', 'Zoom out', () => act.zoomBy(1 / 1.3)),
  ];
  const follow = checkbox('Follow cursor', (checked) => act.follow(checked));
  const ring = progress('Reading');
  element.append(change, ...zoomButtons, follow.element, legend(), ring);
  return {
    element,
    draw(state) {
      view = state.view;
      const title = view === 'graph' ? 'Show as a list' : 'Show as a graph';
      change.textContent = view === 'graph' ? 'List' : 'Graph';
      change.title = title;
      change.setAttribute('aria-label', title);
      for (const one of zoomButtons) one.hidden = view === 'list';
      follow.setChecked(state.following);
      ring.hidden = !state.busy;
    },
  };
}

function legend(): HTMLElement {
  const details = document.createElement('details');
  details.className = 'legend';
  const summary = document.createElement('summary');
  summary.textContent = words.legend;
  details.append(summary);
  for (const [origin, meaning] of Object.entries(originWords)) {
    const row = document.createElement('div');
    const sample = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    sample.setAttribute('class', 'sample');
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    line.setAttribute('class', `edge origin-${origin}`);
    line.setAttribute('d', 'M2,6 L38,6');
    sample.append(line);
    row.append(sample, meaning);
    details.append(row);
  }
  return details;
}
