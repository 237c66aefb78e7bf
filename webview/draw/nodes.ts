// Nodes: boxes with icon, name, last run, handles for what is hidden, and the way to the logs of a failure.
import { type Selection, select } from 'd3';
import type { LineageDirection, LineageNode } from '../../server/protocol/lineage.ts';
import type { Intentions } from '../intentions.ts';
import { handleOf } from '../sides.ts';
import type { State } from '../state.ts';
import { kindText, spoken, statusText, words } from '../words.ts';
import { kindIcon, roundness, statusIcon } from './icons.ts';

export type Layer = Selection<SVGGElement, undefined, null, undefined>;
type Group = Selection<SVGGElement, LineageNode, SVGGElement, undefined>;

const directions = ['upstream', 'downstream'] as const;
/** Where text begins, right of the icon. */
const left = 36;
const logsWidth = 38;
const logsHeight = 15;

export function drawNodes(layer: Layer, state: State, act: Intentions, now: number): void {
  const known = layer.selectAll<SVGGElement, LineageNode>('g.node').data(state.graph?.nodes ?? [], ({ id }) => id);
  known.exit().remove();
  // Not `join`: it puts elements in order again, and one that is moved loses the keyboard.
  const groups = build(known.enter().append('g'), act).merge(known);
  groups
    .attr('class', (node) => classesOf(node, state))
    .attr('transform', ({ x, y, width, height }) => `translate(${x - width / 2},${y - height / 2})`)
    .attr('tabindex', ({ id }) => (id === state.selected ? 0 : -1))
    .attr('aria-label', (node) => spoken(node, now))
    .attr('aria-selected', ({ id }) => String(id === state.selected));
  for (const inset of [0, 3]) {
    groups
      .select<SVGRectElement>(inset === 0 ? 'rect.box' : 'rect.inner')
      .attr('x', inset)
      .attr('y', inset)
      .attr('width', ({ width }) => width - 2 * inset)
      .attr('height', ({ height }) => height - 2 * inset)
      .attr('rx', ({ kind, height }) => Math.max(0, roundness(kind, height) - inset));
  }
  groups.select<SVGTextElement>('text.name').text(({ label }) => label);
  groups.select<SVGTextElement>('text.kind-text').text(kindText);
  groups.select<SVGTextElement>('text.status-text').text((node) => statusText(node, now));
  groups.select<SVGPathElement>('path.status').attr('d', ({ status }) => statusIcon(status));
  groups.select<SVGGElement>('g.logs').attr('transform', ({ width }) => `translate(${width - logsWidth - 14},40)`);
  fitTexts(groups.nodes());
  groups.select<SVGTitleElement>('title').text((node) => spoken(node, now));
  for (const direction of directions) drawHandle(groups, state, direction);
}

/**
 * The server reckons widths without the font; a text that is wider after all is drawn narrower. All are measured
 * before one is changed, because each change in between would lay the page out again.
 */
function fitTexts(nodes: readonly SVGGElement[]): void {
  const texts = nodes.flatMap((node) => [...node.querySelectorAll<SVGTextElement>(':scope > text')]);
  for (const text of texts) if (text.hasAttribute('textLength')) text.removeAttribute('textLength');
  const wide = texts.flatMap((text) => {
    const room = select<SVGTextElement, LineageNode>(text).datum().width - left - 12;
    return text.getComputedTextLength() > room ? [{ text, room }] : [];
  });
  for (const { text, room } of wide) {
    text.setAttribute('lengthAdjust', 'spacingAndGlyphs');
    text.setAttribute('textLength', String(room));
  }
}

function classesOf({ id, kind, tool, status, unsure }: LineageNode, state: State): string {
  const classes = ['node', `kind-${kind}`, `status-${status ?? 'none'}`];
  if (tool === 'code') classes.push('only-code');
  if (unsure) classes.push('unsure');
  if (id === state.graph?.focus) classes.push('focus');
  if (id === state.selected) classes.push('selected');
  return classes.join(' ');
}

function build(groups: Group, act: Intentions): Group {
  groups.attr('role', 'option');
  groups.append('title');
  groups.append('rect').attr('class', 'box');
  groups.append('rect').attr('class', 'inner');
  groups
    .append('path')
    .attr('class', 'kind')
    .attr('transform', 'translate(14,8)')
    .attr('d', ({ kind }) => kindIcon(kind));
  groups.append('text').attr('class', 'name').attr('x', left).attr('y', 20);
  groups.append('text').attr('class', 'below kind-text').attr('x', left).attr('y', 36);
  groups.append('path').attr('class', 'status').attr('transform', 'translate(16,42) scale(0.8)');
  groups.append('text').attr('class', 'below status-text').attr('x', left).attr('y', 52);
  groups.on('click', (_, { id }) => act.select(id)).on('dblclick', (_, { id }) => act.openSource(id));
  for (const direction of directions) buildHandle(groups, direction, act);
  buildLogs(groups, act);
  return groups;
}

/** Buttons inside an option are silent for screen readers: keys and the details pane do the same. */
function buildHandle(groups: Group, direction: LineageDirection, act: Intentions): void {
  const handle = groups.append('g').attr('class', `handle ${direction}`).attr('aria-hidden', 'true');
  handle.append('title');
  handle.append('rect').attr('height', 18).attr('y', -9).attr('rx', 9);
  handle.append('text').attr('dy', 4);
  handle.on('click dblclick', (event: Event, node) => {
    event.stopPropagation();
    if (event.type === 'click') act.toggle(node.id, direction);
  });
}

function buildLogs(groups: Group, act: Intentions): void {
  const logs = groups.append('g').attr('class', 'logs').attr('aria-hidden', 'true');
  logs.append('title').text(words.showLogs);
  logs.append('rect').attr('width', logsWidth).attr('height', logsHeight).attr('rx', 3);
  logs
    .append('text')
    .attr('x', logsWidth / 2)
    .attr('y', 11.5)
    .text(words.logs);
  logs.on('click dblclick', (event: Event, node) => {
    event.stopPropagation();
    if (event.type === 'click') act.showLogs(node.id);
  });
}

/** `+n` where neighbours are hidden, `−` where they can be hidden; below the middle, where the lines end. */
function drawHandle(groups: Group, state: State, direction: LineageDirection): void {
  groups.each(function (node) {
    const does = handleOf(state, node, direction);
    const label = does.does === 'expand' ? `+${does.count}` : '−';
    const width = Math.max(18, 8 + 7 * label.length);
    const handle = select(this)
      .select<SVGGElement>(`g.handle.${direction}`)
      .attr('class', `handle ${direction} ${does.does}`)
      .attr('transform', `translate(${direction === 'upstream' ? 4 : node.width - 4},${node.height})`);
    handle
      .select('rect')
      .attr('width', width)
      .attr('x', -width / 2);
    handle.select('text').text(label);
    handle.select('title').text(does.does === 'expand' ? words.more(does.count, direction) : words.less(direction));
  });
}
