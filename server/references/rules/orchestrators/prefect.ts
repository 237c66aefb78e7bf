// Prefect's flows, tasks and deployments (3.9, prefect-aws 0.7, read 2026-11). A flow is named by its function as it is written; Prefect shows `_` as `-`.
import { bucket, named, rowsOf } from '../rows.ts';
import type { Rule } from '../rule.ts';

const row = rowsOf('prefect');
const aws = (...names: string[]): readonly string[] => names.map((name) => `prefect_aws.${name}`);

export const prefectRules: readonly Rule[] = [
  { ...row('flow', ['prefect.flow'], { ...named('job', 'defines', 'name'), orFunction: true }), opens: 'job' },
  // Of Prefect 1, where the name comes first.
  { ...row('Flow', ['prefect.Flow'], named('job', 'defines', 'name', 0)), opens: 'job' },
  { ...row('task', ['prefect.task'], { ...named('task', 'defines', 'name'), orFunction: true }), opens: 'task' },
  row('run_deployment', ['prefect.run_deployment', 'prefect.arun_deployment'], named('job', 'runs', 0, 'name')),
  row('to_deployment', ['#to_deployment'], named('job', 'defines', 0, 'name')),
  row('serve', ['#serve'], {
    ...named('job', 'defines', 'name'),
    when: ['cron', 'interval', 'schedules', 'schedule', 'parameters', 'tags', 'name'],
  }),
  row('deploy', ['#deploy'], { ...named('job', 'defines', 0, 'name'), when: ['work_pool_name'] }),
  row('Deployment', ['prefect.build_from_flow', 'prefect.Deployment'], named('job', 'defines', 'name')),
  row('S3Bucket', ['prefect_aws.S3Bucket'], bucket('mentions', ['bucket_name', 'bucket_path'], 'bucket_folder')),
  row(
    'download_from_bucket',
    aws('download_from_bucket', 'adownload_from_bucket', 's3_download'),
    bucket('reads', ['bucket', 0], ['key', 1]),
  ),
  row(
    'upload_to_bucket',
    aws('upload_to_bucket', 'aupload_to_bucket', 's3_upload'),
    bucket('writes', ['bucket', 1], ['key', 4]),
  ),
  row(
    'list_objects',
    aws('list_objects', 'alist_objects', 's3_list_objects'),
    bucket('reads', ['bucket', 0], 'prefix'),
  ),
  row(
    'copy_objects',
    aws('copy_objects', 'acopy_objects', 'move_objects', 'amove_objects'),
    bucket('reads', [2, 'source_bucket_name'], [0, 'source_path']),
    bucket('writes', [4, 'target_bucket_name'], [1, 'target_path']),
  ),
  row('GcsBucket', ['prefect_gcp.GcsBucket'], bucket('mentions', 'bucket', 'bucket_folder', 'gs')),
  row('read_deployment', ['#read_deployment_by_name'], named('job', 'reads', 0, 'name')),
];
