// Ssh: the user's own ssh program, started towards one host with nothing forwarded, nothing shared and nobody asked.
import { spawn } from 'node:child_process';
import os from 'node:os';
import type { Talk } from '../connectors/connector.ts';
import { isHostName, isUserName, type SshTarget } from '../protocol/sshHost.ts';
import { cleanEnvironment } from './exec.ts';
import { codeOf, WorldError } from './failure.ts';

export interface SshOptions {
  readonly target: SshTarget;
  /** Absolute path of a configuration file in place of the user's own. */
  readonly configFile?: string;
  /** Until the host's sshd has answered; default 10 s. */
  readonly connectMs?: number;
  /** A host that says nothing for three times this long is given up; default 5 s. */
  readonly aliveMs?: number;
}

const keptOfStderr = 16_000;

/** What the command line gives wins over the user's configuration, which says all the rest: keys, agent, jump hosts. */
export function sshArguments(
  { target, configFile, connectMs = 10_000, aliveMs = 5_000 }: SshOptions,
  command: string,
): string[] {
  const { host, user, port } = target;
  if (!isHostName(host) || (user !== undefined && !isUserName(user)))
    throw new WorldError('forbidden', 'This is no name of a host that ssh may be given. Correct the connection.');
  const settings = [
    'BatchMode=yes',
    `ConnectTimeout=${seconds(connectMs)}`,
    'ConnectionAttempts=1',
    `ServerAliveInterval=${seconds(aliveMs)}`,
    'ServerAliveCountMax=3',
    'ForwardAgent=no',
    'ForwardX11=no',
    'ClearAllForwardings=yes',
    'PermitLocalCommand=no',
    'RemoteCommand=none',
    'RequestTTY=no',
    'ControlMaster=no',
    'ControlPath=none',
    'ControlPersist=no',
    'UpdateHostKeys=no',
    'EscapeChar=none',
    // At ERROR it does not say that a host fell silent.
    'LogLevel=INFO',
  ];
  return [
    ...(configFile === undefined ? [] : ['-F', configFile]),
    ...['-a', '-x', '-T'],
    ...settings.flatMap((setting) => ['-o', setting]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(user === undefined ? [] : ['-l', user]),
    ...['--', host, command],
  ];
}

function seconds(ms: number): number {
  return Math.max(1, Math.round(ms / 1000));
}

/** Throws a WorldError for a target that ssh must not see. */
export function startSsh(options: SshOptions, command: string): Talk {
  const child = spawn('ssh', sshArguments(options, command), {
    // Not a folder of the workspace: nothing of it is found by a relative name.
    cwd: os.homedir(),
    env: { ...cleanEnvironment(), ...agent(), SSH_ASKPASS_REQUIRE: 'never' },
    stdio: ['pipe', 'pipe', 'pipe'],
    shell: false,
    windowsHide: true,
    // A group of its own, so that the ssh towards a jump host ends with it; and no terminal to ask at.
    detached: process.platform !== 'win32',
  });
  let said = '';
  let failed: string | undefined;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-keptOfStderr);
  });
  // It may end before it has read what it is told.
  child.stdin.on('error', () => {});
  const ended: Talk['ended'] = new Promise((resolve) => {
    const done = (code: number | null): void =>
      resolve({ code: code ?? undefined, said, ...(failed === undefined ? {} : { spawn: failed }) });
    child.once('error', (error) => {
      failed = codeOf(error) ?? 'unknown';
      if (child.pid === undefined) done(null);
    });
    child.once('close', done);
  });
  return {
    output: child.stdout,
    write: (text) => void (child.stdin.writable && child.stdin.write(text)),
    ended,
    end: () => endGroup(child.pid),
  };
}

/** For the user's keys and tickets. */
function agent(): Record<string, string> {
  const names = ['SSH_AUTH_SOCK', 'KRB5CCNAME', 'SSH_SK_PROVIDER'];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name] ?? '']])),
  );
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
