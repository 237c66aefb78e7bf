// Makefiles: variables of make, and the command lines of recipes, which see the last value of each.
import type { ParsedDocument } from '../../syntax/document.ts';
import type { Expression } from '../expression.ts';
import { MappedText } from '../mapped.ts';
import type { RuleSet } from '../rules/rule.ts';
import type { FileSummary } from '../summary.ts';
import { LineBlocks, type LogicalLine, logicalLines } from './blocks.ts';
import { assignmentSites, shellSites } from './commandSites.ts';
import { scanValue } from './scan.ts';
import { setting, Variables } from './variables.ts';

interface Assigned extends LogicalLine {
  readonly name: string;
  readonly operator: string;
}

const longestHead = 300;

export function summarizeMake(document: ParsedDocument, rules: RuleSet): FileSummary {
  const { text } = document;
  const blocks = new LineBlocks(document);
  const recipes: LogicalLine[] = [];
  const values = new Map<string, Expression>();
  for (const row of logicalLines(document, true)) {
    if (text.charAt(row.from) === '\t') recipes.push(row);
    else {
      const assigned = assignedIn(text, row);
      if (assigned) assign(assigned, blocks, values);
    }
  }
  for (const { from, to, line } of recipes) {
    const start = from + (/^[\t @+-]*/.exec(text.slice(from, from + longestHead))?.[0].length ?? 0);
    if (start < to) blocks.add(line, shellSites(blocks.text(start, to, line), { dialect: 'make', values }));
  }
  return blocks.summary(rules);
}

/** `NAME := value`, `export NAME ?= value`; the offsets are those of the value. */
function assignedIn(text: string, { from, to, line }: LogicalLine): Assigned | undefined {
  const head = text.slice(from, Math.min(to, from + longestHead));
  const match = /^ *(?:(?:export|override|private) +)*([\w.-]{1,100})[ \t]*(\?=|:{0,3}=|\+=)[ \t]*/.exec(head);
  const name = match?.[1];
  if (!match || name === undefined) return undefined;
  const start = from + match[0].length;
  const value = text.slice(start, to);
  const comment = /\s#/.exec(value)?.index ?? value.length;
  return { name, operator: match[2] ?? '=', from: start, to: start + value.slice(0, comment).trimEnd().length, line };
}

function assign(
  { name, operator, from, to, line }: Assigned,
  blocks: LineBlocks,
  values: Map<string, Expression>,
): void {
  const mapped = from < to ? MappedText.of(blocks.text(from, to, line)) : undefined;
  if (!mapped) return;
  const variables = new Variables(mapped, values);
  const word = scanValue(mapped.text, 'make');
  const value = variables.expression(word);
  if (!value) return;
  blocks.add(line, assignmentSites(name, value));
  if (operator === '+=') variables.set(name, { is: 'unknown', at: value.at }, 'make');
  // The environment comes first.
  else if (operator === '?=') variables.set(name, setting('env', name, value.at, value), 'make');
  else variables.assign(name, word, 'make');
  if (operator !== '+=') blocks.give({ space: 'make', name, value, line });
}
