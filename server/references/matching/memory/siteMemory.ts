// SiteMemory: what the sites of a block named, taken over by the next version of the block where nothing they depend on changed.
import type { Block } from '../../summary.ts';
import type { Found } from '../found.ts';
import type { SiteNames } from '../sites.ts';
import { sameSites } from './sameSites.ts';

/** Spans count from the site. */
export interface SiteResult {
  readonly names: SiteNames;
  /** Those of its names that are no local ones. */
  readonly found: readonly Found[];
}

interface Kept {
  readonly result: SiteResult;
  readonly reads: ReadonlySet<string>;
}

export class SiteMemory {
  readonly #block: Block;
  #before: SiteMemory | undefined;
  /** By the index of a site, that of the same in the version before. */
  readonly #same: ((site: number) => number | undefined) | undefined;
  readonly #kept: (Kept | undefined)[];
  readonly #all = new Set<string>();
  #reads = new Set<string>();

  /** `before`: of the version of the block before, when nothing outside of it has changed since. */
  constructor(block: Block, before?: SiteMemory) {
    this.#block = block;
    this.#kept = block.sites.map(() => undefined);
    this.#same = before && sameSites(before.#block, block);
    this.#before = this.#same && before;
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

  /** What the site with this index named in the version before; undefined when that may be something else now. */
  known(site: number): SiteResult | undefined {
    const kept = this.#keptBefore(site);
    this.#kept[site] = kept;
    if (!kept) {
      this.#reads = new Set();
      return undefined;
    }
    for (const key of kept.reads) this.#all.add(key);
    return kept.result;
  }

  #keptBefore(site: number): Kept | undefined {
    const before = this.#before;
    const same = before && this.#same?.(site);
    return same === undefined ? undefined : before?.ofSite(same);
  }

  ofSite(site: number): Kept | undefined {
    return this.#kept[site];
  }

  /** What a site that was not known named, by what was read since. */
  keep(site: number, result: SiteResult): void {
    this.#kept[site] = { result, reads: this.#reads };
  }

  /** All sites were asked for: the version before is no longer needed. */
  forgetBefore(): void {
    this.#before = undefined;
  }
}
