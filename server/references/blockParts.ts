// Block parts: of which blocks a block was put together, so that what was found in those that stay need not be found again.
import type { Block } from './summary.ts';

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
  /** In a branch of `if`, `try` or `match`. */
  readonly isBranch: boolean;
}

const parts = new WeakMap<Block, readonly BlockPart[]>();

export function tellParts(block: Block, of: readonly BlockPart[]): void {
  parts.set(block, of);
}

/** In order; empty for a block that was not put together here. */
export function partsOf(block: Block): readonly BlockPart[] {
  return parts.get(block) ?? [];
}
