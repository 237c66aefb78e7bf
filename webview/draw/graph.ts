// Graph: the drawing surface; fits and zooms, and draws edges below nodes.
import { create, type Selection, type ZoomTransform, zoom, zoomIdentity } from 'd3';
import type { Intentions } from '../intentions.ts';
import type { State } from '../state.ts';
import { words } from '../words.ts';
import { drawEdges } from './edges.ts';
import { drawNodes } from './nodes.ts';

const margin = 24;
const scales: [number, number] = [0.15, 3];

export interface GraphView {
  readonly element: SVGSVGElement;
  draw(state: State, now: number): void;
  fit(): void;
  zoomBy(factor: number): void;
  /** Moves the keyboard focus to the selected node. */
  focusSelected(): void;
}

export function graphView(act: Intentions, onZoom: (zoom: { x: number; y: number; k: number }) => void): GraphView {
  const svg = create('svg').attr('class', 'graph').attr('role', 'tree').attr('aria-label', words.graphLabel);
  arrowHead(svg);
  const canvas = svg.append('g');
  const edges = canvas.append<SVGGElement>('g').attr('aria-hidden', 'true') as unknown as Selection<
    SVGGElement,
    unknown,
    null,
    undefined
  >;
  const nodes = canvas.append<SVGGElement>('g') as unknown as Selection<SVGGElement, unknown, null, undefined>;
  const element = svg.node() as SVGSVGElement;
  const root = svg as unknown as Selection<SVGSVGElement, unknown, null, undefined>;
  let shown: State | undefined;
  const zooming = zoom<SVGSVGElement, unknown>()
    .scaleExtent(scales)
    .on('zoom', ({ transform }: { transform: ZoomTransform }) => canvas.attr('transform', transform.toString()))
    .on('end', ({ transform, sourceEvent }: { transform: ZoomTransform; sourceEvent: unknown }) => {
      if (sourceEvent) onZoom({ x: transform.x, y: transform.y, k: transform.k });
    });
  root.call(zooming).on('dblclick.zoom', null);
  const fit = (): void => {
    const { width = 0, height = 0 } = shown?.graph ?? {};
    const box = element.getBoundingClientRect();
    if (width === 0 || box.width === 0) return;
    const k = Math.min(1, (box.width - 2 * margin) / width, (box.height - 2 * margin) / height);
    const scale = Math.max(scales[0], k);
    root.call(
      zooming.transform,
      zoomIdentity.translate((box.width - width * scale) / 2, (box.height - height * scale) / 2).scale(scale),
    );
  };
  return {
    element,
    fit,
    zoomBy: (factor) => root.call(zooming.scaleBy, factor),
    focusSelected: () => element.querySelector<SVGGElement>('g.node.selected')?.focus(),
    draw(state, now) {
      const other = state.graph !== shown?.graph;
      shown = state;
      drawEdges(edges, state);
      drawNodes(nodes, state, act, now);
      if (!other) return;
      if (state.zoom)
        root.call(zooming.transform, zoomIdentity.translate(state.zoom.x, state.zoom.y).scale(state.zoom.k));
      else fit();
    },
  };
}

function arrowHead(svg: Selection<SVGSVGElement, undefined, null, undefined>): void {
  const marker = svg.append('defs').append('marker').attr('id', 'arrow').attr('viewBox', '0 0 8 8');
  marker.attr('refX', 7).attr('refY', 4).attr('markerWidth', 7).attr('markerHeight', 7).attr('orient', 'auto');
  marker.append('path').attr('class', 'arrow').attr('d', 'M0,0 L8,4 L0,8 z');
}
