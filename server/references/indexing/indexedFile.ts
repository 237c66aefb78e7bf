// IndexedFile: what the index asks of a file, whether it is open and kept block by block or closed and packed.

import type { CellPlace } from '../../syntax/notebook/cells.ts';
import type { ModuleBinding, Modules } from '../evaluation/evaluate.ts';
import type { BlockReference } from '../matching/blockReferences.ts';
import type { Reference } from '../reference.ts';
import type { RuleSet } from '../rules/rule.ts';
import type { Definition, FileSummary, Setting } from '../summary.ts';
import type { Prints } from './fingerprint.ts';
import type { Entry, Tables } from './tables/tables.ts';

export interface IndexedFile {
  readonly uri: string;
  readonly definitions: readonly Definition[] | undefined;
  readonly settings: readonly Setting[] | undefined;
  /** Of a notebook. */
  readonly cells: readonly CellPlace[] | undefined;
  summary(): FileSummary;
  /** In order of position. */
  references(): readonly Reference[];
  /** Those of some of its entries under a key of `NameTable`, in order of position. */
  listed(entries: readonly Entry[], key: string): readonly Reference[];
  /** Bindings of a name at the top level, in the order of the text. */
  bindings(name: string): readonly ModuleBinding[];
  /** Names bound at the top level. */
  readonly bound: Iterable<string>;
  /** By name bound at the top level: a number that stays while its value cannot have changed. */
  prints(): Prints;
  /** What one of its entries found changed, or will have to be found again. */
  entryChanged(): void;
  drop(): void;
}

/** Takes note of what is read. */
export interface Reads {
  add(key: string): void;
}

/** What a file needs of the index it is in. */
export interface IndexParts {
  readonly tables: Tables;
  readonly rules: () => RuleSet;
  /** Grows with every file that is given, taken or removed. */
  readonly generation: () => number;
  /** Questions of one evaluation, each noted in `reads`. */
  readonly asked: (reads: Reads) => Modules;
}

/** `line` is the first of the block that the span counts from. */
export function placed({ span, reference }: BlockReference, line: number): Reference {
  const [start, column, end, endColumn] = span;
  return {
    ...reference,
    range: { start: { line: line + start, character: column }, end: { line: line + end, character: endColumn } },
  };
}

export function byPosition(one: Reference, other: Reference): number {
  const a = one.range.start;
  const b = other.range.start;
  return a.line - b.line || a.character - b.character;
}

/** Two calls may log the same dict. */
export function withoutDoubles(references: readonly Reference[]): readonly Reference[] {
  const seen = new Set<string>();
  return references.filter(({ kind, name, role, range: { start } }) => {
    const key = `${kind} ${start.line} ${start.character} ${role} ${name}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
