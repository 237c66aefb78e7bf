// The tables of tables put together.
import type { Rule } from '../rule.ts';
import { databaseRules } from './databases.ts';
import { snowflakeRules } from './snowflake.ts';
import { sparkRules } from './spark.ts';

export { sqlCalls } from './sqlCalls.ts';

export const tableRules: readonly Rule[] = [...snowflakeRules, ...sparkRules, ...databaseRules];
