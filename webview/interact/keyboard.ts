// Keyboard: arrows walk the graph along its lines and the list along its rows; Enter opens the source.
import type { LineageDirection, LineageGraph, LineageNode } from '../../server/protocol/lineage.ts';
import type { Intentions } from '../intentions.ts';
import type { State } from '../state.ts';

/** Returns the id to select; undefined when the key goes nowhere. */
export function neighbourFor(key: string, graph: LineageGraph, selected: string): string | undefined {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const from = nodes.get(selected);
  if (!from) return graph.focus;
  const ends = (ids: readonly string[]): LineageNode[] => ids.flatMap((id) => nodes.get(id) ?? []);
  switch (key) {
    case 'ArrowLeft':
      return nearest(from, ends(graph.edges.filter(({ to }) => to === selected).map((edge) => edge.from)));
    case 'ArrowRight':
      return nearest(from, ends(graph.edges.filter((edge) => edge.from === selected).map(({ to }) => to)));
    case 'ArrowUp':
      return nearest(
        from,
        graph.nodes.filter((node) => sameColumn(node, from) && node.y < from.y),
      );
    case 'ArrowDown':
      return nearest(
        from,
        graph.nodes.filter((node) => sameColumn(node, from) && node.y > from.y),
      );
    case 'Home':
      return graph.focus;
    default:
      return undefined;
  }
}

function sameColumn(one: LineageNode, other: LineageNode): boolean {
  return one.id !== other.id && Math.abs(one.x - other.x) < (one.width + other.width) / 2;
}

function nearest(from: LineageNode, nodes: readonly LineageNode[]): string | undefined {
  const distance = (node: LineageNode): number => Math.hypot(node.x - from.x, node.y - from.y);
  return [...nodes].sort((one, other) => distance(one) - distance(other))[0]?.id;
}

/** Keys of both views; `focusSelected` is called after the selection moved. */
export function listenToKeys(root: HTMLElement, state: () => State, act: Intentions, focusSelected: () => void): void {
  root.addEventListener('keydown', (event) => {
    const { graph, selected, view } = state();
    if (!graph || !selected || (event.target instanceof HTMLElement && event.target.closest('.toolbar, .details')))
      return;
    if (acted(event.key, selected, event, act)) return event.preventDefault();
    if (view === 'list') {
      if (moveInList(root, event, act)) event.preventDefault();
      return;
    }
    const next = neighbourFor(event.key, graph, selected);
    if (!next) return;
    event.preventDefault();
    act.select(next);
    focusSelected();
  });
}

function acted(key: string, selected: string, event: KeyboardEvent, act: Intentions): boolean {
  const more = event.target instanceof HTMLElement ? event.target.dataset.more : undefined;
  if (more && (key === 'Enter' || key === ' ')) act.toggle(more, directionOf(event));
  else if (key === 'Enter') act.openSource(selected);
  else if (key === ' ' || key === 'f') act.focus(selected);
  else if (key === '[') act.toggle(selected, 'upstream');
  else if (key === ']') act.toggle(selected, 'downstream');
  else return false;
  return true;
}

function directionOf(event: KeyboardEvent): LineageDirection {
  const said = event.target instanceof HTMLElement ? event.target.dataset.direction : undefined;
  return said === 'upstream' ? 'upstream' : 'downstream';
}

function moveInList(root: HTMLElement, event: KeyboardEvent, act: Intentions): boolean {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return false;
  const rows = [...root.querySelectorAll<HTMLElement>('li.entry, li.more')];
  const next = rows[rows.indexOf(event.target as HTMLElement) + step];
  if (!next) return false;
  next.tabIndex = 0;
  next.focus();
  if (next.dataset.id) act.select(next.dataset.id);
  return true;
}
