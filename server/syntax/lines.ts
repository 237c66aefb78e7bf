// LineIndex: where the lines of a text begin; converts offsets to positions and back.
import type { Position } from './text.ts';

/** Line ends are `\n`, `\r\n` and `\r`, as the editor counts them. Columns are UTF-16 units. */
export class LineIndex {
  readonly starts: readonly number[];
  readonly length: number;

  constructor(starts: readonly number[], length: number) {
    this.starts = starts;
    this.length = length;
  }

  static of(text: string): LineIndex {
    return new LineIndex([0, ...startsIn(text, 0, text.length)], text.length);
  }

  get count(): number {
    return this.starts.length;
  }

  /** Offsets outside of the text are moved to its nearest end. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  positionAt(offset: number): Position {
    const inside = Math.max(0, Math.min(offset, this.length));
    const line = this.lineAt(inside);
    return { line, character: inside - (this.starts[line] ?? 0) };
  }

  /** A column behind the end of its line is the end of the line, line end included (as the editor's own client does). */
  offsetAt(position: Position): number {
    if (position.line < 0) return 0;
    const start = this.starts[position.line];
    if (start === undefined) return this.length;
    const end = this.starts[position.line + 1] ?? this.length;
    return Math.max(start, Math.min(start + position.character, end));
  }

  /** The index of the text after `removed` characters at `from` gave way to `inserted`; `text` is the new text. */
  edited(text: string, from: number, removed: number, inserted: number): LineIndex {
    const { starts } = this;
    const shift = inserted - removed;
    // A line end may be made or broken by its neighbours (\r before \n), so look one character further on both sides.
    const first = this.lineAt(Math.max(0, from - 1));
    const lastOld = this.lineAt(Math.min(this.length, from + removed + 1));
    const scanFrom = starts[first] ?? 0;
    const scanTo = (starts[lastOld + 1] ?? this.length) + shift;
    const next = starts.slice(0, first + 1);
    for (const start of startsIn(text, scanFrom, scanTo)) next.push(start);
    for (let index = lastOld + 2; index < starts.length; index++) next.push((starts[index] ?? 0) + shift);
    return new LineIndex(next, text.length);
  }
}

/** Starts of lines after `from`, up to and with `to`. */
function startsIn(text: string, from: number, to: number): number[] {
  const starts: number[] = [];
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === 10) starts.push(at + 1);
    else if (code === 13 && text.charCodeAt(at + 1) !== 10) starts.push(at + 1);
  }
  return starts;
}
