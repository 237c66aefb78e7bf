// Airflow's Amazon operators, sensors and hooks: buckets, Glue, Redshift, SageMaker (provider 9.39, read 2026-11).
import { address, bucket, methods, named, of, rowsOf, table } from '../rows.ts';
import type { Rule } from '../rule.ts';

const row = rowsOf('s3');
const service = rowsOf('aws');
const airflow = (...names: string[]): readonly string[] => of('airflow', ...names);
const hook = (...names: string[]): readonly string[] => methods('S3Hook', 'hook', ...names);

const objects: readonly Rule[] = [
  row(
    'S3KeySensor',
    airflow('S3KeySensor', 'S3KeySensorAsync', 'S3KeysUnchangedSensor', 'S3KeysUnchangedSensorAsync', 'S3PrefixSensor'),
    bucket('reads', 'bucket_name', ['bucket_key', 'prefix']),
    address('reads', 'bucket_key'),
  ),
  row(
    'S3CopyObjectOperator',
    airflow('S3CopyObjectOperator', 'S3CopyPrefixOperator'),
    bucket('reads', 'source_bucket_name', ['source_bucket_key', 'source_bucket_prefix']),
    bucket('writes', 'dest_bucket_name', ['dest_bucket_key', 'dest_bucket_prefix']),
    address('reads', 'source_bucket_key', 'source_bucket_prefix'),
    address('writes', 'dest_bucket_key', 'dest_bucket_prefix'),
  ),
  row(
    'S3CreateObjectOperator',
    airflow(
      'S3CreateObjectOperator',
      'SqlToS3Operator',
      'MySQLToS3Operator',
      'FTPToS3Operator',
      'HttpToS3Operator',
      'ImapAttachmentToS3Operator',
      'MongoToS3Operator',
      'RedshiftToS3Operator',
      'SFTPToS3Operator',
      'SalesforceToS3Operator',
    ),
    bucket('writes', ['s3_bucket', 's3_bucket_name'], 's3_key'),
    address('writes', 's3_key'),
  ),
  row(
    'S3ReadObjectOperator',
    airflow(
      'S3ReadObjectOperator',
      'S3ToFTPOperator',
      'S3ToSFTPOperator',
      'S3ToSqlOperator',
      'S3ToDynamoDBOperator',
      'S3ToRedshiftOperator',
      'S3ToAzureBlobStorageOperator',
      'S3ToMySqlOperator',
      'S3ToHiveOperator',
      'S3ToTeradataOperator',
    ),
    bucket('reads', 's3_bucket', ['s3_key', 's3_prefix']),
    address('reads', 's3_key', 's3_source_key'),
  ),
  row('S3DeleteObjectsOperator', airflow('S3DeleteObjectsOperator'), bucket('mentions', 'bucket', ['keys', 'prefix'])),
  row('S3ListOperator', airflow('S3ListOperator', 'S3ListPrefixesOperator'), bucket('reads', 'bucket', 'prefix')),
  row(
    'S3ToGCSOperator',
    airflow('S3ToGCSOperator'),
    bucket('reads', 'bucket', 'prefix'),
    address('writes', 'dest_gcs'),
  ),
  row(
    'S3FileTransformOperator',
    airflow('S3FileTransformOperator'),
    address('reads', 'source_s3_key'),
    address('writes', 'dest_s3_key'),
  ),
  row(
    'S3CreateBucketOperator',
    airflow('S3CreateBucketOperator', 'S3PutBucketTaggingOperator'),
    bucket('writes', [0, 'bucket_name']),
  ),
  row(
    'S3DeleteBucketOperator',
    airflow('S3DeleteBucketOperator', 'S3DeleteBucketTaggingOperator'),
    bucket('mentions', [0, 'bucket_name']),
  ),
  row('S3GetBucketTaggingOperator', airflow('S3GetBucketTaggingOperator'), bucket('reads', [0, 'bucket_name'])),
  row(
    'ToS3',
    airflow('LocalFilesystemToS3Operator', 'GCSToS3Operator', 'AzureBlobStorageToS3Operator'),
    bucket('writes', 'dest_bucket', 'dest_key'),
    address('writes', 'dest_key', 'dest_s3_key'),
    bucket('reads', 'gcs_bucket', 'prefix', 'gs'),
    bucket('reads', 'container_name', 'prefix', 'wasb'),
  ),
  row('GoogleApiToS3Operator', airflow('GoogleApiToS3Operator'), address('writes', 's3_destination_key')),
  row('DynamoDBToS3Operator', airflow('DynamoDBToS3Operator'), bucket('writes', 's3_bucket_name', 's3_key_prefix')),
  row('ExasolToS3Operator', airflow('ExasolToS3Operator'), bucket('writes', 'bucket_name', 'key')),
  row(
    'RdsStartExportTaskOperator',
    airflow('RdsStartExportTaskOperator'),
    bucket('writes', 's3_bucket_name', 's3_prefix'),
  ),
];

