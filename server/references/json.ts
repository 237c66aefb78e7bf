// The JSON of `refs --json`: the shape that outsiders read.
import type { EntityKind } from '../catalog/entity.ts';
import { type CellPlace, cellAt, rangeInCell } from '../syntax/notebook/cells.ts';
import type { Confidence, Reference, ReferenceDetail, Role } from './reference.ts';

/** Lines from 1, columns from 0 in UTF-16 units, end exclusive. In a notebook lines are those of the cell. */
export interface ReferenceJson {
  readonly path: string;
  /** In a notebook: among all its cells, from 0. */
  readonly cell?: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly text: string;
  readonly kind: EntityKind;
  readonly name: string;
  readonly role: Role;
  readonly detail: ReferenceDetail;
  readonly confidence: Confidence;
  readonly via: string;
}

/**
 * `path` relative with `/`; `lines` of the file, so that `text` is exactly what stands in the range. `cells`: of a
 * notebook, in the text that the ranges are of.
 */
export function toRefsJson(
  references: readonly Reference[],
  path: string,
  { text, cells = [] }: { readonly text?: string; readonly cells?: readonly CellPlace[] } = {},
): readonly ReferenceJson[] {
  const lines = text?.split(/\r\n|\r|\n/);
  return references
    .map(({ range, text: written, kind, name, role, detail, confidence, via }) => {
      const { start, end } = range;
      const cell = cellAt(cells, start.line);
      const shown = cell ? rangeInCell(cell, range) : range;
      const there = start.line === end.line ? lines?.[start.line]?.slice(start.character, end.character) : undefined;
      return {
        path,
        ...(cell && { cell: cell.index }),
        line: shown.start.line + 1,
        column: shown.start.character,
        endLine: shown.end.line + 1,
        endColumn: shown.end.character,
        text: there ?? written,
        kind,
        name,
        role,
        detail,
        confidence,
        via,
      };
    })
    .sort(byPlace);
}

/** By path, cell, line and column. */
export function byPlace(one: ReferenceJson, other: ReferenceJson): number {
  if (one.path !== other.path) return one.path < other.path ? -1 : 1;
  return (one.cell ?? 0) - (other.cell ?? 0) || one.line - other.line || one.column - other.column;
}
