// List: the same graph in words, as a tree for keyboard and screen reader.
import type { Intentions } from '../intentions.ts';
import { type OutlineRow, outline } from '../outline.ts';
import type { State } from '../state.ts';
import { belowText, branchWords, endText, spoken, words } from '../words.ts';
import { element } from './element.ts';
import { icon, kindIcon, statusIcon } from './icons.ts';

interface Drawing {
  readonly state: State;
  readonly act: Intentions;
  readonly now: number;
}

/** Draws anew; the row that has the keyboard keeps it. */
export function drawList(root: HTMLElement, state: State, act: Intentions, now: number): void {
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.key : undefined;
  const tree = element('ul', '');
  tree.setAttribute('role', 'tree');
  tree.setAttribute('aria-label', words.listLabel);
  const rows = state.graph ? outline(state.graph) : [];
  tree.append(...rows.map((row) => item({ state, act, now }, row, 1)));
  root.replaceChildren(tree);
  const items = [...tree.querySelectorAll<HTMLElement>('li')];
  const had = focused === undefined ? undefined : items.find(({ dataset }) => dataset.key === focused);
  const reached = had ?? items.find((one) => one.classList.contains('selected')) ?? items[0];
  if (reached) reached.tabIndex = 0;
  had?.focus({ preventScroll: true });
}

function item(drawing: Drawing, row: OutlineRow, level: number): HTMLElement {
  const { state, act } = drawing;
  const li = element('li', row.type === 'node' ? 'entry' : row.type);
  li.setAttribute('role', 'treeitem');
  li.setAttribute('aria-level', String(level));
  li.dataset.key = row.key;
  li.tabIndex = -1;
  const line = element('div', 'line');
  li.append(line);
  if (row.type === 'more') {
    li.dataset.more = row.id;
    li.dataset.direction = row.direction;
    line.append(element('span', 'twistie'), element('span', 'action', words.more(row.count, row.direction)));
    line.addEventListener('click', () => act.toggle(row.id, row.direction));
    return li;
  }
  const isOpen = !state.closed.includes(row.key);
  const twistie = element('span', 'twistie', row.rows.length > 0 ? (isOpen ? '▾' : '▸') : '');
  twistie.addEventListener('click', (event) => {
    event.stopPropagation();
    act.row(row.key, !isOpen);
  });
  line.append(twistie);
  if (row.type === 'branch') {
    line.append(element('span', 'branch-name', branchWords[row.branch]));
    line.addEventListener('click', () => act.row(row.key, !isOpen));
  } else drawEntry(li, line, row, drawing);
  if (row.rows.length > 0) {
    li.setAttribute('aria-expanded', String(isOpen));
    const group = element('ul', '');
    group.setAttribute('role', 'group');
    if (isOpen) group.append(...row.rows.map((inner) => item(drawing, inner, level + 1)));
    li.append(group);
  }
  return li;
}

function drawEntry(
  li: HTMLElement,
  line: HTMLElement,
  row: OutlineRow & { readonly type: 'node' },
  { state, act, now }: Drawing,
): void {
  const { node, edge, direction, again } = row;
  li.dataset.id = node.id;
  const isSelected = node.id === state.selected;
  li.classList.toggle('selected', isSelected);
  li.classList.toggle('focus', node.id === state.graph?.focus);
  li.setAttribute('aria-selected', String(isSelected));
  const how = edge && direction ? endText(edge, direction) : '';
  const where = again ? words.again : '';
  li.setAttribute('aria-label', [spoken(node, now), how, where].filter((part) => part !== '').join(', '));
  line.append(
    icon(kindIcon(node.kind), 'kind'),
    element('span', 'name', node.label),
    icon(statusIcon(node.status), `status status-${node.status ?? 'none'}`),
    element('span', 'below', [belowText(node, now), how, where].filter((part) => part !== '').join(' · ')),
  );
  line.addEventListener('click', () => act.select(node.id));
  line.addEventListener('dblclick', () => act.openSource(node.id));
}
