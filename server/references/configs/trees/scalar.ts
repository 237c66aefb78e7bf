// Scalars: where each character of a value stands in the source, and parts of it as texts that keep that.
import type { Position } from '../../../syntax/text.ts';
import type { Span, TextExpression } from '../../expression.ts';
import type { ScalarNode } from './tree.ts';

/**
 * The pairs for `ScalarNode.marks`: the value is found again in the source by going through both, past the escapes,
 * the indentation and the line ends that only the source has. Undefined when both are the same;
 * `lost` when the source comes to its end first, as with an escape that is half typed.
 */
export function marksOf(
  value: string,
  source: string,
  from: number,
  to: number,
): readonly number[] | 'lost' | undefined {
  if (to - from === value.length && source.startsWith(value, from)) return undefined;
  const marks: number[] = [];
  let at = from;
  let moved = false;
  let index = 0;
  while (index < value.length && at < to) {
    const code = source.charCodeAt(at);
    const wanted = value.charCodeAt(index);
    const escaped = code === backslash && wanted !== backslash ? escapeLength(source, at) : 0;
    if (code === wanted && escaped === 0) {
      if (moved) marks.push(index, at);
      moved = false;
      index++;
      // `''` and `\\` are one character of the value.
      const doubled = (code === quote || code === backslash) && source.charCodeAt(at + 1) === code;
      if (doubled && value.charCodeAt(index) !== code) {
        at += 2;
        moved = true;
      } else at++;
      // Behind a line end comes the indentation.
      moved ||= code === newline;
    } else if (escaped > 0 && !isLineEnd(source.charCodeAt(at + 1))) {
      marks.push(index, at);
      index += wanted >= 0xd800 && wanted < 0xdc00 ? 2 : 1;
      at += escaped;
      moved = true;
    } else if (isLineEnd(code) && (wanted === space || wanted === newline)) {
      marks.push(index, at);
      index++;
      at += code === 13 && source.charCodeAt(at + 1) === newline ? 2 : 1;
      moved = true;
    } else {
      at++;
      moved = true;
    }
  }
  // The last line end of a block may not be there.
  return value.slice(index).trim() !== '' || at > to ? 'lost' : marks;
}

const backslash = 92;
const quote = 39;
const newline = 10;
const space = 32;
const isLineEnd = (code: number): boolean => code === newline || code === 13;

function escapeLength(source: string, at: number): number {
  switch (source.charAt(at + 1)) {
    case 'x':
      return 4;
    case 'u':
      return 6;
    case 'U':
      return 10;
    default:
      return 2;
  }
}

/** Offset in the text of the character at an index of the value. */
export function offsetIn({ from, marks }: ScalarNode, index: number): number {
  if (!marks) return from + index;
  let low = 0;
  let high = marks.length / 2 - 1;
  if (high < 0 || (marks[0] ?? 0) > index) return from + index;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((marks[middle * 2] ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  return (marks[low * 2 + 1] ?? from) + index - (marks[low * 2] ?? 0);
}

/** Where offsets stand in the file: its lines; or, of YAML in a text, that text. */
export interface Places {
  positionAt(offset: number): Position;
  lineAt(offset: number): number;
}

/** A scalar in its file: the one place where offsets become lines. */
export class PlacedScalar implements Places {
  readonly node: ScalarNode;
  readonly #base: number;
  readonly #lines: Places;

  constructor(node: ScalarNode, base: number, lines: Places) {
    this.node = node;
    this.#base = base;
    this.#lines = lines;
  }

  get value(): string {
    return this.node.value;
  }

  /** 0-based line of the character at an index. */
  lineAt(index: number): number {
    return this.#lines.lineAt(this.#base + offsetIn(this.node, index));
  }

  positionAt(index: number): Position {
    return this.#lines.positionAt(this.#base + offsetIn(this.node, index));
  }

  /** The characters from an index up to another; lines of the span count from `line`. */
  span(from: number, to: number, line: number): Span {
    const start = this.#lines.positionAt(this.#base + offsetIn(this.node, from));
    const last = to > from ? offsetIn(this.node, to - 1) + 1 : offsetIn(this.node, from);
    const end = this.#lines.positionAt(this.#base + last);
    return [start.line - line, start.character, end.line - line, end.character];
  }

  text(from: number, to: number, line: number): TextExpression {
    const value = this.node.value.slice(from, to);
    const at = this.span(from, to, line);
    const marks = this.#marks(from, to, line);
    return marks.length > 0 ? { is: 'text', value, at, marks } : { is: 'text', value, at };
  }

  #marks(from: number, to: number, line: number): number[] {
    const { marks } = this.node;
    if (!marks) return [];
    const triples: number[] = [];
    for (let at = 0; at + 1 < marks.length; at += 2) {
      const index = marks[at] ?? 0;
      if (index <= from) continue;
      if (index >= to) break;
      const place = this.#lines.positionAt(this.#base + (marks[at + 1] ?? 0));
      triples.push(index - from, place.line - line, place.character);
    }
    return triples;
  }
}
