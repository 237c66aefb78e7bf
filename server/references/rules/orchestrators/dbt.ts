// dbt's calls in Python models; those in SQL are Jinja and read in `sql/`.
import { rowsOf, table } from '../rows.ts';
import type { Rule } from '../rule.ts';

const row = rowsOf('dbt');

export const dbtRules: readonly Rule[] = [
  row('ref', ['dbt:ref'], { ...table('reads', 0), unless: [1] }),
  row('ref.package', ['dbt:ref'], table('reads', 1)),
  row('source', ['dbt:source'], { from: [1], kind: 'table', role: 'reads', qualify: [[0]] }),
];
