// A metric on screen: its type and unit, the tags that it has, its last day, and what its tags may name.
import type { CatalogChange } from '../../../catalog/change.ts';
import type { EntityId } from '../../../catalog/entity.ts';
import { oneLine, record, said, text } from '../../json.ts';
import { type Live, segmentsIn } from '../ask/live.ts';
import { ownerOf } from '../monitors/entities.ts';
import { tagOf, tagsOf } from '../query.ts';
import { taggedBy } from '../tags.ts';
import { seriesOf } from './series.ts';
import { tagsOfMetric } from './tags.ts';

const day = 24 * 60 * 60_000;
const mostShown = 2;
const mostRemembered = 5_000;

/** Of what a metric is, in this order: its values are shown by at most two of these. */
const telling = [
  ...['model', 'model_name', 'dag_id', 'task_id', 'job_name', 'job_id', 'table', 'endpoint_name', 'deployment'],
  ...['experiment', 'pipeline', 'env', 'environment'],
];

export async function describeMetric(id: EntityId, live: Live, signal: AbortSignal): Promise<CatalogChange> {
  const { api, catalog } = live;
  const [name, ...rest] = segmentsIn(live, id) ?? [];
  // How an SLO stands is told by the next scan.
  if (name === undefined || rest.length > 0) return {};
  const path = encodeURIComponent(name);
  const meta = record(await api.get(`/api/v1/metrics/${path}`, [], signal));
  const written = await tagsOfMetric(name, live, signal);
  const tags = tagsOf(written);
  const type = text(meta.type);
  remember(name, type, written, live);
  const to = api.host.now() + api.host.skewMs;
  const series = await seriesOf(id, { from: to - day, to }, live, signal);
  const unit = [oneLine(meta.unit, 60), oneLine(meta.per_unit, 60)].filter((part) => part !== undefined).join(' per ');
  const facts = said({
    description: oneLine(meta.description, 1_000) ?? oneLine(meta.short_name),
    owner: ownerOf(written, live),
    url: live.links.metric(name),
    tags: written,
    metricType: type,
    unit: unit === '' ? undefined : unit,
  });
  return {
    entities: [{ id, kind: 'metric', name, facts }],
    series: series.map(({ labels: _, ...one }) => one),
    edges: catalog ? taggedBy(tags, id, 'a tag of it', catalog) : [],
  };
}

function remember(name: string, type: string | undefined, tags: readonly string[], { memory }: Live): void {
  for (const map of [memory.types, memory.shownBy]) if (map.size >= mostRemembered) map.clear();
  if (type !== undefined) memory.types.set(name, type);
  const keys = new Set(tags.flatMap((tag) => tagOf(tag)?.name ?? []));
  memory.shownBy.set(name, telling.filter((key) => keys.has(key)).slice(0, mostShown));
}
