// Typed: a document as it would be, were a text typed at a place of it.
import { editDocument, type ParsedDocument, parseNotebook } from './document.ts';
import { cellAt, rangeInCell } from './notebook/cells.ts';
import type { Position } from './text.ts';

export function typedInto(document: ParsedDocument, at: Position, text: string): ParsedDocument {
  const range = { start: at, end: at };
  const { uri, version, notebook } = document;
  if (!notebook) return editDocument(document, [{ range, text }], version);
  const asked = cellAt(notebook.cells, at.line);
  const cells = notebook.cells.map((one) =>
    one === asked ? { ...one, cell: one.cell.edited([{ range: rangeInCell(one, range), text }]) } : one,
  );
  return parseNotebook(uri, version, cells);
}