const hooks: readonly Rule[] = [
  row(
    'S3Hook.read',
    hook('read_key', 'check_for_key', 'get_key', 'download_file', 'head_object', 'select_key'),
    bucket('reads', [1, 'bucket_name'], [0, 'key']),
    address('reads', 0, 'key'),
  ),
  row(
    'S3Hook.wildcard',
    hook('check_for_wildcard_key', 'get_wildcard_key'),
    bucket('reads', [1, 'bucket_name'], [0, 'wildcard_key']),
    address('reads', 0, 'wildcard_key'),
  ),
  row('S3Hook.list', hook('list_keys', 'list_prefixes'), bucket('reads', [0, 'bucket_name'], [1, 'prefix'])),
  row(
    'S3Hook.prefix',
    hook('get_file_metadata', 'iter_file_metadata'),
    bucket('reads', [1, 'bucket_name'], [0, 'prefix']),
  ),
  row('S3Hook.check_for_prefix', hook('check_for_prefix'), bucket('reads', [2, 'bucket_name'], [0, 'prefix'])),
  row('S3Hook.sync', hook('sync_to_local_dir'), bucket('reads', [0, 'bucket_name'], [2, 's3_prefix'])),
  row('S3Hook.bucket', ['S3Hook#check_for_bucket', 'S3Hook#get_bucket'], bucket('reads', [0, 'bucket_name'])),
  row('S3Hook.create_bucket', ['S3Hook#create_bucket'], bucket('writes', [0, 'bucket_name'])),
  row('S3Hook.delete_bucket', ['S3Hook#delete_bucket'], bucket('mentions', [0, 'bucket_name'])),
  row(
    'S3Hook.write',
    hook('load_file', 'load_string', 'load_bytes', 'load_file_obj'),
    bucket('writes', [2, 'bucket_name'], [1, 'key']),
    address('writes', 1, 'key'),
  ),
  row('S3Hook.delete_objects', hook('delete_objects'), bucket('mentions', [0, 'bucket'], [1, 'keys'])),
  row(
    'S3Hook.copy_object',
    ['S3Hook#copy_object'],
    bucket('reads', [2, 'source_bucket_name'], [0, 'source_bucket_key']),
    bucket('writes', [3, 'dest_bucket_name'], [1, 'dest_bucket_key']),
    address('reads', 0, 'source_bucket_key'),
    address('writes', 1, 'dest_bucket_key'),
  ),
];

/** Sensors and triggers that wait for one run. */
const runSensors = [
  ...airflow('GlueJobCompleteTrigger', 'GlueDataQualityRuleSetEvaluationRunSensor'),
  ...airflow('GlueDataQualityRuleRecommendationRunSensor', 'GlueDataQualityRuleSetEvaluationRunCompleteTrigger'),
  ...airflow('GlueDataQualityRuleRecommendationRunCompleteTrigger', 'EmrServerlessJobSensor', 'EmrContainerSensor'),
  ...airflow('EmrServerlessStartJobTrigger', 'EmrServerlessCancelJobsTrigger', 'SageMakerPipelineSensor'),
];
const runIds = ['run_id', 'evaluation_run_id', 'recommendation_run_id', 'job_run_id'];

const services: readonly Rule[] = [
  service('S3ToRedshift', airflow('S3ToRedshiftOperator', 'S3ToSqlOperator'), table('writes', 'table', 'schema')),
  service('RedshiftToS3', airflow('RedshiftToS3Operator'), table('reads', 'table', 'schema')),
  service('AthenaOperator', airflow('AthenaOperator'), address('writes', 'output_location')),
  service(
    'GlueJobOperator',
    airflow('GlueJobOperator'),
    named('job', 'runs', 'job_name'),
    address('reads', 'script_location'),
    bucket('mentions', 's3_bucket'),
  ),
  service(
    'GlueJobSensor',
    airflow('GlueJobSensor'),
    named('job', 'reads', 'job_name'),
    named('run', 'reads', 'run_id'),
  ),
  service('run', runSensors, named('run', 'reads', ...runIds)),
  service(
    'GlueCatalog',
    airflow('GlueCatalogPartitionSensor', 'AwsGlueCatalogPartitionSensor'),
    table('reads', 'table_name', 'database_name'),
  ),
  service(
    'GlueCatalogTable',
    airflow(
      'GlueCatalogCreateTableOperator',
      'GlueCatalogCreatePartitionOperator',
      'GlueCatalogBatchDeletePartitionOperator',
    ),
    table('writes', ['table_name', 'table_input.Name'], 'database_name'),
  ),
  service(
    'deleted',
    airflow('GlueCatalogDeleteTableOperator', 'S3TablesDeleteTableOperator'),
    table('mentions', 'table_name', 'database_name', 'namespace'),
  ),
  service('S3Tables', airflow('S3TablesCreateTableOperator'), table('writes', 'table_name', 'namespace')),
  service('SageMakerEndpointSensor', airflow('SageMakerEndpointSensor'), named('endpoint', 'reads', 'endpoint_name')),
  service(
    'SageMakerEndpointOperator',
    airflow('SageMakerEndpointOperator'),
    named('endpoint', 'writes', 'config.EndpointName', 'config.Endpoint.EndpointName'),
  ),
  service(
    'SageMakerAutoMLOperator',
    airflow('SageMakerAutoMLOperator'),
    named('endpoint', 'writes', 'autodeploy_endpoint_name'),
    address('reads', 's3_input'),
    address('writes', 's3_output'),
  ),
  service(
    'Bedrock',
    airflow('BedrockCustomizeModelOperator', 'BedrockBatchInferenceOperator'),
    address('reads', 'training_data_uri', 'input_uri'),
    address('writes', 'output_data_uri', 'output_uri'),
  ),
];

export const amazonRules: readonly Rule[] = [...objects, ...hooks, ...services];
