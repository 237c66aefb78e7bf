// Prefect's flows, tasks and deployments (3.9, read 2026-11). A flow is named by its function as it is written; Prefect shows `_` as `-`.
import { bucket, named, rowsOf } from '../rows.ts';
import type { Rule } from '../rule.ts';

const row = rowsOf('prefect');

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
  row('s3_download', ['prefect_aws.s3_download'], bucket('reads', ['bucket', 0], ['key', 1])),
  row('s3_upload', ['prefect_aws.s3_upload'], bucket('writes', ['bucket', 0], 'key')),
  row('s3_list_objects', ['prefect_aws.s3_list_objects'], bucket('reads', ['bucket', 0], 'prefix')),
  row('GcsBucket', ['prefect_gcp.GcsBucket'], bucket('mentions', 'bucket', 'bucket_folder', 'gs')),
  row('read_deployment', ['#read_deployment_by_name'], named('job', 'reads', 0, 'name')),
];
