// What the rows of the table must know of dbt Cloud.
import { changed, json, on } from './answers.ts';
import type { Fault } from './proxy.ts';
import { type FaultTool, passed } from './table.ts';

const jobs = /\/jobs\/\?/;

function queried(path: string, name: string, value: string): string {
  const url = new URL(path, 'http://any');
  url.searchParams.set(name, value);
  return `${url.pathname}${url.search}`;
}

function page(data: readonly object[], total: number): ReturnType<typeof json> {
  const status = { code: 200, is_success: true, user_message: 'Success!', developer_message: '' };
  return json(200, { status, data, extra: { pagination: { count: data.length, total_count: total } } });
}

/** Jobs by the hundred, until there are a hundred thousand. */
const flood: Fault = on(jobs, (asked) => {
  const query = new URL(asked.path, 'http://any').searchParams;
  const from = Number(query.get('offset') ?? 0);
  const made = Array.from({ length: Number(query.get('limit') ?? 100) }, (_, n) => ({
    ...{ id: 100_000 + from + n, name: `made ${from + n}`, project_id: 10, environment_id: 100 },
    execute_steps: ['dbt build'],
  }));
  return page(made, 100_000);
});

export const dbtCloudTool: FaultTool = {
  tool: 'dbt',
  scan: /\/api\/v[23]\/accounts\/\d/,
  one: { path: /\/runs\/\?/, kinds: [] },
  pages: { path: jobs, items: 'data', name: 'id' },
  many: { path: jobs, small: (path, body) => ({ path: queried(path, 'limit', '1'), body }) },
  numbers: /^(id|status|index|code|count|limit|offset)$|_(id|count)$/,
  name: 'name',
  emptyFirst: (asked, pass) => (jobs.test(asked.path) ? page([], 3) : passed(pass)),
  circle: on(jobs, (asked, pass) =>
    changed((value) => ({ ...Object(value), extra: { pagination: { count: 3, total_count: 1_000_000 } } }))(asked, () =>
      pass({ path: queried(asked.path, 'offset', '0'), body: asked.body }),
    ),
  ),
  flood,
};
