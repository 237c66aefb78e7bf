// Airflow's operators on tables of any database: checks, transfers, bulk loads (common-sql 2.4, snowflake 6.20, postgres 7.1, read 2026-11).
import { bucket, named, of, rowsOf, table } from '../rows.ts';
import type { Rule } from '../rule.ts';

const row = rowsOf('sql');
const airflow = (...names: string[]): readonly string[] => of('airflow', ...names);

export const warehouseRules: readonly Rule[] = [
  row(
    'checks',
    airflow(
      'SQLColumnCheckOperator',
      'SQLTableCheckOperator',
      'SQLIntervalCheckOperator',
      'BigQueryColumnCheckOperator',
      'BigQueryTableCheckOperator',
      'BigQueryIntervalCheckOperator',
      'SnowflakeIntervalCheckOperator',
    ),
    table('reads', 'table'),
  ),
  row('GenericTransfer', airflow('GenericTransfer'), table('writes', 'destination_table')),
  row('SQLInsertRowsOperator', airflow('SQLInsertRowsOperator'), table('writes', 'table_name', 'schema')),
  row('SQLBulkLoadOperator', airflow('SQLBulkLoadOperator'), table('writes', 'table')),
  row(
    'CopyIntoSnowflake',
    airflow('CopyFromExternalStageToSnowflakeOperator', 'S3ToSnowflakeOperator'),
    table('writes', 'table', 'database', 'schema'),
  ),
  row(
    'hook.write',
    ['#insert_rows', '#upsert_rows', 'hook:bulk_load', 'PostgresHook#bulk_load'],
    table('writes', [0, 'table']),
  ),
  row('hook.bulk_dump', ['hook:bulk_dump', 'PostgresHook#bulk_dump'], table('reads', [0, 'table'])),
  row(
    'hook.table',
    ['hook:get_table_schema', 'hook:get_table_primary_key', 'PostgresHook#get_table_primary_key'],
    table('reads', [0, 'table', 'table_name'], 'schema'),
  ),
  row(
    'SparkJDBCOperator',
    airflow('SparkJDBCOperator'),
    table('mentions', 'jdbc_table'),
    table('mentions', 'metastore_table'),
  ),
  row(
    'hive',
    airflow(
      'HivePartitionSensor',
      'NamedHivePartitionSensor',
      'MetastorePartitionSensor',
      'HiveStatsCollectionOperator',
    ),
    {
      ...table('reads', 'table', 'schema'),
    },
  ),
  row('S3ToHive', airflow('S3ToHiveOperator'), table('writes', 'hive_table')),
  row('DbtCloud', airflow('DbtCloudRunJobOperator'), named('job', 'runs', 'job_id', 'job_name')),
  row('DbtCloudList', airflow('DbtCloudListJobRunsOperator'), named('job', 'reads', 'job_id')),
  row(
    'wasb.read',
    airflow(
      'WasbBlobSensor',
      'WasbBlobAsyncSensor',
      'WasbPrefixSensor',
      'WasbPrefixAsyncSensor',
      'AzureBlobStorageToGCSOperator',
    ),
    bucket('reads', 'container_name', ['blob_name', 'prefix'], 'wasb'),
  ),
  row('wasb.delete', airflow('WasbDeleteBlobOperator'), bucket('mentions', 'container_name', 'blob_name', 'wasb')),
  row(
    'wasb.write',
    airflow(
      'LocalFilesystemToWasbOperator',
      'SFTPToWasbOperator',
      'S3ToAzureBlobStorageOperator',
      'GCSToAzureBlobStorageOperator',
    ),
    bucket('writes', 'container_name', ['blob_name', 'blob_prefix'], 'wasb'),
  ),
];
