// Cell: the text of one code cell, read once; an edit makes a new one that keeps the statements it did not touch.
import { chunksOf, editedChunks, type PythonChunk } from '../chunks.ts';
import type { DocumentLanguage } from '../languages.ts';
import { LineIndex } from '../lines.ts';
import type { Range } from '../text.ts';
import { type CellPart, type CellReading, dependsBelow, readCell, suspicious } from './magics.ts';

/** How cells are read: what a notebook says of itself. */
export interface CellReadingRules {
  readonly language: DocumentLanguage;
  readonly isDatabricks: boolean;
}

interface Change {
  readonly range?: Range;
  readonly text: string;
}

export class Cell {
  readonly text: string;
  readonly rules: CellReadingRules;
  readonly lines: LineIndex;
  /** As long as the text; only Python is left in it. */
  readonly code: string;
  readonly parts: readonly CellPart[];
  #chunks: readonly PythonChunk[] | undefined;
  #placed: { readonly from: number; readonly chunks: readonly PythonChunk[] } | undefined;

  constructor(text: string, rules: CellReadingRules, lines = LineIndex.of(text), reading?: CellReading) {
    this.text = text;
    this.rules = rules;
    this.lines = lines;
    const { code, parts } = reading ?? readCell(text, rules.language, rules.isDatabricks);
    this.code = code;
    this.parts = parts;
  }

  get hasPython(): boolean {
    return this.rules.language === 'python' || /\S/.test(this.code);
  }

  /** The statements of its Python, in a text in which the cell begins at an offset. */
  chunks(from: number): readonly PythonChunk[] {
    if (this.#placed?.from === from) return this.#placed.chunks;
    this.#chunks ??= chunksOf(this.code);
    const chunks = this.#chunks.map((chunk) => chunk.moved(from));
    this.#placed = { from, chunks };
    return chunks;
  }

  /** As `editDocument`: the changes apply one after the other. */
  edited(changes: readonly Change[]): Cell {
    let cell: Cell = this;
    for (const change of changes) cell = cell.#edited(change);
    return cell;
  }

  #edited({ range, text: inserted }: Change): Cell {
    if (!range) return inserted === this.text ? this : new Cell(inserted, this.rules);
    const one = this.lines.offsetAt(range.start);
    const other = this.lines.offsetAt(range.end);
    const from = Math.min(one, other);
    const to = Math.max(one, other);
    const text = this.text.slice(0, from) + inserted + this.text.slice(to);
    const typed = this.#typed(from, to, inserted);
    const cell = new Cell(text, this.rules, this.lines.edited(text, from, to - from, inserted.length), typed);
    const isPlain = typed || (this.code === this.text && cell.code === text);
    const edit = isPlain ? { from, to, inserted: inserted.length } : difference(this.code, cell.code);
    if (this.#chunks) cell.#chunks = editedChunks(this.#chunks, cell.code, edit);
    return cell;
  }

  /** As which it reads when only letters in a line of Python changed; undefined when that has to be found out anew. */
  #typed(from: number, to: number, inserted: string): CellReading | undefined {
    const { text, code, parts, lines } = this;
    const change = text.slice(from, to) + inserted;
    if (this.rules.language !== 'python' || change.length > longestTyped || telling.test(change)) return undefined;
    const [before, after] = [text.charAt(from - 1), text.charAt(to)];
    if (before === '\\' || (isQuote(before) && isQuote(after)) || dependsBelow(text)) return undefined;
    const line = lines.lineAt(from);
    const start = lines.starts[line] ?? 0;
    const end = lines.starts[line + 1] ?? text.length;
    const own = text.slice(start, end);
    const next = text.slice(start, from) + inserted + text.slice(to, end);
    if (!/\S/.test(own) || code.slice(start, end) !== own || suspicious.test(next)) return undefined;
    return { code: code.slice(0, from) + inserted + code.slice(to), parts };
  }
}

const longestTyped = 200;
/** What may change where statements and magics begin. */
const telling = /[\r\n%!?"'#()[\]{}\\]/;

function isQuote(character: string): boolean {
  return character === '"' || character === "'";
}

/** The one edit between two texts: what they begin and end with alike stays. */
function difference(
  old: string,
  next: string,
): { readonly from: number; readonly to: number; readonly inserted: number } {
  const shorter = Math.min(old.length, next.length);
  let from = 0;
  while (from < shorter && old.charCodeAt(from) === next.charCodeAt(from)) from++;
  let same = 0;
  while (same < shorter - from && old.charCodeAt(old.length - same - 1) === next.charCodeAt(next.length - same - 1))
    same++;
  return { from, to: old.length - same, inserted: next.length - same - from };
}
