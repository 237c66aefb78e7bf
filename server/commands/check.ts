// check PATH…: names that their tool does not know, and mistakes in plumbline.yaml.

import { resolved } from './resolve.ts';
import type { Answer, CommandContext } from './run.ts';
import { columns } from './shown.ts';

/** Exit 1 for findings; 3 when there are none but some names could not be asked about because a source failed. */
export function check(context: CommandContext): Answer {
  const all = resolved(context);
  const findings = all.filter(({ status }) => status === 'missing' || status === 'gone');
  const unasked = all.filter(({ reason }) => reason === 'failing' || reason === 'forbidden' || reason === 'partial');
  const rows = findings.map((one) => [`${one.path}:${one.line}:${one.column}`, one.kind, one.name, one.status]);
  const words = [
    findings.length === 0 ? 'Every name that could be asked about is known.\n' : columns(rows),
    unasked.length > 0 ? `${unasked.length} names could not be asked about: a source could not be read.\n` : '',
  ];
  return { json: findings, words: words.join(''), exit: findings.length > 0 ? 1 : unasked.length > 0 ? 3 : 0 };
}
