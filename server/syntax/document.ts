// ParsedDocument: one text at one version with its tree; edited incrementally, never changed in place.
import { TreeFragment } from '@lezer/common';
import { LineIndex } from './lines.ts';
import { type PythonFragments, type PythonTree, parsePython } from './pythonTree.ts';
import type { Range } from './text.ts';

/** What we read of a text: only these; every other language lies silent. */
export type DocumentLanguage = 'python' | 'sql' | 'none';
/** `parsed`: with a tree; `scanned`: too long for that, names are looked for without one; `cut`: only the beginning is scanned. */
export type DocumentReading = 'parsed' | 'scanned' | 'cut';

/** Characters above which a text is scanned, and above which only so many of it are. */
export const longestParsed = 2_000_000;
export const longestScanned = 10_000_000;

export interface ParsedDocument {
  readonly uri: string;
  readonly languageId: string;
  readonly version: number;
  readonly text: string;
  readonly language: DocumentLanguage;
  readonly reading: DocumentReading;
  readonly lines: LineIndex;
  /** Only of Python that is `parsed`. */
  readonly tree?: PythonTree;
  readonly fragments?: PythonFragments;
}

export interface DocumentText {
  readonly uri: string;
  readonly languageId: string;
  readonly version: number;
  readonly text: string;
}

/** As the language server protocol sends it: with a range, or the whole text without one. */
export interface TextChange {
  readonly range?: Range;
  readonly text: string;
}

const sqlLanguages = new Set(['sql', 'jinja-sql', 'sql-jinja', 'dbt-sql', 'snowflake-sql']);

export function languageOf(languageId: string): DocumentLanguage {
  if (languageId === 'python') return 'python';
  return sqlLanguages.has(languageId) ? 'sql' : 'none';
}

/** The editor's word for a file that is not open; `plaintext` for what we do not read. */
export function languageIdOf(path: string): string {
  if (/\.pyi?$/i.test(path)) return 'python';
  return /\.sql$/i.test(path) ? 'sql' : 'plaintext';
}

/** Never throws, whatever the text. */
export function parseDocument(source: DocumentText): ParsedDocument {
  return make(source, LineIndex.of(source.text), []);
}

/** The changes apply one after the other, each to the text the one before it left. A range outside of the text is clamped. */
export function editDocument(
  document: ParsedDocument,
  changes: readonly TextChange[],
  version: number,
): ParsedDocument {
  let { text, lines } = document;
  let fragments = document.fragments ?? [];
  for (const change of changes) {
    if (!change.range) {
      text = change.text;
      lines = LineIndex.of(text);
      fragments = [];
      continue;
    }
    const one = lines.offsetAt(change.range.start);
    const other = lines.offsetAt(change.range.end);
    const from = Math.min(one, other);
    const to = Math.max(one, other);
    text = text.slice(0, from) + change.text + text.slice(to);
    lines = lines.edited(text, from, to - from, change.text.length);
    const changed = { fromA: from, toA: to, fromB: from, toB: from + change.text.length };
    fragments = TreeFragment.applyChanges(fragments, [changed]);
  }
  return make({ uri: document.uri, languageId: document.languageId, version, text }, lines, fragments);
}

function make(source: DocumentText, lines: LineIndex, fragments: PythonFragments): ParsedDocument {
  const language = languageOf(source.languageId);
  const { length } = source.text;
  const reading = length > longestScanned ? 'cut' : length > longestParsed ? 'scanned' : 'parsed';
  const base = { ...pick(source), language, reading, lines } as const;
  if (language !== 'python' || reading !== 'parsed') return base;
  const tree = parsePython(source.text, fragments);
  return { ...base, tree, fragments: TreeFragment.addTree(tree, fragments) };
}

function pick({ uri, languageId, version, text }: DocumentText): DocumentText {
  return { uri, languageId, version, text };
}
