// SLOs: what is promised of a service or model, as metrics that say how it stands and what of the error budget is left.
import type { CatalogChange, SeenEntity } from '../../../catalog/change.ts';
import type { Edge } from '../../../catalog/edge.ts';
import { HttpError } from '../../httpError.ts';
import { said } from '../../json.ts';
import { mentionedIn } from '../../mentions.ts';
import type { Surprises } from '../../problems.ts';
import { idIn, type Live } from '../ask/live.ts';
import { ownerOf } from '../monitors/entities.ts';
import { readQuery, tagsOf } from '../query.ts';
import { taggedBy } from '../tags.ts';
import { sloId } from './ids.ts';
import { type RestSlo, readSlos, type SloStatus } from './shapes.ts';

const pageOf = 100;
const mostPages = 50;

/** `GET /api/v1/slo/search`: all with their status, nothing for each. Rejects when the list does not end as it should. */
export async function* listSlos(
  live: Live,
  surprises: Surprises,
  signal: AbortSignal,
): AsyncGenerator<CatalogChange, void, void> {
  const { api } = live;
  const seen = new Set<string>();
  for (let page = 0; page < mostPages; page += 1) {
    const query = [
      ['page[size]', String(pageOf)],
      ['page[number]', String(page)],
    ] as const;
    const read = readSlos(await api.get('/api/v1/slo/search', query, signal), surprises);
    if (!read) throw api.broken('it does not list SLOs at /api/v1/slo/search');
    const fresh = read.slos.filter(({ id }) => !seen.has(id));
    for (const { id } of fresh) seen.add(id);
    yield { entities: fresh.map((slo) => entityOf(slo, live)), edges: fresh.flatMap((slo) => edgesOf(slo, live)) };
    if (read.count === 0 || seen.size >= (read.total ?? Infinity) || (read.total === undefined && read.count < pageOf))
      return;
    if (fresh.length === 0)
      throw new HttpError('broken', `${api.name}: ${api.address} gives the same page of SLOs again.`);
  }
  throw new HttpError(
    'tooBig',
    `${api.name}: ${api.address} has more than the ${mostPages * pageOf} SLOs that are listed.`,
  );
}

function entityOf(slo: RestSlo, live: Live): SeenEntity {
  const words = [...slo.statuses.map(statusWords), slo.description].filter((part) => part !== undefined);
  return {
    ...{ id: sloId(live, slo.id), kind: 'metric', name: slo.name },
    facts: said({
      description: words.length > 0 ? words.join(' ').slice(0, 1_000) : undefined,
      owner: ownerOf(slo.tags, live) ?? slo.creator,
      url: live.links.slo(slo.id),
      tags: slo.tags.length > 0 ? slo.tags : undefined,
      metricType: 'SLO',
      unit: 'percent',
      createdAt: slo.createdAt,
      updatedAt: slo.modifiedAt,
    }),
  };
}

/** `99.2 % of 99.9 % over 7d: breached, -40 % of the error budget is left.` */
function statusWords({ value, target, over, state, budget }: SloStatus): string | undefined {
  if (value === undefined && state === undefined) return undefined;
  const promised = target === undefined ? '' : ` of ${short(target)} %`;
  const now = value === undefined ? 'No value' : `${short(value)} %`;
  const stands = state === undefined ? '' : `: ${state.replace('_', ' ')}`;
  const left = budget === undefined ? '' : `, ${short(budget)} % of the error budget is left`;
  return `${now}${promised}${over === undefined ? '' : ` over ${over}`}${stands}${left}.`;
}

function short(value: number): string {
  return String(Number(value.toFixed(3)));
}

function edgesOf(slo: RestSlo, live: Live): readonly Edge[] {
  const to = sloId(live, slo.id);
  const { catalog } = live;
  const evidence = `the Datadog SLO ${slo.name} is counted by it`.slice(0, 300);
  const measures = { relation: 'measures', origin: 'reported', evidence } as const;
  const reads = slo.queries.flatMap((query) => readQuery(query).metrics);
  const reported = [
    ...reads.map(({ name }): Edge => ({ from: idIn(live, 'metric', name), to, ...measures })),
    ...slo.monitors.map((monitor): Edge => ({ from: idIn(live, 'monitor', monitor), to, ...measures })),
  ];
  if (!catalog) return reported;
  const tags = [...reads.flatMap((metric) => metric.tags), ...tagsOf(slo.tags)];
  const matched = [
    ...mentionedIn([slo.description ?? ''], to, 'the description of the SLO', catalog),
    ...taggedBy(tags, to, 'its query or its tags', catalog),
  ];
  const all = [...reported, ...matched];
  return [...new Map(all.toReversed().map((edge) => [edge.from, edge])).values()];
}
