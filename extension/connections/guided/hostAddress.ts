// Host address: a host and the path patterns of its logs as they are typed: what is wrong with them.
import { patternMistake, sshTarget } from '../../../server/protocol/sshHost.ts';

/** `ssh://` may be left out. Undefined: fine. */
export function hostProblem(text: string): string | undefined {
  const typed = text.trim();
  if (typed === '') return 'What you type after ssh, for example worker-1 or ana@10.0.1.7';
  return sshTarget(hostUrl(typed)) ? undefined : 'This is no name of a host that ssh accepts.';
}

export function hostUrl(text: string): string {
  const typed = text.trim();
  return /^ssh:\/\//i.test(typed) ? `ssh://${typed.slice('ssh://'.length)}` : `ssh://${typed}`;
}

/** Patterns with blanks or commas between them. */
export function patternsIn(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((one) => one !== '');
}

/** Undefined: fine. */
export function patternsProblem(text: string): string | undefined {
  const patterns = patternsIn(text);
  if (patterns.length === 0) return 'At least one, for example /var/log/churn/*.log';
  for (const pattern of patterns) {
    const mistake = patternMistake(pattern);
    if (mistake !== undefined) return `${pattern}: ${mistake}`;
  }
  return undefined;
}
