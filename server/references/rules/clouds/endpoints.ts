// Endpoints of SageMaker (SDK 2.232; boto3 from memory), and of models behind LangChain's Databricks classes (read 2026-11).
import { address, bucket, named, rowsOf } from '../rows.ts';
import type { Rule } from '../rule.ts';

const row = rowsOf('sagemaker');
const client = (...names: string[]): string[] =>
  // With `EndpointName` beside it, the method's name is enough.
  names.flatMap((name) => [`boto3.client#${name}`, `#${name}`]);
const predictors = ['', 'PyTorch', 'TensorFlow', 'SKLearn', 'XGBoost', 'HuggingFace', 'MXNet', 'Chainer'];

export const endpointRules: readonly Rule[] = [
  row(
    'invoke',
    client('invoke_endpoint', 'invoke_endpoint_async', 'invoke_endpoint_with_response_stream', 'describe_endpoint'),
    named('endpoint', 'reads', 'EndpointName'),
    address('reads', 'InputLocation'),
  ),
  row(
    'endpoint',
    client('create_endpoint', 'update_endpoint', 'delete_endpoint'),
    named('endpoint', 'writes', 'EndpointName'),
  ),
  row('wait', ['#wait'], named('endpoint', 'reads', 'EndpointName')),
  row(
    'Predictor',
    predictors.map((name) => `sagemaker.${name}Predictor`),
    named('endpoint', 'reads', 0, 'endpoint_name'),
  ),
  row('deploy', ['#deploy'], named('endpoint', 'writes', 'endpoint_name')),
  row(
    'Session.endpoint',
    ['sagemaker.Session#delete_endpoint', 'sagemaker.Session#create_endpoint', 'sagemaker_session:delete_endpoint'],
    named('endpoint', 'writes', 0, 'endpoint_name'),
  ),
  row('TrainingInput', ['sagemaker.TrainingInput', 'sagemaker.s3_input'], address('reads', 0, 's3_data')),
  row('ProcessingInput', ['sagemaker.ProcessingInput'], address('reads', 0, 'source')),
  row('ProcessingOutput', ['sagemaker.ProcessingOutput'], address('writes', 1, 'destination')),
  row('upload_data', ['sagemaker.Session#upload_data', '#upload_data'], bucket('writes', 'bucket', 'key_prefix')),
  row('download_data', ['sagemaker.Session#download_data'], bucket('reads', [1, 'bucket'], [2, 'key_prefix'])),
  row(
    'S3Uploader',
    ['S3Uploader:upload', 'S3Uploader:upload_string_as_file_body'],
    address('writes', 1, 'desired_s3_uri'),
  ),
  row(
    'S3Downloader',
    ['S3Downloader:download', 'S3Downloader:read_file', 'S3Downloader:list'],
    address('reads', 0, 's3_uri'),
  ),
  row(
    'ChatDatabricks',
    ['databricks_langchain', 'langchain_databricks', 'langchain_community', 'langchain'].flatMap((root) => [
      `${root}.ChatDatabricks`,
      `${root}.DatabricksEmbeddings`,
    ]),
    named('endpoint', 'reads', 'endpoint'),
  ),
  row(
    'Databricks',
    [
      'databricks_langchain.Databricks',
      'langchain_databricks.Databricks',
      'langchain_community.Databricks',
      'langchain.Databricks',
    ],
    named('endpoint', 'reads', 'endpoint_name'),
  ),
  // Whoever's function it is: this keyword has but one meaning.
  row(
    'endpoint_name',
    ['=endpoint_name', '=serving_endpoint_name'],
    named('endpoint', 'mentions', 'endpoint_name', 'serving_endpoint_name'),
  ),
];
