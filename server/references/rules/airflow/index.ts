// Airflow's tables put together.
import type { Rule } from '../rule.ts';
import { amazonRules } from './amazon.ts';
import { assetRules } from './assets.ts';
import { dagRules } from './dags.ts';
import { databricksAirflowRules } from './databricks.ts';
import { googleAirflowRules } from './google.ts';
import { hostRules } from './hosts.ts';
import { warehouseRules } from './warehouses.ts';

export const airflowRules: readonly Rule[] = [
  ...dagRules,
  ...assetRules,
  ...amazonRules,
  ...googleAirflowRules,
  ...databricksAirflowRules,
  ...warehouseRules,
  ...hostRules,
];
