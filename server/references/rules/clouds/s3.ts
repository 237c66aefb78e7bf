// S3 through boto3, s3fs and SageMaker's sessions: bucket and key beside each other (s3fs 2026.9, read 2026-11; boto3 from memory). Whole addresses need no row.
import type { Role } from '../../reference.ts';
import { address, bucket, methods, named, rowsOf } from '../rows.ts';
import type { Rule, Take } from '../rule.ts';

const row = rowsOf('s3');
/** Of any client: only with `Bucket=`, which is unmistakable. */
const client = (...names: string[]): string[] =>
  names.flatMap((name) => [
    `boto3.client#${name}`,
    `aioboto3.client#${name}`,
    `s3:${name}`,
    `client:${name}`,
    `s3client:${name}`,
  ]);
/** Of what is known, or called, to be S3's: positions count too. */
const s3 = (...names: string[]): string[] =>
  names.flatMap((name) => [`boto3.client#${name}`, `s3:${name}`, `s3_client:${name}`, `s3client:${name}`]);
const resource = (name: string): string[] => [`boto3.resource#${name}`, `s3:${name}`, `s3_resource:${name}`];

const clients: readonly Rule[] = [
  row(
    'read',
    client(
      'get_object',
      'head_object',
      'list_objects_v2',
      'list_objects',
      'list_object_versions',
      'select_object_content',
      'get_object_tagging',
      'get_object_attributes',
      'head_bucket',
      'get_bucket_location',
      'download_file',
      'download_fileobj',
    ),
    bucket('reads', 'Bucket', ['Key', 'Prefix']),
  ),
  row('download', s3('download_file', 'download_fileobj'), bucket('reads', [0, 'Bucket'], [1, 'Key'])),
  row(
    'write',
    client(
      'put_object',
      'create_bucket',
      'create_multipart_upload',
      'put_object_tagging',
      'put_bucket_policy',
      'put_bucket_notification_configuration',
      'upload_file',
      'upload_fileobj',
    ),
    bucket('writes', 'Bucket', 'Key'),
  ),
  row('delete', client('delete_object', 'delete_bucket'), bucket('mentions', 'Bucket', 'Key')),
  row('delete_objects', client('delete_objects'), bucket('mentions', 'Bucket', 'Delete.Objects[].Key')),
  row('upload', s3('upload_file', 'upload_fileobj'), bucket('writes', [1, 'Bucket'], [2, 'Key'])),
  row('copy_object', client('copy_object', 'copy'), bucket('writes', 'Bucket', 'Key'), bucket('reads', 'CopySource')),
  row(
    'copy',
    s3('copy'),
    { ...bucket('writes', 1, [2, 'Key']), unless: ['Bucket'] },
    { ...bucket('reads', 0), unless: ['CopySource'] },
  ),
  row('CopySource', client('copy_object', 'copy'), {
    from: ['CopySource'],
    kind: 'path',
    role: 'reads',
    read: 'address',
    scheme: 's3',
  }),
  row('paginate', ['#paginate'], bucket('reads', 'Bucket', 'Prefix')),
  row(
    'presigned',
    client('generate_presigned_url'),
    bucket('mentions', ['Params.Bucket', '1.Bucket'], ['Params.Key', '1.Key']),
  ),
  row('presigned_post', client('generate_presigned_post'), bucket('writes', 'Bucket', 'Key')),
  row('waiter', ['#wait'], bucket('reads', 'Bucket', 'Key')),
];

const inObject = (role: Role): Take => ({ ...bucket(role, [0, 'bucket_name'], [1, 'key']), ofOwner: 'Object' });
const inBucket = (role: Role, ...from: (number | string)[]): Take => ({
  from,
  kind: 'path',
  role,
  read: 'bucket',
  ownerBucket: true,
});

