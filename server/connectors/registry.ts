// Registry: every connector there is, one line each, in the order of scanning: later ones find the ids of earlier ones in logs.
import { airflow } from './airflow/index.ts';
import { airflowLogRuns } from './airflow/logRuns.ts';
import { cloudwatch } from './cloudwatch/index.ts';
import type { ConnectorFactory } from './connector.ts';
import { databricks } from './databricks/index.ts';
import { datadog } from './datadog/index.ts';
import { dbt } from './dbt/index.ts';
import { dbtQueryOrigin } from './dbt/queryComment.ts';
import { mlflow } from './mlflow/index.ts';
import { openlineage } from './openlineage/index.ts';
import { marquez } from './openlineage/marquez/connector.ts';
import { alertmanager, prometheus } from './prometheus/index.ts';
import { ray } from './ray/index.ts';
import { tuneSearches } from './ray/tune/stored.ts';
import { s3 } from './s3/index.ts';
import { snowflake } from './snowflake/index.ts';
import { ssh } from './ssh/index.ts';

export const connectors: readonly ConnectorFactory[] = [
  mlflow,
  dbt,
  openlineage,
  marquez,
  airflow,
  prometheus,
  alertmanager,
  databricks,
  snowflake(dbtQueryOrigin),
  ray,
  s3(airflowLogRuns, tuneSearches),
  cloudwatch(airflowLogRuns),
  datadog,
  ssh,
];
