// What the rows of the table must know of each tool.

import { changed, json, on } from './answers.ts';
import type { Answered, Asked, Fault, Pass } from './proxy.ts';
import { type FaultTool, passed } from './table.ts';

const mlflowPages = /registered-models\/search/;
const airflowPages = /\/dags\?/;

/** Asks without the token, which the real server never gave. */
const withoutToken = (asked: Asked, pass: Pass): Promise<Answered> => {
  const url = new URL(asked.path, 'http://any');
  url.searchParams.delete('page_token');
  return pass({ path: `${url.pathname}${url.search}`, body: asked.body });
};

/** A token that leads to the page that would have been the first. */
const mlflowEmptyFirst: Fault = (asked, pass) => {
  if (!mlflowPages.test(asked.path)) return passed(pass);
  const isFirst = !asked.path.includes('page_token');
  if (isFirst) return json(200, { registered_models: [], next_page_token: 'first' });
  return passed(() => withoutToken(asked, pass));
};

const mlflowCircle: Fault = on(mlflowPages, (asked, pass) =>
  changed((value) => ({ ...Object(value), next_page_token: 'again' }))(asked, () => withoutToken(asked, pass)),
);

/** Offsets instead of tokens: it says that there are more, and gives none. */
const airflowEmptyFirst: Fault = (asked, pass) =>
  airflowPages.test(asked.path) ? json(200, { dags: [], total_entries: 3 }) : passed(pass);

const airflowCircle: Fault = on(airflowPages, (asked, pass) =>
  changed((value) => ({ ...Object(value), total_entries: 1_000_000 }))(asked, () =>
    pass({ path: queried(asked.path, 'offset', '0'), body: asked.body }),
  ),
);

function queried(path: string, name: string, value: string): string {
  const url = new URL(path, 'http://any');
  url.searchParams.set(name, value);
  return `${url.pathname}${url.search}`;
}

export const faultTools: readonly FaultTool[] = [
  {
    tool: 'mlflow',
    scan: /\/api\/2\.0\/mlflow\//,
    one: { path: /registered-models|model-versions/, kinds: ['model', 'version'] },
    pages: { path: mlflowPages, items: 'registered_models', name: 'name' },
    many: {
      path: /runs\/search/,
      small: (path, body) => ({ path, body: JSON.stringify({ ...JSON.parse(body), max_results: 1 }) }),
    },
    numbers: /_time(stamp)?$|^timestamp$|^step$/,
    name: 'name',
    emptyFirst: mlflowEmptyFirst,
    circle: mlflowCircle,
  },
  {
    tool: 'airflow',
    scan: /\/api\/v2\/(?!version)/,
    one: { path: /\/importErrors|\/eventLogs/, kinds: [] },
    pages: { path: /\/dagRuns\?/, items: 'dag_runs', name: 'dag_run_id' },
    many: { path: /\/dagRuns\?/, small: (path, body) => ({ path: queried(path, 'limit', '1'), body }) },
    numbers: /^(try_number|map_index|total_entries)$/,
    name: 'dag_id',
    emptyFirst: airflowEmptyFirst,
    circle: airflowCircle,
  },
];
