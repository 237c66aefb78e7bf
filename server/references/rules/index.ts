// All rules: the tables of each tool put together.
import { airflowRules, taskIdRule } from './airflow.ts';
import { databricksRules } from './databricks.ts';
import { dbtRules } from './dbt.ts';
import { mlflowRules } from './mlflow.ts';
import { rayRules } from './ray.ts';
import { ruleSet } from './rule.ts';
import { s3Rules } from './s3.ts';
import { sqlCalls, sqlRules } from './sql.ts';
import { statsdRules } from './statsd.ts';

export { taskIdRule };

export const allRules = ruleSet(
  [
    ...mlflowRules,
    ...airflowRules,
    ...databricksRules,
    ...s3Rules,
    ...sqlRules,
    ...statsdRules,
    ...rayRules,
    ...dbtRules,
  ],
  sqlCalls,
);
