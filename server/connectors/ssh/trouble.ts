// Trouble: what ssh said when it gave up, as a reason that names the connection, the host and the next step.

import type { SshTarget } from '../../protocol/sshHost.ts';
import { HttpError, type HttpFailure } from '../httpError.ts';

export interface Ended {
  /** 255 is ssh's own; undefined when it was ended by a signal. */
  readonly code: number | undefined;
  /** The last of its stderr. */
  readonly said: string;
  /** `ENOENT` … when it could not be started. */
  readonly spawn?: string;
}

interface Known {
  readonly sign: RegExp;
  readonly kind: HttpFailure;
  /** `host` is how the user calls it (a jump host: how ssh does), `named` how known_hosts does. */
  readonly words: (host: string, shown: string, named: string) => string;
}

/** The ssh of the jump host ended, so the other one had nobody to talk to. */
const throughJump = /UNKNOWN port 65535|stdio forwarding failed/;

const byHand = (host: string): string => `Run "ssh ${host}" once in a terminal`;

/** In this order: a changed key also ends with "Host key verification failed". Texts of OpenSSH 8 to 10, all in English. */
const known: readonly Known[] = [
  {
    sign: /REMOTE HOST IDENTIFICATION HAS CHANGED|Offending (?:\w+ )?key/,
    kind: 'tls',
    words: (host, _, named) =>
      `the key of the host ${host} is another one than your known_hosts has, so nothing was sent. Either the host was set up anew or somebody stands in between: ask its administrator for the fingerprint; if it is right, run "ssh-keygen -R '${named}'" and connect once in a terminal.`,
  },
  {
    sign: /Host key verification failed|host key is (?:not )?known|REVOKED HOST KEY/i,
    kind: 'tls',
    words: (host) =>
      `your known_hosts does not have the key of the host ${host} yet, so nothing was sent. ${byHand(host)}, compare the fingerprint that it shows and answer yes; then sync again.`,
  },
  {
    sign: /Too many authentication failures/,
    kind: 'unauthorized',
    words: (host) =>
      `${host} was offered too many keys. Name the right one for it in your ssh configuration (IdentityFile, IdentitiesOnly yes).`,
  },
  {
    sign: /Permission denied \(/,
    kind: 'unauthorized',
    words: (host) =>
      `${host} refused your keys. ${byHand(host)}: it must connect without asking for anything. A key with a passphrase must be in your agent (ssh-add), and your public key in authorized_keys there.`,
  },
  {
    sign: /Could not resolve hostname/,
    kind: 'unreachable',
    words: (host) =>
      `nobody knows a host ${host}. Check the name, your ssh configuration (Host, HostName) and the VPN.`,
  },
  {
    sign: /Timeout, server \S+ not responding|client_loop: send disconnect|Broken pipe/,
    kind: 'timeout',
    words: (host) =>
      `${host} stopped answering in the middle. It is asked again later; check the network and the load of the host.`,
  },
  {
    sign: /timed out|Operation timed out/,
    kind: 'timeout',
    words: (host) =>
      `${host} did not answer in time. Check that it is up, the VPN and the firewall; it is asked again later.`,
  },
  {
    sign: /Connection refused|No route to host|Network is unreachable|Connection (?:closed|reset) by|kex_exchange_identification|stdio forwarding failed|open failed/,
    kind: 'unreachable',
    words: (host, shown) =>
      `${host} cannot be reached (${shown}). Check that it is up, that sshd runs there, and the jump host if there is one.`,
  },
  {
    sign: /Bad configuration option|terminating, \d+ bad configuration|Bad owner or permissions|no such identity file|Can't open user config file/,
    kind: 'broken',
    words: (_, shown) => `your ssh configuration cannot be used (${shown}). Correct the file that it names.`,
  },
  {
    sign: /sftp connections only|no command execution|not allowed to execute/i,
    kind: 'forbidden',
    words: (host) =>
      `${host} allows file transfer only, and logs are read there by a shell. Ask for an account with a shell.`,
  },
];

/** What came instead of an answer. */
export function sshTrouble(name: string, target: SshTarget, ended: Ended): HttpError {
  const { code, said, spawn } = ended;
  if (spawn !== undefined) {
    const words =
      spawn === 'ENOENT'
        ? 'the program ssh was not found. Install OpenSSH or put it on PATH.'
        : `ssh could not be started (${spawn}).`;
    return new HttpError('broken', `${name}: ${words}`);
  }
  const shown = lastLine(said);
  const found = known.find(({ sign }) => sign.test(said));
  if (found) {
    const named = hostIn(said) ?? target.host;
    const host = throughJump.test(said) ? named : target.host;
    return new HttpError(found.kind, `${name}: ${found.words(host, shown, named)}`);
  }
  if (code === 255 || code === undefined)
    return new HttpError(
      'unreachable',
      `${name}: ssh to ${target.host} ended (${shown}). ${byHand(target.host)} to see why.`,
    );
  return new HttpError(
    'broken',
    `${name}: ${target.host} could not run a shell for us (code ${code}: ${shown}). Hosts need /bin/sh with stat, tail and head; is it a Unix host, and does "ssh ${target.host} /bin/sh" work?`,
  );
}

/** It was there and says nothing any more. */
export function stalled(name: string, { host }: SshTarget, seconds: number): HttpError {
  return new HttpError(
    'timeout',
    `${name}: ${host} has not answered for ${seconds} s, so the connection was closed. It is asked again later; check the network and the load of the host.`,
  );
}

/** `ana@jump: Permission denied (publickey).` and `Host key for jump has changed` name the host that it is about. */
function hostIn(said: string): string | undefined {
  const match =
    /^(?:[^\s@]{1,100}@)?([A-Za-z0-9._:[\]-]{1,255}): Permission denied \(/m.exec(said) ??
    /[Hh]ost key for ([A-Za-z0-9._:[\]-]{1,255}) has changed/.exec(said) ??
    /host key is known for ([A-Za-z0-9._:[\]-]{1,255}?) and you have requested/.exec(said) ??
    /Could not resolve hostname ([A-Za-z0-9._:-]{1,255}): /.exec(said) ??
    /connect to host ([A-Za-z0-9._:-]{1,255}) port/.exec(said);
  return match?.[1];
}

function lastLine(said: string): string {
  const line = said.trim().split(/\r?\n/).at(-1) ?? '';
  return line.replace(/[^\u0020-\u007e]/g, '?').slice(0, 200) || 'it said nothing';
}
