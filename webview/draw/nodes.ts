// Nodes: boxes with sign, name, last status, and handles for what is hidden.
import { type Selection, select } from 'd3';
import type { LineageDirection, LineageNode } from '../../server/protocol/lineage.ts';
import type { Intentions } from '../intentions.ts';
import type { State } from '../state.ts';
import { signOf, spoken, statusSign, statusText, words } from '../words.ts';

type Group = Selection<SVGGElement, LineageNode, SVGGElement, unknown>;

export function drawNodes(
  layer: Selection<SVGGElement, unknown, null, undefined>,
  state: State,
  act: Intentions,
  now: number,
): void {
  const nodes = state.graph?.nodes ?? [];
  const groups = layer
    .selectAll<SVGGElement, LineageNode>('g.node')
    .data(nodes, ({ id }) => id)
    .join((enter) => build(enter.append('g'), act));
  groups
    .attr('class', ({ id, kind, tool, status }) =>
      [
        'node',
        `kind-${kind}`,
        tool === 'code' ? 'only-code' : '',
        status ? `status-${status}` : '',
        id === state.graph?.focus ? 'focus' : '',
        id === state.selected ? 'selected' : '',
      ].join(' '),
    )
    .attr('transform', ({ x, y, width, height }) => `translate(${x - width / 2},${y - height / 2})`)
    .attr('tabindex', ({ id }) => (id === state.selected ? 0 : -1))
    .attr('aria-label', (node) => spoken(node, now))
    .attr('aria-selected', ({ id }) => String(id === state.selected));
  groups
    .select<SVGRectElement>('rect')
    .attr('width', ({ width }) => width)
    .attr('height', ({ height }) => height);
  groups.select<SVGTextElement>('text.name').text(({ label }) => label);
  groups
    .select<SVGTextElement>('text.below')
    .text((node) => [node.kind, node.tool, statusText(node, now)].filter(Boolean).join(' · '));
  groups
    .select<SVGTextElement>('text.status')
    .attr('x', ({ width }) => width - 14)
    .text(({ status }) => statusSign(status));
  groups.select<SVGTitleElement>('title').text((node) => spoken(node, now));
  for (const direction of ['upstream', 'downstream'] as const) drawHandle(groups, state, direction);
}

function build(groups: Selection<SVGGElement, LineageNode, SVGGElement, unknown>, act: Intentions): Group {
  groups.attr('role', 'treeitem');
  groups.append('title');
  groups.append('rect').attr('rx', 4);
  groups
    .append('text')
    .attr('class', 'sign')
    .attr('x', 14)
    .attr('y', 18)
    .text(({ kind }) => signOf(kind));
  groups.append('text').attr('class', 'name').attr('x', 26).attr('y', 18);
  groups.append('text').attr('class', 'below').attr('x', 26).attr('y', 34);
  groups.append('text').attr('class', 'status').attr('y', 18);
  groups.on('click', (_, { id }) => act.select(id)).on('dblclick', (_, { id }) => act.openSource(id));
  for (const direction of ['upstream', 'downstream'] as const) {
    const handle = groups.append('g').attr('class', `handle ${direction}`).attr('role', 'button');
    handle.append('circle').attr('r', 9);
    handle.append('text').attr('dy', 4);
    handle.append('title');
    handle.on('click', (event: Event, node) => {
      event.stopPropagation();
      act.toggle(node.id, direction);
    });
  }
  return groups;
}

/** `+n` where neighbours are hidden, `−` where they can be hidden. */
function drawHandle(groups: Group, state: State, direction: LineageDirection): void {
  const hiddenOf = (node: LineageNode): number =>
    direction === 'upstream' ? node.hiddenUpstream : node.hiddenDownstream;
  const ends = new Set(state.graph?.edges.map(({ from, to }) => (direction === 'upstream' ? to : from)));
  groups.each(function (node) {
    const handle = select(this).select<SVGGElement>(`g.handle.${direction}`);
    const count = hiddenOf(node);
    const label = count > 0 ? `+${count}` : ends.has(node.id) ? '−' : '';
    handle
      .attr('transform', `translate(${direction === 'upstream' ? 0 : node.width},${node.height / 2})`)
      .attr('visibility', label ? 'visible' : 'hidden');
    handle.select('text').text(label);
    handle.select('title').text(count > 0 ? words.more(count, direction) : words.less(direction));
  });
}
