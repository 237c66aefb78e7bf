// The fake's events: those of monitors, and what teams and other tools post of deployments and changes.
import { type Answer, cursorOf, fail, get, ok, placeOf, type Route, sizeOf } from './answers.ts';
import type { FakeState, Json } from './state.ts';

export function eventRoutes(state: FakeState): readonly Route[] {
  return [
    get(/^\/api\/v2\/events$/, ({ query }) =>
      found(state, {
        ...{ query: query.get('filter[query]') ?? '', sort: query.get('sort') ?? '-timestamp' },
        ...{ from: query.get('filter[from]') ?? '', to: query.get('filter[to]') ?? '' },
        ...{ limit: sizeOf(query, 'page[limit]', 10, 1000), at: placeOf(query.get('page[cursor]')) },
      }),
    ),
    {
      ...{ method: 'POST', path: /^\/api\/v2\/events\/search$/ },
      handle: ({ body }) => {
        const { filter = {}, sort = 'timestamp', page = {} } = JSON.parse(body) as EventQuestion;
        const { query = '', from = '', to = '' } = filter;
        return found(state, { query, from, to, sort, limit: page.limit ?? 10, at: placeOf(page.cursor) });
      },
    },
  ];
}

interface EventQuestion {
  readonly filter?: { readonly query?: string; readonly from?: string; readonly to?: string };
  readonly sort?: string;
  readonly page?: { readonly limit?: number; readonly cursor?: string };
}

interface Asked {
  readonly query: string;
  readonly from: string;
  readonly to: string;
  readonly sort: string;
  readonly limit: number | undefined;
  readonly at: number | undefined;
}

function found(state: FakeState, { query, from, to, sort, limit, at }: Asked): Answer {
  const [first, last] = [Date.parse(from), Date.parse(to)];
  const isMeant = meaning(query);
  if (!limit || limit > 1000 || at === undefined || Number.isNaN(first + last) || !isMeant)
    return fail(400, 'input_validation_error(Bad Request)');
  const when = (event: Json) => Date.parse(String(Object(event.attributes).timestamp));
  const all = state.events
    .filter((event) => when(event) >= first && when(event) <= last && isMeant(tagsOf(event)))
    .sort((a, b) => (sort === 'timestamp' ? when(a) - when(b) : when(b) - when(a)));
  const more = at + limit < all.length;
  const next = { meta: { page: { after: cursorOf(at + limit) }, status: 'done', elapsed: 3, request_id: 'r-1' } };
  const data = all.slice(at, at + limit);
  return ok({ data, ...(more ? { ...next, links: { next: 'https://api.datadoghq.com/api/v2/events' } } : {}) });
}

function tagsOf(event: Json): readonly string[] {
  return Object(event.attributes).tags;
}

/** `key:value`, `key:*`, the same with `-` before it, and alternatives in brackets; all must hold. Undefined for others. */
function meaning(query: string): ((tags: readonly string[]) => boolean) | undefined {
  const parts = query.match(/-?\([^)]*\)|\S+/g) ?? [];
  const term = /^-?[a-z_]+:(?:\*|[\w.]+)$/;
  const isKnown = parts.every((part) =>
    (part.startsWith('(') ? part.slice(1, -1).split(' OR ') : [part]).every((one) => term.test(one)),
  );
  const holds = (tags: readonly string[], written: string): boolean => {
    const [key = '', value = ''] = written.replace(/^-/, '').split(':');
    const has = tags.some((tag) => (value === '*' ? tag.startsWith(`${key}:`) : tag === `${key}:${value}`));
    return written.startsWith('-') ? !has : has;
  };
  if (!isKnown) return undefined;
  return (tags) =>
    parts.every((part) =>
      part.startsWith('(')
        ? part
            .slice(1, -1)
            .split(' OR ')
            .some((one) => holds(tags, one))
        : holds(tags, part),
    );
}

/** What a pipeline posts when it is done. */
export function deployment(now: number, n: number, minutesAgo: number, title: string, tags: readonly string[]): Json {
  const at = now - minutesAgo * 60_000;
  return {
    ...{ id: `AgAAAZ${n}`, type: 'event' },
    attributes: {
      ...{ timestamp: new Date(at).toISOString(), message: `%%% \n${title} \n %%%`, tags: ['source:github', ...tags] },
      attributes: {
        ...{ timestamp: at, title, status: 'info', service: 'train', priority: 'normal', aggregation_key: `d${n}` },
        ...{ source_type_name: 'Github', evt: { id: `77${n}`, name: title, source_id: 2, type: 'deployment' } },
      },
    },
  };
}
