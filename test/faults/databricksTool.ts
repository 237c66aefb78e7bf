// What the rows of the table must know of Databricks.
import { changed, json, on } from './answers.ts';
import type { Answered, Asked, Pass } from './proxy.ts';
import { type FaultTool, passed } from './table.ts';

const jobs = /\/jobs\/list\?/;
const runs = /\/jobs\/runs\/list\?/;

/** Asks without the token, which the fake never gave. */
function withoutToken(asked: Asked, pass: Pass): Promise<Answered> {
  const url = new URL(asked.path, 'http://any');
  url.searchParams.delete('page_token');
  return pass({ path: `${url.pathname}${url.search}`, body: asked.body });
}

function oneAPage(path: string): string {
  const url = new URL(path, 'http://any');
  url.searchParams.set('limit', '1');
  return `${url.pathname}${url.search}`;
}

export const databricksTool: FaultTool = {
  tool: 'databricks',
  scan: /\/api\/2\.[012]\/(?!preview)/,
  one: { path: /serving-endpoints/, kinds: ['endpoint'] },
  pages: { path: runs, items: 'runs', name: 'run_id' },
  many: { path: runs, small: (path, body) => ({ path: oneAPage(path), body }) },
  numbers: /_(time|at|id|timestamp|number|num|duration)$/,
  name: 'name',
  emptyFirst: (asked, pass) => {
    if (!jobs.test(asked.path)) return passed(pass);
    if (!asked.path.includes('page_token')) return json(200, { has_more: true, next_page_token: 'first' });
    return passed(() => withoutToken(asked, pass));
  },
  circle: on(jobs, (asked, pass) =>
    changed((value) => ({ ...Object(value), next_page_token: 'again' }))(asked, () => withoutToken(asked, pass)),
  ),
};
