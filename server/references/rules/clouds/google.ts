// Google's clients: storage 3.17, bigquery 3.47, Vertex AI 1.x (read 2026-11; Vertex AI from memory).
import type { Role } from '../../reference.ts';
import { address, bucket, named, rowsOf, table } from '../rows.ts';
import type { Rule, Take } from '../rule.ts';

const row = rowsOf('gs');
const bigquery = rowsOf('bigquery');
const vertex = rowsOf('vertex');
const client = (...names: string[]): string[] =>
  names.flatMap((name) => [`google.Client#${name}`, `storage_client:${name}`, `gcs_client:${name}`, `gcs:${name}`]);
const inBucket = (role: Role, ...from: (number | string)[]): Take => ({
  from,
  kind: 'path',
  role,
  read: 'bucket',
  ownerBucket: true,
  scheme: 'gs',
});

const storage: readonly Rule[] = [
  row('bucket', client('bucket'), bucket('mentions', [0, 'bucket_name'], [], 'gs')),
  row(
    'get_bucket',
    client('get_bucket', 'lookup_bucket'),
    bucket('reads', [0, 'bucket_or_name', 'bucket_name'], [], 'gs'),
  ),
  row('create_bucket', client('create_bucket'), bucket('writes', [0, 'bucket_or_name'], [], 'gs')),
  row('list_blobs', client('list_blobs'), bucket('reads', [0, 'bucket_or_name'], 'prefix', 'gs')),
  row('download_blob', client('download_blob_to_file'), address('reads', 0)),
  row(
    'blob',
    ['bucket#blob', 'get_bucket#blob', 'create_bucket#blob', 'bucket:blob'],
    inBucket('mentions', 0, 'blob_name'),
  ),
  row('blob.write', ['#upload_from_filename', '#upload_from_string', '#upload_from_file'], {
    ...inBucket('writes', 0, 'blob_name'),
    ofOwner: 'blob',
  }),
  row(
    'blob.read',
    ['#download_to_filename', '#download_as_string', '#download_as_bytes', '#download_as_text', '#download_to_file'],
    { ...inBucket('reads', 0, 'blob_name'), ofOwner: 'blob' },
  ),
  row('get_blob', ['bucket#get_blob', 'get_bucket#get_blob', 'bucket:get_blob'], inBucket('reads', 0, 'blob_name')),
  row(
    'delete_blob',
    ['bucket#delete_blob', 'get_bucket#delete_blob', 'bucket:delete_blob'],
    inBucket('mentions', 0, 'blob_name'),
  ),
  row(
    'bucket.list_blobs',
    ['bucket#list_blobs', 'get_bucket#list_blobs', 'bucket:list_blobs'],
    inBucket('reads', 'prefix'),
  ),
  row('from_uri', ['google.from_string', 'google.from_uri'], address('mentions', 0, 'uri')),
];

const bq = (...names: string[]): string[] =>
  names.flatMap((name) => [`google.Client#${name}`, `bigquery_client:${name}`, `bq_client:${name}`, `bq:${name}`]);
/** Names that only BigQuery's client has. */
const any = (...names: string[]): string[] => [...bq(...names), ...names.map((name) => `client:${name}`)];

const warehouse: readonly Rule[] = [
  bigquery('get_table', bq('get_table', 'list_rows', 'list_partitions'), table('reads', [0, 'table'])),
  bigquery('write_table', bq('create_table', 'insert_rows'), table('writes', [0, 'table'])),
  bigquery('delete_table', bq('delete_table'), table('mentions', [0, 'table'])),
  bigquery('insert', any('insert_rows_json', 'insert_rows_from_dataframe'), table('writes', [0, 'table'])),
  bigquery(
    'load',
    any('load_table_from_dataframe', 'load_table_from_json', 'load_table_from_file', 'load_table_from_uri'),
    table('writes', [1, 'destination']),
  ),
  bigquery('load_uri', any('load_table_from_uri'), address('reads', 0, 'source_uris')),
  bigquery('extract', any('extract_table'), table('reads', [0, 'source']), address('writes', 1, 'destination_uris')),
  bigquery('copy', bq('copy_table'), table('reads', [0, 'sources']), table('writes', [1, 'destination'])),
  bigquery('Table', ['google.Table'], table('mentions', [0, 'table_ref'])),
  bigquery('TableReference', ['TableReference:from_string', 'google.from_string'], table('mentions', [0, 'table_id'])),
  bigquery('QueryJobConfig', ['google.QueryJobConfig'], table('writes', 'destination')),
  bigquery('to_gbq', ['#to_gbq', 'pandas_gbq.to_gbq'], table('writes', 'destination_table')),
  bigquery('to_gbq.position', ['#to_gbq'], { ...table('writes', 0), unless: ['destination_table'] }),
  bigquery(
    'read_gbq',
    ['pandas.read_gbq', 'pandas_gbq.read_gbq', 'bigframes.read_gbq'],
    table('reads', [0, 'query', 'query_or_table']),
  ),
];

const services: readonly Rule[] = [
  vertex('Endpoint', ['google.Endpoint'], named('endpoint', 'reads', 0, 'endpoint_name')),
  vertex('Endpoint.create', ['Endpoint:create'], named('endpoint', 'writes', 'display_name')),
  vertex('init', ['google.init'], address('mentions', 'staging_bucket')),
];

export const googleRules: readonly Rule[] = [...storage, ...warehouse, ...services];
