// Magics: what of a cell is Python, and what is handed to something else: SQL, the shell, another notebook.
import type { DocumentLanguage } from '../languages.ts';
import { headOf, type MagicHead, pythonOf, sqlStart } from './magicNames.ts';
import { StatementLines } from './statementLines.ts';

/** A part of a cell in another language; `run` is the path of a notebook or script, `files` an argument line of `%fs`. */
export type PartSort = DocumentLanguage | 'run' | 'files';

export interface CellPart {
  readonly sort: PartSort;
  /** The line of the cell that its text begins with. */
  readonly line: number;
  /** Whole lines of the cell, with blanks in place of what is not of the part: columns are those of the cell. */
  readonly text: string;
  /** Of SQL, where magic or notebook leave no doubt. */
  readonly dialect?: string;
}

export interface CellReading {
  /** As long as the cell, with line ends in the same places; only Python is left in it. */
  readonly code: string;
  readonly parts: readonly CellPart[];
}

/** Says that there may be something besides Python. */
export const suspicious = /^[ \t]*[%!?]|=[ \t]*[%!]|\?[ \t]*\r?$/m;
/** Ends the name that a magic's result is given to. */
const assigned = /^[\w.,*()[\]'" \t]{0,200}=[ \t]*(?=[%!])/;
const asking = /^[ \t]*(?:\?{1,2}[ \t]*[\w.*]+|[\w.*]+\?{1,2})[ \t]*$/;
const mostStacked = 20;

/** Databricks takes a magic with one `%` in the first line for the whole cell. */
export function readCell(text: string, language: DocumentLanguage, isDatabricks: boolean): CellReading {
  const reading = readAny(text, language, isDatabricks);
  if (!isDatabricks || !reading.parts.some(({ sort }) => sort === 'sql')) return reading;
  const parts = reading.parts.map((part) => (part.sort === 'sql' ? { dialect: 'databricks', ...part } : part));
  return { ...reading, parts };
}

function readAny(text: string, language: DocumentLanguage, isDatabricks: boolean): CellReading {
  const first = firstLine(text, 0);
  const head = first && headOf(text.slice(first.from, first.to));
  // Only in Python do others stand beside a magic.
  if (head && (language !== 'python' || isWhole(head, text, first, isDatabricks))) return wholeCell(text, isDatabricks);
  if (language === 'python') return suspicious.test(text) ? pythonCell(text, 0) : { code: text, parts: [] };
  return other(language, text);
}

/** Whether what stands below the first line decides what the cell is. */
export function dependsBelow(text: string): boolean {
  const first = firstLine(text, 0);
  const head = first && headOf(text.slice(first.from, first.to));
  return head?.sort === 'sql';
}

interface Line {
  readonly from: number;
  readonly to: number;
}

/** The first line from an offset on that is not empty. */
function firstLine(text: string, from: number): Line | undefined {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 32) at++;
  if (at >= text.length) return undefined;
  return { from: at, to: lineEnd(text, at) };
}

function lineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) return at;
  }
  return text.length;
}

