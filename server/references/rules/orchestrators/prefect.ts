// Prefect's flows, tasks and deployments (3.9, read 2026-11). A flow is named by its function as it is written; Prefect shows `_` as `-`.
import { named, rowsOf } from '../rows.ts';
import type { Rule } from '../rule.ts';

const row = rowsOf('prefect');

export const prefectRules: readonly Rule[] = [
  { ...row('flow', ['prefect.flow'], { ...named('job', 'defines', 'name'), orFunction: true }), opens: 'job' },
  { ...row('task', ['prefect.task'], { ...named('task', 'defines', 'name'), orFunction: true }), opens: 'task' },
  row('run_deployment', ['prefect.run_deployment', 'prefect.arun_deployment'], named('job', 'runs', 0, 'name')),
  row('to_deployment', ['#to_deployment'], named('job', 'defines', 0, 'name')),
  row('serve', ['#serve'], {
    ...named('job', 'defines', 'name'),
    when: ['cron', 'interval', 'schedules', 'schedule', 'parameters', 'tags', 'name'],
  }),
  row('deploy', ['#deploy'], { ...named('job', 'defines', 0, 'name'), when: ['work_pool_name'] }),
  row('Deployment', ['prefect.build_from_flow', 'prefect.Deployment'], named('job', 'defines', 'name')),
  row('read_deployment', ['#read_deployment_by_name'], named('job', 'reads', 0, 'name')),
];
