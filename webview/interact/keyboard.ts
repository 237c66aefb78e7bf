// Keyboard: arrows walk the graph along its lines and the list along its rows; the other keys act on the selected name.
import type { LineageGraph, LineageNode } from '../../server/protocol/lineage.ts';
import type { Intentions } from '../intentions.ts';
import type { State } from '../state.ts';
import { walkList } from './listKeys.ts';
import type { Look } from './zoom.ts';

const step = 1.3;

export interface KeyboardParts {
  readonly graph: Element;
  readonly list: HTMLElement;
  readonly look: Look;
  state(): State;
  /** After the selection moved by key. */
  focusSelected(): void;
}

export function listenToKeys({ graph, list, look, state, focusSelected }: KeyboardParts, act: Intentions): void {
  graph.addEventListener('keydown', (event) => {
    if (!(event instanceof KeyboardEvent) || withModifier(event)) return;
    const { graph: shown, selected } = state();
    if (!shown || !selected) return;
    const next = neighbourFor(event.key, shown, selected);
    if (next) {
      act.select(next);
      focusSelected();
    } else if (!zoomed(event.key, look) && !acted(event.key, selected, act)) return;
    event.preventDefault();
  });
  list.addEventListener('keydown', (event) => {
    if (withModifier(event)) return;
    const { selected } = state();
    if (walkList(list, event.key, act) || (selected && acted(event.key, selected, act))) event.preventDefault();
  });
}

/** Those belong to the editor. */
function withModifier({ ctrlKey, altKey, metaKey }: KeyboardEvent): boolean {
  return ctrlKey || altKey || metaKey;
}

/** The id to select; undefined when the key goes nowhere. */
export function neighbourFor(key: string, graph: LineageGraph, selected: string): string | undefined {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const from = nodes.get(selected);
  if (key === 'Home' || !from) return key === 'Home' || key.startsWith('Arrow') ? graph.focus : undefined;
  const ends = (ids: readonly string[]): LineageNode[] => ids.flatMap((id) => nodes.get(id) ?? []);
  const column = graph.nodes.filter((node) => sameColumn(node, from));
  switch (key) {
    case 'ArrowLeft':
      return nearest(from, ends(graph.edges.filter(({ to }) => to === selected).map((edge) => edge.from)));
    case 'ArrowRight':
      return nearest(from, ends(graph.edges.filter((edge) => edge.from === selected).map(({ to }) => to)));
    case 'ArrowUp':
      return nearest(
        from,
        column.filter(({ y }) => y < from.y),
      );
    case 'ArrowDown':
      return nearest(
        from,
        column.filter(({ y }) => y > from.y),
      );
    default:
      return undefined;
  }
}

function sameColumn(one: LineageNode, other: LineageNode): boolean {
  return one.id !== other.id && Math.abs(one.x - other.x) < (one.width + other.width) / 2;
}

function nearest(from: LineageNode, nodes: readonly LineageNode[]): string | undefined {
  const distance = (node: LineageNode): number => Math.hypot(node.x - from.x, node.y - from.y);
  return nodes.toSorted((one, other) => distance(one) - distance(other))[0]?.id;
}

function zoomed(key: string, look: Look): boolean {
  if (key === '+' || key === '=') look.zoomBy(step);
  else if (key === '-') look.zoomBy(1 / step);
  else if (key === '0') look.fit();
  else return false;
  return true;
}

function acted(key: string, selected: string, act: Intentions): boolean {
  switch (key.toLowerCase()) {
    case 'enter':
      act.openSource(selected);
      return true;
    case 'c':
    case ' ':
      act.centre(selected);
      return true;
    case 'l':
      act.showLogs(selected);
      return true;
    case '[':
      act.toggle(selected, 'upstream');
      return true;
    case ']':
      act.toggle(selected, 'downstream');
      return true;
    default:
      return false;
  }
}
