// ReferenceIndex: the references of every known file, evaluated again only where a value they read has changed.
import type { EntityKind } from '../catalog/entity.ts';
import { sameName } from '../catalog/names.ts';
import type { Position } from '../syntax/text.ts';
import { nameScope } from './evaluation/bindings.ts';
import type { ModuleBinding, Modules } from './evaluation/evaluate.ts';
import { moduleFingerprints, moduleNames } from './indexing/fingerprint.ts';
import { ModuleTable } from './indexing/modules.ts';
import { listKey, NameTable } from './indexing/nameTable.ts';
import { asKnown, sameContent } from './indexing/sameBlocks.ts';
import { SettingTable } from './indexing/settings.ts';
import { type BlockReference, blockReferences } from './matching/blockReferences.ts';
import { constantAt } from './matching/constants.ts';
import { withExperiments } from './matching/experiments.ts';
import type { PlacedReference, Reference } from './reference.ts';
import { allRules } from './rules/index.ts';
import type { RuleSet } from './rules/rule.ts';
import type { Block, Definition, FileSummary } from './summary.ts';

export { summarize } from './summarize.ts';

interface BlockEntry {
  readonly uri: string;
  readonly block: Block;
  line: number;
  stale: boolean;
  found: readonly BlockReference[];
  /** Names it read, of any file. */
  reads: ReadonlySet<string>;
  /** What it is listed under by name. */
  names: readonly string[];
  placed: { readonly line: number; readonly references: readonly Reference[] } | undefined;
}

interface FileEntry {
  summary: FileSummary;
  readonly byBlock: Map<Block, BlockEntry>;
  /** Blocks that bind a name at the top level. */
  readonly binders: Map<string, Set<BlockEntry>>;
  references: readonly Reference[] | undefined;
  /** Blocks whose findings stand elsewhere, or say something of others. */
  readonly tied: Set<BlockEntry>;
  /** The references under their keys, where not every block speaks for itself. */
  byKey: ReadonlyMap<string, readonly Reference[]> | undefined;
}

export class ReferenceIndex {
  readonly #rules: RuleSet;
  readonly #files = new Map<string, FileEntry>();
  readonly #modules = new ModuleTable();
  readonly #readers = new Map<string, Set<BlockEntry>>();
  readonly #byName = new NameTable<BlockEntry>();
  readonly #definitions = new Map<string, Map<string, readonly Definition[]>>();
  readonly #settings = new SettingTable();
  readonly #stale = new Set<BlockEntry>();
  #all: { readonly revision: number; readonly placed: readonly PlacedReference[] } | undefined;
  /** How long a question by name waits for what is not evaluated yet (ms); whoever sets it settles in between. */
  patienceMs = Number.POSITIVE_INFINITY;
  /** Grows when any reference or its place may have changed. */
  revision = 0;

  constructor(rules: RuleSet = allRules) {
    this.#rules = rules;
  }

