// Python strings: their value, and where each piece of it stands in the source.
import type { PythonNode } from '../../syntax/pythonTree.ts';
import type { Expression, TextExpression } from '../expression.ts';
import type { Source } from './source.ts';

/** Longer literals are data, not names. */
const longest = 200_000;

interface Quoting {
  readonly raw: boolean;
  readonly bytes: boolean;
  readonly from: number;
  readonly to: number;
}

function quoting(text: string, from: number, to: number): Quoting {
  let at = from;
  let raw = false;
  let bytes = false;
  while (at < to) {
    const letter = text.charAt(at).toLowerCase();
    if (letter === '"' || letter === "'") break;
    raw ||= letter === 'r';
    bytes ||= letter === 'b';
    at++;
  }
  const quote = text.charAt(at);
  const long = at + 2 < to && text.charAt(at + 1) === quote && text.charAt(at + 2) === quote;
  const marks = quote.repeat(long ? 3 : 1);
  const start = Math.min(to, at + marks.length);
  const closed = to - start >= marks.length && text.startsWith(marks, to - marks.length);
  let end = closed ? to - marks.length : to;
  // A half-typed literal takes its line end in.
  if (!closed && !long) while (end > start && /[\r\n]/.test(text.charAt(end - 1))) end--;
  return { raw, bytes, from: start, to: end };
}

export function textOf(node: PythonNode, source: Source): Expression {
  const inside = quoting(source.text, node.from, node.to);
  if (inside.bytes || inside.to - inside.from > longest) return source.unknown(node);
  return piece(source, inside.from, inside.to, { raw: inside.raw, braces: false });
}

/** An f-string: its text and its holes. */
export function formatted(node: PythonNode, source: Source, hole: (node: PythonNode) => Expression): Expression {
  const inside = quoting(source.text, node.from, node.to);
  if (inside.to - inside.from > longest) return source.unknown(node);
  const parts: Expression[] = [];
  let at = inside.from;
  const text = (until: number): void => {
    if (until > at) parts.push(piece(source, at, until, { raw: inside.raw, braces: true }));
  };
  for (const child of node.children) {
    if (child.name !== 'FormatReplacement') continue;
    text(child.from);
    parts.push(holeOf(child, source, hole));
    at = child.to;
  }
  text(inside.to);
  return { is: 'join', parts, at: source.span(inside.from, inside.to) };
}

/** Values that are formatted (`{x:.3f}`, `{x!r}`) are not their names any more; `{x!s}` is. */
function holeOf(node: PythonNode, source: Source, hole: (node: PythonNode) => Expression): Expression {
  const changed = node.children.some(
    (child) =>
      /^Format(Spec|SelfDoc)$/.test(child.name) || (child.name === 'FormatConversion' && source.slice(child) !== '!s'),
  );
  const value = node.children.find(({ name }) => /^[A-Z]/.test(name) && name !== 'Comment');
  const expression = value && hole(value);
  return changed || !expression
    ? source.unknown(node)
    : { is: 'hole', of: expression, at: source.span(node.from, node.to) };
}

const simple: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

interface PieceOptions {
  readonly raw: boolean;
  /** `{{` stands for `{`. */
  readonly braces: boolean;
}

function piece(source: Source, from: number, to: number, options: PieceOptions): TextExpression {
  const { text } = source;
  const raw = text.slice(from, to);
  const at = source.span(from, to);
  const needs = /[\r\n]/.test(raw) || (!options.raw && raw.includes('\\')) || (options.braces && /[{}]/.test(raw));
  if (!needs) return { is: 'text', value: raw, at };
  let value = '';
  const marks: number[] = [];
  const mark = (offset: number): void => {
    const [line, column] = source.point(offset);
    marks.push(value.length, line, column);
  };
  for (let index = from; index < to; ) {
    const code = text.charCodeAt(index);
    if (code === 92 && !options.raw) {
      const one = readEscape(text, index, to);
      value += one.value;
      index += one.length;
      mark(index);
    } else if (options.braces && (code === 123 || code === 125) && text.charCodeAt(index + 1) === code) {
      value += text.charAt(index);
      index += 2;
      mark(index);
    } else if (code === 13 || code === 10) {
      index += code === 13 && text.charCodeAt(index + 1) === 10 ? 2 : 1;
      value += '\n';
      mark(index);
    } else {
      value += text.charAt(index);
      index++;
    }
  }
  return { is: 'text', value, at, marks };
}

function readEscape(text: string, at: number, end: number): { value: string; length: number } {
  const next = text.charAt(at + 1);
  if (at + 1 >= end) return { value: '\\', length: 1 };
  if (next === '\n') return { value: '', length: 2 };
  if (next === '\r') return { value: '', length: text.charAt(at + 2) === '\n' ? 3 : 2 };
  const plain = simple[next];
  if (plain !== undefined) return { value: plain, length: 2 };
  const digits = next === 'x' ? 2 : next === 'u' ? 4 : next === 'U' ? 8 : 0;
  if (digits > 0) {
    const hex = text.slice(at + 2, Math.min(end, at + 2 + digits));
    const code = Number.parseInt(hex, 16);
    if (hex.length === digits && /^[0-9a-fA-F]+$/.test(hex) && code <= 0x10ffff)
      return { value: String.fromCodePoint(code), length: 2 + digits };
  }
  const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, Math.min(end, at + 4)))?.[0];
  if (octal) return { value: String.fromCharCode(Number.parseInt(octal, 8)), length: 1 + octal.length };
  return { value: `\\${next}`, length: 2 };
}
