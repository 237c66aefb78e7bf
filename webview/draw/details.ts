// Details: what is known of the selected entity, with its actions.
import { button } from '../controls.ts';
import type { Intentions } from '../intentions.ts';
import type { State } from '../state.ts';
import { words } from '../words.ts';

export function drawDetails(root: HTMLElement, state: State, act: Intentions): void {
  const node = state.graph?.nodes.find(({ id }) => id === state.selected);
  root.hidden = node === undefined;
  if (!node) return;
  const title = document.createElement('h2');
  title.textContent = state.details?.title ?? node.label;
  const facts = document.createElement('dl');
  for (const { label, value } of state.details?.rows ?? []) {
    const term = document.createElement('dt');
    term.textContent = label;
    const said = document.createElement('dd');
    said.textContent = value;
    facts.append(term, said);
  }
  const actions = document.createElement('p');
  actions.className = 'actions';
  if (node.hasSource) actions.append(button(words.openSource, words.openSource, () => act.openSource(node.id)));
  const failed = state.details?.lastFailedRun;
  if (failed) actions.append(button(words.showLogs, words.showLogs, () => act.showLogs(failed)));
  const age = document.createElement('p');
  age.className = 'age';
  age.textContent = state.details?.age ?? '';
  root.replaceChildren(title, facts, actions, age);
}
