// What Alertmanager passes on, as monitors by the name of their alerts, joined to the Prometheus whose rules they are.
import type { Alert, Muted } from '../../../catalog/alert.ts';
import type { Catalog } from '../../../catalog/catalog.ts';
import type { SeenEntity } from '../../../catalog/change.ts';
import type { Edge } from '../../../catalog/edge.ts';
import { type EntityId, entityId, parseEntityId } from '../../../catalog/entity.ts';
import { oneLine, said } from '../../json.ts';
import { groupText, matchedBy } from '../../labels.ts';
import { mentionedIn } from '../../mentions.ts';
import { isWeb, linksIn } from '../links.ts';
import { ownerOf, wordsOf } from '../rules.ts';
import type { PassedAlert, Silence } from './shapes.ts';

export interface PassContext {
  readonly instance: string;
  /** Of Alertmanager's own page, without a slash at its end. */
  readonly url: string;
  readonly silences: ReadonlyMap<string, Silence>;
  readonly catalog?: Catalog;
}

const mostAlerts = 200;
const mostLabelled = 20;
const mostTwins = 5;

export function passedMonitors(
  alerts: readonly PassedAlert[],
  context: PassContext,
): { readonly entities: readonly SeenEntity[]; readonly edges: readonly Edge[] } {
  const byPrint = new Map(alerts.map((alert) => [alert.fingerprint, alert]));
  const entities: SeenEntity[] = [];
  const edges: Edge[] = [];
  for (const [name, all] of Map.groupBy(alerts, (alert) => alert.name)) {
    const id = entityId('monitor', 'alertmanager', context.instance, name);
    const told = all.slice(0, mostAlerts).map((alert) => alertOf(alert, byPrint, context));
    const left = all.length - told.length;
    entities.push({
      ...{ id, kind: 'monitor', name },
      facts: said({
        description: left > 0 ? `${left} more groups are not well than those that are listed.` : undefined,
        owner: ownerOf(all[0]?.labels ?? []),
        url: `${context.url}/#/alerts?filter=${encodeURIComponent(`{alertname=${JSON.stringify(name.toWellFormed())}}`)}`,
        state: 'firing' as const,
        alerts: told,
      }),
    });
    if (context.catalog) edges.push(...edgesOf(id, name, all, context.catalog));
  }
  return { entities, edges };
}

function alertOf(passed: PassedAlert, byPrint: ReadonlyMap<string, PassedAlert>, context: PassContext): Alert {
  const { labels, annotations, startsAt, generatorUrl } = passed;
  const summary = wordsOf(annotations);
  const description = oneLine(annotations.find(({ name }) => name === 'description')?.value, 1_000);
  const muted = mutedOf(passed, byPrint, context);
  const source = generatorUrl !== undefined && isWeb(generatorUrl) ? [{ title: 'Query', url: generatorUrl }] : [];
  return {
    ...{ group: groupText(labels), labels, state: 'firing', since: startsAt },
    ...(summary === undefined ? {} : { summary }),
    ...(description === undefined || description === summary ? {} : { description }),
    ...(muted && { muted }),
    links: [...linksIn(annotations), ...source],
  };
}

function mutedOf(
  { silencedBy, inhibitedBy, mutedBy }: PassedAlert,
  byPrint: ReadonlyMap<string, PassedAlert>,
  { silences }: PassContext,
): Muted | undefined {
  const [silenceId] = silencedBy;
  if (silenceId !== undefined) {
    const silence = silences.get(silenceId);
    const who = silence?.createdBy === undefined ? '' : `by ${silence.createdBy}`;
    const why = [silence?.comment, who].filter((part) => part).join(', ') || `by the silence ${silenceId}`;
    return { by: 'silence', why, ...(silence?.endsAt === undefined ? {} : { until: silence.endsAt }) };
  }
  const [print] = inhibitedBy;
  if (print !== undefined) {
    const other = byPrint.get(print);
    return {
      by: 'inhibition',
      why: other ? `${other.name} ${groupText(other.labels)} stands for it` : 'another alert stands for it',
    };
  }
  const [interval] = mutedBy;
  return interval === undefined ? undefined : { by: 'downtime', why: `the time interval ${interval}` };
}

/** Reported, where the alert's own link leads to that Prometheus; else joined by its name, which says so. */
function edgesOf(id: EntityId, name: string, alerts: readonly PassedAlert[], catalog: Catalog): readonly Edge[] {
  const twins = catalog
    .find('monitor', name, 'prometheus')
    .filter((one) => one.goneAt === undefined && one.name === name)
    .slice(0, mostTwins);
  const links = alerts.flatMap(({ generatorUrl }) =>
    generatorUrl && URL.canParse(generatorUrl) ? new URL(generatorUrl) : [],
  );
  const same = twins.map((twin): Edge => {
    const instance = parseEntityId(twin.id)?.instance ?? '';
    const queries = catalog.facts(twin.id).query?.split('\n') ?? [];
    const isOwn = links.some(({ host }) => host === instance.split('/')[0]);
    const asksTheSame = links.some(({ searchParams }) => queries.includes(searchParams.get('g0.expr') ?? ''));
    const evidence = isOwn
      ? `the alerts named ${name} link to the Prometheus at ${instance}`
      : asksTheSame
        ? `both are named ${name}, and the link of the alert asks the query of the rule at ${instance}`
        : `a guess: both are named ${name}`;
    return { from: id, to: twin.id, relation: 'same', origin: isOwn ? 'reported' : 'matched', evidence };
  });
  const labels = alerts.slice(0, mostLabelled).flatMap((alert) => matchedBy(alert.labels, id, 'its alert', catalog));
  const words = alerts.slice(0, mostLabelled).flatMap(({ annotations }) => annotations.map(({ value }) => value));
  const mentioned = mentionedIn(words, id, 'an annotation of its alert', catalog);
  return [...same, ...new Map([...labels, ...mentioned].map((edge) => [edge.from, edge])).values()];
}
