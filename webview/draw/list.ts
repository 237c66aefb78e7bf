// List: the same graph in words, as a tree for keyboard and screen reader.
import type { LineageDirection, LineageEdge, LineageNode } from '../../server/protocol/lineage.ts';
import type { Intentions } from '../intentions.ts';
import type { State } from '../state.ts';
import { originWords, signOf, spoken, statusSign, statusText, words } from '../words.ts';
import { strongest } from './edges.ts';

export function drawList(root: HTMLElement, state: State, act: Intentions, now: number): void {
  const graph = state.graph;
  const nodes = new Map(graph?.nodes.map((node) => [node.id, node]));
  const focus = graph && nodes.get(graph.focus);
  if (!graph || !focus) {
    root.replaceChildren();
    return;
  }
  const tree = document.createElement('ul');
  tree.setAttribute('role', 'tree');
  tree.setAttribute('aria-label', words.listLabel);
  const branch = (direction: LineageDirection, title: string): HTMLLIElement => {
    const item = document.createElement('li');
    item.setAttribute('role', 'treeitem');
    item.setAttribute('aria-expanded', 'true');
    item.tabIndex = -1;
    item.append(text('span', 'branch', title));
    item.append(group(focus, direction, new Set([focus.id])));
    return item;
  };
  const group = (node: LineageNode, direction: LineageDirection, above: ReadonlySet<string>): HTMLUListElement => {
    const list = document.createElement('ul');
    list.setAttribute('role', 'group');
    for (const edge of graph.edges) {
      const [near, far] = direction === 'upstream' ? [edge.to, edge.from] : [edge.from, edge.to];
      const other = nodes.get(far);
      if (near !== node.id || !other || above.has(far)) continue;
      const item = row(other, state, act, now, edge);
      item.append(group(other, direction, new Set([...above, far])));
      list.append(item);
    }
    const hidden = direction === 'upstream' ? node.hiddenUpstream : node.hiddenDownstream;
    if (hidden > 0) list.append(more(node, direction, hidden, act));
    return list;
  };
  const top = row(focus, state, act, now);
  tree.append(top, branch('upstream', words.upstream), branch('downstream', words.downstream));
  root.replaceChildren(tree);
  const selected = tree.querySelector<HTMLElement>('li.selected') ?? top;
  selected.tabIndex = 0;
}

function row(node: LineageNode, state: State, act: Intentions, now: number, edge?: LineageEdge): HTMLLIElement {
  const item = document.createElement('li');
  item.setAttribute('role', 'treeitem');
  item.tabIndex = -1;
  item.dataset.id = node.id;
  const isSelected = node.id === state.selected;
  item.className = isSelected ? 'entry selected' : 'entry';
  item.setAttribute('aria-selected', String(isSelected));
  const origin = edge ? originWords[strongest(edge)] : '';
  item.setAttribute('aria-label', [spoken(node, now), origin].filter(Boolean).join(', '));
  const line = text('span', 'line', '');
  line.append(
    text('span', 'sign', signOf(node.kind)),
    text('span', 'name', node.label),
    text('span', `status status-${node.status ?? 'none'}`, statusSign(node.status)),
    text('span', 'below', [node.kind, node.tool, statusText(node, now), origin].filter(Boolean).join(' · ')),
  );
  line.addEventListener('click', () => act.select(node.id));
  line.addEventListener('dblclick', () => act.openSource(node.id));
  item.append(line);
  return item;
}

function more(node: LineageNode, direction: LineageDirection, count: number, act: Intentions): HTMLLIElement {
  const item = document.createElement('li');
  item.setAttribute('role', 'treeitem');
  item.tabIndex = -1;
  item.className = 'more';
  item.dataset.more = node.id;
  item.dataset.direction = direction;
  item.textContent = words.more(count, direction);
  item.addEventListener('click', () => act.toggle(node.id, direction));
  return item;
}

function text(tag: 'span', className: string, content: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = content;
  return element;
}
