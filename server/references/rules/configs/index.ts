// The tables of all configurations put together, in the order in which their rows are asked.
import { airflowShapes } from './airflow.ts';
import { anywhere } from './anywhere.ts';
import { dataShapes } from './data.ts';
import { databricksShapes } from './databricks.ts';
import { dbtShapes } from './dbt.ts';
import { monitorShapes } from './monitors.ts';
import type { ConfigShape } from './row.ts';
import { servingShapes } from './serving.ts';
import { terraformJson } from './terraformJson.ts';

/** Written by programs for themselves, or about the shape of data: nothing in them names anything of this project. */
const quiet: readonly ConfigShape[] = [
  {
    id: 'quiet',
    has: [
      ['interactions.[].request.{}'],
      ['metadata.dbt_schema_version'],
      ['openapi', 'paths'],
      ['swagger', 'paths'],
      ['$schema=json-schema\\.org', 'properties'],
      ['lockfileVersion'],
      ['kind=^CustomResourceDefinition$'],
      ['nbformat', 'cells'],
      ['apiVersion=^v1$', 'entries.{}', 'generated'],
    ],
    alone: true,
    rows: [],
  },
];

export const configShapes: readonly ConfigShape[] = [
  ...quiet,
  terraformJson,
  ...dbtShapes,
  ...databricksShapes,
  ...airflowShapes,
  ...servingShapes,
  ...monitorShapes,
  ...dataShapes,
  anywhere,
];
