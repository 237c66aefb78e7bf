// Ssh host: which host a connection means and which of its files, checked before any of it is near ssh: the host by OpenSSH's own rule.

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

const longest = 300;

/** Why a text is no path pattern, and what to write instead; undefined when it is one. */
export function patternMistake(pattern: string): string | undefined {
  if (!/^(?:\/|~\/)/.test(pattern))
    return 'a path begins at the root or the home folder: write for example "/var/log/churn/*.log" or "~/logs/*.log"';
  if (pattern.length > longest) return `it is longer than ${longest} characters; shorten it`;
  if (!/^~?[A-Za-z0-9._+=@:,%/*?[\]-]+$/.test(pattern))
    return 'only letters, digits, . _ + = @ : , % / - and the wildcards * ? [ ] may stand in it, no blanks and no quotes';
  if (goesThroughDots(pattern)) return 'it goes through ".." or "."; write the folder itself';
  const [, first = ''] = pattern.replace(/^~/, '').split('/');
  if (first === '' || /[*?[]/.test(first)) return 'it covers everything; name the folder of the logs';
  return undefined;
}

/** `..` and `.` as parts of a path. */
export function goesThroughDots(path: string): boolean {
  return path.split('/').some((part) => part === '..' || part === '.');
}
