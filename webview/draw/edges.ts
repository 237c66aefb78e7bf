// Edges: curves whose dashes tell who says so, with arrow heads at the downstream end.
import type { Selection } from 'd3';
import type { LineageEdge, LineageOrigin } from '../../server/protocol/lineage.ts';
import type { State } from '../state.ts';
import { originWords } from '../words.ts';

/** Strongest first: an edge that a tool reports is drawn so, whoever else says it. */
const strength: readonly LineageOrigin[] = ['reported', 'declared', 'code', 'matched'];

export function strongest({ origins }: LineageEdge): LineageOrigin {
  return strength.find((origin) => origins.includes(origin)) ?? 'matched';
}

export function drawEdges(layer: Selection<SVGGElement, unknown, null, undefined>, state: State): void {
  const edges = layer
    .selectAll<SVGPathElement, LineageEdge>('path.edge')
    .data(state.graph?.edges ?? [], ({ from, to }) => `${from}\n${to}`)
    .join((enter) => {
      const paths = enter.append('path').attr('marker-end', 'url(#arrow)');
      paths.append('title');
      return paths;
    });
  edges
    .attr('class', (edge) => {
      const near = edge.from === state.selected || edge.to === state.selected;
      return `edge origin-${strongest(edge)}${near ? ' near' : ''}`;
    })
    .attr('d', ({ points }) => pathOf(points));
  edges
    .select('title')
    .text(({ relation, origins, evidence }) =>
      [`${relation}: ${origins.map((origin) => originWords[origin]).join(', ')}`, ...evidence].join('\n'),
    );
}

function pathOf(points: LineageEdge['points']): string {
  const [start, ...rest] = points;
  if (!start) return '';
  const curves: string[] = [];
  for (let index = 0; index + 2 < rest.length; index += 3)
    curves.push(
      `C${rest
        .slice(index, index + 3)
        .map((point) => point.join(','))
        .join(' ')}`,
    );
  return `M${start.join(',')}${curves.join('')}`;
}
