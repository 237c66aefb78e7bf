// Airflow's operators that go to a host over SSH (ssh provider 7.0, read 2026-11).
import { named, of, rowsOf } from '../rows.ts';
import type { Rule } from '../rule.ts';

const row = rowsOf('airflow');

export const hostRules: readonly Rule[] = [
  row(
    'SSHOperator',
    of(
      'airflow',
      'SSHOperator',
      'SSHRemoteJobOperator',
      'SSHHook',
      'SSHHookAsync',
      'SFTPHook',
      'SFTPOperator',
      'SFTPSensor',
    ),
    named('host', 'mentions', 'ssh_conn_id'),
    named('host', 'mentions', 'remote_host', 'host'),
  ),
  row('SSHHook', ['airflow.SSHHook', 'airflow.SSHHookAsync'], {
    ...named('host', 'mentions', 0),
    unless: ['ssh_conn_id'],
  }),
];
