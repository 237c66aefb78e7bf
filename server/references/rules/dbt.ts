// dbt's calls in Python models; those in SQL are Jinja and read in `sql/`.
import type { Rule } from './rule.ts';

export const dbtRules: readonly Rule[] = [
  { id: 'dbt.ref', tool: 'dbt', calls: ['dbt:ref'], takes: [{ from: [0], kind: 'table', role: 'reads' }] },
  {
    id: 'dbt.source',
    tool: 'dbt',
    calls: ['dbt:source'],
    takes: [{ from: [1], kind: 'table', role: 'reads', qualify: [[0]] }],
  },
];
