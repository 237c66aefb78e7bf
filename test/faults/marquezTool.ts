// What the rows of the table must know of Marquez.
import { changed, json, on } from './answers.ts';
import { type FaultTool, passed } from './table.ts';

const jobs = /\/api\/v1\/jobs\?/;

function queried(path: string, name: string, value: string): string {
  const url = new URL(path, 'http://any');
  url.searchParams.set(name, value);
  return `${url.pathname}${url.search}`;
}

/** Pages of a hundred, until there are a hundred thousand; what is real comes first. */
function flooded(value: unknown, path: string): unknown {
  const real = value as { readonly jobs: readonly object[] };
  const [first = {}] = real.jobs;
  const from = Number(new URL(path, 'http://any').searchParams.get('offset') ?? 0);
  const made = Array.from({ length: 100 }, (_, n) => {
    return { ...first, name: `made-${from + n}`, updatedAt: '2026-01-01T00:00:00Z', latestRuns: null };
  });
  return { totalCount: 100_000, jobs: from === 0 ? [...real.jobs, ...made.slice(real.jobs.length)] : made };
}

export const marquezTool: FaultTool = {
  tool: 'marquez',
  scan: /\/api\/v1\//,
  one: { path: /\/namespaces\?/, kinds: ['job'] },
  pages: { path: jobs, items: 'jobs', name: 'name' },
  many: { path: jobs, small: (path, body) => ({ path: queried(path, 'limit', '1'), body }) },
  numbers: /^(totalCount|durationMs|rowCount|size)$/,
  name: 'name',
  emptyFirst: (asked, pass) => (jobs.test(asked.path) ? json(200, { totalCount: 3, jobs: [] }) : passed(pass)),
  circle: on(jobs, (asked, pass) =>
    changed((value) => ({ ...Object(value), totalCount: 1_000_000 }))(asked, () =>
      pass({ path: queried(asked.path, 'offset', '0'), body: asked.body }),
    ),
  ),
  flood: on(jobs, changed(flooded)),
};
