// SiteMemory: what the sites of a block named, taken over by the next version of the block where nothing they depend on changed.
import { bindingPrint, exactPrintOf, printOf } from '../indexing/print.ts';
import type { Block, PlacedSite, Site } from '../summary.ts';
import type { Found } from './found.ts';
import { affectedNames, mentionsAny } from './mentions.ts';
import type { SiteNames } from './sites.ts';

/** Spans count from the site. */
export interface SiteResult {
  readonly names: SiteNames;
  /** Those of its names that are no local ones. */
  readonly found: readonly Found[];
}

interface Kept {
  readonly site: PlacedSite;
  /** How many bindings of the block stand above it. */
  readonly rank: number;
  readonly result: SiteResult;
  readonly reads: ReadonlySet<string>;
}

/** A statement that was read again may be another object that says the same. */
const prints = new WeakMap<Site, number>();

function contentPrint(content: Site): number {
  const known = prints.get(content) ?? exactPrintOf(content);
  prints.set(content, known);
  return known;
}

export class SiteMemory {
  readonly #block: Block;
  readonly #before: SiteMemory | undefined;
  /** Names of the block whose values may be others than in the version before. */
  readonly #affected: ReadonlySet<string>;
  readonly #kept = new Map<number, Kept[]>();
  readonly #bindingLines: readonly number[];
  readonly #all = new Set<string>();
  #reads = new Set<string>();

  /** `before`: of the version of the block before, when nothing outside of it has changed since. */
  constructor(block: Block, before?: SiteMemory) {
    this.#block = block;
    this.#bindingLines = block.bindings.map(({ line }) => line).sort((one, other) => one - other);
    const changed = before && changedNames(before.#block, block);
    this.#before = changed && before;
    this.#affected = changed ? affectedNames(block, changed) : new Set();
  }

  /** Keys that were read, of all sites together. */
  get reads(): ReadonlySet<string> {
    return this.#all;
  }

  /** Of the site that is being read. */
  add(key: string): void {
    this.#reads.add(key);
    this.#all.add(key);
  }

  /** What it named in the version before; undefined when that may be something else now. */
  known(site: PlacedSite): SiteResult | undefined {
    const kept = this.#before && this.#same(site, this.#before.of(site.content));
    if (!kept) {
      this.#reads = new Set();
      return undefined;
    }
    for (const key of kept.reads) this.#all.add(key);
    this.#keep({ ...kept, site });
    return kept.result;
  }

  /** What a site that was not known named, by what was read since. */
  keep(site: PlacedSite, result: SiteResult): void {
    this.#keep({ site, rank: this.#rankOf(site), result, reads: this.#reads });
  }

  /** What was kept of sites that say the same. */
  of(content: Site): readonly Kept[] {
    return this.#kept.get(contentPrint(content)) ?? [];
  }

  #same(site: PlacedSite, candidates: readonly Kept[]): Kept | undefined {
    if (candidates.length === 0 || mentionsAny(site.content, this.#affected)) return undefined;
    const rank = this.#rankOf(site);
    return candidates.find(
      (one) => one.rank === rank && one.site.scope === site.scope && one.site.opens === site.opens,
    );
  }

  #keep(kept: Kept): void {
    const key = contentPrint(kept.site.content);
    const same = this.#kept.get(key);
    if (same) same.push(kept);
    else this.#kept.set(key, [kept]);
  }

  #rankOf({ line }: PlacedSite): number {
    let low = 0;
    let high = this.#bindingLines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#bindingLines[middle] ?? 0) < line) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Undefined where too much is different to tell: other scopes, or other local views. */
function changedNames(before: Block, block: Block): ReadonlySet<string> | undefined {
  if (printOf(before.scopes) !== printOf(block.scopes)) return undefined;
  const [old, next] = [bound(before), bound(block)];
  const changed = new Set<string>();
  for (const name of new Set([...old.keys(), ...next.keys()])) {
    if (old.get(name) === next.get(name)) continue;
    if (name.startsWith('@view')) return undefined;
    changed.add(name);
  }
  return changed;
}

/** By scope and name, what is bound to it. */
function bound({ bindings }: Block): ReadonlyMap<string, number> {
  const table = new Map<string, number>();
  for (const { content, scope, branch } of bindings) {
    const key = content.name.startsWith('@view') ? content.name : `${scope} ${content.name}`;
    table.set(key, printOf([table.get(key) ?? 0, bindingPrint(content), branch !== undefined]));
  }
  return table;
}
