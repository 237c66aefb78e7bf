// The fake's logs, services and the user that asks.
import { type Answer, cursorOf, fail, get, ok, placeOf, type Route, sizeOf } from './answers.ts';
import type { FakeState, Json } from './state.ts';

export function otherRoutes(state: FakeState): readonly Route[] {
  const { org } = state;
  return [
    get(/^\/api\/v1\/validate$/, () => ok({ valid: true })),
    get(/^\/api\/v2\/current_user$/, () =>
      ok({
        data: {
          ...{ type: 'users', id: 'u-9' },
          attributes: {
            name: 'Ana',
            handle: 'ana@acme.example',
            email: 'ana@acme.example',
            disabled: false,
            verified: true,
          },
          relationships: { org: { data: { type: 'orgs', id: org.id } }, roles: { data: [] } },
        },
        included: [
          {
            ...{ type: 'orgs', id: org.id },
            attributes: { name: org.name, public_id: org.publicId, sharing: 'none', disabled: false, url: null },
          },
        ],
      }),
    ),
    get(/^\/api\/v2\/catalog\/entity$/, ({ query }) => {
      const limit = sizeOf(query, 'page[limit]', 100, 1000);
      const offset = sizeOf(query, 'page[offset]', 0, 1_000_000);
      if (limit === undefined || offset === undefined) return fail(400, 'Invalid page');
      const data = state.services.slice(offset, offset + limit);
      return ok({ data, meta: { count: data.length, includeCount: 0 }, links: { self: '', previous: '', next: '' } });
    }),
    { method: 'POST', path: /^\/api\/v2\/logs\/events\/search$/, handle: ({ body }) => searched(state, body) },
  ];
}

interface LogQuestion {
  readonly filter?: { readonly query?: string; readonly from?: string; readonly to?: string };
  readonly sort?: string;
  readonly page?: { readonly limit?: number; readonly cursor?: string };
}

function searched(state: FakeState, body: string): Answer {
  const { filter = {}, sort = '-timestamp', page = {} } = JSON.parse(body) as LogQuestion;
  const [from, to] = [filter.from ?? 'now-15m', filter.to ?? 'now'].map((time) => instant(time, state.now));
  const at = placeOf(page.cursor);
  const limit = page.limit ?? 10;
  if (from === undefined || to === undefined || at === undefined || limit > 1000)
    return fail(400, "input_validation_error(Field 'filter' is invalid)");
  const found = state.logs
    .filter((log) => matches(log, filter.query ?? '*') && when(log) >= from && when(log) <= to)
    .sort((a, b) => (sort === 'timestamp' ? when(a) - when(b) : when(b) - when(a)));
  const data = found.slice(at, at + limit);
  if (data.length === 0) return ok({ data: [] });
  const meta = { elapsed: 132, status: 'done', request_id: 'MWlFUjVaWG' };
  if (at + limit >= found.length) return ok({ data, meta });
  const after = cursorOf(at + limit);
  const links = { next: `https://api.datadoghq.com/api/v2/logs/events?page%5Bcursor%5D=${encodeURIComponent(after)}` };
  return ok({ data, meta: { ...meta, page: { after } }, links });
}

function when(log: Json): number {
  return Date.parse(String(Object(log.attributes).timestamp));
}

/** ISO times, epoch ms, `now` and `now-15m`. */
function instant(text: string, now: number): number | undefined {
  if (text === 'now') return now;
  const minutes = /^now-(\d+)m$/.exec(text)?.[1];
  if (minutes !== undefined) return now - Number(minutes) * 60_000;
  const at = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

/** Terms that must all hold, alternatives in brackets, `key:value`, `@key:value`, `"words"`; all that the tests write. */
function matches(log: Json, query: string): boolean {
  const parts = query.match(/\([^)]*\)|"(?:[^"\\]|\\.)*"|\S+:"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
  return parts
    .filter((part) => part !== 'AND')
    .every((part) =>
      part.startsWith('(')
        ? part
            .slice(1, -1)
            .split(' OR ')
            .some((one) => holds(log, one.trim()))
        : holds(log, part),
    );
}

function holds(log: Json, term: string): boolean {
  if (term === '*') return true;
  const attributes = Object(log.attributes) as {
    message: string;
    status: string;
    service: string;
    host: string;
    tags: string[];
  };
  const [, key, written = ''] = /^@?([\w.]+):(.*)$/.exec(term) ?? [];
  const value = written.replace(/^"|"$/g, '');
  if (key === undefined) return attributes.message.includes(term.replace(/^"|"$/g, ''));
  if (key === 'status') return attributes.status === value;
  if (key === 'host') return attributes.host === value;
  return attributes.tags.includes(`${key}:${value}`);
}
