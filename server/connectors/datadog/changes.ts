// Changes: deployments and other events whose tags or words name what another tool knows, as the past of those things.
import type { PastChange } from '../../catalog/change.ts';
import type { EntityId } from '../../catalog/entity.ts';
import { list, number, oneLine, record, text, time } from '../json.ts';
import { mentionedIn } from '../mentions.ts';
import { idIn, type Live } from './ask/live.ts';
import { tagsOf } from './query.ts';
import { taggedBy } from './tags.ts';

const pageOf = 1000;
const mostPages = 2;
/** On a first look. */
const firstMs = 7 * 24 * 3_600_000;
/** Events are seen some seconds after they happened. */
const overlapMs = 60_000;
const mostOfOne = 5;

/** Tags that may name something, as `tags.ts` and `labels.ts` read them; alerts are the past of their monitors. */
const telling = [
  ...[
    'dag_id',
    'dag',
    'job_id',
    'databricks_job_id',
    'job_name',
    'pipeline',
    'model',
    'model_name',
    'registered_model',
  ],
  ...['table', 'table_name', 'dataset', 'experiment', 'endpoint_name', 'serving_endpoint', 'application', 'deployment'],
];
export const changesQuery = `-source:alert (${telling.map((tag) => `${tag}:*`).join(' OR ')})`;

export interface Changes {
  readonly events: readonly PastChange[];
  /** Epoch ms: where to go on. */
  readonly until: number;
}

/** `since`: where the last look ended. At most 2,000 events, the newest when there are more; nothing without a catalog. */
export async function changesOf(live: Live, since: number | undefined, signal: AbortSignal): Promise<Changes> {
  const { api, catalog } = live;
  const until = api.host.now() + api.host.skewMs;
  if (!catalog) return { events: [], until };
  const from = Math.max(until - firstMs, since === undefined ? 0 : since - overlapMs);
  const filter = { query: changesQuery, from: new Date(from).toISOString(), to: new Date(until).toISOString() };
  const events: PastChange[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const asked = { filter, sort: '-timestamp', page: { limit: pageOf, ...(cursor === undefined ? {} : { cursor }) } };
    const answer = record(await api.search('/api/v2/events/search', asked, signal));
    if (!Array.isArray(answer.data)) throw api.broken('it does not list events at /api/v2/events/search');
    events.push(...answer.data.flatMap((event: unknown) => pastOf(event, live)));
    const next = text(record(record(answer.meta).page).after);
    if (next === undefined || next === cursor || answer.data.length < pageOf) break;
    cursor = next;
  }
  return { events, until };
}

function pastOf(value: unknown, live: Live): readonly PastChange[] {
  const { catalog } = live;
  const { id, attributes } = record(value);
  const outer = record(attributes);
  const inner = record(outer.attributes);
  const at = number(inner.timestamp) ?? time(outer.timestamp);
  const title = oneLine(inner.title, 200) ?? oneLine(record(inner.evt).name, 200) ?? oneLine(outer.message, 200);
  if (!catalog || at === undefined || title === undefined) return [];
  const tags = list(outer.tags).flatMap((tag) => text(tag) ?? []);
  const evidence = `Datadog event ${oneLine(id, 60) ?? ''}: ${title}`.slice(0, 300);
  const none = idIn(live, 'monitor', '');
  const words = [title, text(outer.message) ?? ''];
  const named = [...taggedBy(tagsOf(tags), none, 'a tag of it', catalog), ...mentionedIn(words, none, 'it', catalog)];
  const entities = [...new Set(named.map(({ from }): EntityId => from))].slice(0, mostOfOne);
  return entities.map(
    (entity): PastChange => ({ entity, field: kindOf(inner, tags, title), value: title, at, evidence }),
  );
}

/** Change events say it in their category; older ones in their source or in words. */
function kindOf(inner: Readonly<Record<string, unknown>>, tags: readonly string[], title: string): string {
  const evt = record(inner.evt);
  const said = [inner.category, inner.source_type_name, evt.type, ...tags.filter((tag) => tag.startsWith('source:'))];
  const words = [...said, title].flatMap((one) => text(one) ?? []).join(' ');
  if (/\b(?:deploy|deploys|deployed|deployment|release|released|rollout|rolled out)\b/i.test(words))
    return 'deployment';
  return /\b(?:change|changed|config|configuration|feature_flag)\b/i.test(words) ? 'change' : 'event';
}
