// ParsedDocument: one text at one version with its tree; edited incrementally, never changed in place.
import { chunksOf, editedChunks, type PythonChunk } from './chunks.ts';
import { type DocumentLanguage, languageOf } from './languages.ts';
import { LineIndex } from './lines.ts';
import { cellsOfFile } from './notebook/ipynb.ts';
import { type CodeCell, chunksOfNotebook, type Notebook, notebookOf } from './notebook/notebook.ts';
import type { Range } from './text.ts';

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
  readonly chunks?: readonly PythonChunk[];
  /** Of a notebook; `text`, `lines` and `chunks` are those of its cells, one after the other. */
  readonly notebook?: Notebook;
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

/** Never throws, whatever the text. That of a notebook is its file's. */
export function parseDocument(source: DocumentText): ParsedDocument {
  if (languageOf(source.languageId, source.uri) === 'notebook')
    return notebookDocument(source, notebookOf(cellsOfFile(source.text)));
  return make(source, LineIndex.of(source.text));
}

/** A notebook that is open cell by cell. */
export function parseNotebook(uri: string, version: number, cells: readonly CodeCell[]): ParsedDocument {
  return notebookDocument({ uri, languageId: 'ipynb', version }, notebookOf(cells));
}

function notebookDocument(
  { uri, languageId, version }: Omit<DocumentText, 'text'>,
  notebook: Notebook,
): ParsedDocument {
  const { text, lines } = notebook;
  const reading = readingOf(text);
  const base = { uri, languageId, version, text, language: 'notebook', reading, lines, notebook } as const;
  return reading === 'parsed' ? { ...base, chunks: chunksOfNotebook(notebook) } : base;
}

/** The changes apply one after the other, each to the text the one before it left. A range outside of the text is clamped. */
export function editDocument(
  document: ParsedDocument,
  changes: readonly TextChange[],
  version: number,
): ParsedDocument {
  let { text, lines, chunks } = document;
  for (const change of changes) {
    if (!change.range) {
      text = change.text;
      lines = LineIndex.of(text);
      chunks = undefined;
      continue;
    }
    const one = lines.offsetAt(change.range.start);
    const other = lines.offsetAt(change.range.end);
    const from = Math.min(one, other);
    const to = Math.max(one, other);
    text = text.slice(0, from) + change.text + text.slice(to);
    lines = lines.edited(text, from, to - from, change.text.length);
    chunks = chunks && editedChunks(chunks, text, { from, to, inserted: change.text.length });
  }
  return make({ uri: document.uri, languageId: document.languageId, version, text }, lines, chunks);
}

function make(source: DocumentText, lines: LineIndex, chunks?: readonly PythonChunk[]): ParsedDocument {
  const { uri, languageId, version, text } = source;
  const language = languageOf(languageId, uri);
  const reading = readingOf(text);
  const base = { uri, languageId, version, text, language, reading, lines } as const;
  return language === 'python' && reading === 'parsed' ? { ...base, chunks: chunks ?? chunksOf(text) } : base;
}

function readingOf({ length }: string): DocumentReading {
  return length > longestScanned ? 'cut' : length > longestParsed ? 'scanned' : 'parsed';
}
