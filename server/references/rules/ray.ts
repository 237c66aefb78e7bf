// Ray's calls: where results go, what a submission is called (ray 2.x, read 2026-11).
import type { Rule } from './rule.ts';

export const rayRules: readonly Rule[] = [
  {
    id: 'ray.submit_job',
    tool: 'ray',
    calls: ['JobSubmissionClient#submit_job'],
    takes: [{ from: ['submission_id'], kind: 'job', role: 'runs' }],
  },
  {
    id: 'ray.serve.run',
    tool: 'ray',
    calls: ['ray.run'],
    takes: [{ from: ['name'], kind: 'endpoint', role: 'writes' }],
  },
  {
    id: 'ray.app_handle',
    tool: 'ray',
    calls: ['ray.get_app_handle'],
    takes: [{ from: [0, 'name'], kind: 'endpoint', role: 'reads' }],
  },
  {
    id: 'ray.RunConfig',
    tool: 'ray',
    calls: ['ray.RunConfig'],
    takes: [{ from: ['storage_path'], kind: 'path', role: 'writes', read: 'address' }],
  },
];
