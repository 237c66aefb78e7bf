// Hosts that Python goes to over SSH (paramiko, fabric, asyncssh, from memory).
import { named, of, rowsOf } from '../rows.ts';
import type { Rule } from '../rule.ts';

const row = rowsOf('ssh');

export const sshRules: readonly Rule[] = [
  row(
    'connect',
    ['paramiko.SSHClient#connect', 'ssh:connect', 'asyncssh.connect', 'ssh_client:connect'],
    named('host', 'mentions', 0, 'hostname', 'host'),
  ),
  row('Connection', ['fabric.Connection', 'spur.SshShell'], named('host', 'mentions', 0, 'host', 'hostname')),
  // Each of its arguments is a host.
  row(
    'Group',
    of('fabric', 'Group', 'SerialGroup', 'ThreadingGroup'),
    ...Array.from({ length: 20 }, (_, index) => named('host', 'mentions', index)),
  ),
];
