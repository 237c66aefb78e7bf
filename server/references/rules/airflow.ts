// Airflow's calls (2.x and 3.x with their providers, read 2026-11 in the packages). Tasks of any operator: `taskIdRule`.
import type { Rule, Take } from './rule.ts';

const row = (name: string, calls: readonly string[], ...takes: Take[]): Rule => ({
  id: `airflow.${name}`,
  tool: 'airflow',
  calls,
  takes,
});

/** Every class that is given a `task_id`. */
export const taskIdRule: Rule = row('task_id', [], {
  from: ['task_id'],
  kind: 'task',
  role: 'defines',
  container: ['dag'],
});

const outlets: Take = { from: ['outlets'], kind: 'path', role: 'writes', read: 'assets' };
const inlets: Take = { from: ['inlets'], kind: 'path', role: 'reads', read: 'assets' };
const schedule: Take = { from: ['schedule'], kind: 'path', role: 'reads', read: 'assets' };

export const airflowRules: readonly Rule[] = [
  { ...row('DAG', ['airflow.DAG'], { from: [0, 'dag_id'], kind: 'job', role: 'defines' }, schedule), opens: 'job' },
  {
    ...row('dag', ['airflow.dag'], { from: [0, 'dag_id'], kind: 'job', role: 'defines', orFunction: true }, schedule),
    opens: 'job',
  },
  {
    ...row(
      'task',
      ['airflow.task', 'airflow.task.*', 'airflow.setup', 'airflow.teardown'],
      { from: ['task_id'], kind: 'task', role: 'defines', orFunction: true },
      outlets,
      inlets,
    ),
    opens: 'task',
  },
  {
    ...row('TaskGroup', ['airflow.TaskGroup'], { from: [0, 'group_id'], kind: 'task', role: 'mentions' }),
    opens: 'group',
  },
  {
    ...row('task_group', ['airflow.task_group'], {
      from: ['group_id'],
      kind: 'task',
      role: 'mentions',
      orFunction: true,
    }),
    opens: 'group',
  },
  row('TriggerDagRunOperator', ['airflow.TriggerDagRunOperator'], {
    from: ['trigger_dag_id'],
    kind: 'job',
    role: 'runs',
  }),
  row(
    'ExternalTaskSensor',
    ['airflow.ExternalTaskSensor', 'airflow.ExternalTaskMarker', 'airflow.ExternalTaskSensorAsync'],
    { from: ['external_dag_id'], kind: 'job', role: 'reads' },
    { from: ['external_task_id', 'external_task_ids'], kind: 'task', role: 'reads', container: ['external_dag_id'] },
  ),
  row('DagStateTrigger', ['airflow.DagStateTrigger'], { from: ['dag_id'], kind: 'job', role: 'reads' }),
  row('trigger_dag', ['airflow.trigger_dag'], { from: [0, 'dag_id'], kind: 'job', role: 'runs' }),
  row('get_dag', ['DagBag#get_dag'], { from: [0, 'dag_id'], kind: 'job', role: 'reads' }),
  row('Asset', ['airflow.Asset', 'airflow.Dataset'], {
    from: ['uri', 0],
    kind: 'path',
    role: 'mentions',
    read: 'assets',
  }),
  row('File', ['airflow.File'], { from: ['url', 0], kind: 'path', role: 'mentions', read: 'address' }),
  row('Table', ['airflow.Table'], { from: ['name'], kind: 'table', role: 'mentions', qualify: [['database']] }),
  row('ObjectStoragePath', ['airflow.ObjectStoragePath'], {
    from: [0],
    kind: 'path',
    role: 'mentions',
    read: 'address',
  }),
  row(
    'SSHOperator',
    ['airflow.SSHOperator', 'airflow.SSHHook'],
    { from: ['ssh_conn_id'], kind: 'host', role: 'mentions' },
    { from: ['remote_host'], kind: 'host', role: 'mentions' },
  ),
];
