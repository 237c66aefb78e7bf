// Ray's calls: what a submission is called, where results go, Serve's applications and deployments (ray 2, from memory).
import type { Role } from '../../reference.ts';
import { address, methods, named, of, rowsOf } from '../rows.ts';
import type { Rule, Take } from '../rule.ts';

const row = rowsOf('ray');
const client = (...names: string[]): readonly string[] => methods('JobSubmissionClient', 'client', ...names);
/** Of a client that nothing is known of, only Ray's own ids count. */
const job = (role: Role, ...from: (number | string)[]): Take => named('job', role, ...from);

export const rayRules: readonly Rule[] = [
  row(
    'submit_job',
    client('submit_job'),
    job('runs', 'submission_id', 'job_id'),
    job('runs', 'metadata.job_name'),
    address('reads', 'runtime_env.working_dir'),
  ),
  row(
    'job',
    methods('JobSubmissionClient', undefined, 'get_job_status', 'get_job_logs', 'tail_job_logs', 'get_job_info'),
    job('reads', 0, 'job_id', 'submission_id'),
  ),
  row(
    'stop_job',
    methods('JobSubmissionClient', undefined, 'stop_job', 'delete_job'),
    job('writes', 0, 'job_id', 'submission_id'),
  ),
  row('init', ['ray.init'], address('reads', 'runtime_env.working_dir')),
  row('RunConfig', of('ray', 'RunConfig'), address('writes', 'storage_path')),
  row('tune.run', ['ray.tune.run'], address('writes', 'storage_path')),
  row('restore', ['ray.restore', 'ray.can_restore'], address('reads', 0, 'path')),
  row('Checkpoint', ['ray.Checkpoint'], address('reads', 'path')),
  row('serve.run', ['ray.serve.run'], named('endpoint', 'writes', 'name')),
  row('serve.deployment', ['ray.serve.deployment'], named('endpoint', 'defines', 'name')),
  row('serve.options', ['ray.deployment#options'], named('endpoint', 'defines', 'name')),
  row('serve.delete', ['ray.serve.delete'], named('endpoint', 'writes', 0, 'name')),
  row('serve.app_handle', ['ray.serve.get_app_handle'], named('endpoint', 'reads', 0, 'name')),
  row(
    'serve.deployment_handle',
    ['ray.serve.get_deployment_handle'],
    named('endpoint', 'reads', 0, 'deployment_name'),
    named('endpoint', 'reads', 1, 'app_name'),
  ),
];
