// Terraform rows: which arguments of which resources name what (provider schemas, from memory). A new resource is a new row, no code.
import type { EntityKind } from '../../catalog/entity.ts';
import type { Role } from '../reference.ts';
import type { Opens } from '../summary.ts';

/**
 * How an argument becomes names.
 * `name`: a text, or each text of a list. `address`: an address by its scheme, else nothing. `sql`, `shell`: texts of those.
 * `datadog`, `promql`: the metrics of a query. `bucket`: a bucket of `scheme`, with the key beside it.
 */
export type TerraformReading = 'name' | 'address' | 'sql' | 'shell' | 'datadog' | 'promql' | 'bucket' | 'filter';

export interface TerraformTake {
  /** Arguments and blocks with dots between; `**` any depth; empty for the label of the resource itself. */
  readonly at: string;
  readonly kind: EntityKind;
  readonly role: Role;
  readonly read?: TerraformReading;
  /** The label of the resource, where the argument is not given. */
  readonly orLabel?: true;
  /** Beside it: dotted in front of the name, where given. */
  readonly qualify?: readonly string[];
  readonly version?: string;
  /** Of a monitor: the argument beside it that is its query. */
  readonly asks?: string;
  /** Of a bucket. */
  readonly key?: string;
  readonly scheme?: string;
  /** What stands in the same block belongs to this. */
  readonly opens?: Opens;
}

export interface TerraformRow {
  readonly types: readonly string[];
  readonly tool: string;
  readonly takes: readonly TerraformTake[];
  /** The argument that `resource.label.id` and `.name` stand for. */
  readonly named?: string;
}

interface Extra {
  readonly read?: TerraformReading;
  readonly orLabel?: true;
  readonly qualify?: readonly string[];
  readonly version?: string;
  readonly asks?: string;
  readonly key?: string;
  readonly scheme?: string;
  readonly opens?: Opens;
}

const take = (at: string, kind: EntityKind, role: Role, extra: Extra = {}): TerraformTake => ({
  at,
  kind,
  role,
  ...extra,
});
const row = (types: string, tool: string, ...takes: TerraformTake[]): TerraformRow => ({
  types: types.split(' '),
  tool,
  takes,
});
const metrics = (at: string): TerraformTake => take(at, 'metric', 'reads', { read: 'datadog' });
const queryOf = (at: string): TerraformTake => take(at, 'table', 'reads', { read: 'sql' });
const monitor = (at: string): TerraformTake =>
  take(at, 'monitor', 'defines', { orLabel: true, opens: 'monitor', asks: 'query' });

const datadog: readonly TerraformRow[] = [
  row('datadog_monitor', 'datadog', monitor('name'), metrics('query')),
  row(
    'datadog_monitor_json',
    'datadog',
    take('monitor.name', 'monitor', 'defines', { opens: 'monitor', asks: 'query' }),
    metrics('monitor.query'),
  ),
  row(
    'datadog_service_level_objective',
    'datadog',
    metrics('query.numerator'),
    metrics('query.denominator'),
    metrics('**.query.query'),
  ),
  row('datadog_dashboard datadog_dashboard_json datadog_powerpack', 'datadog', metrics('**.q'), metrics('**.query')),
  row('datadog_metric_metadata', 'datadog', take('metric', 'metric', 'mentions')),
  row('datadog_metric_tag_configuration', 'datadog', take('metric_name', 'metric', 'mentions')),
];

const bucket = (at: string, role: Role, extra: Extra = {}): TerraformTake =>
  take(at, 'path', role, { read: 'bucket', ...extra });

const databricksTasks = (at: string): readonly TerraformTake[] => [
  take(`${at}.task_key`, 'task', 'defines', { opens: 'task' }),
  take(`${at}.depends_on.task_key`, 'task', 'mentions'),
  take(`${at}.run_job_task.job_id`, 'job', 'runs'),
];

