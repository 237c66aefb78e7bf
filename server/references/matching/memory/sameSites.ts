// Same sites: which sites of a block name what they named in the version before it, told by what is different between the two.
import { type BlockPart, partsOf } from '../../blockParts.ts';
import { isSuperInit } from '../../evaluation/attributes.ts';
import { bindingPrint, exactPrintOf, printOf } from '../../indexing/print.ts';
import type { Block, PlacedBinding, PlacedSite, Site } from '../../summary.ts';
import { Affected } from './affected.ts';

/** By the index of a site in `next`, that of the one in `old` that names the same. Undefined where none can be told. */
export function sameSites(old: Block, next: Block): ((site: number) => number | undefined) | undefined {
  const [before, after] = [partsIn(old), partsIn(next)];
  const [above, below] = alike(new Sides(old, before), new Sides(next, after));
  const one = new Rest(old, before, above, below);
  const other = new Rest(next, after, above, below);
  const kept = [...after.slice(0, above), ...after.slice(after.length - below)];
  const affected = new Affected(next, kept, other);
  if (!tellDifferences(one, other, affected)) return undefined;
  affected.spread();
  const table = one.table();
  return (index) => {
    const at = partAt(kept, index);
    const part = kept[at];
    if (part && index < part.firstSite + part.block.sites.length) {
      if (affected.has(next.sites[index], at)) return undefined;
      const twin = at < above ? before[at] : before[before.length - (kept.length - at)];
      return twin && index - part.firstSite + twin.firstSite;
    }
    const site = next.sites[index];
    if (!site || affected.has(site, undefined)) return undefined;
    return table.get(other.keyOf(site));
  };
}

/** Which bindings count may depend on the lines of a branch, which are no part's own. */
function partsIn(block: Block): readonly BlockPart[] {
  const parts = partsOf(block);
  return parts.some(({ branch }) => branch !== undefined) ? [] : parts;
}

/** What stands around the parts of a block. */
class Sides {
  readonly parts: readonly BlockPart[];
  readonly #block: Block;

  constructor(block: Block, parts: readonly BlockPart[]) {
    this.#block = block;
    this.parts = parts;
  }

  /** Whether the same block stands in the same scope, and behind something on its line or not. */
  sameAs(index: number, other: Sides, at: number): boolean {
    const [one, two] = [this.parts[index], other.parts[at]];
    if (!one || !two || one.block !== two.block) return false;
    const isBehind = one.line === (this.parts[index - 1]?.line ?? 0);
    if (isBehind !== (two.line === (other.parts[at - 1]?.line ?? 0))) return false;
    return pathOf(this.#block, one.scope) === pathOf(other.#block, two.scope);
  }
}

/** How many parts at the beginning and at the end are the same. */
function alike(one: Sides, other: Sides): readonly [number, number] {
  const [{ length }, { length: next }] = [one.parts, other.parts];
  const most = Math.min(length, next);
  let above = 0;
  while (above < most && one.sameAs(above, other, above)) above++;
  let below = 0;
  while (below < most - above && one.sameAs(length - below - 1, other, next - below - 1)) below++;
  return [above, below];
}

/** What is in none of the parts that both have: what was edited, and what stands around. */
export class Rest {
  readonly block: Block;
  readonly sites: readonly number[];
  readonly bindings: readonly PlacedBinding[];
  readonly scopes: readonly number[];
  /** Lines on which parts stand that both have. */
  readonly #lines: ReadonlySet<number>;
  #above: { readonly lines: readonly number[]; readonly prints: readonly number[] } | undefined;

  constructor(block: Block, parts: readonly BlockPart[], above: number, below: number) {
    this.block = block;
    const sites: number[] = [];
    const bindings: PlacedBinding[] = [];
    const scopes: number[] = [];
    let [site, binding, scope] = [0, 0, 1];
    const take = (to: Pick<BlockPart, 'firstSite' | 'firstBinding' | 'firstScope'>): void => {
      for (; site < to.firstSite; site++) sites.push(site);
      for (; binding < to.firstBinding; binding++) {
        const one = block.bindings[binding];
        if (one) bindings.push(one);
      }
      for (; scope < to.firstScope; scope++) scopes.push(scope);
    };
    const lines = new Set<number>();
    parts.forEach((part, index) => {
      if (index >= above && index < parts.length - below) return;
      take(part);
      site += part.block.sites.length;
      binding += part.block.bindings.length;
      scope += part.block.scopes.length - 1;
      lines.add(part.line);
    });
    take({
      firstSite: block.sites.length,
      firstBinding: block.bindings.length,
      firstScope: block.scopes.length,
    });
    this.sites = sites;
    this.bindings = bindings;
    this.scopes = scopes;
    this.#lines = lines;
  }

