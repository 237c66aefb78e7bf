// Airflow's DAGs, tasks, groups and what one DAG says of another (task-sdk 1.3, core 2.x, standard provider 1.21, read 2026-11).
import { methods, named, of, rowsOf } from '../rows.ts';
import type { Rule, Take } from '../rule.ts';

const row = rowsOf('airflow');

const outlets: Take = { from: ['outlets'], kind: 'path', role: 'writes', read: 'assets' };
const inlets: Take = { from: ['inlets'], kind: 'path', role: 'reads', read: 'assets' };
const schedule: Take = { from: ['schedule'], kind: 'path', role: 'reads', read: 'assets' };

/** Every class that is given a `task_id`, whoever wrote it; and keywords that can mean but one thing there. */
export const taskIdRule: Rule = row(
  'task_id',
  [],
  { ...named('task', 'defines', 'task_id'), container: ['dag'] },
  outlets,
  inlets,
  named('job', 'runs', 'trigger_dag_id'),
  named('job', 'reads', 'external_dag_id'),
  { ...named('task', 'reads', 'external_task_id', 'external_task_ids'), container: ['external_dag_id'] },
  named('host', 'mentions', 'ssh_conn_id'),
);

const dagId = named('job', 'defines', 0, 'dag_id');

export const dagRules: readonly Rule[] = [
  { ...row('DAG', of('airflow', 'DAG'), dagId, schedule), opens: 'job' },
  { ...row('dag', of('airflow', 'dag'), { ...dagId, orFunction: true }, schedule), opens: 'job' },
  // What `@asset` decorates is a DAG with one task, and an asset, all three called like the function.
  {
    ...row(
      'asset',
      ['airflow.asset', 'airflow.asset.*'],
      { ...named('job', 'defines', 'name'), orFunction: true },
      { from: ['uri'], kind: 'path', role: 'writes', read: 'address' },
      schedule,
    ),
    opens: 'job',
  },
  {
    ...row(
      'task',
      ['airflow.task', 'airflow.task.*', 'airflow.setup', 'airflow.teardown', 'ray_provider.task'],
      { ...named('task', 'defines', 'task_id'), orFunction: true },
      outlets,
      inlets,
    ),
    opens: 'task',
  },
  {
    ...row(
      'TaskGroup',
      [
        ...of('airflow', 'TaskGroup', 'DatabricksWorkflowTaskGroup'),
        'cosmos.DbtTaskGroup',
        'astro_databricks.DatabricksWorkflowTaskGroup',
      ],
      named('task', 'mentions', 0, 'group_id'),
    ),
    opens: 'group',
  },
  {
    ...row('task_group', of('airflow', 'task_group'), { ...named('task', 'mentions', 'group_id'), orFunction: true }),
    opens: 'group',
  },
  { ...row('DbtDag', ['cosmos.DbtDag'], named('job', 'defines', 'dag_id')), opens: 'job' },
  row(
    'TriggerDagRunOperator',
    of('airflow', 'TriggerDagRunOperator'),
    named('job', 'runs', 'trigger_dag_id'),
    named('run', 'mentions', 'trigger_run_id', 'run_id'),
  ),
  row(
    'ExternalTaskSensor',
    of('airflow', 'ExternalTaskSensor', 'ExternalTaskMarker', 'ExternalTaskSensorAsync'),
    named('job', 'reads', 'external_dag_id'),
    { ...named('task', 'reads', 'external_task_id', 'external_task_ids'), container: ['external_dag_id'] },
  ),
  row(
    'DagStateTrigger',
    of('airflow', 'DagStateTrigger', 'WorkflowTrigger'),
    named('job', 'reads', 'dag_id', 'external_dag_id'),
  ),
  row(
    'trigger_dag',
    of('airflow', 'trigger_dag'),
    named('job', 'runs', 0, 'dag_id'),
    named('run', 'mentions', 'run_id'),
  ),
  row('get_dag', ['DagBag#get_dag', 'dagbag:get_dag', 'dag_bag:get_dag'], named('job', 'reads', 0, 'dag_id')),
  row('DagRun.find', ['DagRun:find'], named('job', 'reads', 0, 'dag_id'), named('run', 'reads', 'run_id')),
  row('DagModel', ['DagModel:get_dagmodel', 'DagModel:get_current'], named('job', 'reads', 0, 'dag_id')),
  row(
    'ti',
    methods('RuntimeTaskInstance', 'ti', 'get_dagrun_state', 'get_dr_count', 'get_ti_count', 'get_task_states'),
    named('job', 'reads', 0, 'dag_id'),
    { ...named('task', 'reads', 'task_ids'), container: ['dag_id', 0] },
  ),
  row('xcom_pull', ['#xcom_pull'], named('job', 'reads', 'dag_id'), {
    ...named('task', 'reads', 0, 'task_ids'),
    container: ['dag_id'],
  }),
  row('get_task', methods('DAG', 'dag', 'get_task', 'has_task'), named('task', 'mentions', 0, 'task_id')),
  row(
    'branch',
    of('airflow', 'BranchSQLOperator', 'BranchDateTimeOperator', 'BranchDayOfWeekOperator'),
    named('task', 'mentions', 'follow_task_ids_if_true'),
    named('task', 'mentions', 'follow_task_ids_if_false'),
  ),
];
