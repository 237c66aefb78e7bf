// Tags of the metrics that monitors watch: known after a sync alone, so that what they are of is, too.
import type { CatalogChange, SeenEntity } from '../../../catalog/change.ts';
import type { Edge } from '../../../catalog/edge.ts';
import { list, record, text } from '../../json.ts';
import { unlessRefused } from '../../unlessRefused.ts';
import { idIn, type Live } from '../ask/live.ts';
import { ownerOf } from '../monitors/entities.ts';
import { tagsOf } from '../query.ts';
import { taggedBy } from '../tags.ts';
import { metricEntity } from './scan.ts';

/** Asked for in one full scan; later ones go on. What was told once is never asked for again, but when it is on screen. */
const mostAsked = 20;
const mostTold = 500;
export const mostTags = 200;

/**
 * `GET /api/v2/metrics/{name}/all-tags` of at most 20 metrics that some monitor reads and whose tags nobody has asked for
 * yet, and what the tags of all of those may name. In a scan of changes it asks nothing.
 */
export async function watchedTags(live: Live, isFull: boolean, signal: AbortSignal): Promise<CatalogChange> {
  const { catalog, memory } = live;
  if (!catalog) return {};
  const watched = [...memory.watched].filter((name) => memory.metrics?.names.has(name)).slice(0, mostTold);
  const entities: SeenEntity[] = [];
  const edges: Edge[] = [];
  let asked = 0;
  for (const name of watched) {
    const id = idIn(live, 'metric', name);
    let tags = catalog.facts(id).tags;
    if (tags === undefined && isFull && asked < mostAsked) {
      asked += 1;
      const told = await unlessRefused('Datadog', live.api.host, signal, () => oneMetric(name, live, signal));
      entities.push(...(told.entities ?? []));
      tags = told.entities?.[0]?.facts?.tags;
    }
    edges.push(...taggedBy(tagsOf(tags ?? []), id, 'a tag of it', catalog));
  }
  return { entities, edges };
}

async function oneMetric(name: string, live: Live, signal: AbortSignal): Promise<CatalogChange> {
  const tags = await tagsOfMetric(name, live, signal);
  const { facts, ...entity } = metricEntity(name, live);
  const owner = ownerOf(tags, live) ?? facts?.owner;
  return { entities: [{ ...entity, facts: { ...facts, tags, ...(owner === undefined ? {} : { owner }) } }] };
}

/** At most 200, as they are written; rejects like asking. */
export async function tagsOfMetric(name: string, live: Live, signal: AbortSignal): Promise<readonly string[]> {
  const answer = await live.api.get(`/api/v2/metrics/${encodeURIComponent(name)}/all-tags`, [], signal);
  const { attributes } = record(record(answer).data);
  return list(record(attributes).tags)
    .flatMap((tag) => text(tag) ?? [])
    .slice(0, mostTags);
}
