// Notice: the empty and error states, and what was left out; each says what to do next.
import type { State } from '../state.ts';
import { words } from '../words.ts';

export function drawNotice(root: HTMLElement, state: State): void {
  root.hidden = state.notice === undefined;
  if (!state.notice) return;
  const title = document.createElement('h2');
  title.textContent = state.notice.title;
  const advice = document.createElement('p');
  advice.textContent = state.notice.advice;
  root.replaceChildren(title, advice);
}

export function drawLeftOut(root: HTMLElement, state: State): void {
  const count = state.graph?.leftOut ?? 0;
  root.hidden = count === 0;
  root.textContent = count === 0 ? '' : words.leftOut(count);
}
