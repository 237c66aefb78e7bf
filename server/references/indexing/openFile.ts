// OpenFile: a file that may be edited: evaluated block by block, so that a keystroke costs what it touches.
import { boundAtTop } from '../evaluation/bindings.ts';
import type { ModuleBinding } from '../evaluation/evaluate.ts';
import { type BlockReference, blockReferences } from '../matching/blockReferences.ts';
import { withExperiments } from '../matching/experiments.ts';
import { SiteMemory } from '../matching/memory/siteMemory.ts';
import type { Reference } from '../reference.ts';
import type { Block, Definition, FileSummary, Setting } from '../summary.ts';
import { moduleFingerprints, moduleNames, namesBound, type Prints, printsOf } from './fingerprint.ts';
import { byPosition, type IndexedFile, type IndexParts, placed, withoutDoubles } from './indexedFile.ts';
import { asKnown, sameContent } from './sameBlocks.ts';
import { listKey } from './tables/nameTable.ts';
import { addTo, type Entry, takeFrom } from './tables/tables.ts';

interface BlockEntry extends Entry {
  readonly block: Block;
  line: number;
  found: readonly BlockReference[];
  /** Whether all that was found stands in the block itself. */
  isOwn: boolean;
  /** What its sites named. */
  memory: SiteMemory | undefined;
  /** What those of the version before named, and when that was true. */
  before: { readonly memory: SiteMemory; readonly generation: number } | undefined;
  placed: { readonly line: number; readonly references: readonly Reference[] } | undefined;
}

const nothing: readonly never[] = [];

export class OpenFile implements IndexedFile {
  readonly uri: string;
  readonly #parts: IndexParts;
  #summary: FileSummary;
  readonly #byBlock = new Map<Block, BlockEntry>();
  /** Blocks that bind a name at the top level. */
  readonly #binders = new Map<string, Set<BlockEntry>>();
  /** What `bindings` answered since the last change. */
  readonly #bound = new Map<string, readonly ModuleBinding[]>();
  /** Blocks whose findings stand elsewhere, or say something of others. */
  readonly #tied = new Set<BlockEntry>();
  #references: readonly Reference[] | undefined;
  /** The references under their keys, where not every block speaks for itself. */
  #byKey: ReadonlyMap<string, readonly Reference[]> | undefined;

  constructor(uri: string, parts: IndexParts) {
    this.uri = uri;
    this.#parts = parts;
    this.#summary = { uri, language: 'none', rules: '', blocks: [] };
  }

  get definitions(): readonly Definition[] | undefined {
    return this.#summary.definitions;
  }

  get settings(): readonly Setting[] | undefined {
    return this.#summary.settings;
  }

  get cells(): FileSummary['cells'] {
    return this.#summary.cells;
  }

  summary(): FileSummary {
    return this.#summary;
  }

