// Monitors as entities: how they stand, which of their groups are not well, what keeps them from paging, what they are about.
import { type Alert, type AlertState, alertStates, type MonitorState, type Muted } from '../../../catalog/alert.ts';
import type { Catalog } from '../../../catalog/catalog.ts';
import type { SeenEntity } from '../../../catalog/change.ts';
import type { Edge } from '../../../catalog/edge.ts';
import type { EntityId } from '../../../catalog/entity.ts';
import { sameQuery } from '../../../catalog/monitorQuery.ts';
import { type Run, remoteLog } from '../../../catalog/run.ts';
import { oneLine, said } from '../../json.ts';
import { groupText } from '../../labels.ts';
import { mentionedIn } from '../../mentions.ts';
import { idIn, type Live } from '../ask/live.ts';
import { linksIn } from '../links.ts';
import { logKey, quoted } from '../logs/key.ts';
import { groupTags, type ReadMetric, type ReadQuery, readQuery, tagsOf } from '../query.ts';
import { sloId } from '../slos/ids.ts';
import { taggedBy } from '../tags.ts';
import { messageFor } from './message.ts';
import type { RestDowntime, RestGroup, RestMonitor, RestScope } from './shapes.ts';

const mostAlerts = 200;
const mostLabelled = 20;
/** Before what Datadog says it was: a log monitor counts over minutes before it fires. */
const aroundMs = 15 * 60_000;

export interface MonitorContext {
  readonly live: Live;
  /** Epoch ms, by the server's clock. */
  readonly now: number;
  /** Those that are going on, where somebody asked for them. */
  readonly downtimes: readonly RestDowntime[];
}

export interface ToldMonitor {
  readonly entity: SeenEntity;
  readonly edges: readonly Edge[];
  /** Names of the metrics that it reads. */
  readonly metrics: readonly string[];
  /** Of a monitor that counts logs: what it counted around the beginning of each episode. */
  readonly runs: readonly Run[];
}

export function toldMonitor(monitor: RestMonitor, context: MonitorContext): ToldMonitor {
  const { live } = context;
  const id = idIn(live, 'monitor', monitor.id);
  const read = readQuery(monitor.query);
  const alerts = alertsOf(monitor, read, context);
  const aliases = sameQuery(monitor.query);
  const facts = factsOf(monitor, alerts, context);
  return {
    // Its query is a name of it: what stands in Terraform often has no other that is written out.
    entity: { id, kind: 'monitor', name: monitor.name, facts, ...(aliases ? { aliases: [aliases] } : {}) },
    edges: edgesOf(id, monitor, read, alerts, live),
    metrics: read.metrics.map(({ name }) => name),
    runs:
      isOfLogs(monitor) && read.searched
        ? alerts.slice(0, mostLabelled).map((alert) => countedLogs(id, monitor, alert, read.searched ?? '', live))
        : [],
  };
}

function factsOf(monitor: RestMonitor, all: readonly Alert[], context: MonitorContext) {
  const { message, tags, creator, createdAt, modifiedAt, query } = monitor;
  const left = all.length - mostAlerts;
  const more = left > 0 ? `${left} more groups are not well than the ${mostAlerts} that are listed.` : undefined;
  const words = [oneLine(message, 1_000), more].filter((part) => part !== undefined).join(' ');
  const links = linksIn(message ?? '');
  return said({
    description: words === '' ? undefined : words,
    owner: ownerOf(tags, context.live) ?? creator,
    url: context.live.links.monitor(monitor.id),
    tags,
    createdAt,
    updatedAt: modifiedAt,
    query,
    state: worst(monitor.state, all),
    ...(all.length > 0 ? { alerts: all.slice(0, mostAlerts) } : {}),
    ...(links.length > 0 ? { links } : {}),
  });
}

/** The group that is worst; what the monitor says of itself where no group does. */
function worst(own: MonitorState, alerts: readonly Alert[]): MonitorState {
  return alertStates.find((state) => alerts.some((alert) => alert.state === state)) ?? own;
}

/** Whom its own tags name; else who owns the service that they name. */
export function ownerOf(tags: readonly string[], { memory }: Live): string | undefined {
  const labels = tagsOf(tags);
  const of = (name: string) => labels.find((label) => label.name === name)?.value;
  const service = of('service');
  return of('owner') ?? of('team') ?? (service === undefined ? undefined : memory.owners?.of.get(service));
}

function isAlert(state: MonitorState): state is AlertState {
  return alertStates.some((one) => one === state);
}

export function alertsOf(monitor: RestMonitor, read: ReadQuery, context: MonitorContext): readonly Alert[] {
  // A monitor without groups has one that is called `*`, or none at all in some answers.
  const own: RestGroup = { name: '*', state: monitor.state };
  const groups = monitor.groups && monitor.groups.length > 0 ? monitor.groups : [own];
  const order: readonly MonitorState[] = alertStates;
  const rank = (state: MonitorState) => order.indexOf(state);
  return groups
    .flatMap((group) => (isAlert(group.state) ? [alertOf(group, group.state, monitor, read, context)] : []))
    .sort((a, b) => rank(a.state) - rank(b.state) || b.since - a.since);
}

