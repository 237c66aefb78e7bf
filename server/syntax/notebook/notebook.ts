// Notebook: the code cells of a notebook as one text, so that a name bound in one cell is known in the next.
import type { PythonChunk } from '../chunks.ts';
import { LineIndex } from '../lines.ts';
import type { Cell } from './cell.ts';
import type { CellPlace } from './cells.ts';

export interface NotebookCell extends CellPlace {
  readonly cell: Cell;
  /** Where it begins in the text. */
  readonly from: number;
}

/** The text is that of the cells, one after the other, with a line end between. Never changed in place. */
export interface Notebook {
  readonly cells: readonly NotebookCell[];
  readonly text: string;
  readonly lines: LineIndex;
  /** As long as the text; only Python is left in it. */
  readonly code: string;
}

/** A cell that has no place yet. */
export type CodeCell = Omit<NotebookCell, 'line' | 'from'>;

/** Of its code cells, in order; no `cell` may be there twice. What they remember of their statements stays. */
export function notebookOf(given: readonly CodeCell[]): Notebook {
  const cells: NotebookCell[] = [];
  const texts: string[] = [];
  const codes: string[] = [];
  const starts: number[] = [];
  let from = 0;
  for (const one of given) {
    cells.push({ ...one, line: starts.length, from });
    texts.push(closed(one.cell.text));
    codes.push(closed(one.cell.code));
    for (const start of one.cell.lines.starts) starts.push(from + start);
    from += one.cell.text.length + 1;
  }
  const text = texts.join('\n');
  return { cells, text, code: codes.join('\n'), lines: new LineIndex(starts.length > 0 ? starts : [0], text.length) };
}

/** Carriage returns at the end would be one line end with what comes behind them. */
function closed(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 13) end--;
  return end === text.length ? text : text.slice(0, end) + '\n'.repeat(text.length - end);
}

/** The statements of all its Python; none goes over the end of a cell. */
export function chunksOfNotebook({ cells }: Notebook): readonly PythonChunk[] {
  return cells.flatMap(({ cell, from }) => (cell.hasPython ? cell.chunks(from) : []));
}
