// Rules: alerting rules as monitors with the alerts they have now, recording rules as metrics; and what their queries read.
import { type Alert, type AlertLabel, stateOfAlerts } from '../../catalog/alert.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { SeenEntity } from '../../catalog/change.ts';
import type { Edge } from '../../catalog/edge.ts';
import { type EntityId, entityId } from '../../catalog/entity.ts';
import { oneLine, said } from '../json.ts';
import { groupText, matchedBy } from './labels.ts';
import { isWeb, type Links, linksIn } from './links.ts';
import { metricId } from './metrics.ts';
import { metricsOf } from './promql.ts';
import type { RestAlert, RestRule } from './rest/shapes.ts';

export interface RuleContext {
  readonly instance: string;
  readonly links: Links;
  /** The family of a series' name. */
  readonly familyOf: (series: string) => string;
  /** For what labels may name. */
  readonly catalog?: Catalog;
}

/** Of one monitor. */
const mostAlerts = 200;
const mostLabelled = 20;

export function monitorId(instance: string, group: string, name: string): EntityId {
  return entityId('monitor', 'prometheus', instance, group, name);
}

/** Rules of one name in one group (one for each severity, say) are one monitor, as they are to whoever is paged. */
export function monitorsOf(
  rules: readonly RestRule[],
  context: RuleContext,
): { readonly entities: readonly SeenEntity[]; readonly edges: readonly Edge[] } {
  const alerting = rules.filter(({ alerts }) => alerts !== undefined);
  const byId = Map.groupBy(alerting, ({ group, name }) => monitorId(context.instance, group, name));
  const entities: SeenEntity[] = [];
  const edges: Edge[] = [];
  for (const [id, of] of byId) {
    const [first] = of;
    if (!first) continue;
    const facts = factsOf(of, context);
    entities.push({ id, kind: 'monitor', name: first.name, facts });
    for (const rule of of) edges.push(...readEdges(rule, id, context));
    if (context.catalog) edges.push(...labelEdges(of, facts.alerts ?? [], id, context.catalog));
  }
  for (const rule of rules) {
    if (rule.alerts === undefined)
      edges.push(...readEdges(rule, metricId(context.instance, context.familyOf(rule.name)), context));
  }
  return { entities, edges: once(edges) };
}

function factsOf(rules: readonly RestRule[], { links }: RuleContext) {
  const all = rules.flatMap((rule) => (rule.alerts ?? []).map((alert) => alertOf(alert, rule, links)));
  // What fires goes before what may fire soon, where there are too many.
  const alerts = all.sort((a, b) => Number(b.state === 'firing') - Number(a.state === 'firing') || b.since - a.since);
  const annotations = rules.flatMap((rule) => rule.annotations);
  const error = rules.map((rule) => rule.error).find((each) => each !== undefined);
  const left = alerts.length - mostAlerts;
  const more = left > 0 ? `${left} more groups are not well than the ${mostAlerts} that are listed.` : undefined;
  const words = [wordsOf(annotations), more].filter((part) => part !== undefined).join(' ');
  const state = alerts.length === 0 && error !== undefined ? ('unknown' as const) : stateOfAlerts(alerts);
  const labels = rules.flatMap((rule) => rule.labels);
  const written = linksIn(annotations);
  return said({
    description: words === '' ? undefined : words,
    owner: ownerOf(labels),
    url: links.alerts(rules[0]?.name ?? ''),
    tags: [...new Set(labels.map(({ name, value }) => `${name}=${value}`))],
    broken: error,
    query: [...new Set(rules.map(({ query }) => query))].join('\n'),
    state,
    ...(alerts.length > 0 ? { alerts: alerts.slice(0, mostAlerts) } : {}),
    ...(written.length > 0 ? { links: written } : {}),
  });
}

function alertOf({ labels, annotations, state, activeAt, value }: RestAlert, rule: RestRule, links: Links): Alert {
  const own = labels.filter(({ name }) => name !== 'alertname');
  const summary = wordsOf(annotations);
  const description = oneLine(annotations.find(({ name }) => name === 'description')?.value, 1_000);
  const query = { title: 'Query in Prometheus', url: links.graph(rule.query) };
  return {
    ...{ group: groupText(own), labels: own, state, since: activeAt },
    ...(value === undefined ? {} : { value }),
    ...(summary === undefined ? {} : { summary }),
    ...(description === undefined || description === summary ? {} : { description }),
    links: [...linksIn(annotations), ...(isWeb(query.url) ? [query] : [])],
  };
}

/** In one line; of what authors may write, what they mostly mean to be read first. */
export function wordsOf(annotations: readonly AlertLabel[]): string | undefined {
  const of = (wanted: string) => oneLine(annotations.find(({ name }) => name === wanted)?.value);
  return of('summary') ?? of('title') ?? of('message') ?? of('description');
}

export function ownerOf(labels: readonly AlertLabel[]): string | undefined {
  const names = ['owner', 'team'];
  return names.flatMap((wanted) => oneLine(labels.find(({ name }) => name === wanted)?.value) ?? [])[0];
}

function readEdges(rule: RestRule, to: EntityId, { instance, familyOf }: RuleContext): readonly Edge[] {
  const what = rule.alerts ? 'rule' : 'recording rule';
  const place = rule.file === '' ? '' : ` (${rule.file.split('/').at(-1)})`;
  const evidence = `${what} ${rule.name} of the group ${rule.group}${place} queries it`;
  return metricsOf(rule.query)
    .map(({ name }): Edge => {
      const from = metricId(instance, familyOf(name));
      return { from, to, relation: 'measures', origin: 'reported', evidence };
    })
    .filter(({ from }) => from !== to);
}

function labelEdges(
  rules: readonly RestRule[],
  alerts: readonly Alert[],
  id: EntityId,
  catalog: Catalog,
): readonly Edge[] {
  const asked = rules.flatMap(({ query, labels }) => [
    ...metricsOf(query).flatMap((metric) => metric.labels),
    ...labels,
  ]);
  return [
    ...alerts.slice(0, mostLabelled).flatMap(({ labels }) => matchedBy(labels, id, 'its alert', catalog)),
    ...matchedBy(asked, id, 'its rule', catalog),
  ];
}

/** Of several that say the same the first one. */
function once(edges: readonly Edge[]): readonly Edge[] {
  const seen = new Map<string, Edge>();
  for (const edge of edges) {
    const key = `${edge.from} ${edge.to} ${edge.relation} ${edge.origin}`;
    if (!seen.has(key)) seen.set(key, edge);
  }
  return [...seen.values()];
}
