// Toolbar: graph or list, zoom, follow, legend, and whether an answer is under way.
import { button, checkbox, progress } from '../controls.ts';
import type { Intentions } from '../intentions.ts';
import type { Look } from '../interact/zoom.ts';
import type { State } from '../state.ts';
import { words } from '../words.ts';
import { asOfChoice } from './asOf.ts';
import { element } from './element.ts';
import { legend } from './legend.ts';

const step = 1.3;

export interface Toolbar {
  readonly element: HTMLElement;
  draw(state: State): void;
}

export function toolbar(act: Intentions, look: Look): Toolbar {
  const bar = element('div', 'toolbar');
  bar.setAttribute('role', 'toolbar');
  bar.setAttribute('aria-label', words.toolbar);
  let view: State['view'] = 'graph';
  const change = button(words.list, words.toList, () => act.view(view === 'graph' ? 'list' : 'graph'));
  const zoomButtons = [
    button(words.fit, words.fitTitle, () => look.fit()),
    button('+', words.zoomIn, () => look.zoomBy(step)),
    button('−', words.zoomOut, () => look.zoomBy(1 / step)),
  ];
  const follow = checkbox(words.follow, (checked) => act.follow(checked));
  const ring = progress(words.reading);
  const asOf = asOfChoice(act);
  bar.append(change, ...zoomButtons, follow.element, asOf.element, legend(), ring);
  return {
    element: bar,
    draw(state) {
      view = state.view;
      const title = view === 'graph' ? words.toList : words.toGraph;
      change.textContent = view === 'graph' ? words.list : words.graph;
      change.title = title;
      change.setAttribute('aria-label', title);
      for (const one of zoomButtons) one.hidden = view === 'list';
      follow.setChecked(state.following);
      asOf.draw(state);
      ring.classList.toggle('at-rest', !state.busy);
    },
  };
}
