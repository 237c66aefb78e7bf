// Ssh entry: what stands in a connection to a host and nowhere else: its address and the path patterns of its logs.
import { patternMistake, sshTarget } from '../protocol/sshHost.ts';

const mostPatterns = 50;

/** Undefined when the url names a host that ssh may be given; else what is wrong and what to write. */
export function sshUrlMistake(url: string): string | undefined {
  if (sshTarget(url)) return undefined;
  if (/^ssh:\/\//i.test(url))
    return 'this is no host that ssh accepts; write "ssh://" and the name you type after ssh, for example "ssh://worker-1" or "ssh://ana@10.0.1.7:2222"';
  return sshTarget(`ssh://${url}`)
    ? `it must begin with ssh://; write "ssh://${url}"`
    : 'write "ssh://" and the name you type after ssh, for example "ssh://worker-1"';
}

/** Why the value is no list of path patterns; undefined when it is one. */
export function logsMistake(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length > mostPatterns)
    return `"logs" must be a list of at most ${mostPatterns} path patterns, for example ["/var/log/churn/*.log"]`;
  for (const one of value) {
    if (typeof one !== 'string') return '"logs" holds something that is no text; write path patterns in quotes';
    const mistake = patternMistake(one);
    if (mistake !== undefined) return `"logs": ${mistake}`;
  }
  return undefined;
}
