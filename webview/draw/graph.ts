// Graph: the drawing surface; edges below nodes, and one look at them that zoom moves.
import { create, type Selection } from 'd3';
import type { Intentions } from '../intentions.ts';
import { type Look, lookAt } from '../interact/zoom.ts';
import type { State } from '../state.ts';
import { words } from '../words.ts';
import { drawEdges } from './edges.ts';
import { drawNodes, type Layer } from './nodes.ts';

export interface GraphView {
  readonly element: SVGSVGElement;
  readonly look: Look;
  draw(state: State, now: number): void;
  /** Moves the keyboard focus to the selected node, and the look if it is outside. */
  focusSelected(): void;
}

type Root = Selection<SVGSVGElement, undefined, null, undefined>;

export function graphView(act: Intentions): GraphView {
  const svg: Root = create<SVGSVGElement>('svg')
    .attr('class', 'graph')
    .attr('role', 'listbox')
    .attr('aria-label', words.graphLabel);
  arrowHead(svg, 'arrow');
  arrowHead(svg, 'arrow-near');
  const canvas = svg.append('g').attr('role', 'presentation');
  const edges: Layer = canvas.append('g').attr('aria-hidden', 'true');
  const nodes: Layer = canvas.append('g').attr('role', 'presentation');
  const element = svg.node() as SVGSVGElement;
  const look = lookAt(element, canvas, (zoom) => act.zoom(zoom));
  let shown: State | undefined;
  const focusNode = (): void => element.querySelector<SVGGElement>('g.node.selected')?.focus({ preventScroll: true });
  return {
    element,
    look,
    focusSelected() {
      const node = shown?.graph?.nodes.find(({ id }) => id === shown?.selected);
      if (node) look.include(node);
      focusNode();
    },
    draw(state, now) {
      const before = shown;
      const hadKeyboard = element.contains(document.activeElement);
      shown = state;
      drawEdges(edges, state);
      drawNodes(nodes, state, act, now);
      if (state.graph && state.graph !== before?.graph) look.follow(before, state);
      // The node that had it is not drawn any more.
      if (hadKeyboard && !element.contains(document.activeElement)) focusNode();
    },
  };
}

function arrowHead(svg: Root, id: string): void {
  const marker = svg.append('defs').append('marker').attr('id', id).attr('viewBox', '0 0 8 8');
  marker.attr('refX', 7.5).attr('refY', 4).attr('orient', 'auto');
  marker.attr('markerUnits', 'userSpaceOnUse').attr('markerWidth', 9).attr('markerHeight', 9);
  marker.append('path').attr('class', id).attr('d', 'M0,0.5 L8,4 L0,7.5 z');
}
