// Notice: the empty and the failed panel, work under way, and what was left out; each says what to do next.
import type { State } from '../state.ts';
import { words } from '../words.ts';
import { element } from './element.ts';

export function drawNotice(root: HTMLElement, { notice, graph, busy }: State): void {
  const isReading = !notice && !graph && busy;
  root.hidden = !notice && !isReading;
  if (notice) root.replaceChildren(element('h2', '', notice.title), element('p', '', notice.advice));
  else if (isReading) root.replaceChildren(element('p', '', words.reading));
}

export function drawLeftOut(root: HTMLElement, { graph, notice }: State): void {
  const count = notice ? 0 : (graph?.leftOut ?? 0);
  root.hidden = count === 0;
  const text = count === 0 ? '' : words.leftOut(count);
  if (root.textContent !== text) root.textContent = text;
}
