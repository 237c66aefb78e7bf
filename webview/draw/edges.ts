// Edges: curves whose dashes tell who says so, with arrow heads at the downstream end.
import type { LineageEdge, LineageOrigin } from '../../server/protocol/lineage.ts';
import type { State } from '../state.ts';
import { asOfWords, endText, originText } from '../words.ts';
import type { Layer } from './nodes.ts';

/** Strongest first: an edge that a tool reports is drawn so, whoever else says it. */
const strength: readonly LineageOrigin[] = ['reported', 'declared', 'code', 'matched'];

export function strongest({ origins }: LineageEdge): LineageOrigin {
  return strength.find((origin) => origins.includes(origin)) ?? 'matched';
}

export function drawEdges(layer: Layer, state: State): void {
  const groups = layer
    .selectAll<SVGGElement, LineageEdge>('g.edge')
    .data(state.graph?.edges ?? [], ({ from, to }) => `${from}\n${to}`)
    .join((enter) => {
      const added = enter.append('g');
      added.append('title');
      // A line of 1.5 points is hard to point at: its evidence shows in a wider band around it.
      added.append('path').attr('class', 'band');
      added.append('path');
      return added;
    });
  groups.attr('class', 'edge');
  groups.select('path.band').attr('d', ({ points }) => curve(points));
  groups
    .select('path:not(.band)')
    .attr('class', (edge) => classesOf(edge, state.selected))
    .attr('marker-end', (edge) => `url(#${isNear(edge, state.selected) ? 'arrow-near' : 'arrow'})`)
    .attr('d', ({ points }) => curve(points));
  const label = (id: string): string => state.graph?.nodes.find((node) => node.id === id)?.label ?? id;
  groups
    .select('title')
    .text((edge) =>
      [
        `${label(edge.from)} → ${label(edge.to)}: ${endText(edge, 'downstream')}`,
        originText(edge),
        ...edge.evidence,
        ...(edge.unsure ? [asOfWords.unsure[edge.unsure]] : []),
      ].join('\n'),
    );
}

function classesOf(edge: LineageEdge, selected: string | undefined): string {
  const classes = ['edge', `origin-${strongest(edge)}`];
  if (edge.unsure) classes.push('unsure');
  if (isNear(edge, selected)) classes.push('near');
  return classes.join(' ');
}

function isNear({ from, to }: LineageEdge, selected: string | undefined): boolean {
  return from === selected || to === selected;
}

/** A start, then three control points for each piece. */
function curve([start, ...rest]: LineageEdge['points']): string {
  if (!start) return '';
  const pieces: string[] = [];
  for (let index = 0; index + 2 < rest.length; index += 3) {
    const piece = rest.slice(index, index + 3).map((point) => point.join(','));
    pieces.push(`C${piece.join(' ')}`);
  }
  return `M${start.join(',')}${pieces.join('')}`;
}
