// Sshd: real OpenSSH servers on loopback for a test, as the user who runs it, with keys and configurations of their own.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../scripts/live/programs.mjs';

export interface Sshd {
  readonly port: number;
  readonly process: ChildProcess;
  /** Every process that it started for a connection is stopped, or goes on. */
  freeze(frozen: boolean): void;
  /** Ends it, with what it started. */
  end(): void;
}

export interface SshWorld {
  readonly folder: string;
  /** What the user's ssh is given by -F. */
  readonly configFile: string;
  /** A server with a host key of its own. */
  start(name: string, port?: number): Promise<Sshd>;
  /** Writes the configuration: its text, below what holds for all hosts. */
  configure(text: string): void;
  /** Makes a key; the path of its private half. */
  key(name: string): string;
  /** Adds to what the user's ssh knows. */
  knownHosts(text: string): void;
  publicKey(name: string): string;
  stop(): void;
}

/** The path of OpenSSH's server; installed by apt-get where we are root on Debian. Throws with the next step. */
export function findSshd(): string {
  const places = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/sbin/sshd'];
  const found = () => places.find((place) => existsSync(place));
  const isRoot = process.getuid?.() === 0;
  if (!found() && isRoot && existsSync('/usr/bin/apt-get')) {
    const options = { encoding: 'utf8' as const, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    spawnSync('apt-get', ['update', '-qq'], options);
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'openssh-server'], options);
  }
  const sshd = found();
  if (!sshd) throw new Error('These tests need an OpenSSH server: apt-get install -y openssh-server');
  // Where a server of root keeps nothing; made by its service, which a test does not start.
  if (isRoot) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  return sshd;
}

export function sshWorld(): SshWorld {
  const sshd = findSshd();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-ssh-'));
  const running: Sshd[] = [];
  const inside = (name: string): string => path.join(folder, name);
  const key = (name: string): string => {
    if (!existsSync(inside(name)))
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', inside(name)]);
    return inside(name);
  };
  const publicKey = (name: string): string =>
    execFileSync('ssh-keygen', ['-y', '-f', key(name)], { encoding: 'utf8' }).trim();
  writeFileSync(inside('authorized'), `${publicKey('user')}\n`);
  writeFileSync(inside('known_hosts'), '');
  return {
    folder,
    configFile: inside('config'),
    key,
    publicKey,
    knownHosts: (text) => appendFileSync(inside('known_hosts'), `${text}\n`),
    configure(text) {
      const all = [
        'Host * !wrong !agented',
        `  IdentityFile ${inside('user')}`,
        'Host *',
        `  User ${os.userInfo().username}`,
        '  IdentitiesOnly yes',
        `  UserKnownHostsFile ${inside('known_hosts')}`,
        '  GlobalKnownHostsFile /dev/null',
      ];
      writeFileSync(inside('config'), `${text}\n${all.join('\n')}\n`, { mode: 0o600 });
    },
    async start(name, wanted) {
      const port = wanted ?? (await freePort());
      const lines = [
        `Port ${port}`,
        'ListenAddress 127.0.0.1',
        `HostKey ${key(`host_${name}`)}`,
        `AuthorizedKeysFile ${inside('authorized')}`,
        'StrictModes no',
        'UsePAM no',
        'PasswordAuthentication no',
        'KbdInteractiveAuthentication no',
        'PermitRootLogin prohibit-password',
        `PidFile ${inside(`${name}.pid`)}`,
        'MaxStartups 100',
      ];
      writeFileSync(inside(`${name}.conf`), `${lines.join('\n')}\n`);
      const child = spawn(sshd, ['-D', '-f', inside(`${name}.conf`), '-E', inside(`${name}.log`)], { stdio: 'ignore' });
      const one: Sshd = {
        port,
        process: child,
        freeze: (frozen) => signalTree(child.pid, frozen ? 'SIGSTOP' : 'SIGCONT'),
        end: () => signalTree(child.pid, 'SIGKILL'),
      };
      running.push(one);
      await listening(port);
      return one;
    },
    stop() {
      for (const one of running) {
        one.freeze(false);
        one.end();
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function signalTree(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  const children = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter(Boolean);
  if (signal !== 'SIGKILL') trySignal(pid, signal);
  for (const child of children) signalTree(Number(child), signal);
  if (signal === 'SIGKILL') trySignal(pid, signal);
}

function trySignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (isUp) return;
    await pause(50);
  }
  throw new Error(`No sshd listens at port ${port}.`);
}
