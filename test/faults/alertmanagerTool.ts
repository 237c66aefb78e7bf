// What the rows of the table must know of Alertmanager: two lists, neither of which has pages.
import { json, on } from './answers.ts';
import type { Fault } from './proxy.ts';
import type { FaultTool } from './table.ts';

const alerts = /\/api\/v2\/alerts/;

/** The answer's list, changed. */
const relisted = (change: (listed: readonly object[]) => readonly object[]): Fault =>
  on(alerts, async (_asked, pass) => {
    const listed: unknown = JSON.parse((await pass()).body.toString('utf8'));
    return json(200, change(Array.isArray(listed) ? listed : []));
  });

const flood = relisted((listed) => [
  ...listed,
  ...Array.from({ length: 100_000 }, (_, n) => ({
    ...listed[0],
    ...{ fingerprint: n.toString(16).padStart(16, '0'), labels: { alertname: `Made${n}`, severity: 'page' } },
  })),
]);

export const alertmanagerTool: FaultTool = {
  tool: 'alertmanager',
  scan: /\/api\/v2\/(?:alerts|silences)/,
  one: { path: /\/api\/v2\/silences/, kinds: ['monitor'] },
  pages: { path: alerts, items: 'alerts', name: 'fingerprint' },
  many: { path: alerts, small: (path, body) => ({ path, body }) },
  numbers: /^(?:version|count)$/,
  name: 'alertname',
  // An empty list is the truth there; this is no list.
  emptyFirst: on(alerts, () => json(200, { alerts: [] })),
  circle: relisted((listed) => [...listed, ...listed]),
  flood,
  hasNoRuns: true,
};
