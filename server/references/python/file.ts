// Python files: the summary of a parsed document.

import type { PythonChunk } from '../../syntax/chunks.ts';
import type { ParsedDocument } from '../../syntax/document.ts';
import type { RuleSet } from '../rules/rule.ts';
import type { FileSummary } from '../summary.ts';
import { StatementReader } from './statements.ts';

export function summarizePython(document: ParsedDocument, chunks: readonly PythonChunk[], rules: RuleSet): FileSummary {
  const { text, lines, uri } = document;
  const aliases = aliasesOf(text, rules.names);
  const names = aliases.length > 0 ? new Set([...rules.names, ...aliases]) : rules.names;
  const key = `${rules.hash} ${aliases.join(' ')}`;
  const { sqlNames, keywords, shapes } = rules;
  const reader = new StatementReader({ text, lines, key, names, sqlNames, keywords, shapes });
  return { uri, language: 'python', rules: rules.hash, blocks: reader.chunks(chunks) };
}

/** Other words by which the file calls what the rules know: `from mlflow import register_model as rm`. */
function aliasesOf(text: string, names: ReadonlySet<string>): readonly string[] {
  const found: string[] = [];
  const word = /[\w$]/;
  for (let at = text.indexOf(' as '); at >= 0; at = text.indexOf(' as ', at + 4)) {
    let start = at;
    while (start > 0 && word.test(text.charAt(start - 1))) start--;
    if (!names.has(text.slice(start, at))) continue;
    let end = at + 4;
    while (end < text.length && word.test(text.charAt(end))) end++;
    const alias = text.slice(at + 4, end);
    if (alias && !names.has(alias)) found.push(alias);
  }
  return [...new Set(found)].sort();
}
