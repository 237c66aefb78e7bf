// ClosedFile: a file that nobody edits: its summary stays packed, only what it names is kept at hand.
import { boundAtTop } from '../evaluation/bindings.ts';
import type { ModuleBinding } from '../evaluation/evaluate.ts';
import { blockReferences } from '../matching/blockReferences.ts';
import { withExperiments } from '../matching/experiments.ts';
import type { Reference } from '../reference.ts';
import type { Block, Definition, FileSummary, Setting } from '../summary.ts';
import { type Prints, printsOf } from './fingerprint.ts';
import { held } from './held.ts';
import { byPosition, type IndexedFile, type IndexParts, placed, withoutDoubles } from './indexedFile.ts';
import type { PackedFile, UnpackedFiles } from './packed.ts';
import { listKey } from './tables/nameTable.ts';
import type { Entry, Key } from './tables/tables.ts';

/** What an evaluation came to; plain data, kept between sessions. */
export interface FileResult {
  readonly references: readonly Reference[];
  /** Keys of what it read of other files. */
  readonly reads: readonly string[];
}

export interface ClosedParts extends IndexParts {
  readonly unpacked: UnpackedFiles;
  /** A file was evaluated; its result is news. */
  readonly evaluated: (file: ClosedFile) => void;
}

const nothing: readonly never[] = [];

export class ClosedFile implements IndexedFile, Entry {
  readonly uri: string;
  readonly packed: PackedFile;
  stale = false;
  reads: readonly Key[] = nothing;
  names: readonly string[] = nothing;
  readonly #parts: ClosedParts;
  #references: readonly Reference[] = nothing;

  /** `result`: of an earlier session in which all it reads was as it is now. */
  constructor(packed: PackedFile, parts: ClosedParts, result?: FileResult) {
    this.uri = packed.uri;
    this.packed = packed;
    this.#parts = parts;
    if (result) this.#learn(result.references.map(held), new Set(result.reads));
    else if (packed.sites > 0) parts.tables.wait(this);
  }

  get definitions(): readonly Definition[] | undefined {
    return this.packed.definitions;
  }

  get settings(): readonly Setting[] | undefined {
    return this.packed.settings;
  }

  get cells(): FileSummary['cells'] {
    return this.packed.cells;
  }

  get result(): FileResult {
    return { references: this.#references, reads: this.reads.map(({ key }) => key) };
  }

  summary(): FileSummary {
    return this.#parts.unpacked.get(this.packed).summary;
  }

  references(): readonly Reference[] {
    if (this.stale) this.evaluate();
    return this.#references;
  }

  listed(_entries: readonly Entry[], key: string): readonly Reference[] {
    return this.references().filter(({ kind, name }) => listKey(kind, name) === key);
  }

  bindings(name: string): readonly ModuleBinding[] {
    if (!this.packed.bound.includes(name)) return [];
    const found: ModuleBinding[] = [];
    for (const placed of this.#parts.unpacked.get(this.packed).binders.get(name) ?? [])
      found.push(...boundAtTop(placed, name));
    return found.length > 1 ? found.sort((one, other) => one.line - other.line) : found;
  }

  get bound(): readonly string[] {
    return this.packed.bound;
  }

  prints(): Prints {
    return printsOf(this.summary().blocks);
  }

  /** It is evaluated as a whole, when it is its turn. */
  entryChanged(): void {}

  drop(): void {
    this.#parts.tables.drop(this);
    this.#parts.unpacked.forget(this.packed);
  }

  evaluate(): void {
    const { asked, rules, unpacked, evaluated } = this.#parts;
    const { uri } = this;
    const reads = new Set<string>();
    const modules = asked(reads);
    unpacked.pinned = this.packed;
    const { blocks } = unpacked.get(this.packed).summary;
    const lines = new Map<Block, number>(blocks.map(({ block, line }) => [block, line]));
    const references: Reference[] = [];
    let sorted = true;
    for (const { block, line } of blocks) {
      if (block.sites.length === 0) continue;
      const found = blockReferences({ uri, block, line }, modules, rules());
      sorted &&= found.every((one) => one.block === block);
      references.push(...found.map((one) => placed(one, lines.get(one.block) ?? line)).sort(byPosition));
    }
    if (!sorted) references.sort(byPosition);
    const own = `${uri}#`;
    this.#learn(
      withExperiments(sorted ? references : withoutDoubles(references)),
      new Set([...reads].filter((key) => !key.startsWith(own))),
    );
    evaluated(this);
  }

  #learn(references: readonly Reference[], reads: ReadonlySet<string>): void {
    this.#references = references;
    const names = [...new Set(references.map(({ kind, name }) => listKey(kind, name)))];
    this.#parts.tables.learn(this, reads, names);
  }
}
