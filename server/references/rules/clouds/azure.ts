// Azure's blob clients (from memory). An address there has no account: `az://container/blob`.
import { bucket, rowsOf } from '../rows.ts';
import type { Rule, Take } from '../rule.ts';

const row = rowsOf('az');
const service = (...names: string[]): string[] =>
  names.flatMap((name) => [
    `azure.BlobServiceClient#${name}`,
    `from_connection_string#${name}`,
    `blob_service_client:${name}`,
    `blob_service:${name}`,
  ]);
const inContainer = (role: Take['role'], ...from: (number | string)[]): Take => ({
  from,
  kind: 'path',
  role,
  read: 'bucket',
  ownerBucket: true,
  scheme: 'az',
});

export const azureRules: readonly Rule[] = [
  row('container', service('get_container_client'), bucket('mentions', [0, 'container'], [], 'az')),
  row('blob', service('get_blob_client'), bucket('mentions', [0, 'container'], [1, 'blob'], 'az')),
  row(
    'create_container',
    service('create_container', 'delete_container'),
    bucket('writes', [0, 'name', 'container'], [], 'az'),
  ),
  row(
    'upload_blob',
    ['get_container_client#upload_blob', 'container_client:upload_blob'],
    inContainer('writes', 0, 'name'),
  ),
  row(
    'download_blob',
    ['get_container_client#download_blob', 'container_client:download_blob'],
    inContainer('reads', 0, 'blob'),
  ),
];
