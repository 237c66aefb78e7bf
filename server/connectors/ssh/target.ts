// Target: which host a connection means, checked by OpenSSH's own rule for names before any of it is near a command line.

export interface SshTarget {
  readonly user?: string;
  /** A name, an address, or an alias of the user's ssh configuration. */
  readonly host: string;
  readonly port?: number;
}

/** `ssh://[user@]host[:port]`, as OpenSSH's own client takes it. Undefined for anything else. */
export function sshTarget(url: string): SshTarget | undefined {
  const match = /^ssh:\/\/(?:([^@/]{1,100})@)?(\[[0-9a-f:.]{2,45}\]|[^@:/?#[\]]{1,255})(?::(\d{1,5}))?\/?$/i.exec(url);
  if (!match || !URL.canParse(url)) return undefined;
  const [, user, named = '', port] = match;
  const host = named.replace(/^\[|\]$/g, '');
  if (!isHostName(host) || (user !== undefined && !isUserName(user))) return undefined;
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return undefined;
  return { host, ...(user !== undefined && { user }), ...(port !== undefined && { port: Number(port) }) };
}

/**
 * `valid_hostname` of OpenSSH's ssh.c since 9.6, which refuses them for the sake of %h in ProxyCommand (read
 * 2026-11-23); older clients do not check, so we do.
 */
export function isHostName(host: string): boolean {
  return (
    host !== '' &&
    host.length <= 255 &&
    !host.startsWith('-') &&
    !/['`"$\\;&<>|(){}\s\u0000-\u001f\u007f-\uffff]/.test(host)
  );
}

/** `valid_ruser` of the same file, and stricter: no blanks and no backslash at all. */
export function isUserName(user: string): boolean {
  return user !== '' && !user.startsWith('-') && !/['`"$\\;&<>|(){}\s\u0000-\u001f\u007f-\uffff]/.test(user);
}
