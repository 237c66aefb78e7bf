// What the rows of the table must know of Datadog.
import { changed, json, on } from './answers.ts';
import { type FaultTool, passed } from './table.ts';

/** What each poll asks; metrics are asked for less often than a row lasts. */
const monitors = /\/api\/v1\/monitor\?/;
const metrics = /\/api\/v2\/metrics\?/;
const pageOf = 1000;

const made = (number: number) => ({
  ...{ id: 70_000_000 + number, name: `made ${number}`, type: 'query alert', message: '', tags: ['team:made'] },
  ...{
    query: `avg(last_5m):avg:made.metric_${number}{*} > 1`,
    options: {},
    overall_state: 'OK',
    state: { groups: {} },
  },
});

/** A whole page: what is there, filled up with made ones. */
function filled(value: unknown, page: number): readonly unknown[] {
  const real = Array.isArray(value) ? value : [];
  return [...real, ...Array.from({ length: pageOf - real.length }, (_, n) => made(page * pageOf + n))];
}

function pageIn(path: string): number {
  return Number(new URL(path, 'http://any').searchParams.get('page'));
}

export const datadogTool: FaultTool = {
  tool: 'datadog',
  scan: /\/api\/v[12]\/(?!validate|current_user)/,
  one: { path: monitors, kinds: ['monitor'] },
  pages: { path: metrics, items: 'data', name: 'id' },
  many: { path: /\/api\/v[12]\//, small: (path, body) => ({ path, body }) },
  numbers: /^(id|.*_(ts|at|id)|start|end|timestamp|interval|length|total_count|page_count)$/,
  name: 'name',
  emptyFirst: (asked, pass) => {
    if (!metrics.test(asked.path) || asked.path.includes('cursor')) return passed(pass);
    return json(200, { data: [], meta: { pagination: { next_cursor: 'first' } } });
  },
  circle: on(monitors, (asked, pass) =>
    changed((value) => filled(value, 0))(asked, () =>
      pass({ path: asked.path.replace(/page=\d+/, 'page=0'), body: '' }),
    ),
  ),
  flood: on(monitors, (asked, pass) => {
    const page = pageIn(asked.path);
    return page >= 100 ? json(200, []) : changed((value) => filled(value, page))(asked, pass);
  }),
  hasNoRuns: true,
};
