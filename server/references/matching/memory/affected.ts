// Affected names: what may have another value in a block because something in it is bound otherwise than before.
import { type BlockPart, partsOf } from '../../blockParts.ts';
import { nameScope } from '../../evaluation/bindings.ts';
import type { Block, PlacedBinding, PlacedSite } from '../../summary.ts';
import { blockMentions, meet, mentions } from './mentions.ts';

interface Rest {
  readonly block: Block;
  /** Indexes. */
  readonly sites: readonly number[];
  readonly bindings: readonly PlacedBinding[];
}

/** Something of the block whose own names are its own. */
interface Region {
  /** Undefined for the rest, which is looked at always. */
  readonly part: BlockPart | undefined;
  /** Names of functions in it. */
  readonly local: Set<string>;
}

export class Affected {
  readonly #block: Block;
  readonly #rest: Rest;
  /** As `mentions` writes them. */
  readonly #everywhere = new Set<string>();
  /** Seen as plain names only by what stands directly in a class. */
  readonly #inClasses = new Set<string>();
  readonly #regions: readonly Region[];
  readonly #own: Region = { part: undefined, local: new Set() };
  readonly #touched = new Set<Region>();

  /** `parts`: those that are as they were. */
  constructor(block: Block, parts: readonly BlockPart[], rest: Rest) {
    this.#block = block;
    this.#rest = rest;
    this.#regions = parts.map((part) => ({ part, local: new Set() }));
  }

  /** Something else is bound by the rest of this version, or of the one before. */
  tell(block: Block, binding: PlacedBinding): void {
    this.#add(block, binding, this.#own);
  }

  /** Whoever calls the functions around may find something else there. */
  tellAround(block: Block, scope: number): void {
    for (let at = scope; at > 0; at = block.scopes[at]?.parent ?? 0) {
      const { name = '', sort } = block.scopes[at] ?? {};
      if (sort !== 'with') this.#addFunction(name);
      if (sort === 'class') this.#everywhere.add('cls');
    }
  }

  /** From what was told to all that mentions it, step by step. */
  spread(): void {
    const heirs = this.#block.scopes.filter(({ bases = [] }) => bases.length > 0);
    let size = -1;
    while (size !== this.#everywhere.size + this.#inClasses.size + this.#own.local.size) {
      size = this.#everywhere.size + this.#inClasses.size + this.#own.local.size;
      if (size === 0) return;
      for (const { name, bases = [] } of heirs)
        if (meet(mentions(bases), this.#everywhere)) {
          this.#addFunction(name);
          this.#everywhere.add('cls');
        }
      for (const region of this.#regions) if (this.#isTouched(region)) this.#spreadIn(region);
      this.#spreadIn(this.#own);
    }
  }

  /** `part`: the index of the part that the site stands in; undefined for the rest. */
  has(site: PlacedSite | undefined, part: number | undefined): boolean {
    const region = part === undefined ? this.#own : this.#regions[part];
    if (!site || !region) return true;
    return (!region.part || this.#touched.has(region)) && this.#isMet(site, region.local);
  }

  #isTouched({ part }: Region): boolean {
    const mentioned = part && blockMentions(part.block);
    return mentioned !== undefined && (meet(mentioned, this.#everywhere) || meet(mentioned, this.#inClasses));
  }

  #spreadIn(region: Region): void {
    this.#touched.add(region);
    const { part, local } = region;
    const { bindings, sites } = this.#block;
    const own = part
      ? bindings.slice(part.firstBinding, part.firstBinding + part.block.bindings.length)
      : this.#rest.bindings;
    for (let size = -1; size !== local.size + this.#everywhere.size; ) {
      size = local.size + this.#everywhere.size;
      for (const binding of own) if (this.#isMet(binding, local)) this.#add(this.#block, binding, region);
    }
    const inside = part
      ? sites.slice(part.firstSite, part.firstSite + part.block.sites.length)
      : this.#rest.sites.flatMap((index) => sites[index] ?? []);
    for (const site of inside) if (this.#isMet(site, local)) this.tellAround(this.#block, site.scope);
  }

  #add(block: Block, { content: { name: bound, sort }, scope }: PlacedBinding, region: Region): void {
    // What is put into a dict is seen by whoever reads the dict.
    const name = bound.endsWith('[]') ? bound.slice(0, -2) : bound;
    this.tellAround(block, scope);
    const seenIn = nameScope(block, scope);
    const sees = block.scopes[seenIn]?.sort;
    if (name.startsWith('@option.') || name.startsWith('self.')) this.#everywhere.add(name.slice(name.indexOf('.')));
    else if (name.startsWith('@')) this.#everywhere.add(name);
    else if (sees === 'function' && seenIn > 0 && !scopesAround(block).has(seenIn)) region.local.add(name);
    else if (sees === 'class' && seenIn > 0 && sort !== 'function' && sort !== 'class') {
      this.#everywhere.add(`.${name}`);
      this.#inClasses.add(name);
    } else this.#addFunction(name);
  }

  /** By its name, or as a method. */
  #addFunction(name: string): void {
    this.#everywhere.add(name);
    this.#everywhere.add(`.${name}`);
  }

  #isMet({ content, scope }: PlacedSite | PlacedBinding, local: ReadonlySet<string>): boolean {
    const mentioned = mentions(content);
    if (meet(mentioned, this.#everywhere) || meet(mentioned, local)) return true;
    const { scopes } = this.#block;
    return meet(mentioned, this.#inClasses) && scopes[nameScope(this.#block, scope)]?.sort === 'class';
  }
}

const around = new WeakMap<Block, ReadonlySet<number>>();

/** The scopes that parts of a block stand in: what is bound there, all of them see. */
function scopesAround(block: Block): ReadonlySet<number> {
  const known = around.get(block);
  if (known) return known;
  const scopes = new Set<number>();
  for (const { scope } of partsOf(block))
    for (let at = scope; at > 0 && !scopes.has(at); at = block.scopes[at]?.parent ?? 0) scopes.add(at);
  around.set(block, scopes);
  return scopes;
}
