// What is on screen, as of now: the alerts of a monitor and the targets they come from, the last day of a metric.
import { type Alert, stateOfAlerts } from '../../../catalog/alert.ts';
import type { CatalogChange, SeenEntity } from '../../../catalog/change.ts';
import { type EntityId, parseEntityId } from '../../../catalog/entity.ts';
import { matchedBy } from '../../labels.ts';
import { Surprises } from '../../problems.ts';
import { unlessRefused } from '../../unlessRefused.ts';
import { monitorId, monitorPages } from '../rules.ts';
import { type Live, ruleContext } from './live.ts';
import { rulesOf } from './scan.ts';
import { seriesOf } from './series.ts';
import { type RestTarget, readTargets } from './shapes.ts';

const most = { metrics: 10, jobs: 5 };
const day = 24 * 60 * 60_000;

/** Ids of other instances and kinds are passed over; what may not be asked is left out. */
export async function* describe(
  ids: readonly EntityId[],
  live: Live,
  signal: AbortSignal,
): AsyncGenerator<CatalogChange, void, void> {
  const mine = ids.filter((id) => {
    const parts = parseEntityId(id);
    return parts?.tool === 'prometheus' && parts.instance === live.instance;
  });
  const monitors = new Set(mine.filter((id) => id.startsWith('monitor:')));
  if (monitors.size > 0)
    yield await unlessRefused('Prometheus', live.api.host, signal, () => describeMonitors(monitors, live, signal));
  for (const id of mine.filter((one) => one.startsWith('metric:')).slice(0, most.metrics)) {
    yield await unlessRefused('Prometheus', live.api.host, signal, () => describeMetric(id, live, signal));
  }
}

/** Rules are told together anyway; targets are asked for only where an alert names one. */
async function describeMonitors(ids: ReadonlySet<EntityId>, live: Live, signal: AbortSignal): Promise<CatalogChange> {
  const rules = await rulesOf(live, new Surprises(), signal);
  const wantedRules = rules.filter(({ group, name }) => ids.has(monitorId(live.instance, group, name)));
  const pages = [...monitorPages(wantedRules, ruleContext(live))];
  const wanted = pages.flatMap(({ entities }) => entities);
  const targets = await targetsOf(wanted, live, signal);
  return {
    entities: wanted.map((monitor) => withTargets(monitor, targets)),
    edges: pages.flatMap(({ edges }) => edges),
  };
}

async function targetsOf(
  monitors: readonly SeenEntity[],
  { api }: Live,
  signal: AbortSignal,
): Promise<readonly RestTarget[]> {
  const alerts = monitors.flatMap(({ facts }) => facts?.alerts ?? []);
  const jobs = new Set(alerts.flatMap((alert) => (labelOf(alert, 'instance') ? (labelOf(alert, 'job') ?? []) : [])));
  const found: RestTarget[] = [];
  for (const job of [...jobs].slice(0, most.jobs)) {
    // The pool mostly has the name of its job; a version that does not know the parameter (before 2.42) gives all.
    const query = [['state', 'active'] as const, ['scrapePool', job] as const];
    found.push(...readTargets(await api.data('/api/v1/targets', query, signal)));
  }
  return found;
}

function labelOf({ labels }: Pick<Alert, 'labels'>, wanted: string): string | undefined {
  return labels.find(({ name }) => name === wanted)?.value;
}

function withTargets(monitor: SeenEntity, targets: readonly RestTarget[]): SeenEntity {
  const { facts } = monitor;
  if (!facts?.alerts || targets.length === 0) return monitor;
  const alerts = facts.alerts.map((alert): Alert => {
    const target = targets.find(
      (one) => labelOf(one, 'instance') === labelOf(alert, 'instance') && labelOf(one, 'job') === labelOf(alert, 'job'),
    );
    if (!target) return alert;
    const error = target.error === undefined ? '' : `: ${target.error}`;
    return { ...alert, origin: `target ${target.url ?? labelOf(alert, 'instance')} is ${target.health}${error}` };
  });
  return { ...monitor, facts: { ...facts, alerts, state: stateOfAlerts(alerts) } };
}

async function describeMetric(id: EntityId, live: Live, signal: AbortSignal): Promise<CatalogChange> {
  const to = live.api.host.now() + live.api.host.skewMs;
  const series = await seriesOf(id, { from: to - day, to }, live, signal);
  const { catalog } = live;
  const edges = catalog ? series.flatMap(({ labels }) => matchedBy(labels, id, 'a series of it', catalog)) : [];
  return { series: series.map(({ labels: _, ...one }) => one), edges };
}