const resources: readonly Rule[] = [
  row('Bucket', resource('Bucket'), bucket('mentions', [0, 'name'])),
  row(
    'Object',
    [...resource('Object'), ...resource('ObjectSummary')],
    bucket('mentions', [0, 'bucket_name'], [1, 'key']),
  ),
  row(
    'Object.write',
    ['Object#put', 'Object#upload_file', 'Object#upload_fileobj', 'Object#copy_from', 'object:put'],
    inObject('writes'),
  ),
  row(
    'Object.read',
    ['Object#get', 'Object#download_file', 'Object#download_fileobj', 'Object#load', 'object:get'],
    inObject('reads'),
  ),
  row('Bucket.Object', ['Bucket#Object'], inBucket('mentions', 0, 'key')),
  row('Bucket.put_object', ['Bucket#put_object'], inBucket('writes', 'Key')),
  row('Bucket.upload', ['Bucket#upload_file', 'Bucket#upload_fileobj'], inBucket('writes', 1, 'Key')),
  row('Bucket.download', ['Bucket#download_file', 'Bucket#download_fileobj'], inBucket('reads', 0, 'Key')),
  row('Bucket.filter', ['objects#filter'], inBucket('reads', 'Prefix')),
];

/** A path without its scheme: the file system says which. */
const schemeless = (role: Role, ...from: (number | string)[]): Take => ({ ...address(role, ...from), scheme: 's3' });
const fs = (...names: string[]): readonly string[] => methods('S3FileSystem', 's3fs', ...names);

const files: readonly Rule[] = [
  row('s3fs.open', fs('open'), { ...schemeless('reads', 0, 'path'), mode: [1, 'mode'] }),
  row(
    's3fs.read',
    fs('ls', 'glob', 'exists', 'find', 'info', 'walk', 'cat', 'get', 'download', 'read_text', 'isfile', 'isdir', 'du'),
    schemeless('reads', 0, 'path', 'rpath'),
  ),
  row('s3fs.write', fs('touch', 'write_text', 'pipe', 'mkdir', 'makedirs'), schemeless('writes', 0, 'path')),
  row('s3fs.put', fs('put', 'upload', 'put_file'), schemeless('writes', 1, 'rpath')),
  row('s3fs.copy', fs('cp', 'copy', 'mv', 'move'), schemeless('reads', 0, 'path1'), schemeless('writes', 1, 'path2')),
  row('fs.open', ['#open'], { ...address('reads', 0, 'path', 'urlpath', 'uri'), mode: [1, 'mode'] }),
  row('open', ['fsspec.open', 'smart_open.open', 'fsspec.open_files', 'open'], {
    ...address('reads', 0, 'urlpath', 'uri', 'file'),
    mode: [1, 'mode'],
  }),
  row(
    'datasets',
    [
      'pyarrow.dataset',
      'pyarrow.ParquetDataset',
      'pyarrow.ParquetFile',
      'tensorflow.TFRecordDataset',
      'webdataset.WebDataset',
      'streaming.StreamingDataset',
    ],
    address('reads', 0, 'source', 'path_or_paths', 'filenames', 'urls'),
    address('reads', 'remote'),
  ),
  row('fs.copy', ['fs:cp', 'fs:copy', 'fs:mv', 'fs:move'], address('reads', 0), address('writes', 1)),
  row('fs.put', ['fs:put', 'fs:upload'], address('writes', 1)),
  row('fs.get', ['fs:get', 'fs:download', 'fs:ls', 'fs:glob', 'fs:exists', 'fs:find'], address('reads', 0)),
  row('fs.mkdirs', ['fs:mkdirs', 'fs:makedirs'], address('writes', 0)),
];

const lambda: readonly Rule[] = [
  row(
    'glue',
    ['boto3.client#start_job_run', 'glue:start_job_run', 'client:start_job_run'],
    named('job', 'runs', 'JobName'),
  ),
  row('athena', client('start_query_execution'), address('writes', 'ResultConfiguration.OutputLocation')),
];

export const s3Rules: readonly Rule[] = [...clients, ...resources, ...files, ...lambda];
