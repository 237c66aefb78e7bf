// Notebook files: the summary of a notebook as one text, its Python and what its magics hand to other languages.
import type { ParsedDocument } from '../../syntax/document.ts';
import type { CellPlace } from '../../syntax/notebook/cells.ts';
import { databricksParts } from '../../syntax/notebook/databricks.ts';
import type { Notebook } from '../../syntax/notebook/notebook.ts';
import { summarizePython } from '../python/file.ts';
import type { RuleSet } from '../rules/rule.ts';
import { summarizeScanned } from '../scanned.ts';
import type { FileSummary, PlacedBlock } from '../summary.ts';
import { partBlocks, type Summarize, withDialect } from './parts.ts';

export function summarizeNotebook(document: ParsedDocument, rules: RuleSet, summarize: Summarize): FileSummary {
  const { notebook, chunks } = document;
  if (!notebook) return { uri: document.uri, language: 'notebook', rules: rules.hash, blocks: [] };
  const code = { ...document, text: notebook.code };
  const python = chunks ? summarizePython(code, chunks, rules) : summarizeScanned(code, rules);
  const others = document.reading === 'parsed' ? partsOf(notebook, rules, summarize) : [];
  return { ...python, language: 'notebook', blocks: merged(python.blocks, others), cells: placesOf(notebook) };
}

/** A file that may be a notebook of Databricks: what its comments hold belongs to it. */
export function withDatabricks(
  summary: FileSummary,
  document: ParsedDocument,
  rules: RuleSet,
  summarize: Summarize,
): FileSummary {
  const { uri, language, reading, text } = document;
  if (reading !== 'parsed' || (language !== 'python' && language !== 'sql')) return summary;
  const parts = databricksParts(uri, text, language);
  if (!parts) return summary;
  const own = language === 'sql' ? withDialect(summary.blocks, 'databricks') : summary.blocks;
  const others = parts.flatMap(({ part, line }) => moved(partBlocks(part, rules, summarize), part.line + line));
  return own === summary.blocks && others.length === 0 ? summary : { ...summary, blocks: merged(own, others) };
}

function partsOf({ cells }: Notebook, rules: RuleSet, summarize: Summarize): readonly PlacedBlock[] {
  return cells.flatMap(({ cell, line }) =>
    cell.parts.flatMap((part) => moved(partBlocks(part, rules, summarize), part.line + line)),
  );
}

function placesOf({ cells }: Notebook): readonly CellPlace[] {
  return cells.map(({ index, uri, line }) => (uri === undefined ? { index, line } : { index, uri, line }));
}

function moved(blocks: readonly PlacedBlock[], by: number): readonly PlacedBlock[] {
  return by === 0 ? blocks : blocks.map(({ line, block }) => ({ line: line + by, block }));
}

/** In the order of the text. */
function merged(one: readonly PlacedBlock[], other: readonly PlacedBlock[]): readonly PlacedBlock[] {
  if (other.length === 0) return one;
  const all: PlacedBlock[] = [];
  let at = 0;
  for (const placed of one) {
    for (let next = other[at]; next && next.line < placed.line; next = other[++at]) all.push(next);
    all.push(placed);
  }
  return [...all, ...other.slice(at)];
}
