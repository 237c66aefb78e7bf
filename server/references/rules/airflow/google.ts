// Airflow's Google operators, sensors and hooks: buckets, BigQuery, Composer, Ray, Vertex AI (provider 22.8, read 2026-11).

import type { Role } from '../../reference.ts';
import { address, bucket, methods, named, of, rowsOf, table } from '../rows.ts';
import type { ArgumentKey, Rule, Take } from '../rule.ts';

const row = rowsOf('gs');
const bigquery = rowsOf('bigquery');
const google = rowsOf('google');
const airflow = (...names: string[]): readonly string[] => of('airflow', ...names);
const hook = (...names: string[]): readonly string[] => methods('GCSHook', 'gcs_hook', ...names);
const gs = (role: Role, from: string | readonly ArgumentKey[], key: string | readonly ArgumentKey[] = []): Take =>
  bucket(role, from, key, 'gs');

const objects: readonly Rule[] = [
  row(
    'GCSObjectSensor',
    airflow(
      'GCSObjectExistenceSensor',
      'GCSObjectExistenceAsyncSensor',
      'GCSObjectUpdateSensor',
      'GCSObjectsWithPrefixExistenceSensor',
      'GCSUploadSessionCompleteSensor',
      'GCSListObjectsOperator',
    ),
    gs('reads', 'bucket', ['object', 'prefix']),
  ),
  row(
    'GCSToLocal',
    airflow(
      'GCSToLocalFilesystemOperator',
      'GCSToGoogleDriveOperator',
      'GCSToGoogleSheetsOperator',
      'GCSToSFTPOperator',
      'GCSToS3Operator',
      'CloudDatastoreImportEntitiesOperator',
    ),
    gs(
      'reads',
      ['bucket', 'bucket_name', 'source_bucket', 'gcs_bucket'],
      ['object_name', 'source_object', 'prefix', 'file'],
    ),
  ),
  row(
    'GCSToGCSOperator',
    airflow(
      'GCSToGCSOperator',
      'GCSFileTransformOperator',
      'GCSTimeSpanFileTransformOperator',
      'GCSSynchronizeBucketsOperator',
    ),
    gs('reads', 'source_bucket', ['source_object', 'source_objects', 'source_prefix']),
    gs('writes', 'destination_bucket', ['destination_object', 'destination_prefix']),
  ),
  row(
    'ToGCS',
    airflow(
      'LocalFilesystemToGCSOperator',
      'SFTPToGCSOperator',
      'GoogleCalendarToGCSOperator',
      'GoogleSheetsToGCSOperator',
      'GoogleDriveToGCSOperator',
      'HttpToGCSOperator',
      'SalesforceToGcsOperator',
      'FacebookAdsReportToGcsOperator',
      'AzureBlobStorageToGCSOperator',
      'CassandraToGCSOperator',
      'MongoToGCSOperator',
      'MSSQLToGCSOperator',
      'MySQLToGCSOperator',
      'OracleToGCSOperator',
      'PostgresToGCSOperator',
      'PrestoToGCSOperator',
      'TrinoToGCSOperator',
      'GlacierToGCSOperator',
      'CloudDatastoreExportEntitiesOperator',
      'GoogleCampaignManagerDownloadReportOperator',
      'GoogleBidManagerDownloadReportOperator',
      'GoogleDisplayVideo360SDFtoGCSOperator',
      'GoogleAdsListAccountsOperator',
      'GoogleAdsToGcsOperator',
    ),
    gs(
      'writes',
      ['bucket', 'bucket_name', 'destination_bucket'],
      ['dst', 'object_name', 'destination_path', 'filename', 'obj', 'report_name'],
    ),
  ),
  row('ADLSToGCS', airflow('ADLSToGCSOperator', 'AzureFileShareToGCSOperator'), address('writes', 'dest_gcs')),
  row(
    'GCSDeleteObjectsOperator',
    airflow('GCSDeleteObjectsOperator'),
    gs('mentions', 'bucket_name', ['objects', 'prefix']),
  ),
  row('GCSCreateBucketOperator', airflow('GCSCreateBucketOperator'), gs('writes', 'bucket_name')),
  row('GCSDeleteBucketOperator', airflow('GCSDeleteBucketOperator'), gs('mentions', 'bucket_name')),
  row(
    'GCSAcl',
    airflow('GCSBucketCreateAclEntryOperator', 'GCSObjectCreateAclEntryOperator', 'GCSBucketAddIamBindingOperator'),
    gs('writes', 'bucket', 'object_name'),
  ),
  row(
    'CloudDataTransfer',
    airflow('CloudDataTransferServiceS3ToGCSOperator', 'CloudDataTransferServiceGCSToGCSOperator'),
    bucket('reads', 's3_bucket', 's3_path'),
    gs('reads', 'source_bucket', 'source_path'),
    gs('writes', ['gcs_bucket', 'destination_bucket'], ['gcs_path', 'destination_path']),
  ),
  row(
    'GCSHook.read',
    hook('download', 'download_as_byte_array', 'exists', 'provide_file', 'get_size', 'get_metadata', 'get_md5hash'),
    gs('reads', [0, 'bucket_name'], [1, 'object_name']),
  ),
  row('GCSHook.list', hook('list', 'get_bucket'), gs('reads', [0, 'bucket_name'], 'prefix')),
  row('GCSHook.write', hook('upload'), gs('writes', [0, 'bucket_name'], [1, 'object_name'])),
  row('GCSHook.delete', hook('delete'), gs('mentions', [0, 'bucket_name'], [1, 'object_name'])),
  row('GCSHook.create_bucket', hook('create_bucket'), gs('writes', [0, 'bucket_name'])),
  row(
    'GCSHook.copy',
    hook('copy', 'rewrite'),
    gs('reads', [0, 'source_bucket'], [1, 'source_object']),
    gs('writes', [2, 'destination_bucket'], [3, 'destination_object']),
  ),
];

