// Alerts: monitors that say something is wrong, one incident for each group and episode, told once whoever passes it on.
import { type Alert, stateOfAlerts } from '../../catalog/alert.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Entity, EntityId } from '../../catalog/entity.ts';
import type { Incident } from '../../protocol/incident.ts';
import { utc } from './missedRuns.ts';
import { toolOf } from './runs.ts';

const mostMonitors = 1000;
/** The states of thousands of groups say no more than those of a hundred. */
const mostOfOne = 100;

/** An alert with who watches; of several tools that tell of it the one that evaluates it, with what the others know. */
export interface ToldAlert {
  readonly monitor: Entity;
  readonly alert: Alert;
  /** Epoch ms: when it was told. */
  readonly asOf: number;
}

/** Those of a monitor that is joined to another one (`same`) are told with that one. */
export function toldAlerts(catalog: Catalog): readonly ToldAlert[] {
  const byMonitor = new Map(catalog.alertingMonitors(mostMonitors).map((id) => [id, new Set(alertsOf(catalog, id))]));
  const merged: ToldAlert[] = [];
  for (const [id, told] of byMonitor) {
    const joinedTo = twins(catalog, id).flatMap((twin) => byMonitor.get(twin) ?? []);
    for (const one of told) {
      const same = [one];
      for (const others of joinedTo) {
        const other = [...others].find((each) => isSame(one.alert, each.alert));
        if (other && others.delete(other)) same.push(other);
      }
      const [first = one, ...more] = same.sort((a, b) => a.alert.labels.length - b.alert.labels.length);
      merged.push({ ...first, alert: more.reduce((alert, other) => joined(alert, other.alert), first.alert) });
    }
    told.clear();
  }
  return merged;
}

/** Other tools' names of the same monitor: those joined to it, and those with its name; their labels must agree as well. */
function twins(catalog: Catalog, id: EntityId): readonly EntityId[] {
  const { upstream, downstream } = catalog.neighbours(id);
  const found = [...upstream, ...downstream].filter(({ relation }) => relation === 'same');
  const joins = found.map(({ from, to }) => (from === id ? to : from));
  const named = catalog.get(id)?.name;
  const alike = named === undefined ? [] : catalog.find('monitor', named).map((other) => other.id);
  const isOfAnotherTool = (other: EntityId) => toolOf(other) !== toolOf(id) && !areApart(catalog, id, other);
  return [...new Set([...joins, ...alike.filter(isOfAnotherTool)])].filter((other) => other !== id);
}

/** Of two environments that are known and differ. */
function areApart(catalog: Catalog, one: EntityId, other: EntityId): boolean {
  const [a, b] = [one, other].map((id) => {
    const told = new Set(catalog.factsBySource(id).map(({ source }) => source));
    return catalog.sources().find(({ name, environment }) => environment !== undefined && told.has(name))?.environment;
  });
  return a !== undefined && b !== undefined && a !== b;
}

function alertsOf(catalog: Catalog, id: EntityId): readonly ToldAlert[] {
  const monitor = catalog.get(id);
  if (!monitor || monitor.goneAt !== undefined) return [];
  const told = catalog.factsBySource(id).findLast(({ facts }) => facts.alerts !== undefined);
  return (told?.facts.alerts ?? []).slice(0, mostOfOne).map((alert) => ({ monitor, alert, asOf: told?.asOf ?? 0 }));
}

/** Whoever passes alerts on adds labels (its cluster, its replica), and takes none away. */
function isSame(one: Alert, other: Alert): boolean {
  const [few, many] = [one.labels, other.labels].sort((a, b) => a.length - b.length);
  const more = new Map(many?.map(({ name, value }) => [name, value]));
  return few?.every(({ name, value }) => more.get(name) === value) ?? false;
}

function joined(alert: Alert, other: Alert): Alert {
  const links = [...(alert.links ?? []), ...(other.links ?? [])];
  const muted = alert.muted ?? other.muted;
  return {
    ...other,
    ...alert,
    ...(muted && { muted }),
    links: [...new Map(links.map((link) => [link.url, link])).values()],
  };
}

export function firingAlerts(catalog: Catalog): readonly Incident[] {
  return toldAlerts(catalog).map(({ monitor, alert, asOf }): Incident => {
    const owner = ownerOf(alert);
    const group = alert.group === '' ? '' : ` ${alert.group}`;
    return {
      id: alertIncidentId(monitor.id, alert),
      kind: 'alert',
      title: `${monitor.name}${group}`,
      entity: monitor.id,
      since: alert.since,
      lastSeen: asOf,
      ...(owner === undefined ? {} : { owner }),
      summary: summaryOf(alert),
      ...(alert.muted && { muted: mutedWords(alert.muted) }),
    };
  });
}

/** The same for the whole of an episode. */
export function alertIncidentId(monitor: EntityId, { group, since }: Alert): string {
  return `incident:alert:${monitor}:${encodeURIComponent(group.toWellFormed())}:${since}`;
}

/** Who is named by the alert itself goes before who owns the monitor. */
function ownerOf({ labels }: Alert): string | undefined {
  return ['owner', 'team'].flatMap((wanted) => labels.find(({ name }) => name === wanted)?.value ?? [])[0];
}

const stateWords: Readonly<Record<Alert['state'], string>> = {
  firing: '',
  warning: 'Warning: ',
  noData: 'No data: ',
  pending: 'Pending, nobody is paged yet: ',
};

function summaryOf(alert: Alert): string {
  const value = alert.value === undefined ? '' : ` (value ${Number(alert.value.toPrecision(4))})`;
  const said = alert.summary ?? alert.description ?? `${stateOfAlerts([alert])} since ${utc(alert.since)}`;
  return `${stateWords[alert.state]}${said}${value}`;
}

export function mutedWords({ by, why, until }: NonNullable<Alert['muted']>): string {
  const how = { silence: 'Silenced', inhibition: 'Inhibited', downtime: 'In downtime' }[by];
  return `${how}${until === undefined ? '' : ` until ${utc(until)}`}: ${why}`;
}