const databricks: readonly TerraformRow[] = [
  row(
    'databricks_job',
    'databricks',
    take('name', 'job', 'defines', { opens: 'job', orLabel: true }),
    ...databricksTasks('task'),
    ...databricksTasks('task.for_each_task.task'),
    take('trigger.table_update.table_names', 'table', 'reads'),
  ),
  row(
    'databricks_model_serving',
    'databricks',
    take('name', 'endpoint', 'defines'),
    take('config.served_entities.entity_name', 'model', 'reads', { version: 'entity_version' }),
    take('config.served_models.model_name', 'model', 'reads', { version: 'model_version' }),
  ),
  { ...row('databricks_catalog databricks_schema', 'databricks'), named: 'name' },
  row('databricks_mlflow_experiment', 'mlflow', take('name', 'experiment', 'defines')),
  row('databricks_mlflow_model', 'mlflow', take('name', 'model', 'defines')),
  row(
    'databricks_registered_model',
    'databricks',
    take('name', 'model', 'defines', { qualify: ['catalog_name', 'schema_name'] }),
  ),
  row(
    'databricks_sql_table',
    'databricks',
    take('name', 'table', 'defines', { qualify: ['catalog_name', 'schema_name'] }),
    queryOf('view_definition'),
  ),
  row(
    'databricks_quality_monitor databricks_lakehouse_monitor',
    'databricks',
    take('', 'monitor', 'defines'),
    take('table_name', 'table', 'reads'),
    take('baseline_table_name', 'table', 'reads'),
  ),
  row(
    'databricks_online_table',
    'databricks',
    take('name', 'table', 'defines'),
    take('spec.source_table_full_name', 'table', 'reads'),
  ),
  row(
    'databricks_grants databricks_grant',
    'databricks',
    take('table', 'table', 'mentions'),
    take('model', 'model', 'mentions'),
  ),
  row(
    'databricks_alert databricks_sql_alert',
    'databricks',
    take('display_name', 'monitor', 'defines', { opens: 'monitor' }),
    take('name', 'monitor', 'defines', { opens: 'monitor' }),
  ),
  row('databricks_aws_bucket_policy', 's3', bucket('bucket', 'mentions')),
  row('databricks_mws_storage_configurations', 's3', bucket('bucket_name', 'mentions')),
  row('databricks_query databricks_sql_query', 'databricks', queryOf('query_text'), queryOf('query')),
];

const aws: readonly TerraformRow[] = [
  { ...row('aws_s3_bucket aws_s3_directory_bucket', 's3', bucket('bucket', 'defines')), named: 'bucket' },
  row('aws_s3_object aws_s3_bucket_object', 's3', bucket('bucket', 'writes', { key: 'key' })),
  row('aws_s3_object_copy', 's3', bucket('bucket', 'writes', { key: 'key' })),
  row(
    'aws_s3_bucket_versioning aws_s3_bucket_policy aws_s3_bucket_acl aws_s3_bucket_notification aws_s3_bucket_logging aws_s3_bucket_lifecycle_configuration aws_s3_bucket_public_access_block aws_s3_bucket_server_side_encryption_configuration aws_s3_bucket_ownership_controls aws_s3_bucket_cors_configuration aws_s3_bucket_website_configuration aws_s3_bucket_replication_configuration aws_s3_bucket_inventory aws_s3_bucket_metric aws_s3_bucket_object_lock_configuration aws_s3_bucket_intelligent_tiering_configuration aws_s3_bucket_accelerate_configuration aws_s3_bucket_request_payment_configuration aws_s3_bucket_analytics_configuration',
    's3',
    bucket('bucket', 'mentions'),
  ),
  row('aws_sagemaker_endpoint', 'sagemaker', take('name', 'endpoint', 'defines')),
  row('aws_glue_catalog_table', 'sql', take('name', 'table', 'defines', { qualify: ['database_name'] })),
  { ...row('aws_glue_catalog_database', 'sql'), named: 'name' },
  row('aws_athena_named_query', 'sql', queryOf('query')),
  row(
    'aws_cloudwatch_metric_alarm',
    'cloudwatch',
    monitor('alarm_name'),
    take('metric_name', 'metric', 'reads'),
    take('metric_query.metric.metric_name', 'metric', 'reads'),
  ),
  row('aws_cloudwatch_composite_alarm', 'cloudwatch', monitor('alarm_name')),
  row('aws_cloudwatch_log_metric_filter', 'cloudwatch', take('metric_transformation.name', 'metric', 'writes')),
];

