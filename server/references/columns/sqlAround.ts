// SQL around: from where to where the text of SQL goes that a place in a document stands in.
import type { ParsedDocument } from '../../syntax/document.ts';
import type { PythonNode } from '../../syntax/pythonTree.ts';

/** Longer texts take longer than a hover may (4 ms). */
const longest = 30_000;
const magic = /^\s*(?:%%(?:big|spark)?sql\b|# MAGIC %sql\b|%sql\b)[^\n]*\n/i;

/** Undefined: what stands there is no SQL, or too much of it. Whether it is SQL at all is told by the tables that were found in it. */
export function sqlAround(
  document: ParsedDocument,
  at: number,
): { readonly from: number; readonly to: number } | undefined {
  const found = document.language === 'sql' ? { from: 0, to: document.text.length } : inCode(document, at);
  if (!found || found.to - found.from <= longest) return found;
  return document.language === 'sql' ? statementAround(document.text, at) : undefined;
}

/** Of a long file: between the semicolons at ends of lines around the place. */
function statementAround(text: string, at: number): { readonly from: number; readonly to: number } | undefined {
  const half = longest / 2;
  const before = text.slice(Math.max(0, at - half), at);
  const after = text.slice(at, at + half);
  const begins = Math.max(before.lastIndexOf(';\n'), before.lastIndexOf(';\r'));
  const ends = after.search(/;[\r\n]/);
  if ((begins < 0 && at > half) || (ends < 0 && at + half < text.length)) return undefined;
  return { from: at - before.length + begins + 1, to: ends < 0 ? text.length : at + ends };
}

function inCode(
  { chunks, notebook, text }: ParsedDocument,
  at: number,
): { readonly from: number; readonly to: number } | undefined {
  const cell = notebook?.cells.findLast(({ from }) => from <= at);
  if (cell) {
    const head = magic.exec(cell.cell.text)?.[0];
    if (head !== undefined) return { from: cell.from + head.length, to: cell.from + cell.cell.text.length };
  }
  const chunk = chunks?.find(({ from, to }) => from <= at && at <= to);
  const whole = chunk && stringIn(chunk.root(), at);
  if (!whole) return undefined;
  const quotes = /^[a-zA-Z]{0,3}("{3}|'{3}|["'])/.exec(text.slice(whole.from, whole.from + 6));
  const from = whole.from + (quotes?.[0].length ?? 0);
  const to = whole.to - (quotes?.[1]?.length ?? 0);
  return from <= at && at <= to ? { from, to } : undefined;
}

/** The inside of the whole text that the place is in, f-string or not. */
function stringIn(root: PythonNode, at: number): { readonly from: number; readonly to: number } | undefined {
  let node: PythonNode | undefined = root;
  for (let depth = 0; node && depth < 500; depth++) {
    // Of a place between two, the one that it is inside of.
    const inner: PythonNode | undefined = node.children.find(({ from, to }) => from < at && at < to);
    if (inner && /^(?:Format)?String$/.test(inner.name)) return { from: inner.from, to: inner.to };
    node = inner;
  }
  return undefined;
}
