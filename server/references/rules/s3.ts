// S3's calls: bucket and key beside each other (boto3 and Airflow's Amazon provider, read 2026-11). Whole addresses need no row.
import type { Role } from '../reference.ts';
import type { ArgumentKey, Rule, Take } from './rule.ts';

const row = (name: string, calls: readonly string[], ...takes: Take[]): Rule => ({
  id: `s3.${name}`,
  tool: 's3',
  calls,
  takes,
});
const bucket = (role: Role, from: readonly ArgumentKey[], key: readonly ArgumentKey[]): Take => ({
  from,
  key,
  kind: 'path',
  role,
  read: 'bucket',
});
const s3 = (...names: string[]): string[] =>
  names.flatMap((name) => [`boto3.client#${name}`, `s3:${name}`, `client:${name}`]);
const hook = (...names: string[]): string[] => names.flatMap((name) => [`S3Hook#${name}`, `hook:${name}`]);

export const s3Rules: readonly Rule[] = [
  row(
    'read',
    s3(
      'get_object',
      'head_object',
      'list_objects_v2',
      'list_objects',
      'select_object_content',
      'get_object_tagging',
      'head_bucket',
      'paginate',
    ),
    bucket('reads', ['Bucket'], ['Key', 'Prefix']),
  ),
  row('download', s3('download_file', 'download_fileobj'), bucket('reads', [0, 'Bucket'], [1, 'Key'])),
  row(
    'write',
    s3('put_object', 'delete_object', 'create_bucket', 'create_multipart_upload', 'put_object_tagging'),
    bucket('writes', ['Bucket'], ['Key']),
  ),
  row('upload', s3('upload_file', 'upload_fileobj'), bucket('writes', [1, 'Bucket'], [2, 'Key'])),
  row('copy_object', s3('copy_object'), bucket('writes', ['Bucket'], ['Key']), bucket('reads', ['CopySource'], [])),
  row('paginate', ['#paginate'], bucket('reads', ['Bucket'], ['Prefix'])),
  row('Bucket', ['boto3.resource#Bucket', 's3:Bucket'], bucket('mentions', [0, 'name'], [])),
  row('Object', ['boto3.resource#Object', 's3:Object'], bucket('mentions', [0, 'bucket_name'], [1, 'key'])),
  row('Bucket.Object', ['Bucket#Object', 'Bucket#put_object', 'Bucket#upload_file', 'Bucket#download_file'], {
    from: [0, 'key', 'Key'],
    kind: 'path',
    role: 'mentions',
    read: 'bucket',
    ownerBucket: true,
  }),
  row(
    'S3KeySensor',
    ['airflow.S3KeySensor', 'airflow.S3KeySensorAsync', 'airflow.S3KeysUnchangedSensor', 'airflow.S3PrefixSensor'],
    bucket('reads', ['bucket_name'], ['bucket_key', 'prefix']),
    { from: ['bucket_key'], kind: 'path', role: 'reads', read: 'address' },
  ),
  row(
    'S3CopyObjectOperator',
    ['airflow.S3CopyObjectOperator'],
    bucket('reads', ['source_bucket_name'], ['source_bucket_key']),
    bucket('writes', ['dest_bucket_name'], ['dest_bucket_key']),
    { from: ['source_bucket_key'], kind: 'path', role: 'reads', read: 'address' },
    { from: ['dest_bucket_key'], kind: 'path', role: 'writes', read: 'address' },
  ),
  row(
    'S3CreateObjectOperator',
    ['airflow.S3CreateObjectOperator', 'airflow.SqlToS3Operator'],
    bucket('writes', ['s3_bucket'], ['s3_key']),
  ),
  row('S3DeleteObjectsOperator', ['airflow.S3DeleteObjectsOperator'], bucket('writes', ['bucket'], ['keys', 'prefix'])),
  row(
    'S3ListOperator',
    ['airflow.S3ListOperator', 'airflow.S3ListPrefixesOperator'],
    bucket('reads', ['bucket'], ['prefix']),
  ),
  row(
    'S3FileTransformOperator',
    ['airflow.S3FileTransformOperator'],
    { from: ['source_s3_key'], kind: 'path', role: 'reads', read: 'address' },
    { from: ['dest_s3_key'], kind: 'path', role: 'writes', read: 'address' },
  ),
  row(
    'S3CreateBucketOperator',
    ['airflow.S3CreateBucketOperator', 'airflow.S3DeleteBucketOperator'],
    bucket('writes', ['bucket_name'], []),
  ),
  row(
    'LocalFilesystemToS3Operator',
    ['airflow.LocalFilesystemToS3Operator'],
    bucket('writes', ['dest_bucket'], ['dest_key']),
    { from: ['dest_key'], kind: 'path', role: 'writes', read: 'address' },
  ),
  row('S3ToRedshiftOperator', ['airflow.S3ToRedshiftOperator'], bucket('reads', ['s3_bucket'], ['s3_key']), {
    from: ['table'],
    kind: 'table',
    role: 'writes',
    qualify: [['schema']],
  }),
  row('S3ToSnowflakeOperator', ['airflow.S3ToSnowflakeOperator', 'airflow.CopyFromExternalStageToSnowflakeOperator'], {
    from: ['table'],
    kind: 'table',
    role: 'writes',
    qualify: [['database'], ['schema']],
  }),
  row(
    'S3Hook.read',
    hook('read_key', 'check_for_key', 'get_key', 'download_file'),
    bucket('reads', [1, 'bucket_name'], [0, 'key']),
  ),
  row('S3Hook.list', hook('list_keys', 'list_prefixes'), bucket('reads', [0, 'bucket_name'], [1, 'prefix'])),
  row(
    'S3Hook.write',
    hook('load_file', 'load_string', 'load_bytes', 'load_file_obj'),
    bucket('writes', [2, 'bucket_name'], [1, 'key']),
  ),
];
