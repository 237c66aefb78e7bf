// Python files: the summary of a parsed document.

import type { ChunkContent } from '../../syntax/chunkContent.ts';
import type { PythonChunk } from '../../syntax/chunks.ts';
import type { ParsedDocument } from '../../syntax/document.ts';
import { hasErrors, PythonNode, parsePython } from '../../syntax/pythonTree.ts';
import type { RuleSet } from '../rules/rule.ts';
import type { FileSummary } from '../summary.ts';
import { StatementReader } from './statements.ts';

/** `isReadOnce`: see `summarize`. */
export function summarizePython(
  document: ParsedDocument,
  chunks: readonly PythonChunk[],
  rules: RuleSet,
  isReadOnce = false,
): FileSummary {
  const { text, lines, uri } = document;
  const aliases = [...new Set(chunks.flatMap(({ content }) => aliasesIn(content, rules.names)))].sort();
  const names = aliases.length > 0 ? withAliases(rules.names, aliases) : rules.names;
  const uses = chunks.some(({ content }) => isPipeline(content));
  const key = `${rules.hash} ${uses} ${aliases.join(' ')}`;
  const { sqlNames, keywords, shapes } = rules;
  const reader = new StatementReader({ text, lines, key, names, sqlNames, keywords, shapes, uses, isReadOnce });
  const whole = isReadOnce ? parsePython(text) : undefined;
  // A text without mistakes has the same statements in one tree as in those of its chunks, and one is made sooner.
  const blocks = whole && !hasErrors(whole) ? reader.blocks(PythonNode.root(whole), 0) : reader.chunks(chunks);
  return { uri, language: 'python', rules: rules.hash, blocks };
}

let lastNames:
  | { readonly names: ReadonlySet<string>; readonly key: string; readonly all: ReadonlySet<string> }
  | undefined;

/** The same object for the same names again: a keystroke seldom changes them. */
function withAliases(names: ReadonlySet<string>, aliases: readonly string[]): ReadonlySet<string> {
  const key = aliases.join(' ');
  if (lastNames?.names !== names || lastNames.key !== key)
    lastNames = { names, key, all: new Set([...names, ...aliases]) };
  return lastNames.all;
}

const remembered = new WeakMap<
  ChunkContent,
  { readonly names: ReadonlySet<string>; readonly aliases: readonly string[] }
>();
const none: readonly string[] = [];

/** Whose functions are tasks: what these call is the work of the task. */
const orchestrators = /^[ \t]{0,20}(?:from|import) (?:airflow|prefect|dagster|metaflow|kfp|zenml|flytekit|luigi)\b/m;
const pipelines = new WeakMap<ChunkContent, boolean>();

function isPipeline(content: ChunkContent): boolean {
  const known = pipelines.get(content);
  if (known !== undefined) return known;
  const is = orchestrators.test(content.head) || content.statementsInside.some(isPipeline);
  pipelines.set(content, is);
  return is;
}

/** Other words by which the file calls what the rules know: `from mlflow import register_model as rm`. */
function aliasesIn(content: ChunkContent, names: ReadonlySet<string>): readonly string[] {
  const known = remembered.get(content);
  if (known?.names === names) return known.aliases;
  const found = aliasesOf(content.head, names);
  for (const inside of content.statementsInside) found.push(...aliasesIn(inside, names));
  const aliases = found.length === 0 ? none : found;
  remembered.set(content, { names, aliases });
  return aliases;
}

function aliasesOf(text: string, names: ReadonlySet<string>): string[] {
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
  return found;
}
