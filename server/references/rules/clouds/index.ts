// The clouds' tables put together.
import type { Rule } from '../rule.ts';
import { azureRules } from './azure.ts';
import { endpointRules } from './endpoints.ts';
import { glueRules } from './glue.ts';
import { googleRules } from './google.ts';
import { s3Rules } from './s3.ts';
import { wranglerRules } from './wrangler.ts';

export const cloudRules: readonly Rule[] = [
  ...s3Rules,
  ...wranglerRules,
  ...glueRules,
  ...googleRules,
  ...azureRules,
  ...endpointRules,
];