/** `{"projectId": …, "datasetId": …, "tableId": …}` below a key. */
const resource = (role: Role, below: string): Take =>
  table(role, `${below}.tableId`, `${below}.projectId`, `${below}.datasetId`);

const warehouse: readonly Rule[] = [
  bigquery(
    'sensor',
    airflow(
      'BigQueryTableExistenceSensor',
      'BigQueryTableExistenceAsyncSensor',
      'BigQueryTablePartitionExistenceSensor',
      'BigQueryTableExistencePartitionAsyncSensor',
      'BigQueryStreamingBufferEmptySensor',
    ),
    table('reads', 'table_id', 'project_id', 'dataset_id'),
  ),
  bigquery(
    'get_data',
    airflow('BigQueryGetDataOperator'),
    table('reads', 'table_id', 'table_project_id', 'dataset_id'),
  ),
  bigquery(
    'write',
    airflow(
      'BigQueryCreateTableOperator',
      'BigQueryCreateEmptyTableOperator',
      'BigQueryCreateExternalTableOperator',
      'BigQueryUpdateTableOperator',
      'BigQueryUpdateTableSchemaOperator',
    ),
    table('writes', 'table_id', 'project_id', 'dataset_id'),
    { ...resource('writes', 'table_resource.tableReference'), unless: ['table_id'] },
    address('reads', 'table_resource.externalDataConfiguration.sourceUris'),
    address('reads', 'gcs_schema_object'),
    table('writes', 'destination_project_dataset_table'),
    { ...bucket('reads', 'bucket', 'source_objects', 'gs') },
  ),
  bigquery('upsert', airflow('BigQueryUpsertTableOperator'), resource('writes', 'table_resource.tableReference')),
  bigquery('delete', airflow('BigQueryDeleteTableOperator'), table('mentions', 'deletion_dataset_table')),
  bigquery(
    'insert_job',
    airflow('BigQueryInsertJobOperator'),
    resource('writes', 'configuration.query.destinationTable'),
    resource('writes', 'configuration.load.destinationTable'),
    resource('writes', 'configuration.copy.destinationTable'),
    resource('reads', 'configuration.copy.sourceTable'),
    resource('reads', 'configuration.extract.sourceTable'),
    address('reads', 'configuration.load.sourceUris'),
    address('writes', 'configuration.extract.destinationUris', 'configuration.extract.destinationUri'),
  ),
  bigquery(
    'transfer',
    airflow('BigQueryToBigQueryOperator', 'BigQueryToGCSOperator', 'BigQueryToMsSqlOperator'),
    table('reads', ['source_project_dataset_tables', 'source_project_dataset_table']),
    table('writes', 'destination_project_dataset_table'),
    address('writes', 'destination_cloud_storage_uris'),
  ),
  bigquery(
    'to_sql',
    airflow('BigQueryToMySqlOperator', 'BigQueryToPostgresOperator', 'BigQueryToMsSqlOperator'),
    table('reads', 'dataset_table'),
    table('reads', 'table_id', 'dataset_id'),
    table('writes', ['target_table_name', 'mysql_table', 'mssql_table']),
  ),
  bigquery(
    'GCSToBigQueryOperator',
    airflow('GCSToBigQueryOperator'),
    table('writes', 'destination_project_dataset_table'),
    bucket('reads', 'bucket', 'source_objects', 'gs'),
  ),
  bigquery(
    'execute_query',
    airflow('BigQueryExecuteQueryOperator', 'BigQueryOperator'),
    table('writes', 'destination_dataset_table'),
  ),
];

const services: readonly Rule[] = [
  google('CloudComposerTriggerDAGRunOperator', airflow('CloudComposerTriggerDAGRunOperator'), {
    ...named('job', 'runs', 'composer_dag_id'),
  }),
  google(
    'CloudComposerSensor',
    airflow('CloudComposerDAGRunSensor', 'CloudComposerExternalTaskSensor'),
    named('job', 'reads', 'composer_dag_id', 'composer_external_dag_id'),
    named('task', 'reads', 'composer_external_task_id', 'composer_external_task_ids'),
  ),
  google('RaySubmitJobOperator', airflow('RaySubmitJobOperator'), named('job', 'runs', 'submission_id')),
  google(
    'RayJob',
    airflow('RayGetJobInfoOperator', 'RayStopJobOperator', 'RayDeleteJobOperator'),
    named('job', 'reads', 'job_id'),
  ),
  google(
    'BatchPrediction',
    airflow('CreateBatchPredictionJobOperator'),
    address('reads', 'gcs_source'),
    address('writes', 'gcs_destination_prefix'),
  ),
  google('Endpoint.get', airflow('GetEndpointOperator'), named('endpoint', 'reads', 'endpoint_id')),
  google(
    'Endpoint',
    airflow('DeployModelOperator', 'UndeployModelOperator', 'UpdateEndpointOperator'),
    named('endpoint', 'writes', 'endpoint_id'),
  ),
  google(
    'CreateEndpointOperator',
    airflow('CreateEndpointOperator'),
    named('endpoint', 'writes', 'endpoint_id', 'endpoint.display_name'),
  ),
];

export const googleAirflowRules: readonly Rule[] = [...objects, ...warehouse, ...services];
