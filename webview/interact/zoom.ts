// Zoom: what part of the drawing is looked at; stays where the user put it, else shows what is readable.
import { type Selection, select, type ZoomTransform, zoom, zoomIdentity, zoomTransform } from 'd3';
import type { LineageGraph, LineageNode } from '../../server/protocol/lineage.ts';
import type { PanelState } from '../../server/protocol/panel.ts';
import type { State } from '../state.ts';

const margin = 28;
const scales: [number, number] = [0.1, 3];
/** Below this, names are hard to read: rather a part around the focus than all of it. */
const readable = 0.65;

export interface Look {
  /** After another graph was drawn: the same place if it is around the same focus. */
  follow(before: State | undefined, now: State): void;
  fit(): void;
  zoomBy(factor: number): void;
  /** Moves as little as shows the node whole. */
  include(node: LineageNode): void;
}

type Canvas = Selection<SVGGElement, undefined, null, undefined>;
type Point = Pick<LineageNode, 'x' | 'y'>;

export function lookAt(element: SVGSVGElement, canvas: Canvas, onZoom: (zoom: PanelState['zoom']) => void): Look {
  const root: Selection<SVGSVGElement, unknown, null, undefined> = select(element);
  let graph: LineageGraph | undefined;
  /** The user has moved it; from then on it is theirs. */
  let touched = false;
  const zooming = zoom<SVGSVGElement, unknown>()
    .scaleExtent(scales)
    .on('zoom', ({ transform }: { transform: ZoomTransform }) => canvas.attr('transform', transform.toString()))
    .on('end', ({ sourceEvent }: { sourceEvent: unknown }) => {
      if (sourceEvent) keep();
    });
  root.call(zooming).on('dblclick.zoom', null);
  const box = (): { width: number; height: number } => element.getBoundingClientRect();
  const turn = (transform: ZoomTransform): void => void root.call(zooming.transform, transform);
  const keep = (): void => {
    const { x, y, k } = zoomTransform(element);
    touched = true;
    onZoom({ x, y, k });
  };
  const usual = (): void => {
    if (graph && box().width > 0) turn(usualLook(graph, box()));
  };
  // The panel is resized, or the details open below: an untouched look is made anew.
  new ResizeObserver(() => {
    if (!touched) usual();
  }).observe(element);
  return {
    follow(before, now) {
      const previous = before?.focus === now.focus ? before?.graph : undefined;
      graph = now.graph;
      if (previous && touched) {
        const [from, to] = anchors(previous, graph, now.selected ?? now.focus);
        if (from && to) turn(zoomTransform(element).translate(from.x - to.x, from.y - to.y));
      } else if (!previous && now.zoom) {
        touched = true;
        turn(zoomIdentity.translate(now.zoom.x, now.zoom.y).scale(now.zoom.k));
      } else {
        touched = false;
        usual();
      }
    },
    fit() {
      if (graph) turn(whole(graph, box()));
      keep();
    },
    zoomBy(factor) {
      root.call(zooming.scaleBy, factor);
      keep();
    },
    include({ x, y, width, height }) {
      const at = zoomTransform(element);
      const { width: wide, height: high } = box();
      const [left, top] = at.apply([x - width / 2, y - height / 2]);
      const [right, bottom] = at.apply([x + width / 2, y + height / 2]);
      const dx = left < margin ? margin - left : Math.min(0, wide - margin - right);
      const dy = top < margin ? margin - top : Math.min(0, high - margin - bottom);
      if (dx === 0 && dy === 0) return;
      turn(zoomIdentity.translate(at.x + dx, at.y + dy).scale(at.k));
      keep();
    },
  };
}

/** Where the same node stands in both graphs. */
function anchors(before: LineageGraph, now: LineageGraph | undefined, id: string | undefined): (Point | undefined)[] {
  return [before, now].map((graph) => graph?.nodes.find((node) => node.id === id));
}

function whole({ width, height }: LineageGraph, box: { width: number; height: number }): ZoomTransform {
  const k = Math.max(
    scales[0],
    Math.min(1, (box.width - 2 * margin) / Math.max(1, width), (box.height - 2 * margin) / Math.max(1, height)),
  );
  return zoomIdentity.translate((box.width - width * k) / 2, (box.height - height * k) / 2).scale(k);
}

/** All of it if names stay readable; else around the focus, without empty space at the sides. */
function usualLook(graph: LineageGraph, box: { width: number; height: number }): ZoomTransform {
  const all = whole(graph, box);
  const focus = graph.nodes.find(({ id }) => id === graph.focus);
  if (all.k >= readable || !focus) return all;
  const along = (centre: number, size: number, room: number): number => {
    if (size * readable + 2 * margin <= room) return (room - size * readable) / 2;
    return Math.min(margin, Math.max(room - margin - size * readable, room / 2 - centre * readable));
  };
  return zoomIdentity
    .translate(along(focus.x, graph.width, box.width), along(focus.y, graph.height, box.height))
    .scale(readable);
}
