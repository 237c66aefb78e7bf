// Block parts: of which blocks a block was put together, so that what was found in those that stay need not be found again.
import type { Block, PlacedBinding, PlacedSite, Scope } from './summary.ts';

/** One statement in the body of another, such as a method. Its sites, bindings and scopes stand together in those of the whole. */
export interface BlockPart {
  readonly block: Block;
  /** From the first line of the whole. */
  readonly line: number;
  /** The scope of the whole that it stands in. */
  readonly scope: number;
  readonly firstSite: number;
  readonly firstBinding: number;
  /** Of its second scope; its first is the one that it stands in. */
  readonly firstScope: number;
  /** First and last line of the branch of `if`, `try` or `match` that it stands in. */
  readonly branch: readonly [number, number] | undefined;
}

const parts = new WeakMap<Block, readonly BlockPart[]>();

export function tellParts(block: Block, of: readonly BlockPart[]): void {
  parts.set(block, of);
}

/** In order; empty for a block that was not put together here. */
export function partsOf(block: Block): readonly BlockPart[] {
  return parts.get(block) ?? [];
}

export function copyOf(block: Block): Block {
  const copy = { ...block };
  tellParts(copy, partsOf(block));
  return copy;
}

/** What stands in a block and in none of its parts. */
interface Own {
  readonly sites: readonly PlacedSite[];
  readonly bindings: readonly PlacedBinding[];
  readonly scopes: readonly Scope[];
}

export function ownOf(block: Block): Own {
  const inside = partsOf(block);
  if (inside.length === 0) return block;
  const without = <Item>(all: readonly Item[], start: (part: BlockPart) => number, length: (of: Block) => number) => {
    const own: Item[] = [];
    let at = 0;
    for (const part of inside) {
      for (; at < start(part); at++) own.push(all[at] as Item);
      at += length(part.block);
    }
    for (; at < all.length; at++) own.push(all[at] as Item);
    return own;
  };
  return {
    sites: without(
      block.sites,
      ({ firstSite }) => firstSite,
      ({ sites }) => sites.length,
    ),
    bindings: without(
      block.bindings,
      ({ firstBinding }) => firstBinding,
      ({ bindings }) => bindings.length,
    ),
    scopes: without(
      block.scopes,
      ({ firstScope }) => firstScope,
      ({ scopes }) => scopes.length - 1,
    ),
  };
}

/** Whether both say the same at the same places; of parts that are the same object that is not asked. */
export function sameBlock(one: Block, other: Block): boolean {
  if (one === other) return true;
  if (one.column !== other.column || one.scopes.length !== other.scopes.length) return false;
  if (one.sites.length !== other.sites.length || one.bindings.length !== other.bindings.length) return false;
  const [parts, others] = [partsOf(one), partsOf(other)];
  if (parts.length !== others.length) return false;
  if (!parts.every((part, index) => samePart(part, others[index]))) return false;
  return JSON.stringify(ownOf(one)) === JSON.stringify(ownOf(other));
}

function samePart(one: BlockPart, other: BlockPart | undefined): boolean {
  return (
    one.line === other?.line &&
    one.scope === other.scope &&
    one.firstSite === other.firstSite &&
    one.firstBinding === other.firstBinding &&
    one.firstScope === other.firstScope &&
    one.branch?.[0] === other.branch?.[0] &&
    one.branch?.[1] === other.branch?.[1] &&
    sameBlock(one.block, other.block)
  );
}
