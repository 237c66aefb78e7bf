// All rules: the tables of each tool put together.
import { airflowRules, taskIdRule } from './airflow.ts';
import { databricksRules } from './databricks.ts';
import { dbtRules } from './dbt.ts';
import { mlflowRules } from './mlflow.ts';
import { rayRules } from './ray.ts';
import { type Rule, type RuleSet, ruleSet } from './rule.ts';
import { s3Rules } from './s3.ts';
import { sqlCalls, sqlRules } from './sql.ts';
import { statsdRules } from './statsd.ts';
import type { UserRules } from './userRules.ts';

export { taskIdRule };

const builtIn: readonly Rule[] = [
  ...mlflowRules,
  ...airflowRules,
  ...databricksRules,
  ...s3Rules,
  ...sqlRules,
  ...statsdRules,
  ...rayRules,
  ...dbtRules,
];

export const allRules = ruleSet(builtIn, sqlCalls);

/** All rules and a team's own, which come first: of one place they say what it is. */
export function ruleSetWith({ rules, sqlCalls: own }: UserRules): RuleSet {
  return rules.length + own.length === 0 ? allRules : ruleSet([...rules, ...builtIn], [...sqlCalls, ...own]);
}