  /** Whether anything but empty space changed, and the names at the top level whose value may have. */
  take(given: FileSummary): { readonly changed: boolean; readonly names: readonly string[] } {
    const summary = { ...given, blocks: asKnown(given.blocks, this.#byBlock) };
    const kept = new Set<Block>();
    for (const { block } of summary.blocks) if (this.#byBlock.has(block)) kept.add(block);
    const gone =
      kept.size === this.#byBlock.size ? [] : [...this.#byBlock.values()].filter(({ block }) => !kept.has(block));
    const same = sameContent(gone, summary, this.#byBlock);
    const blocks = same.size > 0 ? asKnown(summary.blocks, this.#byBlock) : summary.blocks;
    this.#summary = { ...summary, blocks };
    const stays = new Set(same.values());
    const old = new Map<string, string>();
    const next = new Map<string, string>();
    let changed = false;
    const left = gone.filter(({ block }) => !stays.has(block));
    const came = blocks.filter(({ block }) => !this.#byBlock.has(block));
    const [one] = left.length === 1 && came.length === 1 ? left : [];
    for (const entry of left) {
      this.#drop(entry);
      note(old, entry.block);
      changed = true;
    }
    // What is bound above a place and what below it may be others now.
    const moved = isReordered(blocks.map(({ block }) => this.#byBlock.get(block)?.line))
      ? blocks.flatMap(({ block }) => (this.#byBlock.has(block) ? [...moduleFingerprints(block).keys()] : []))
      : nothing;
    for (const { block, line } of blocks) {
      const known = this.#byBlock.get(block);
      if (!known) {
        this.#put(block, line, one?.stale === false ? one.memory : undefined);
        note(next, block);
        changed = true;
      } else if (known.line !== line) {
        known.line = line;
        changed = true;
      }
    }
    this.#bound.clear();
    if (changed) this.entryChanged();
    const differing = [...old.keys(), ...next.keys()].filter((name) => old.get(name) !== next.get(name));
    return { changed, names: [...new Set([...differing, ...moved])] };
  }

  references(): readonly Reference[] {
    if (this.#references) return this.#references;
    const references: Reference[] = [];
    let sorted = true;
    for (const { block } of this.#summary.blocks) {
      const entry = this.#byBlock.get(block);
      if (!entry) continue;
      if (entry.stale) entry.evaluate();
      sorted &&= entry.isOwn;
      for (const reference of this.#place(entry)) references.push(reference);
    }
    if (!sorted) references.sort(byPosition);
    this.#references = withExperiments(sorted ? references : withoutDoubles(references));
    return this.#references;
  }

  /** Without looking at the whole file where each block speaks for itself. */
  listed(entries: readonly Entry[], key: string): readonly Reference[] {
    if (this.#tied.size === 0) {
      const own = entries as readonly BlockEntry[];
      const references = own.map((entry) => this.#place(entry));
      return references.length === 1 ? (references[0] ?? []) : references.flat().sort(byPosition);
    }
    this.#byKey ??= Map.groupBy(this.references(), (reference) => listKey(reference.kind, reference.name));
    return this.#byKey.get(key) ?? [];
  }

  bindings(name: string): readonly ModuleBinding[] {
    const known = this.#bound.get(name);
    if (known) return known;
    const found: ModuleBinding[] = [];
    for (const placed of this.#binders.get(name) ?? []) found.push(...boundAtTop(placed, name));
    if (found.length > 1) found.sort((one, other) => one.line - other.line);
    this.#bound.set(name, found);
    return found;
  }

  get bound(): Iterable<string> {
    return namesBound(this.#summary.blocks);
  }

  prints(): Prints {
    return printsOf(this.#summary.blocks);
  }

  entryChanged(): void {
    this.#references = undefined;
    this.#byKey = undefined;
  }

  drop(): void {
    for (const entry of this.#byBlock.values()) this.#parts.tables.drop(entry);
  }

  #put(block: Block, line: number, before?: SiteMemory): void {
    const entry: BlockEntry = {
      uri: this.uri,
      block,
      line,
      stale: true,
      found: [],
      isOwn: true,
      memory: undefined,
      before: before && { memory: before, generation: this.#parts.generation() },
      reads: nothing,
      names: nothing,
      placed: undefined,
      evaluate: () => this.#evaluate(entry),
      references: () => this.#place(entry),
    };
    this.#byBlock.set(block, entry);
    for (const name of moduleNames(block)) addTo(this.#binders, name, entry);
    this.#parts.tables.wait(entry);
  }

  #drop(entry: BlockEntry): void {
    const { tables } = this.#parts;
    this.#byBlock.delete(entry.block);
    this.#tied.delete(entry);
    for (const tied of this.#tied) if (tied.found.some(({ block }) => block === entry.block)) tables.wait(tied);
    for (const name of moduleNames(entry.block)) takeFrom(this.#binders, name, entry);
    tables.drop(entry);
  }

  #evaluate(entry: BlockEntry): void {
    const { tables, asked, rules, generation } = this.#parts;
    const { uri, block, line } = entry;
    const { before } = entry;
    entry.before = undefined;
    const memory = new SiteMemory(block, before?.generation === generation() ? before.memory : undefined);
    entry.found = blockReferences({ uri, block, line }, asked(memory), rules(), memory);
    entry.isOwn = entry.found.every((found) => found.block === block);
    entry.memory = memory;
    const { reads } = memory;
    const names = [...new Set(entry.found.map(({ reference }) => listKey(reference.kind, reference.name)))];
    tables.learn(entry, reads, names);
    if (!entry.isOwn || entry.found.some(tiesOthers)) this.#tied.add(entry);
    else this.#tied.delete(entry);
    entry.placed = undefined;
  }

  #place(entry: BlockEntry): readonly Reference[] {
    if (entry.isOwn && entry.placed?.line === entry.line) return entry.placed.references;
    const references = entry.found.map((found) => placed(found, this.#byBlock.get(found.block)?.line ?? entry.line));
    references.sort(byPosition);
    entry.placed = { line: entry.line, references };
    return references;
  }
}

/** Whether it says something of what stands in other blocks. */
function tiesOthers({ reference: { kind, role } }: BlockReference): boolean {
  return kind === 'experiment' && role === 'writes';
}

/** Whether what was there before stands in another order now, by the lines where it stood. */
function isReordered(before: readonly (number | undefined)[]): boolean {
  let last = -1;
  for (const line of before) {
    if (line === undefined) continue;
    if (line < last) return true;
    last = line;
  }
  return false;
}

function note(table: Map<string, string>, block: Block): void {
  for (const [name, fingerprint] of moduleFingerprints(block))
    table.set(name, `${table.get(name) ?? ''}|${fingerprint}`);
}
