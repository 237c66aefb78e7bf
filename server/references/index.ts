// ReferenceIndex: the references of every known file, evaluated again only where a value they read has changed.
import type { EntityKind } from '../catalog/entity.ts';
import { sameName } from '../catalog/names.ts';
import { cellAt } from '../syntax/notebook/cells.ts';
import type { Position } from '../syntax/text.ts';
import type { Modules } from './evaluation/evaluate.ts';
import { Answers } from './indexing/answers.ts';
import { ClosedFile, type ClosedParts, type FileResult } from './indexing/closedFile.ts';
import { type Prints, printsOf } from './indexing/fingerprint.ts';
import { type IndexedFile, placed, type Reads } from './indexing/indexedFile.ts';
import { OpenFile } from './indexing/openFile.ts';
import { type PackedFile, UnpackedFiles } from './indexing/packed.ts';
import { DefinitionTable } from './indexing/tables/definitions.ts';
import { ModuleTable } from './indexing/tables/modules.ts';
import { listKey } from './indexing/tables/nameTable.ts';
import { SettingTable } from './indexing/tables/settings.ts';
import { Tables } from './indexing/tables/tables.ts';
import { blockReferences } from './matching/blockReferences.ts';
import { constantAt } from './matching/constants.ts';
import { literalPlace, type TextPlace } from './matching/literalPlace.ts';
import type { PlacedReference, Reference } from './reference.ts';
import { allRules } from './rules/index.ts';
import type { RuleSet } from './rules/rule.ts';
import type { FileSummary } from './summary.ts';

export { summarize } from './summarize.ts';

/** A text in brackets may stand in a block of its own, behind the one around it. */
const blocksAround = 4;

export class ReferenceIndex {
  #rules: RuleSet;
  readonly #files = new Map<string, IndexedFile>();
  readonly #modules = new ModuleTable();
  readonly #definitions = new DefinitionTable();
  readonly #settings = new SettingTable();
  readonly #tables = new Tables();
  readonly #parts: ClosedParts;
  /** What other files made of this one was made of `before`, or of no such file: they are evaluated again where that differs. */
  differsFrom(uri: string, before: PackedFile | undefined): void {
    const file = this.#files.get(uri);
    if (!before) this.#invalidate(`module ${ModuleTable.keyOf(uri)}`);
    const { unpacked } = this.#parts;
    const names =
      before && file
        ? differing(printsOf(unpacked.get(before).summary.blocks), file.prints())
        : (before ?? file)?.bound;
    if (before) unpacked.forget(before);
    for (const name of names ?? []) this.#invalidate(`${uri}#${name}`);
    for (const { space, name } of [...(before?.settings ?? []), ...(file?.settings ?? [])])
      this.#invalidate(SettingTable.key(space, name));
  }

  /** Closed files that were evaluated since somebody took their results. */
  readonly #news = new Set<ClosedFile>();
  #generation = 0;
  #all: { readonly revision: number; readonly placed: readonly PlacedReference[] } | undefined;
  /** How long a question by name waits for what is not evaluated yet (ms); whoever sets it settles in between. */
  patienceMs = Number.POSITIVE_INFINITY;
  /** Grows when any reference or its place may have changed. */
  revision = 0;

