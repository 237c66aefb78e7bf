// All rules: the tables of each tool put together.
import { taskIdRule } from './airflow/dags.ts';
import { airflowRules } from './airflow/index.ts';
import { cloudRules } from './clouds/index.ts';
import { commandTables } from './commands/index.ts';
import { configShapes } from './configs/index.ts';
import { pipelineRules } from './databricks/pipelines.ts';
import { databricksSdkRules } from './databricks/sdk.ts';
import { otherMetricRules } from './metrics/others.ts';
import { statsdRules } from './metrics/statsd.ts';
import { mlflowExperimentRules } from './mlflow/experiments.ts';
import { mlflowModelRules } from './mlflow/models.ts';
import { orchestratorRules } from './orchestrators/index.ts';
import { type Rule, type RuleSet, ruleSet } from './rule.ts';
import { assignedNames } from './tables/assigned.ts';
import { callDialects, classDialects, packageDialects } from './tables/dialects.ts';
import { sqlCalls, tableRules } from './tables/index.ts';
import { terraformRows } from './terraform.ts';
import type { UserRules } from './userRules.ts';

export { taskIdRule };

const builtIn: readonly Rule[] = [
  ...mlflowModelRules,
  ...mlflowExperimentRules,
  ...airflowRules,
  ...databricksSdkRules,
  ...pipelineRules,
  ...cloudRules,
  ...tableRules,
  ...statsdRules,
  ...otherMetricRules,
  ...orchestratorRules,
];

/** Tables that the readers of other languages read themselves. */
const dialects = [callDialects, classDialects, packageDialects];
const others: readonly unknown[] = [configShapes, ...commandTables, terraformRows, [...assignedNames], dialects];

export const allRules = ruleSet(builtIn, sqlCalls, ...others);

/** All rules and a team's own, which come first: of one place they say what it is. */
export function ruleSetWith({ rules, sqlCalls: own }: UserRules): RuleSet {
  return rules.length + own.length === 0 ? allRules : ruleSet([...rules, ...builtIn], [...sqlCalls, ...own], ...others);
}
