// What the rows of the table must know of each tool.

import { json } from './answers.ts';
import type { Fault } from './proxy.ts';
import { type FaultTool, passed } from './table.ts';

const mlflowPages = /registered-models\/search/;
const airflowPages = /\/dags\?/;

/** A token that leads to the page that would have been the first. */
const mlflowEmptyFirst: Fault = (asked, pass) => {
  if (!mlflowPages.test(asked.path)) return passed(pass);
  const url = new URL(asked.path, 'http://any');
  if (!url.searchParams.has('page_token')) return json(200, { registered_models: [], next_page_token: 'first' });
  url.searchParams.delete('page_token');
  return passed(() => pass({ path: `${url.pathname}${url.search}`, body: asked.body }));
};

/** Offsets instead of tokens: it says that there are more, and gives none. */
const airflowEmptyFirst: Fault = (asked, pass) =>
  airflowPages.test(asked.path) ? json(200, { dags: [], total_entries: 3 }) : passed(pass);

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
  },
];
