// The JSON of `refs --json`: the shape that outsiders read.
import type { EntityKind } from '../catalog/entity.ts';
import type { Confidence, Reference, ReferenceDetail, Role } from './reference.ts';

/** Lines from 1, columns from 0 in UTF-16 units, end exclusive. */
export interface ReferenceJson {
  readonly path: string;
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

/** `path` relative with `/`; `lines` of the file, so that `text` is exactly what stands in the range. */
export function toRefsJson(references: readonly Reference[], path: string, text?: string): readonly ReferenceJson[] {
  const lines = text?.split(/\r\n|\r|\n/);
  return references
    .map(({ range: { start, end }, text: written, kind, name, role, detail, confidence, via }) => ({
      path,
      line: start.line + 1,
      column: start.character,
      endLine: end.line + 1,
      endColumn: end.character,
      text:
        (lines && start.line === end.line ? lines[start.line]?.slice(start.character, end.character) : undefined) ??
        written,
      kind,
      name,
      role,
      detail,
      confidence,
      via,
    }))
    .sort(byPlace);
}

/** By path, line and column. */
export function byPlace(one: ReferenceJson, other: ReferenceJson): number {
  if (one.path !== other.path) return one.path < other.path ? -1 : 1;
  return one.line - other.line || one.column - other.column;
}
