// .env files: values of environment variables, for whoever reads them; addresses and names among them are references.
import type { ParsedDocument } from '../../syntax/document.ts';
import type { Expression } from '../expression.ts';
import { MappedText } from '../mapped.ts';
import type { RuleSet } from '../rules/rule.ts';
import { LineBlocks, logicalLines } from '../shell/blocks.ts';
import { assignmentSites } from '../shell/commandSites.ts';
import { scanValue } from '../shell/scan.ts';
import { Variables } from '../shell/variables.ts';
import type { Fragment } from '../shell/words.ts';
import type { FileSummary, Setting } from '../summary.ts';

const longestLine = 20_000;

export function summarizeEnv(document: ParsedDocument, rules: RuleSet): FileSummary {
  const blocks = new LineBlocks(document);
  const given = new Map<string, Setting>();
  const before = new Map<string, Expression>();
  const { text } = document;
  for (const { from, to, line } of logicalLines(document, false)) {
    const row = text.slice(from, Math.min(to, from + longestLine));
    const [head = '', name] = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*[=:]\s?[ \t]*/.exec(row) ?? [];
    if (name === undefined || !/[=:]/.test(head)) continue;
    const { start, end, raw } = valueIn(row, head.length);
    if (start >= end) continue;
    const mapped = MappedText.of(blocks.text(from + start, from + end, line));
    if (!mapped) continue;
    const word = raw ? { from: 0, to: mapped.text.length, fragments: [wholeOf(mapped)] } : scanValue(mapped.text);
    const variables = new Variables(mapped, before);
    const value = variables.expression(word);
    if (!value) continue;
    blocks.add(line, assignmentSites(name, value));
    variables.assign(name, word);
    // The last one counts.
    given.set(name, { space: 'env', name, value: before.get(`env ${name}`) ?? value, line });
  }
  for (const setting of given.values()) blocks.give(setting);
  return blocks.summary(rules);
}

/** Without its quotes; a value without them ends at ` #`. */
function valueIn(row: string, at: number): { start: number; end: number; raw: boolean } {
  const quote = row.charAt(at);
  if (quote === '"' || quote === "'" || quote === '`') {
    const close = row.indexOf(quote, at + 1);
    return { start: at + 1, end: close < 0 ? row.length : close, raw: quote === "'" };
  }
  const comment = /\s#/.exec(row.slice(at));
  return { start: at, end: (comment ? row.slice(0, at + comment.index) : row).trimEnd().length, raw: false };
}

/** In single quotes nothing stands for another thing. */
function wholeOf({ text }: MappedText): Fragment {
  return { sort: 'run', from: 0, to: text.length };
}