const unfinished = /(?:[,(=]|\b(?:select|distinct|from|join|where|and|or|on|by|as|into|using|set|values))[ \t]*$/i;

/** Whether the magic in the first line is for all of the cell: with one sign, one for SQL is when SQL goes on below it. */
function isWhole({ isCell, sort, rest }: MagicHead, text: string, line: Line, isDatabricks: boolean): boolean {
  if (isCell || sort !== 'sql') return isCell;
  const below = firstLine(text, line.to);
  if (isDatabricks || below === undefined) return true;
  // Nothing of Python follows a line indented, and no statement of SQL ends like this.
  if (/[ \t]/.test(text.charAt(below.from - 1)) || unfinished.test(rest)) return true;
  const next = text.slice(below.from, below.to);
  return sqlStart(next) === 0 && !/^(?:from\s+[\w.]+\s+import\b|with\b.*:\s*$)/.test(next);
}

/** Magics may be stacked: `%%time` over `%%sql`. */
function wholeCell(text: string, isDatabricks: boolean): CellReading {
  let from = 0;
  for (let depth = 0; depth < mostStacked; depth++) {
    const line = firstLine(text, from);
    const head = line && headOf(text.slice(line.from, line.to));
    if (!line || !head || (depth > 0 && !head.isCell)) break;
    const restAt = line.to - head.rest.length;
    switch (head.sort) {
      case 'python':
        from = line.to;
        continue;
      case 'sql': {
        const start = sqlStart(head.rest);
        const part = partOf('sql', text, start === undefined ? line.to : restAt + start);
        return { code: blank(text), parts: [{ ...part, ...dialectOf(head) }] };
      }
      case 'files':
      case 'run':
        return { code: blank(text), parts: [{ ...partOf(head.sort, text.slice(0, line.to), restAt), line: 0 }] };
      case 'other':
        return { code: blank(text), parts: [] };
      default:
        return {
          code: blank(text),
          parts: [partOf(head.sort, text, text.startsWith('%%', line.from) ? line.to : restAt)],
        };
    }
  }
  const { code, parts } = isDatabricks || suspicious.test(text) ? pythonCell(text, from) : { code: text, parts: [] };
  return { code: blank(text.slice(0, from)) + code.slice(from), parts };
}

function other(sort: PartSort, text: string): CellReading {
  const parts = sort === 'none' || sort === 'notebook' || sort === 'python' ? [] : [{ sort, line: 0, text }];
  return { code: blank(text), parts };
}

/** Python with single lines that are not. */
function pythonCell(text: string, start: number): CellReading {
  const parts: CellPart[] = [];
  const lines = new StatementLines(text, start);
  let code = '';
  let done = 0;
  for (let from = lines.next(); from !== undefined; from = lines.next()) {
    const to = lineEnd(text, from);
    const line = text.slice(from, to);
    const found = lineMagic(line);
    if (!found) continue;
    const end = found.keeps ? to : continuedEnd(text, to);
    code += text.slice(done, from) + found.code + blank(text.slice(to, end));
    if (found.sort)
      parts.push({
        sort: found.sort,
        line: lines.line,
        text: blank(line.slice(0, found.at)) + joined(text.slice(from + found.at, end), found.sort),
        ...(found.dialect === undefined ? {} : { dialect: found.dialect }),
      });
    done = end;
    lines.skipTo(end);
  }
  return { code: code + text.slice(done), parts };
}

interface LineMagic {
  /** In place of the line, as long as it is. */
  readonly code: string;
  readonly sort?: PartSort;
  readonly dialect?: string;
  /** Where the part begins in the line. */
  readonly at: number;
  /** Python stays in the line, and goes on as Python does. */
  readonly keeps?: true;
}

function lineMagic(line: string): LineMagic | undefined {
  const before = assigned.exec(line)?.[0] ?? /^[ \t]*/.exec(line)?.[0] ?? '';
  const rest = line.slice(before.length);
  const nothing = (sort?: PartSort, at = line.length): LineMagic => ({
    // A statement that says nothing keeps the block around it whole.
    code: before + (rest === '' ? '' : '0'.padEnd(rest.length)),
    at,
    ...(sort && { sort }),
  });
  if (rest.startsWith('!')) {
    if (rest.startsWith('!=')) return undefined;
    return nothing('shell', before.length + (rest.startsWith('!!') ? 2 : 1));
  }
  if (rest.startsWith('%')) {
    const head = headOf(rest);
    if (!head) return undefined;
    const restAt = line.length - head.rest.length;
    switch (head.sort) {
      case 'python': {
        const statement = pythonOf(head.rest);
        const kept = statement === undefined ? '' : head.rest.slice(statement);
        const width = rest.length - kept.length;
        // The statement stays in its columns behind something that may stand in front of it.
        return kept === '' || width < 6
          ? nothing()
          : { code: `${before}${'if 1:'.padEnd(width)}${kept}`, at: line.length, keeps: true };
      }
      case 'sql': {
        const start = sqlStart(head.rest);
        return start === undefined ? nothing() : { ...nothing('sql', restAt + start), ...dialectOf(head) };
      }
      case 'other':
        return nothing();
      default:
        return nothing(head.sort, restAt);
    }
  }
  return asking.test(line) ? nothing() : undefined;
}

function dialectOf({ dialect }: MagicHead): Pick<CellPart, 'dialect'> {
  return dialect === undefined ? {} : { dialect };
}

/** SQL without the backslashes that joined its lines; the shell reads them itself. */
function joined(text: string, sort: PartSort): string {
  return sort === 'shell' ? text : text.replace(/\\(?=[\r\n])/g, ' ');
}

/** The end of the last line that a backslash joins to one. */
function continuedEnd(text: string, end: number): number {
  let at = end;
  while (at < text.length && text.charCodeAt(at - 1) === 92) {
    const next = text.startsWith('\r\n', at) ? at + 2 : at + 1;
    if (next >= text.length) return text.length;
    at = lineEnd(text, next);
  }
  return at;
}

function partOf(sort: PartSort, text: string, from: number): CellPart {
  return { sort, line: 0, text: blank(text.slice(0, from)) + text.slice(from) };
}

export function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}
