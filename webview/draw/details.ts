// Details: what is known of the selected entity, how it hangs together with its neighbours, and what can be done.
import type { LineageDirection, LineageNode } from '../../server/protocol/lineage.ts';
import { chartPane } from '../chart/pane.ts';
import { button } from '../controls.ts';
import type { Intentions } from '../intentions.ts';
import { handleOf } from '../sides.ts';
import type { State } from '../state.ts';
import { belowText, branchWords, endText, words } from '../words.ts';
import { element } from './element.ts';
import { icon, kindIcon, statusIcon } from './icons.ts';

/** Draws anew only when something of it changed, so that a button under the pointer or keyboard stays. */
export function detailsPane(act: Intentions): { readonly element: HTMLElement; draw(state: State, now: number): void } {
  const root = element('aside', 'details');
  root.setAttribute('aria-label', words.detailsLabel);
  root.tabIndex = -1;
  const chart = chartPane(act);
  let drawn: readonly unknown[] = [];
  return {
    element: root,
    draw(state, now) {
      const node = state.graph?.nodes.find(({ id }) => id === state.selected);
      root.hidden = node === undefined || state.notice !== undefined;
      chart.draw(state.chart);
      const parts = [state.graph, node, state.details];
      if (!node || parts.every((part, index) => part === drawn[index])) return;
      drawn = parts;
      const hadKeyboard = root.contains(document.activeElement);
      root.replaceChildren(...contents(state, node, { act, chart: chart.element, now }));
      if (hadKeyboard) root.focus({ preventScroll: true });
    },
  };
}

interface Parts {
  readonly act: Intentions;
  readonly chart: HTMLElement;
  readonly now: number;
}

function contents(state: State, node: LineageNode, { act, chart, now }: Parts): HTMLElement[] {
  const title = element('h2', '');
  title.append(
    icon(kindIcon(node.kind), 'kind'),
    element('span', '', state.details?.title ?? node.label),
    icon(statusIcon(node.status), `status status-${node.status ?? 'none'}`),
  );
  const neighbours = (['upstream', 'downstream'] as const).map((direction) =>
    neighbourList(state, node, direction, act),
  );
  const shown = neighbours.filter((list) => list !== undefined);
  return [
    title,
    element('p', 'below', belowText(node, now)),
    actions(state, node, act),
    facts(state),
    chart,
    ...(shown.length > 0 ? shown : [element('p', 'below', words.noEdges)]),
    element('p', 'age', state.details?.age ?? ''),
  ];
}

function actions(state: State, node: LineageNode, act: Intentions): HTMLElement {
  const row = element('div', 'actions');
  const { id } = node;
  if (node.hasSource) row.append(button(words.openSource, words.openSource, () => act.openSource(id)));
  const failed = state.details?.lastFailedRun;
  if (failed || node.status === 'failed')
    row.append(button(words.showLogs, words.showLogs, () => act.showLogs(failed ?? id)));
  if (state.details?.hasCommit)
    row.append(button(words.compareCommit, words.compareCommit, () => act.compareWithCommit(id)));
  if (id !== state.graph?.focus) row.append(button(words.centre, words.centre, () => act.centre(id)));
  for (const direction of ['upstream', 'downstream'] as const) {
    const handle = handleOf(state, node, direction);
    if (handle.does !== 'expand') continue;
    const label = words.more(handle.count, direction);
    row.append(button(label, label, () => act.toggle(id, direction)));
  }
  return row;
}

function facts(state: State): HTMLElement {
  const list = element('dl', '');
  for (const { label, value } of state.details?.rows ?? []) {
    list.append(element('dt', '', label), element('dd', '', value));
  }
  return list;
}

/** The drawn neighbours of one side, each with who says so. */
function neighbourList(
  { graph }: State,
  node: LineageNode,
  direction: LineageDirection,
  act: Intentions,
): HTMLElement | undefined {
  const rows = (graph?.edges ?? []).flatMap((edge): HTMLElement[] => {
    const [near, far] = direction === 'upstream' ? [edge.to, edge.from] : [edge.from, edge.to];
    const other = near === node.id ? graph?.nodes.find(({ id }) => id === far) : undefined;
    if (!other) return [];
    const item = element('li', '');
    const link = element('button', 'link');
    link.type = 'button';
    link.append(icon(kindIcon(other.kind), 'kind'), element('span', '', other.label));
    link.addEventListener('click', () => act.select(other.id));
    item.append(link, element('span', 'below', endText(edge, direction)));
    for (const evidence of edge.evidence) item.append(element('span', 'evidence', evidence));
    return [item];
  });
  if (rows.length === 0) return undefined;
  const section = element('section', 'neighbours');
  const list = element('ul', '');
  list.append(...rows);
  section.append(element('h3', '', branchWords[direction]), list);
  return section;
}
