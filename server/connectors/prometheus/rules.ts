// Rules: alerting rules as monitors with the alerts they have now, recording rules as metrics; and what their queries read.
import { type Alert, type AlertLabel, stateOfAlerts } from '../../catalog/alert.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { SeenEntity } from '../../catalog/change.ts';
import type { Edge } from '../../catalog/edge.ts';
import { type EntityId, entityId } from '../../catalog/entity.ts';
import { oneLine, said } from '../json.ts';
import { groupText, matchedBy } from '../labels.ts';
import { mentionedIn } from '../mentions.ts';
import { isWeb, type Links, linksIn } from './links.ts';
import { metricId } from './metrics.ts';
import type { ReadMetric } from './promql.ts';
import type { RestAlert, RestRule } from './rest/shapes.ts';

export interface RuleContext {
  readonly instance: string;
  readonly links: Links;
  /** The family of a series' name. */
  readonly familyOf: (series: string) => string;
  /** What a query reads. */
  readonly metricsOf: (query: string) => readonly ReadMetric[];
  /** For what labels may name. */
  readonly catalog?: Catalog;
}

/** Of one monitor. */
const mostAlerts = 200;
const mostLabelled = 20;

export function monitorId(instance: string, group: string, name: string): EntityId {
  return entityId('monitor', 'prometheus', instance, group, name);
}

interface RulePage {
  readonly entities: readonly SeenEntity[];
  readonly edges: readonly Edge[];
}

/** So that reading the queries of thousands of rules leaves room for others in between. */
const pageOf = 500;

/** Rules of one name in one group (one for each severity, say) are one monitor, as they are to whoever is paged. */
export function* monitorPages(rules: readonly RestRule[], context: RuleContext): Generator<RulePage, void, void> {
  const idOf = ({ group, name, alerts }: RestRule) =>
    alerts ? monitorId(context.instance, group, name) : metricId(context.instance, context.familyOf(name));
  const byId = [...Map.groupBy(rules, idOf)];
  for (let at = 0; at < byId.length; at += pageOf) {
    const told = byId.slice(at, at + pageOf).map(([id, of]) => toldOf(id, of, context));
    yield { entities: told.flatMap(({ entity }) => entity ?? []), edges: told.flatMap(({ edges }) => edges) };
  }
}

function toldOf(
  id: EntityId,
  rules: readonly RestRule[],
  context: RuleContext,
): { readonly entity?: SeenEntity; readonly edges: readonly Edge[] } {
  const reads = rules.flatMap((rule) => readEdges(rule, id, context));
  const [first] = rules;
  // What a recording rule makes is told with the other metrics.
  if (!first?.alerts) return { edges: once(reads) };
  const facts = factsOf(rules, context);
  const labels = context.catalog ? labelEdges(rules, facts.alerts ?? [], id, context, context.catalog) : [];
  return { entity: { id, kind: 'monitor', name: first.name, facts }, edges: once([...reads, ...labels]) };
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

function readEdges(rule: RestRule, to: EntityId, { instance, familyOf, metricsOf }: RuleContext): readonly Edge[] {
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
  { metricsOf }: RuleContext,
  catalog: Catalog,
): readonly Edge[] {
  const asked = rules.flatMap(({ query, labels }) => [
    ...metricsOf(query).flatMap((metric) => metric.labels),
    ...labels,
  ]);
  const written = rules.flatMap(({ annotations }) => annotations.map(({ value }) => value));
  return [
    // An address says more than a name.
    ...mentionedIn(written, id, 'an annotation of its rule', catalog),
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