  upsert(summary: FileSummary): void {
    const { uri } = summary;
    const old = this.#files.get(uri);
    const file: FileEntry = old ?? {
      summary,
      byBlock: new Map(),
      binders: new Map(),
      tied: new Set(),
      references: undefined,
      byKey: undefined,
    };
    const before = old?.summary.definitions;
    file.summary = summary;
    if (!old) {
      this.#files.set(uri, file);
      if (this.#modules.add(uri)) this.#invalidate(`module ${ModuleTable.keyOf(uri)}`);
    }
    const changed = this.#takeBlocks(file, summary);
    const defines = JSON.stringify(before) !== JSON.stringify(summary.definitions);
    if (defines) this.#define(uri, before, summary.definitions);
    for (const key of this.#settings.put(uri, summary.settings)) this.#invalidate(key);
    if (changed || defines || !old) {
      forgetReferences(file);
      this.revision++;
    }
  }

  remove(uri: string): void {
    const file = this.#files.get(uri);
    if (!file) return;
    this.#takeBlocks(file, { ...file.summary, blocks: [] });
    this.#define(uri, file.summary.definitions, undefined);
    for (const key of this.#settings.put(uri, undefined)) this.#invalidate(key);
    this.#files.delete(uri);
    if (this.#modules.remove(uri)) this.#invalidate(`module ${ModuleTable.keyOf(uri)}`);
    this.revision++;
  }

  /** In order of position; empty for a file that is not known. */
  references(uri: string): readonly Reference[] {
    const file = this.#files.get(uri);
    if (!file) return [];
    if (file.references) return file.references;
    const references: Reference[] = [];
    let sorted = true;
    for (const { block } of file.summary.blocks) {
      const entry = file.byBlock.get(block);
      if (!entry) continue;
      if (entry.stale) this.#evaluate(entry);
      sorted &&= entry.found.every((found) => found.block === block);
      references.push(...this.#place(file, entry));
    }
    if (!sorted) references.sort(byPosition);
    const complete = withExperiments(sorted ? references : withoutDoubles(references));
    file.references = complete;
    return complete;
  }

  /**
   * References and definitions by files of this kind that may mean the same name: tables in any case and with fewer
   * or more qualifiers, everything else exactly. In order of file and position.
   */
  named(kind: EntityKind, name: string): readonly PlacedReference[] {
    this.settle(this.patienceMs);
    const key = listKey(kind, name);
    const found: PlacedReference[] = [];
    for (const [uri, definitions] of this.#definitions.get(key) ?? []) {
      for (const definition of definitions)
        if (sameName(kind, definition.name, name)) found.push({ uri, reference: definitionReference(definition) });
    }
    for (const entries of this.#byName.files(key)) {
      const uri = entries[0]?.uri ?? '';
      for (const reference of this.#listed(uri, entries, key))
        if (reference.kind === kind && sameName(kind, reference.name, name)) found.push({ uri, reference });
    }
    return found;
  }

  /** As `references` has them; without looking at the whole file where each block speaks for itself. */
  #listed(uri: string, entries: readonly BlockEntry[], key: string): readonly Reference[] {
    const file = this.#files.get(uri);
    if (!file) return [];
    if (file.tied.size === 0) {
      const placed = entries.map((entry) => this.#place(file, entry));
      return placed.length === 1 ? (placed[0] ?? []) : placed.flat().sort(byPosition);
    }
    const references = this.references(uri);
    file.byKey ??= Map.groupBy(references, (reference) => listKey(reference.kind, reference.name));
    return file.byKey.get(key) ?? [];
  }

  /** What a constant under the cursor names where it is used; it is no reference, and in no list. */
  constantAt(uri: string, at: Position): Reference | undefined {
    const summary = this.#files.get(uri)?.summary;
    if (!summary) return undefined;
    const readersOf = (name: string) =>
      [...(this.#readers.get(`${uri}#${name}`) ?? [])].flatMap((entry) => entry.found);
    return constantAt({ summary, modules: this.#asked(new Set()), readersOf }, at);
  }

  files(): readonly string[] {
    return [...this.#files.keys()];
  }

  summary(uri: string): FileSummary | undefined {
    return this.#files.get(uri)?.summary;
  }

  /** Every reference there is, in order of file and position; kept until the revision grows. */
  all(): readonly PlacedReference[] {
    this.settle(Number.POSITIVE_INFINITY);
    if (this.#all?.revision === this.revision) return this.#all.placed;
    const placed: PlacedReference[] = [];
    for (const uri of [...this.#files.keys()].sort())
      for (const reference of this.references(uri)) placed.push({ uri, reference });
    this.#all = { revision: this.revision, placed };
    return placed;
  }

  /** Evaluates what waits for it, for at most so many milliseconds; true when nothing waits any more. */
  settle(budgetMs: number): boolean {
    const until = performance.now() + budgetMs;
    for (const entry of this.#stale) {
      this.#evaluate(entry);
      if (performance.now() > until) break;
    }
    return this.#stale.size === 0;
  }

  /** Whether anything but empty space changed. */
  #takeBlocks(file: FileEntry, given: FileSummary): boolean {
    const summary = { ...given, blocks: asKnown(given.blocks, file.byBlock) };
    file.summary = summary;
    const kept = new Set<Block>();
    for (const { block } of summary.blocks) if (file.byBlock.has(block)) kept.add(block);
    const gone =
      kept.size === file.byBlock.size ? [] : [...file.byBlock.values()].filter(({ block }) => !kept.has(block));
    const same = sameContent(gone, summary, file.byBlock);
    const { blocks } = same.size > 0 ? { blocks: asKnown(summary.blocks, file.byBlock) } : summary;
    file.summary = { ...summary, blocks };
    const stays = new Set(same.values());
    const old = new Map<string, string>();
    const next = new Map<string, string>();
    let changed = false;
    for (const entry of gone) {
      if (stays.has(entry.block)) continue;
      this.#drop(file, entry);
      note(old, entry.block);
      changed = true;
    }
    for (const { block, line } of blocks) {
      const known = file.byBlock.get(block);
      if (!known) {
        this.#put(file, block, line);
        note(next, block);
        changed = true;
      } else if (known.line !== line) {
        known.line = line;
        changed = true;
      }
    }
    for (const name of new Set([...old.keys(), ...next.keys()]))
      if (old.get(name) !== next.get(name)) this.#invalidate(`${summary.uri}#${name}`);
    return changed;
  }

  #put(file: FileEntry, block: Block, line: number): void {
    const entry: BlockEntry = {
      uri: file.summary.uri,
      block,
      line,
      stale: true,
      found: [],
      reads: new Set(),
      names: [],
      placed: undefined,
    };
    file.byBlock.set(block, entry);
    for (const name of moduleNames(block)) add(file.binders, name, entry);
    this.#stale.add(entry);
  }

  #drop(file: FileEntry, entry: BlockEntry): void {
    file.byBlock.delete(entry.block);
    file.tied.delete(entry);
    for (const tied of file.tied) {
      tied.stale ||= tied.found.some(({ block }) => block === entry.block);
      if (tied.stale) this.#stale.add(tied);
    }
    for (const name of moduleNames(entry.block)) take(file.binders, name, entry);
    this.#forget(entry);
    this.#stale.delete(entry);
  }

  #forget(entry: BlockEntry): void {
    for (const key of entry.reads) take(this.#readers, key, entry);
    this.#byName.take(entry);
    entry.reads = new Set();
    entry.names = [];
  }

  #invalidate(key: string): void {
    for (const entry of this.#readers.get(key) ?? []) {
      entry.stale = true;
      this.#stale.add(entry);
      const file = this.#files.get(entry.uri);
      if (file) forgetReferences(file);
      this.revision++;
    }
  }

  #evaluate(entry: BlockEntry): void {
    this.#forget(entry);
    const reads = new Set<string>();
    entry.found = blockReferences(
      { uri: entry.uri, block: entry.block, line: entry.line },
      this.#asked(reads),
      this.#rules,
    );
    entry.reads = reads;
    for (const key of reads) add(this.#readers, key, entry);
    entry.names = [...new Set(entry.found.map(({ reference }) => listKey(reference.kind, reference.name)))];
    this.#byName.add(entry);
    const file = this.#files.get(entry.uri);
    if (isTied(entry)) file?.tied.add(entry);
    else file?.tied.delete(entry);
    entry.stale = false;
    entry.placed = undefined;
    this.#stale.delete(entry);
  }

  /** Answers to an evaluation, each noted. */
  #asked(reads: Set<string>): Modules {
    return {
      bindings: (uri, name) => {
        reads.add(`${uri}#${name}`);
        return this.#bindings(uri, name);
      },
      module: (from, name) => {
        const dots = /^\.+$/.test(name);
        if (dots) for (const part of from.split('/').slice(-name.length - 1)) reads.add(`module ${part}`);
        else reads.add(`module ${ModuleTable.key(name)}`);
        return this.#modules.find(from, name);
      },
      settings: (from, space, name) => {
        reads.add(SettingTable.key(space, name));
        return this.#settings.find(from, space, name);
      },
    };
  }

  #bindings(uri: string, name: string): readonly ModuleBinding[] {
    const found: ModuleBinding[] = [];
    for (const { block, line: blockLine } of this.#files.get(uri)?.binders.get(name) ?? []) {
      for (const { line, scope, content } of block.bindings) {
        if (content.name !== name || nameScope(block, scope) !== 0) continue;
        found.push({ binding: content, line: blockLine + line, block, blockLine, scope });
      }
    }
    return found.length > 1 ? found.sort((one, other) => one.line - other.line) : found;
  }

  #place(file: FileEntry, entry: BlockEntry): readonly Reference[] {
    const elsewhere = entry.found.some(({ block }) => block !== entry.block);
    if (!elsewhere && entry.placed?.line === entry.line) return entry.placed.references;
    const references = entry.found.map(({ block, span, reference }): Reference => {
      const line = file.byBlock.get(block)?.line ?? entry.line;
      const [start, column, end, endColumn] = span;
      return {
        ...reference,
        range: { start: { line: line + start, character: column }, end: { line: line + end, character: endColumn } },
      };
    });
    references.sort(byPosition);
    entry.placed = { line: entry.line, references };
    return references;
  }

  #define(uri: string, before: readonly Definition[] | undefined, after: readonly Definition[] | undefined): void {
    for (const { kind, name } of before ?? []) this.#definitions.get(listKey(kind, name))?.delete(uri);
    for (const { kind, name } of after ?? []) {
      const key = listKey(kind, name);
      const files = this.#definitions.get(key) ?? new Map<string, readonly Definition[]>();
      files.set(
        uri,
        (after ?? []).filter((one) => listKey(one.kind, one.name) === key),
      );
      this.#definitions.set(key, files);
    }
  }
}

function forgetReferences(file: FileEntry): void {
  file.references = undefined;
  file.byKey = undefined;
}

function isTied({ block, found }: BlockEntry): boolean {
  return found.some(
    ({ block: own, reference: { kind, role } }) => own !== block || (kind === 'experiment' && role === 'writes'),
  );
}

function note(table: Map<string, string>, block: Block): void {
  for (const [name, fingerprint] of moduleFingerprints(block))
    table.set(name, `${table.get(name) ?? ''}|${fingerprint}`);
}

function add<Entry>(table: Map<string, Set<Entry>>, key: string, entry: Entry): void {
  const known = table.get(key);
  if (known) known.add(entry);
  else table.set(key, new Set([entry]));
}

function take<Entry>(table: Map<string, Set<Entry>>, key: string, entry: Entry): void {
  const known = table.get(key);
  if (!known) return;
  known.delete(entry);
  if (known.size === 0) table.delete(key);
}

function byPosition(one: Reference, other: Reference): number {
  const a = one.range.start;
  const b = other.range.start;
  return a.line - b.line || a.character - b.character;
}

/** Two calls may log the same dict. */
function withoutDoubles(references: readonly Reference[]): readonly Reference[] {
  const seen = new Set<string>();
  return references.filter(({ kind, name, role, range: { start } }) => {
    const key = `${kind} ${start.line} ${start.character} ${role} ${name}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function definitionReference({ kind, tool, name, line, at, via }: Definition): Reference {
  const [start, column, end, endColumn] = at;
  const range = { start: { line: line + start, character: column }, end: { line: line + end, character: endColumn } };
  return { kind, tool, name, role: 'defines', range, text: name, detail: {}, confidence: 'literal', via, within: {} };
}
