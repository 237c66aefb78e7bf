// Words: every phrase and sign of the panel.
import type { LineageNode, LineageOrigin } from '../server/protocol/lineage.ts';

/** A sign per kind, so that kinds differ without colour. */
const signs: Readonly<Record<string, string>> = {
  model: '◆',
  version: '◇',
  experiment: '⚗',
  job: '▶',
  task: '▷',
  run: '↻',
  table: '▤',
  path: '▱',
  metric: '∿',
  monitor: '◉',
  endpoint: '⇄',
  host: '▣',
};

const statusSigns: Readonly<Record<string, string>> = {
  success: '✓',
  failed: '✗',
  running: '…',
  queued: '…',
  skipped: '–',
  unknown: '?',
};

const statusWords: Readonly<Record<string, string>> = {
  success: 'succeeded',
  failed: 'failed',
  running: 'is running',
  queued: 'is queued',
  skipped: 'was skipped',
  unknown: 'has an unknown status',
};

export const originWords: Readonly<Record<LineageOrigin, string>> = {
  reported: 'reported by a tool',
  declared: 'declared in a manifest',
  code: 'read off the code',
  matched: 'joined by a rule',
};

export const words = {
  upstream: 'Made from',
  downstream: 'Used by',
  legend: 'Lines',
  showLogs: 'Show logs',
  openSource: 'Open source',
  listLabel: 'Lineage as a list',
  graphLabel: 'Lineage graph',
  leftOut: (count: number): string =>
    `${count} more are not drawn. Collapse a branch or focus on another name to see them.`,
  more: (count: number, direction: string): string => `Show ${count} more ${direction}`,
  less: (direction: string): string => `Hide ${direction}`,
} as const;

export function signOf(kind: string): string {
  return signs[kind] ?? '•';
}

export function statusSign(status: LineageNode['status']): string {
  return status ? (statusSigns[status] ?? '?') : '';
}

/** `last run failed 2 hours ago`; empty when it never ran. */
export function statusText({ status, statusAt }: LineageNode, now: number): string {
  if (!status) return '';
  return `last run ${statusWords[status] ?? status}${statusAt === undefined ? '' : ` ${age(statusAt, now)}`}`;
}

/** What a screen reader says of a node. */
export function spoken(node: LineageNode, now: number): string {
  const parts = [`${node.kind} ${node.label}`, node.tool === 'code' ? 'known from code only' : node.tool];
  const status = statusText(node, now);
  return [...parts, ...(status ? [status] : [])].join(', ');
}

function age(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} d ago`;
}
