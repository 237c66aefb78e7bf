// Metrics: the names that there are, in pages of ten thousand.
import type { SeenEntity } from '../../../catalog/change.ts';
import { HttpError } from '../../httpError.ts';
import { record, said, text } from '../../json.ts';
import type { Surprises } from '../../problems.ts';
import { idIn, type Live } from '../ask/live.ts';

const pageOf = 10_000;
const mostMetrics = 200_000;
/** A metric is there while it had a value in so many seconds; a month is the most that may be asked (client 1.64.0). */
const windowSeconds = 30 * 24 * 3_600;

/** Names in pages, each once. Rejects when the list does not end as it should; then nothing is covered. */
export async function* metricNames(
  live: Live,
  surprises: Surprises,
  signal: AbortSignal,
): AsyncGenerator<readonly string[], void, void> {
  const { api, memory } = live;
  const at = api.host.now();
  const names = new Set<string>();
  const cursors = new Set<string>();
  let cursor: string | undefined;
  while (names.size < mostMetrics && cursors.size < mostMetrics) {
    const query = [
      ['window[seconds]', String(windowSeconds)],
      ['page[size]', String(pageOf)],
      ...(cursor === undefined ? [] : [['page[cursor]', cursor] as const]),
    ] as const;
    const answer = record(await api.get('/api/v2/metrics', query, signal));
    if (!Array.isArray(answer.data)) throw api.broken('it does not list metrics at /api/v2/metrics');
    const fresh = answer.data.flatMap((value: unknown) => nameOf(value, surprises) ?? []);
    const added = fresh.filter((name: string) => !names.has(name));
    for (const name of added) names.add(name);
    yield added;
    cursor = text(record(record(answer.meta).pagination).next_cursor);
    if (cursor === undefined) {
      memory.metrics = { at, names };
      return;
    }
    if (cursors.has(cursor))
      throw new HttpError('broken', `${api.name}: ${api.address} gives the same page of metrics again.`);
    cursors.add(cursor);
  }
  throw new HttpError(
    'tooBig',
    `${api.name}: ${api.address} has more than the ${mostMetrics.toLocaleString('en')} metrics that Plumbline lists.`,
  );
}

/** Also `manage_tags`: a metric whose tags are configured. */
function nameOf(value: unknown, surprises: Surprises): string | undefined {
  const name = text(record(value).id);
  if (name === undefined || name.length > 500) surprises.add('metrics without a name');
  return name === undefined || name.length > 500 ? undefined : name;
}

/** Only mentioned: what is known of its type and unit stays. */
export function metricEntity(name: string, live: Live): SeenEntity {
  const facts = live.catalog?.facts(idIn(live, 'metric', name)) ?? {};
  const { description, metricType, unit, tags, owner } = facts;
  return {
    ...{ id: idIn(live, 'metric', name), kind: 'metric', name },
    facts: said({ description, metricType, unit, tags, owner, url: live.links.metric(name) }),
  };
}
