// Cells: where the code cells of a notebook begin in its one virtual text, and back.
import type { Position, Range } from '../text.ts';

/** A code cell in the virtual text of its notebook. */
export interface CellPlace {
  /** Among all cells of the notebook, from 0. */
  readonly index: number;
  /** Of the cell as a document of its own; only while it is open in the editor. */
  readonly uri?: string;
  /** Its first line in the virtual text. */
  readonly line: number;
}

/** The cell that a line of the virtual text belongs to; undefined when there are no cells. */
export function cellAt<Cell extends CellPlace>(cells: readonly Cell[], line: number): Cell | undefined {
  let low = 0;
  let high = cells.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((cells[middle]?.line ?? 0) <= line) low = middle;
    else high = middle - 1;
  }
  return cells[low];
}

/** A place of the virtual text as a place in its cell. */
export function inCell({ line: first }: CellPlace, { line, character }: Position): Position {
  return { line: line - first, character };
}

/** A place in a cell as a place of the virtual text. */
export function inText({ line: first }: CellPlace, { line, character }: Position): Position {
  return { line: line + first, character };
}

export function rangeInCell(cell: CellPlace, { start, end }: Range): Range {
  return { start: inCell(cell, start), end: inCell(cell, end) };
}