  /** `mostUnpacked`: characters of JSON, see `UnpackedFiles`. */
  constructor(rules: RuleSet = allRules, mostUnpacked?: number) {
    this.#rules = rules;
    this.#parts = {
      tables: this.#tables,
      unpacked: new UnpackedFiles(mostUnpacked),
      rules: () => this.#rules,
      generation: () => this.#generation,
      asked: (reads) => this.#asked(reads),
      evaluated: (file) => this.#news.add(file),
    };
  }

  get rules(): RuleSet {
    return this.#rules;
  }

  /** From now on these rules count; whoever sets them gives every file anew, as they read it. */
  setRules(rules: RuleSet): void {
    this.#rules = rules;
    for (const uri of [...this.#files.keys()]) this.remove(uri);
  }

  /** A file that may change soon again: kept block by block. */
  upsert(summary: FileSummary): void {
    this.#generation++;
    const { uri } = summary;
    const old = this.#files.get(uri);
    if (old instanceof OpenFile) {
      const { definitions, settings } = old;
      const { changed, names } = old.take(summary);
      for (const name of names) this.#invalidate(`${uri}#${name}`);
      const said = JSON.stringify(definitions) !== JSON.stringify(summary.definitions);
      if (said || settings || summary.settings) this.#say(uri, { definitions, settings }, summary);
      if (changed || said) this.revision++;
      return;
    }
    const file = new OpenFile(uri, this.#parts);
    file.take(summary);
    this.#replace(uri, old, file);
  }

  /** A file that nobody edits. `result`: what it came to in a session in which everything was as it is now. */
  take(packed: PackedFile, result?: FileResult): void {
    const { uri } = packed;
    const old = this.#files.get(uri);
    if (old instanceof ClosedFile) this.#news.delete(old);
    const file = new ClosedFile(packed, this.#parts, result);
    if (!result && packed.sites === 0) this.#news.add(file);
    this.#replace(uri, old, file, result !== undefined);
  }

  remove(uri: string): void {
    const file = this.#files.get(uri);
    if (!file) return;
    if (file instanceof ClosedFile) this.#news.delete(file);
    this.#replace(uri, file, undefined);
  }

  /** In order of position; empty for a file that is not known. */
  references(uri: string): readonly Reference[] {
    return this.#files.get(uri)?.references() ?? [];
  }

  /**
   * References and definitions by files of this kind that may mean the same name: tables in any case and with fewer
   * or more qualifiers, everything else exactly. In order of file and position.
   */
  named(kind: EntityKind, name: string): readonly PlacedReference[] {
    this.settle(this.patienceMs);
    const key = listKey(kind, name);
    const found = [...this.#definitions.named(kind, name)];
    for (const entries of this.#tables.byName.files(key)) {
      const uri = entries[0]?.uri ?? '';
      for (const reference of this.#files.get(uri)?.listed(entries, key) ?? [])
        if (reference.kind === kind && sameName(kind, reference.name, name)) found.push(this.#placed(uri, reference));
    }
    return found;
  }

  /** What a constant under the cursor names where it is used; it is no reference, and in no list. */
  constantAt(uri: string, at: Position): Reference | undefined {
    const summary = this.#files.get(uri)?.summary();
    if (!summary) return undefined;
    this.settle(this.patienceMs);
    const readersOf = (name: string): readonly Reference[] =>
      [...this.#tables.readersOf(`${uri}#${name}`)].flatMap((entry) => entry.references());
    return constantAt({ summary, modules: this.#asked(new Set()), readersOf }, at);
  }

  /** What a file would name around a line, were this its summary; nothing else changes. */
  probe(summary: FileSummary, line: number): readonly Reference[] {
    const before = summary.blocks.filter((one) => one.line <= line && one.block.sites.length > 0);
    return before.slice(-blocksAround).flatMap(({ block, line: first }) => {
      const found = blockReferences({ uri: summary.uri, block, line: first }, this.#asked(new Set()), this.#rules);
      return found.filter((one) => one.block === block).map((one) => placed(one, first));
    });
  }

  /** Where the text stands that a constant, as written in a file, gives to a name. */
  literalOf(uri: string, written: string, name: string): TextPlace | undefined {
    return literalPlace(this.#asked(new Set()), uri, written, name);
  }

  /** Names of a kind in the code that go on from this, tables also from their middle. At most `limit`. */
  names(kind: EntityKind, prefix: string, limit: number): ReadonlySet<string> {
    this.settle(this.patienceMs);
    const found = new Set<string>();
    for (const { reference } of this.#definitions.all())
      if (reference.kind === kind && goesOn(reference.name, prefix) && found.size < limit) found.add(reference.name);
    // Keys of dotted names begin with the last part.
    const start = kind === 'table' ? prefix.slice(prefix.lastIndexOf('.') + 1).toLowerCase() : prefix;
    for (const key of this.#tables.byName.keys(kind, start)) {
      for (const entries of this.#tables.byName.files(key)) {
        const file = this.#files.get(entries[0]?.uri ?? '');
        for (const { kind: own, name } of file?.listed(entries, key) ?? [])
          if (own === kind && !name.includes('*') && listKey(kind, name) === key && goesOn(name, prefix))
            found.add(name);
        if (found.size >= limit) return found;
      }
    }
    return found;
  }

  /** Every reference there is, file by file; then what whole files define. */
  *everything(): Generator<PlacedReference> {
    for (const uri of [...this.#files.keys()].sort())
      for (const reference of this.references(uri)) yield { uri, reference };
    yield* this.#definitions.all();
  }

  files(): readonly string[] {
    return [...this.#files.keys()];
  }

  summary(uri: string): FileSummary | undefined {
    return this.#files.get(uri)?.summary();
  }

  /** Of a notebook: its code cells in the text that the lines of its references count in. */
  cells(uri: string): FileSummary['cells'] {
    return this.#files.get(uri)?.cells;
  }

  #placed(uri: string, reference: Reference): PlacedReference {
    const cell = cellAt(this.cells(uri) ?? [], reference.range.start.line);
    return cell ? { uri, reference, cell } : { uri, reference };
  }

  /** Every reference there is, in order of file and position; kept until the revision grows. */
  all(): readonly PlacedReference[] {
    this.settle(Number.POSITIVE_INFINITY);
    if (this.#all?.revision === this.revision) return this.#all.placed;
    const placed: PlacedReference[] = [];
    for (const uri of [...this.#files.keys()].sort())
      for (const reference of this.references(uri)) placed.push(this.#placed(uri, reference));
    this.#all = { revision: this.revision, placed };
    return placed;
  }

  /** How many blocks and closed files wait to be evaluated. */
  get waiting(): number {
    return this.#tables.waiting.size;
  }

  /** Evaluates what waits for it, for at most so many milliseconds; true when nothing waits any more. */
  settle(budgetMs: number): boolean {
    const until = performance.now() + budgetMs;
    for (const entry of this.#tables.waiting) {
      entry.evaluate();
      if (performance.now() > until) break;
    }
    return this.#tables.waiting.size === 0;
  }

  /** What a closed file came to; nothing, for one that is open or not known. */
  result(uri: string): FileResult {
    const file = this.#files.get(uri);
    return file instanceof ClosedFile ? file.result : { references: [], reads: [] };
  }

  /** Closed files that were evaluated since this was asked last, as far as they still are what they were. */
  evaluatedSince(): readonly ClosedFile[] {
    const files = [...this.#news].filter((file) => !file.stale);
    this.#news.clear();
    return files;
  }

  /** `kept`: closed files that are there already were evaluated with it. */
  #replace(uri: string, old: IndexedFile | undefined, file: IndexedFile | undefined, kept = false): void {
    this.#generation++;
    const names = old && file ? differing(old.prints(), file.prints()) : (old ?? file)?.bound;
    old?.drop();
    if (file) this.#files.set(uri, file);
    else this.#files.delete(uri);
    if (file ? this.#modules.add(uri) : this.#modules.remove(uri))
      this.#invalidate(`module ${ModuleTable.keyOf(uri)}`, kept);
    for (const name of names ?? []) this.#invalidate(`${uri}#${name}`, kept);
    this.#say(uri, old, file, kept);
    this.revision++;
  }

  /** What a whole file stands for, and what it gives to names of others. */
  #say(uri: string, before: Said | undefined, after: Said | undefined, kept = false): void {
    this.#definitions.put(uri, before?.definitions, after?.definitions);
    for (const key of this.#settings.put(uri, after?.settings)) {
      // Blocks of this very file are new already: what their sites named before does not count for them any more.
      this.#generation++;
      this.#invalidate(key, kept);
    }
  }

  #invalidate(key: string, sparesClosed = false): void {
    for (const entry of [...this.#tables.readersOf(key)]) {
      if (sparesClosed && entry instanceof ClosedFile) continue;
      this.#tables.wait(entry);
      this.#files.get(entry.uri)?.entryChanged();
      this.revision++;
    }
  }

  /** Answers to an evaluation, each noted; while it goes on nothing changes, so none is looked for twice. */
  #asked(reads: Reads): Modules {
    const bindings: Modules['bindings'] = (uri, name) => this.#files.get(uri)?.bindings(name) ?? [];
    const module: Modules['module'] = (from, name) => this.#modules.find(from, name);
    const settings: Modules['settings'] = (from, space, name) => this.#settings.find(from, space, name);
    return new Answers({ bindings, module, settings }, reads);
  }
}

/** What is no longer than that is what is just being typed. */
function goesOn(name: string, prefix: string): boolean {
  return name.length > prefix.length && name.toLowerCase().includes(prefix.toLowerCase());
}

/** Names that are not the same in both, or in one of them alone. */
function differing(one: Prints, other: Prints): readonly string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter((name) => one.get(name) !== other.get(name));
}

type Said = Pick<FileSummary, 'definitions' | 'settings'>;
