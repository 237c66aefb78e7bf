// Files about data: OpenLineage events, Soda checks, dvc, SQLMesh, CloudFormation's buckets and endpoints (read 2026-11 in the packages).
import { cloudwatchRows } from './monitors.ts';
import { type ConfigRow, type ConfigShape, rowOf } from './row.ts';

const openlineage = rowOf('openlineage');
const soda = rowOf('soda');
const dvc = rowOf('dvc');
const sqlmesh = rowOf('sqlmesh');
const aws = rowOf('aws');
const kedro = rowOf('kedro');

const event = (at: string): readonly ConfigRow[] => [
  openlineage(`${at}**.namespace`, 'namespace', 'path', 'mentions', { read: 'nothing' }),
  openlineage(`${at}job.name`, 'job', 'job', 'mentions'),
  openlineage(`${at}run.runId`, 'run', 'run', 'mentions'),
  openlineage(`${at}run.facets.parent.run.runId`, 'parent', 'run', 'mentions'),
  openlineage(`${at}run.facets.parent.root.run.runId`, 'root', 'run', 'mentions'),
  openlineage(`${at}inputs.[]`, 'input', 'table', 'reads', { read: 'dataset' }),
  openlineage(`${at}outputs.[]`, 'output', 'table', 'writes', { read: 'dataset' }),
];

const stage = (at: string): readonly ConfigRow[] => [
  dvc(`${at}.deps`, 'deps', 'path', 'reads', { read: 'address' }),
  dvc(`${at}.outs`, 'outs', 'path', 'writes', { read: 'address' }),
  dvc(`${at}.outs.[].*`, 'outs', 'path', 'writes', { key: true, read: 'address' }),
];

const ofType = (type: string) => [['^^Type', `^AWS::${type}$`]] as const;

export const dataShapes: readonly ConfigShape[] = [
  {
    id: 'openlineage.event',
    has: [
      ['eventType', 'job.name', 'run.runId'],
      ['eventTime', 'job.name', 'producer'],
    ],
    alone: true,
    rows: event(''),
  },
  { id: 'openlineage.events', has: [['[].eventType', '[].job.name']], alone: true, rows: event('[].') },
  {
    id: 'dvc',
    file: '/dvc\\.ya?ml$',
    rows: [...stage('stages.*'), ...stage('stages.*.do')],
  },
  {
    id: 'sqlmesh.external',
    file: '/external_models(?:/[^/]+)*\\.ya?ml$',
    rows: [sqlmesh('[].name', 'external_model', 'table', 'defines')],
  },
  {
    id: 'sqlmesh.test',
    has: [
      ['*.model', '*.inputs.{}', '*.outputs.{}'],
      ['*.model', '*.outputs.query'],
    ],
    rows: [
      sqlmesh('*.model', 'test', 'table', 'mentions'),
      sqlmesh('*.inputs.*', 'test.input', 'table', 'reads', { key: true }),
    ],
  },
  {
    id: 'kedro.catalog',
    file: '/catalog[^/]*(?:/[^/]+)?\\.ya?ml$',
    has: [['*.type=SQLTable|ManagedTable|DeltaTable|SnowparkTable']],
    both: true,
    rows: [
      kedro('*.table_name', 'table_name', 'table', 'mentions', { when: [['^type', 'Table']] }),
      kedro('*.table', 'table', 'table', 'mentions', { when: [['^type', 'Table']] }),
    ],
  },
  {
    id: 'aws.template',
    has: [['Resources.*.Type=^AWS::'], ['resources.Resources.*.Type=^AWS::']],
    rows: [
      aws('**.Properties.BucketName', 's3.bucket', 'path', 'defines', { read: 'bucket', when: ofType('S3::Bucket') }),
      aws('**.Properties.EndpointName', 'sagemaker.endpoint', 'endpoint', 'defines', {
        when: ofType('SageMaker::Endpoint'),
      }),
      ...cloudwatchRows,
    ],
  },
];

/** `checks for orders:` is said in no other file. */
export const sodaRows: readonly ConfigRow[] = [
  soda('*', 'checks', 'table', 'reads', { key: true, pattern: '^checks for (?:table )?([A-Za-z_"][\\w."$-]*)' }),
  soda('*.[]', 'mustExist', 'table', 'reads', { pattern: ' must exist in ([A-Za-z_"][\\w."$-]*) \\(' }),
  soda('*', 'filter', 'table', 'reads', { key: true, pattern: '^filter ([A-Za-z_"][\\w."$-]*) \\[' }),
];
