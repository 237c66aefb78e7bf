// What the rows of the table must know of Prometheus.
import { changed, json, on } from './answers.ts';
import { type FaultTool, passed } from './table.ts';

const rules = /\/api\/v1\/rules/;

const page = (rest: object) => ({ status: 'success', data: { groups: [], ...rest } });

/** In groups of a thousand, with the real ones. */
function flooded(value: unknown): unknown {
  const real: unknown = JSON.parse(JSON.stringify(value));
  const data = (real as { data: { groups: unknown[] } }).data;
  const rule = (group: number, n: number) => ({
    ...{ name: `made-${group}-${n}`, query: `churn_auc{model="m${n}"} < 0.${n}`, type: 'alerting', state: 'inactive' },
    ...{ labels: { severity: 'page' }, annotations: {}, alerts: [], health: 'ok' },
  });
  const groups = Array.from({ length: 100 }, (_, group) => ({
    ...{ name: `made-${group}`, file: 'made.yml' },
    rules: Array.from({ length: 1000 }, (_rule, n) => rule(group, n)),
  }));
  return { status: 'success', data: { groups: [...data.groups, ...groups] } };
}

export const prometheusTool: FaultTool = {
  tool: 'prometheus',
  scan: rules,
  one: { path: rules, kinds: ['monitor'] },
  pages: { path: rules, items: 'groups', name: 'name' },
  many: { path: /\/api\/v1\//, small: (path, body) => ({ path, body }) },
  numbers: /^(duration|interval|limit|evaluationTime|keepFiringFor)$/,
  name: 'name',
  emptyFirst: (asked, pass) => {
    if (!rules.test(asked.path)) return passed(pass);
    return asked.path.includes('group_next_token') ? passed(pass) : json(200, page({ groupNextToken: 'first' }));
  },
  circle: on(rules, () => json(200, page({ groupNextToken: 'again' }))),
  flood: on(rules, changed(flooded)),
  hasNoRuns: true,
};