  /** Its sites by what they depend on here; of those that cannot be told apart the first. */
  table(): ReadonlyMap<string, number> {
    const table = new Map<string, number>();
    for (const index of this.sites) {
      const site = this.block.sites[index];
      const key = site && this.keyOf(site);
      if (key !== undefined && !table.has(key)) table.set(key, index);
    }
    return table;
  }

  keyOf({ content, scope, line, opens }: PlacedSite): string {
    const place = `${pathOf(this.block, scope)} ${opens !== undefined} ${this.#lines.has(line)}`;
    return `${contentPrint(content)} ${this.#printAbove(line)} ${place}`;
  }

  /** Of all bindings above a line. */
  #printAbove(line: number): number {
    this.#above ??= this.#printsAbove();
    const { lines, prints } = this.#above;
    let low = 0;
    let high = lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((lines[middle] ?? 0) < line) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : (prints[low - 1] ?? 0);
  }

  #printsAbove() {
    const sorted = this.bindings.toSorted((one, other) => one.line - other.line);
    let print = 0;
    const prints = sorted.map(({ content, scope }) => {
      print = printOf([print, bindingPrint(content), pathOf(this.block, scope)]);
      return print;
    });
    return { lines: sorted.map(({ line }) => line), prints };
  }
}

/** Tells `affected` the names bound otherwise and the functions around sites that came or went; false when all may be other. */
function tellDifferences(old: Rest, next: Rest, affected: Affected): boolean {
  if (basesIn(old) !== basesIn(next)) return false;
  const [was, is] = [boundIn(old), boundIn(next)];
  for (const key of new Set([...was.keys(), ...is.keys()])) {
    const [one, other] = [was.get(key), is.get(key)];
    if (one?.print === other?.print) continue;
    const { binding, block } = one
      ? { binding: one.binding, block: old.block }
      : { binding: other?.binding, block: next.block };
    if (!binding || binding.content.name.startsWith('@view')) return false;
    affected.tell(block, binding);
  }
  const [went, came] = [sitesIn(old), sitesIn(next)];
  for (const key of new Set([...went.keys(), ...came.keys()])) {
    const [one = [], other = []] = [went.get(key), came.get(key)];
    if (one.length === other.length) continue;
    const [site] = [...one, ...other];
    if (!site) continue;
    if (site.content.site === 'call' && isSuperInit(site.content.callee)) return false;
    affected.tellAround(one.length > 0 ? old.block : next.block, site.scope);
  }
  return true;
}

function basesIn({ block, scopes }: Rest): string {
  const told = scopes.flatMap((scope) => {
    const bases = block.scopes[scope]?.bases ?? [];
    return bases.length > 0 ? [`${pathOf(block, scope)} ${printOf(bases)}`] : [];
  });
  return told.join('\n');
}

/** By scope and name, what is bound to it. */
function boundIn({ block, bindings }: Rest): ReadonlyMap<string, { print: number; readonly binding: PlacedBinding }> {
  const table = new Map<string, { print: number; readonly binding: PlacedBinding }>();
  for (const binding of bindings) {
    const key = `${pathOf(block, binding.scope)} ${binding.content.name}`;
    const known = table.get(key) ?? { print: 0, binding };
    known.print = printOf([known.print, bindingPrint(binding.content), binding.branch !== undefined]);
    table.set(key, known);
  }
  return table;
}

function sitesIn({ block, sites }: Rest): ReadonlyMap<string, readonly PlacedSite[]> {
  const found = sites.flatMap((index) => block.sites[index] ?? []);
  return Map.groupBy(found, ({ content, scope }) => `${contentPrint(content)} ${pathOf(block, scope)}`);
}

/** A statement that was read again may be another object that says the same. */
const prints = new WeakMap<Site, number>();

function contentPrint(content: Site): number {
  const known = prints.get(content) ?? exactPrintOf(content);
  prints.set(content, known);
  return known;
}

const paths = new WeakMap<Block, Map<number, string>>();

/** Names of a scope and those around it. */
function pathOf(block: Block, scope: number): string {
  const known = paths.get(block) ?? new Map<number, string>();
  paths.set(block, known);
  const path = known.get(scope);
  if (path !== undefined) return path;
  const info = block.scopes[scope];
  const made = info && scope > 0 ? `${pathOf(block, info.parent)}.${info.sort} ${info.name}` : '';
  known.set(scope, made);
  return made;
}

/** The last of the parts whose sites begin at or before an index. */
function partAt(parts: readonly BlockPart[], site: number): number {
  let low = 0;
  let high = parts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((parts[middle]?.firstSite ?? 0) <= site) low = middle;
    else high = middle - 1;
  }
  return low;
}