function alertOf(
  group: RestGroup,
  state: AlertState,
  monitor: RestMonitor,
  { searched }: ReadQuery,
  context: MonitorContext,
): Alert {
  const labels = groupTags(group.name);
  // Never the time of asking: an episode is called by its beginning.
  const since = group.since ?? monitor.stateSince ?? monitor.modifiedAt ?? monitor.createdAt ?? 0;
  const muted = mutedBy(group.name, monitor, context);
  const summary = messageFor(monitor.message ?? '', state);
  const { links } = context.live;
  const logs =
    isOfLogs(monitor) && searched !== undefined
      ? [{ title: 'Logs', url: links.logs(searched, since - aroundMs, since + aroundMs) }]
      : [];
  return {
    ...{ group: groupText(labels), labels, state, since },
    ...(summary === undefined ? {} : { summary }),
    ...(muted && { muted }),
    links: [
      { title: 'Monitor in Datadog', url: links.monitor(monitor.id) },
      ...logs,
      ...linksIn(monitor.message ?? ''),
    ],
  };
}

function isOfLogs({ type }: RestMonitor): boolean {
  return type === 'log alert';
}

/** No execution, but a time whose log can be opened; whether something failed in it is what the monitor says. */
function countedLogs(id: EntityId, monitor: RestMonitor, alert: Alert, searched: string, live: Live): Run {
  const [from, to] = [alert.since - aroundMs, alert.since + aroundMs];
  const tags = alert.labels.map(({ name, value }) => `${name}:${quoted(value)}`);
  const query = [searched, ...tags].join(' ');
  return {
    id: idIn(live, 'run', monitor.id, alert.group, String(alert.since)),
    ...{ of: [id], name: `logs that ${monitor.name} counts`, status: 'unknown', startedAt: from, endedAt: to },
    url: live.links.logs(query, from, to),
    logs: [
      {
        file: remoteLog(live.api.name, logKey({ query, from, to })),
        title: `${live.api.name}: ${query}`.slice(0, 200),
      },
    ],
    ...{ metrics: [], params: [], inputs: [], outputs: [], linked: [] },
  };
}

function mutedBy(group: string, monitor: RestMonitor, { now, downtimes }: MonitorContext): Muted | undefined {
  const tags = new Set(groupTags(group).map(({ name, value }) => `${name}:${value}`));
  // Scopes are about the tags of what is measured; those of the monitor itself are all that a monitor without groups has.
  const all = new Set([...tags, ...monitor.tags]);
  const goesOn = ({ from, until }: RestScope) => (from ?? 0) <= now && (until ?? Infinity) > now;
  const isMeant = ({ scope }: RestScope) => scope.every((tag) => tag === '*' || tag === '' || all.has(tag));
  const found = monitor.downtimes.find((one) => goesOn(one) && isMeant(one));
  if (!found) return undefined;
  const told = downtimes.find(
    (one) =>
      one.monitor === monitor.id ||
      (one.monitor === undefined && one.monitorTags.every((tag) => tag === '*' || monitor.tags.includes(tag))),
  );
  const who = told?.creator === undefined ? undefined : `by ${told.creator}`;
  const why = [told?.message, who].filter((part) => part !== undefined).join(', ');
  const until = found.until ?? told?.until;
  return {
    by: 'downtime',
    why: why || `scope ${found.scope.join(',') || '*'}`,
    ...(until === undefined ? {} : { until }),
  };
}

function edgesOf(
  id: EntityId,
  monitor: RestMonitor,
  { metrics }: ReadQuery,
  alerts: readonly Alert[],
  live: Live,
): readonly Edge[] {
  const { catalog } = live;
  const evidence = `the query of the Datadog monitor ${monitor.name} reads it`.slice(0, 300);
  const reads = metrics.map(({ name }): Edge => {
    return { from: idIn(live, 'metric', name), to: id, relation: 'measures', origin: 'reported', evidence };
  });
  const slo = monitor.type === 'slo alert' ? /"([0-9a-f]{32})"/.exec(monitor.query)?.[1] : undefined;
  if (slo !== undefined)
    reads.push({ from: sloId(live, slo), to: id, relation: 'measures', origin: 'reported', evidence });
  if (!catalog) return reads;
  const asked = [...metrics.flatMap(({ tags }) => tags), ...tagsOf(monitor.tags)];
  const matched = [
    ...alerts.slice(0, mostLabelled).flatMap(({ labels }) => taggedBy(labels, id, 'a group of it', catalog)),
    ...taggedBy(asked, id, 'its query or its tags', catalog),
    ...(monitor.message === undefined
      ? []
      : mentionedIn([monitor.message], id, 'the message of the Datadog monitor', catalog)),
  ];
  const ofMetrics = metrics.flatMap((metric) => taggedMetric(metric, monitor.name, alerts, live, catalog));
  return [...reads, ...new Map(matched.toReversed().map((edge) => [edge.from, edge])).values(), ...ofMetrics];
}

/** What a query asks of a metric, and the groups it makes of it, are tags that the metric has: known at no request. */
function taggedMetric(
  { name, tags }: ReadMetric,
  monitor: string,
  alerts: readonly Alert[],
  live: Live,
  catalog: Catalog,
): readonly Edge[] {
  const to = idIn(live, 'metric', name);
  const where = `the query of the Datadog monitor ${monitor}`.slice(0, 150);
  const groups = alerts
    .slice(0, mostLabelled)
    .flatMap(({ labels }) => taggedBy(labels, to, `a group of ${where}`, catalog));
  return [...new Map([...taggedBy(tags, to, where, catalog), ...groups].map((edge) => [edge.from, edge])).values()];
}
