// Icons: one line drawing per kind and one mark per status, so that neither needs colour to be told apart.
import type { LineageNode } from '../../server/protocol/lineage.ts';

/** Paths in a square of 16. */
const kinds: Readonly<Record<string, string>> = {
  model: 'M8 1.2l5.8 3.3v6.9L8 14.8l-5.8-3.4V4.5zM2.4 4.6L8 7.8l5.6-3.2M8 7.8v6.8',
  version: 'M1.5 1.5h6l7 7-6 6-7-7zM4.6 4.5h.1',
  experiment: 'M5.8 1.5h4.4M6.8 1.5v4.6L2.5 14.5h11L9.2 6.1V1.5M4.6 10.2h6.8',
  job: 'M1.5 1.5h5.5v4.5H1.5zM9 10h5.5v4.5H9zM4.2 6v6.2H9',
  task: 'M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zM6.5 5l4.3 3-4.3 3z',
  run: 'M4 2.2l9 5.8-9 5.8z',
  table: 'M1.5 2.5h13v11h-13zM1.5 6.2h13M6 6.2v7.3',
  path: 'M1.5 13.5v-11h4.7l1.6 2h6.7v9z',
  metric: 'M1.5 1.5v13h13M4 10.8l3-4 2.6 2.2 4-5.5',
  monitor: 'M8 1.5a4 4 0 0 0-4 4V9l-1.6 2.6h11.2L12 9V5.5a4 4 0 0 0-4-4zM6.4 13.6a1.7 1.7 0 0 0 3.2 0',
  endpoint: 'M1.5 5h10M8.5 2l3 3-3 3M14.5 11h-10M7.5 8l-3 3 3 3',
  host: 'M1.5 2.5h13v4.4h-13zM1.5 9.1h13v4.4h-13zM4 4.7h.1M4 11.3h.1',
};

const statuses: Readonly<Record<NonNullable<LineageNode['status']>, string>> = {
  success: 'M3 8.4l3.4 3.4L13 4.6',
  failed: 'M4 4l8 8M12 4l-8 8',
  running: 'M8 2a6 6 0 1 1-5.2 3M8 5v3.2l2.2 1.6',
  queued: 'M3.4 8h.1M8 8h.1M12.6 8h.1',
  skipped: 'M3 8h10',
  unknown: 'M5.4 5.6a2.6 2.6 0 1 1 3.4 2.6c-.6.3-.8.6-.8 1.4M8 12.4h.1',
};

export function kindIcon(kind: string): string {
  return kinds[kind] ?? 'M8 3a5 5 0 1 1 0 10a5 5 0 0 1 0-10z';
}

/** Empty when it never ran. */
export function statusIcon(status: LineageNode['status']): string {
  return status ? statuses[status] : '';
}

/** For html; in the drawing the paths stand alone. */
export function icon(path: string, className: string): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', `icon ${className}`);
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

/** How round the box of a kind is: what runs is a pill, what is made by training is rounded, data has corners. */
export function roundness(kind: string, height: number): number {
  if (kind === 'job' || kind === 'task' || kind === 'run') return Math.min(22, height / 2);
  if (kind === 'model' || kind === 'version' || kind === 'experiment') return 10;
  return 2;
}
