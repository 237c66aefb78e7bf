// The fake's metrics: their names, what is said of them, and their values.
import { type Answer, cursorOf, fail, get, ok, placeOf, type Route, sizeOf } from './answers.ts';
import type { FakeMetric, FakeState, Json } from './state.ts';

const longestWindow = 2_592_000;

export function metricRoutes(state: FakeState): readonly Route[] {
  // As it is when asked: tests add some.
  const named = (name: string) => state.metrics.find((metric) => metric.name === name);
  return [
    get(/^\/api\/v2\/metrics$/, ({ query }) => {
      const size = sizeOf(query, 'page[size]', 1000, 10_000);
      const at = placeOf(query.get('page[cursor]'));
      const window = sizeOf(query, 'window[seconds]', 3600, longestWindow);
      if (!size || at === undefined || window === undefined) return fail(400, 'Invalid page');
      const page = state.metrics.slice(at, at + size).map(({ name }) => ({ type: 'metrics', id: name }));
      const more = at + size < state.metrics.length;
      const cursor = query.get('page[cursor]');
      const pagination = {
        ...{ type: 'cursor_limit', limit: size, cursor, next_cursor: more ? cursorOf(at + size) : null },
      };
      return ok({ data: page, meta: { pagination } });
    }),
    get(/^\/api\/v1\/metrics\/([^/]+)$/, (_asked, name = '') => {
      const found = named(name);
      return found ? ok(metadataOf(found)) : fail(404, 'metric_name not found');
    }),
    get(/^\/api\/v2\/metrics\/([^/]+)\/all-tags$/, (_asked, name = '') => {
      const found = named(name);
      if (!found) return fail(404, 'Not found');
      return ok({ data: { type: 'metrics', id: name, attributes: { tags: found.tags, ingested_tags: [] } } });
    }),
    get(/^\/api\/v1\/query$/, ({ query }) => values(named, query)),
  ];
}

function metadataOf({ type, unit, description, integration }: FakeMetric): Json {
  const said = { description: description ?? null, integration: integration ?? null, unit: unit ?? null };
  return { type, ...said, per_unit: null, short_name: null, statsd_interval: null };
}

/** One series for each group that the tags make; `by {}` with two keys gives each pair that is there. */
function values(named: (name: string) => FakeMetric | undefined, query: URLSearchParams): Answer {
  const [from, to] = ['from', 'to'].map((name) => Number(query.get(name)));
  const written = query.get('query') ?? '';
  if (!from || !to || !(from < to)) return fail(400, 'from must be less than to');
  // A comma inside of braces is none between questions.
  const parts =
    written.match(/(?:avg|sum|min|max):[^{]+\{[^}]*\}(?:\s*by\s*\{[^}]*\})?(?:\.as_(?:count|rate)\(\))?/g) ?? [];
  if (parts.join(',') !== written)
    return ok({
      status: 'error',
      error: `Error parsing query: unable to parse ${written}`,
      series: [],
      query: written,
    });
  const series = parts.flatMap((part, index) => {
    const [, aggregation, name = '', by] = /^(\w+):([^{]+)\{[^}]*\}(?:\s*by\s*\{([^}]*)\})?/.exec(part) ?? [];
    const metric = named(name);
    if (!metric) return [];
    return groupsOf(metric, by).map((tags) =>
      seriesOf(metric, tags, { from, to, index, aggregation: aggregation ?? 'avg' }),
    );
  });
  const around = { res_type: 'time_series', resp_version: 1, message: '', times: [], values: [], group_by: [] };
  return ok({ status: 'ok', ...around, series, query: written, from_date: from * 1000, to_date: to * 1000 });
}

function groupsOf({ tags }: FakeMetric, by: string | undefined): readonly (readonly string[])[] {
  if (by === undefined) return [[]];
  return by.split(',').reduce<readonly (readonly string[])[]>(
    (groups, key) => {
      const found = tags.filter((tag) => tag.startsWith(`${key}:`));
      const each = found.length > 0 ? found : [`${key}:N/A`];
      return groups.flatMap((group) => each.map((tag) => [...group, tag]));
    },
    [[]],
  );
}

interface Frame {
  /** Epoch s. */
  readonly from: number;
  readonly to: number;
  readonly index: number;
  readonly aggregation: string;
}

function seriesOf(metric: FakeMetric, tags: readonly string[], { from, to, index, aggregation }: Frame): Json {
  const interval = Math.max(20, Math.ceil((to - from) / 300));
  const pointlist: [number, number | null][] = [];
  for (let at = from - (from % interval); at < to; at += interval) {
    // One gap, as there are gaps everywhere.
    pointlist.push([at * 1000, pointlist.length === 3 ? null : 0.7 + (at % 100) / 1000]);
  }
  const scope = tags.length === 0 ? '*' : tags.join(',');
  const unit =
    metric.unit === undefined
      ? null
      : { family: 'time', name: metric.unit, plural: metric.unit, short_name: 's', scale_factor: 1, id: 11 };
  return {
    ...{ metric: metric.name, display_name: metric.name, expression: `${aggregation}:${metric.name}{${scope}}`, scope },
    ...{ tag_set: tags, query_index: index, aggr: aggregation, interval, length: pointlist.length, pointlist },
    ...{ start: from * 1000, end: to * 1000 - 1, unit: [unit, null], attributes: {} },
  };
}
