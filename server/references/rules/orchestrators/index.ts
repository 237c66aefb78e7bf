// The tables of orchestrators and lineage put together; Airflow has a folder of its own.
import type { Rule } from '../rule.ts';
import { dagsterRules } from './dagster.ts';
import { dbtRules } from './dbt.ts';
import { sshRules } from './hosts.ts';
import { lineageRules } from './lineage.ts';
import { prefectRules } from './prefect.ts';
import { rayRules } from './ray.ts';
import { restRules } from './rest.ts';

export const orchestratorRules: readonly Rule[] = [
  ...rayRules,
  ...prefectRules,
  ...dagsterRules,
  ...dbtRules,
  ...lineageRules,
  ...sshRules,
  ...restRules,
];
