// Dagster's assets, which are tables here, and jobs (1.13, read 2026-11).
import { named, rowsOf } from '../rows.ts';
import type { Rule } from '../rule.ts';

const row = rowsOf('dagster');
const dagster = (...names: string[]): readonly string[] => names.map((name) => `dagster.${name}`);

export const dagsterRules: readonly Rule[] = [
  row('asset', dagster('asset', 'graph_asset'), { ...named('table', 'defines', 'name'), orFunction: true }),
  { ...row('job', dagster('job'), { ...named('job', 'defines', 'name'), orFunction: true }), opens: 'job' },
  row('define_asset_job', dagster('define_asset_job'), named('job', 'defines', 0, 'name')),
  row(
    'schedule',
    dagster('ScheduleDefinition', 'schedule', 'sensor', 'SensorDefinition', 'run_status_sensor'),
    named('job', 'runs', 'job_name'),
  ),
  row('submit_job', ['dagster_graphql.DagsterGraphQLClient#submit_job_execution'], named('job', 'runs', 0, 'job_name')),
];
