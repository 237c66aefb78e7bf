// Source: the text a statement is read from, with spans counted from the statement's first line.
import type { LineIndex } from '../../syntax/lines.ts';
import type { Expression, Span } from '../expression.ts';

export class Source {
  readonly text: string;
  readonly #lines: LineIndex;
  readonly #base: number;

  /** `base` is the line that spans count from. */
  constructor(text: string, lines: LineIndex, base: number) {
    this.text = text;
    this.#lines = lines;
    this.#base = base;
  }

  get base(): number {
    return this.#base;
  }

  point(offset: number): readonly [number, number] {
    const line = this.#lines.lineAt(offset);
    return [line - this.#base, offset - (this.#lines.starts[line] ?? 0)];
  }

  span(from: number, to: number): Span {
    const [line, column] = this.point(from);
    const [endLine, endColumn] = this.point(to);
    return [line, column, endLine, endColumn];
  }

  slice(node: { readonly from: number; readonly to: number }): string {
    return this.text.slice(node.from, node.to);
  }

  unknown(node: { readonly from: number; readonly to: number }): Expression {
    return { is: 'unknown', at: this.span(node.from, node.to) };
  }
}
