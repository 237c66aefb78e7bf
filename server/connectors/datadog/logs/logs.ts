// Logs: what a search for logs finds in a time, in order of time, as a log that is read by ranges.
import { number, oneLine, record, text, time } from '../../json.ts';
import { PagedLogs } from '../../pagedLogs.ts';
import type { TextPage } from '../../pagedText.ts';
import type { Api } from '../ask/api.ts';
import { type LogSearch, lastInstant, parseLogKey } from './key.ts';

/** The most that Datadog gives. */
const pageOf = 1000;
/** Of one line; the rest of a message is left out, with a word. */
const longestMessage = 256_000;

export function searchedLogs(name: string, api: Api): PagedLogs {
  return new PagedLogs(
    name,
    (key) => {
      const search = parseLogKey(key);
      if (!search) return undefined;
      return {
        ask: (from, signal) => page(search, from, api, signal),
        ...(search.to === undefined ? {} : { until: search.to }),
      };
    },
    () => api.host.now(),
  );
}

/**
 * Where a page begins: Datadog's own cursor, or, since its last page has none, the time of the last event with the ids
 * of those of that instant. What is told later than what came after it is not seen: a log grows at its end.
 */
interface Place {
  readonly cursor?: string;
  readonly since?: number;
  readonly seen?: readonly string[];
}

async function page(search: LogSearch, from: string | undefined, api: Api, signal: AbortSignal): Promise<TextPage> {
  const place = from === undefined ? {} : (JSON.parse(from) as Place);
  const start = new Date(place.since ?? search.from).toISOString();
  const end = search.to === undefined ? 'now' : new Date(search.to).toISOString();
  const asked = {
    filter: { query: search.query, from: start, to: end },
    sort: 'timestamp',
    page: { limit: pageOf, ...(place.cursor === undefined ? {} : { cursor: place.cursor }) },
    options: { timezone: 'UTC' },
  };
  const answer = record(await api.search('/api/v2/logs/events/search', asked, signal));
  if (!Array.isArray(answer.data)) throw api.broken('it finds no list of logs at /api/v2/logs/events/search');
  const seen = new Set(place.seen);
  const events = answer.data.map(readEvent).filter(({ id }) => !seen.has(id));
  const cursor = text(record(record(answer.meta).page).after);
  if (cursor !== undefined && cursor !== place.cursor && answer.data.length > 0) {
    const next: Place = { cursor, ...(place.since === undefined ? {} : { since: place.since }) };
    return { events, next: JSON.stringify(next) };
  }
  const last = events.at(-1);
  if (!last) return { events, ...(from === undefined ? {} : { next: from }) };
  // Of the same instant more may come; what was given of it is not given again.
  const ofThen = events.filter(({ at }) => at === last.at).map(({ id }) => id);
  const kept = place.since === last.at ? [...seen] : [];
  return { events, next: JSON.stringify({ since: last.at, seen: [...kept, ...ofThen] } satisfies Place) };
}

interface Event {
  readonly id: string;
  /** Epoch ms. */
  readonly at: number;
  readonly message: string;
}

/** `2026-11-20T03:00:01.000Z ERROR train@worker-1: message`, then the trace that stands in its attributes. */
function readEvent(value: unknown): Event {
  const { id, attributes } = record(value);
  const { timestamp, status, service, host, message, attributes: own } = record(attributes);
  const written = time(timestamp) ?? number(timestamp) ?? 0;
  const at = Math.abs(written) > lastInstant ? 0 : written;
  const error = record(record(own).error);
  const body = text(message) ?? text(record(own).message) ?? text(error.message) ?? '';
  const cut = body.length > longestMessage ? `${body.slice(0, longestMessage)} … cut by Plumbline` : body;
  const stack = text(error.stack)?.slice(0, longestMessage);
  const place = [oneLine(service, 100), oneLine(host, 100)].filter((part) => part !== undefined).join('@');
  const level = oneLine(status, 20)?.toUpperCase() ?? 'INFO';
  const line = `${new Date(at).toISOString()} ${level} ${place === '' ? '' : `${place}: `}${cut}`;
  // Many loggers put the trace into the message as well.
  const trace = stack === undefined || body.includes(stack.slice(0, 200)) ? '' : `\n${stack}`;
  return { id: text(id) ?? line, at, message: line + trace };
}