const google: readonly TerraformRow[] = [
  { ...row('google_storage_bucket', 'gs', bucket('name', 'defines', { scheme: 'gs' })), named: 'name' },
  row('google_storage_bucket_object', 'gs', bucket('bucket', 'writes', { scheme: 'gs', key: 'name' })),
  row(
    'google_storage_bucket_iam_member google_storage_bucket_iam_binding google_storage_notification',
    'gs',
    bucket('bucket', 'mentions', { scheme: 'gs' }),
  ),
  row(
    'google_bigquery_table',
    'sql',
    take('table_id', 'table', 'defines', { qualify: ['project', 'dataset_id'] }),
    queryOf('view.query'),
    queryOf('materialized_view.query'),
  ),
  { ...row('google_bigquery_dataset', 'sql'), named: 'dataset_id' },
  row('google_bigquery_job', 'sql', queryOf('query.query')),
  row('google_bigquery_data_transfer_config', 'sql', queryOf('params.query')),
  row(
    'google_monitoring_alert_policy',
    'monitoring',
    monitor('display_name'),
    take('**.filter', 'metric', 'reads', { read: 'filter' }),
    take('**.condition_monitoring_query_language.query', 'metric', 'reads', { read: 'filter' }),
    take('**.condition_prometheus_query_language.query', 'metric', 'reads', { read: 'promql' }),
  ),
  {
    ...row('google_logging_metric', 'monitoring', take('name', 'metric', 'writes')),
    named: 'name',
  },
  row('google_vertex_ai_endpoint', 'vertex', take('display_name', 'endpoint', 'defines')),
];

const others: readonly TerraformRow[] = [
  row(
    'snowflake_table snowflake_external_table',
    'sql',
    take('name', 'table', 'defines', { qualify: ['database', 'schema'] }),
  ),
  row(
    'snowflake_view snowflake_materialized_view snowflake_secure_view',
    'sql',
    take('name', 'table', 'defines', { qualify: ['database', 'schema'] }),
    queryOf('statement'),
  ),
  row(
    'snowflake_dynamic_table',
    'sql',
    take('name', 'table', 'defines', { qualify: ['database', 'schema'] }),
    queryOf('query'),
  ),
  row('snowflake_task', 'sql', queryOf('sql_statement')),
  row('snowflake_pipe', 'sql', queryOf('copy_statement')),
  row(
    'snowflake_stream snowflake_stream_on_table',
    'sql',
    take('on_table', 'table', 'reads'),
    take('table', 'table', 'reads'),
  ),
  row('snowflake_execute snowflake_unsafe_execute', 'sql', queryOf('execute')),
  row('snowflake_alert', 'sql', take('name', 'monitor', 'defines', { opens: 'monitor' }), queryOf('condition')),
  { ...row('snowflake_database snowflake_schema', 'sql'), named: 'name' },
  row(
    'grafana_rule_group',
    'grafana',
    take('rule.name', 'monitor', 'defines', { opens: 'monitor' }),
    take('**.expr', 'metric', 'reads', { read: 'promql' }),
  ),
  row('newrelic_nrql_alert_condition newrelic_alert_condition', 'newrelic', monitor('name')),
  row('prefect_deployment prefect_flow', 'prefect', take('name', 'job', 'defines')),
  row('dbtcloud_job', 'dbt', take('execute_steps', 'table', 'runs', { read: 'shell' })),
  row(
    'aws_instance aws_launch_template google_compute_instance',
    'shell',
    take('user_data', 'path', 'mentions', { read: 'shell' }),
    take('metadata_startup_script', 'path', 'mentions', { read: 'shell' }),
  ),
];

/** Of every resource. */
export const anyResource: TerraformRow = row(
  '*',
  'shell',
  take('provisioner.command', 'path', 'mentions', { read: 'shell' }),
  take('provisioner.inline', 'path', 'mentions', { read: 'shell' }),
);

export const terraformRows: readonly TerraformRow[] = [...datadog, ...databricks, ...aws, ...google, ...others];

const byType: ReadonlyMap<string, TerraformRow> = new Map(
  terraformRows.flatMap((one) => one.types.map((type) => [type, one] as const)),
);

export function terraformRow(type: string): TerraformRow | undefined {
  return byType.get(type);
}
