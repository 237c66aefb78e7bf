// DefinitionTable: names that whole files stand for, such as the table of a dbt model, by what they are found under.
import type { EntityKind } from '../../../catalog/entity.ts';
import { sameName } from '../../../catalog/names.ts';
import type { PlacedReference, Reference } from '../../reference.ts';
import type { Definition } from '../../summary.ts';
import { listKey } from './nameTable.ts';

export class DefinitionTable {
  readonly #byKey = new Map<string, Map<string, readonly Definition[]>>();

  put(uri: string, before: readonly Definition[] | undefined, after: readonly Definition[] | undefined): void {
    for (const { kind, name } of before ?? []) this.#byKey.get(listKey(kind, name))?.delete(uri);
    for (const [key, definitions] of Map.groupBy(after ?? [], ({ kind, name }) => listKey(kind, name))) {
      const files = this.#byKey.get(key) ?? new Map<string, readonly Definition[]>();
      files.set(uri, definitions);
      this.#byKey.set(key, files);
    }
  }

  *all(): Generator<PlacedReference> {
    for (const files of this.#byKey.values())
      for (const [uri, definitions] of files)
        for (const definition of definitions) yield { uri, reference: referenceOf(definition) };
  }

  named(kind: EntityKind, name: string): readonly PlacedReference[] {
    return [...(this.#byKey.get(listKey(kind, name)) ?? [])].flatMap(([uri, definitions]) =>
      definitions
        .filter((definition) => sameName(kind, definition.name, name))
        .map((definition) => ({ uri, reference: referenceOf(definition) })),
    );
  }
}

function referenceOf({ kind, tool, name, line, at, via }: Definition): Reference {
  const [start, column, end, endColumn] = at;
  const range = { start: { line: line + start, character: column }, end: { line: line + end, character: endColumn } };
  return { kind, tool, name, role: 'defines', range, text: name, detail: {}, confidence: 'literal', via, within: {} };
}
