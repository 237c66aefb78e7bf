// History: what Datadog's own events say of how monitors stood, one listing for all of them.
import type { PastChange } from '../../../catalog/change.ts';
import { list, number, oneLine, record, text, time } from '../../json.ts';
import { groupText } from '../../labels.ts';
import { idIn, type Live } from '../ask/live.ts';
import { groupTags } from '../query.ts';
import { idText } from './shapes.ts';

const pageOf = 1000;
const mostPages = 5;
/** On a first look. */
const firstMs = 7 * 24 * 3_600_000;
/** Events are seen some seconds after they happened. */
const overlapMs = 60_000;

export interface History {
  readonly events: readonly PastChange[];
  /** Epoch ms: where to go on. */
  readonly until: number;
}

/** `since`: where the last look ended. At most 5,000 events; the newest when there are more. */
export async function historyOf(live: Live, since: number | undefined, signal: AbortSignal): Promise<History> {
  const { api } = live;
  const until = api.host.now() + api.host.skewMs;
  const from = Math.max(until - firstMs, since === undefined ? 0 : since - overlapMs);
  const events: PastChange[] = [];
  const cursors = new Set<string>();
  for (let page = 0; page < mostPages; page += 1) {
    const cursor = [...cursors].at(-1);
    const query = [
      ['filter[query]', 'source:alert'],
      ['filter[from]', new Date(from).toISOString()],
      ['filter[to]', new Date(until).toISOString()],
      ['sort', '-timestamp'],
      ['page[limit]', String(pageOf)],
      ...(cursor === undefined ? [] : [['page[cursor]', cursor] as const]),
    ] as const;
    const answer = record(await api.get('/api/v2/events', query, signal));
    if (!Array.isArray(answer.data)) throw api.broken('it does not list events at /api/v2/events');
    events.push(...answer.data.flatMap((event: unknown) => pastOf(event, live) ?? []));
    const next = text(record(record(answer.meta).page).after);
    if (next === undefined || cursors.has(next) || answer.data.length === 0) break;
    cursors.add(next);
  }
  return { events, until };
}

/** Undefined for an event of no monitor, and for one that says nothing of how it stands. */
function pastOf(value: unknown, live: Live): PastChange | undefined {
  const { id, attributes } = record(value);
  const outer = record(attributes);
  const inner = record(outer.attributes);
  const monitor = record(inner.monitor);
  const of = idText(inner.monitor_id) ?? idText(monitor.id);
  const at = number(inner.timestamp) ?? time(outer.timestamp);
  const title = oneLine(inner.title, 200) ?? oneLine(monitor.name, 200) ?? '';
  const state = stateIn(inner.status, title);
  if (of === undefined || at === undefined || state === undefined) return undefined;
  const [group = '*'] = [...list(inner.monitor_groups), ...list(monitor.groups)].flatMap((one) => text(one) ?? []);
  const named = groupText(groupTags(group));
  return {
    entity: idIn(live, 'monitor', of),
    field: named === '' ? 'state' : `state ${named}`,
    value: state,
    at,
    evidence: `Datadog event ${oneLine(id, 60) ?? ''}: ${title}`.slice(0, 300),
  };
}

/** `error`, `warn`, `ok` of alerts; that data is missing stands in the title alone (documentation read 2026-11). */
function stateIn(status: unknown, title: string): string | undefined {
  if (/^\[?No data\b/i.test(title)) return 'noData';
  if (status === 'error' || status === 'failure') return 'firing';
  if (status === 'warn' || status === 'warning') return 'warning';
  return status === 'ok' || status === 'success' ? 'ok' : undefined;
}
