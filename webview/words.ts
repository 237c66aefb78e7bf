// Words: every phrase of the panel.
import type {
  LineageDirection,
  LineageEdge,
  LineageNode,
  LineageOrigin,
  LineageUnsure,
} from '../server/protocol/lineage.ts';
import type { Branch } from './outline.ts';

const statusWords: Readonly<Record<NonNullable<LineageNode['status']>, string>> = {
  success: 'succeeded',
  failed: 'failed',
  running: 'running',
  queued: 'queued',
  skipped: 'skipped',
  unknown: 'ended unknown',
};

export const originWords: Readonly<Record<LineageOrigin, string>> = {
  reported: 'reported by a tool',
  declared: 'declared in a manifest',
  code: 'read off the code',
  matched: 'joined by a rule',
};

/** Beside a line of its own, where `originWords` would be too long. */
const shortOrigins: Readonly<Record<LineageOrigin, string>> = {
  reported: 'reported',
  declared: 'declared',
  code: 'in code',
  matched: 'by a rule',
};

/** Of the upstream end, then of the downstream end, as said below the other of the two. */
const relationWords: Readonly<Record<string, readonly [string, string]>> = {
  reads: ['read by it', 'reads it'],
  writes: ['writes it', 'written by it'],
  runs: ['starts it', 'started by it'],
  made: ['made it', 'made by it'],
  contains: ['contains it', 'part of it'],
  measures: ['measured by it', 'measures it'],
};

export const branchWords: Readonly<Record<Branch, string>> = {
  upstream: 'Made from',
  downstream: 'Used by',
  beside: 'Beside',
};

export const words = {
  toolbar: 'Lineage',
  list: 'List',
  graph: 'Graph',
  toList: 'Show as a list',
  toGraph: 'Show as a graph',
  fit: 'Fit',
  fitTitle: 'Fit the graph into the panel (0)',
  zoomIn: 'Zoom in (+)',
  zoomOut: 'Zoom out (−)',
  follow: 'Follow cursor',
  reading: 'Reading lineage…',
  legend: 'Legend',
  lines: 'Lines: who says so',
  marks: 'Marks: the last run',
  shapes: 'Shapes',
  keys: 'Keys',
  dashedBox: 'known from code only',
  logs: 'Logs',
  showLogs: 'Show logs',
  openSource: 'Open source',
  compareCommit: 'Compare with its commit',
  centre: 'Centre here',
  listLabel: 'Lineage as a list',
  graphLabel: 'Lineage graph. Arrow keys walk along the lines, Enter opens the source.',
  detailsLabel: 'Details',
  again: 'see above',
  noEdges: 'Nothing reads or writes it, as far as tools and code say.',
  oneMore: '1 more',
  leftOut: (count: number): string =>
    `${count === 1 ? '1 more is' : `${count} more are`} not drawn. Collapse a branch, or centre on another name, to see them.`,
  more: (count: number, direction: LineageDirection): string => `Show ${count} more ${direction}`,
  less: (direction: LineageDirection): string => `Hide ${direction}`,
} as const;

const unsureWords: Readonly<Record<LineageUnsure, string>> = {
  absent: 'Not there then',
  between: 'Came or went about then',
  notWatched: 'Not watched then',
};

export const asOfWords = {
  label: 'As of',
  agos: ['now', '1 hour ago', '6 hours ago', '1 day ago', '1 week ago', '30 days ago'],
  unsure: unsureWords,
  none: 'none',
  time: (at: string): string => `As of ${at}.`,
  notWatched: (since: string | undefined | 0): string =>
    `Nobody looked${since ? ` before ${since}` : ' yet'}: what is drawn was seen later, unless a tool's own record says so.`,
  seen: (value: string, at: string): string => `${value} on ${at}`,
  changed: (from: string, to: string): string => `changed between ${from} and ${to}`,
  marks: 'Dotted boxes and pale lines were not seen then. Details and values are those of now.',
} as const;

export const keyWords: readonly (readonly [string, string])[] = [
  ['← → ↑ ↓', 'walk the graph or the list'],
  ['Enter', 'open the source'],
  ['[  ]', 'show or hide upstream, downstream'],
  ['C', 'centre on the selected name'],
  ['L', 'show logs'],
  ['Home', 'back to the focus'],
  ['+ − 0', 'zoom in, out, fit'],
];

/** `failed 2 h ago`; empty when it never ran. */
export function statusText({ status, statusAt }: LineageNode, now: number): string {
  if (!status) return '';
  return statusAt === undefined ? statusWords[status] : `${statusWords[status]} ${age(statusAt, now)}`;
}

/** `job · airflow`. */
export function kindText({ kind, tool }: LineageNode): string {
  return `${kind} · ${tool === 'code' ? 'code only' : tool}`;
}

/** The same with the last run, for where there is one line. */
export function belowText(node: LineageNode, now: number): string {
  const status = statusText(node, now);
  return status ? `${kindText(node)} · ${status}` : kindText(node);
}

/** What a screen reader says of a node. */
export function spoken(node: LineageNode, now: number): string {
  const status = statusText(node, now);
  return [
    `${node.kind} ${node.label}`,
    node.tool === 'code' ? words.dashedBox : node.tool,
    status ? `last run ${status}` : '',
    node.unsure ? unsureWords[node.unsure].toLowerCase() : '',
    node.hiddenUpstream > 0 ? `${node.hiddenUpstream} more upstream` : '',
    node.hiddenDownstream > 0 ? `${node.hiddenDownstream} more downstream` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** `reads it (reported, in code)`, said of the end of the edge that lies in this direction. */
export function endText({ relation, origins }: LineageEdge, direction: LineageDirection): string {
  const [up, down] = relationWords[relation] ?? [relation, relation];
  const said = origins.map((origin) => shortOrigins[origin]).join(', ');
  return `${direction === 'upstream' ? up : down} (${said})`;
}

/** `reported by a tool, read off the code`. */
export function originText({ origins }: LineageEdge): string {
  return origins.map((origin) => originWords[origin]).join(', ');
}

export function age(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} d ago`;
}
