// Same blocks: a block that was read again and says the same as before keeps standing for itself.
import type { Block, FileSummary, PlacedBlock } from '../summary.ts';

/** Blocks that were read again and say the same as one that is gone: by the new block, the old one. */
export function sameContent(
  gone: readonly { readonly block: Block }[],
  summary: FileSummary,
  known: ReadonlyMap<Block, unknown>,
): ReadonlyMap<Block, Block> {
  const same = new Map<Block, Block>();
  const small = gone.filter(({ block }) => block.bindings.length + block.sites.length <= mostCompared);
  if (small.length === 0 || small.length > mostCompared) return same;
  const byContent = new Map<string, Block>();
  for (const { block } of small) byContent.set(JSON.stringify(block), block);
  for (const { block } of summary.blocks) {
    if (known.has(block) || block.bindings.length + block.sites.length > mostCompared) continue;
    const content = JSON.stringify(block);
    const old = byContent.get(content);
    if (!old) continue;
    same.set(block, old);
    sameAs.set(block, old);
    byContent.delete(content);
  }
  return same;
}

const mostCompared = 100;

/** By a block that was read again, the one before it that says the same and stands for it. */
const sameAs = new WeakMap<Block, Block>();

export function asKnown(blocks: readonly PlacedBlock[], known: ReadonlyMap<Block, unknown>): readonly PlacedBlock[] {
  let result: PlacedBlock[] | undefined;
  blocks.forEach(({ line, block }, index) => {
    if (known.has(block)) return;
    let old = sameAs.get(block);
    while (old && !known.has(old)) old = sameAs.get(old);
    if (!old) return;
    result ??= [...blocks];
    result[index] = { line, block: old };
  });
  return result ?? blocks;
}
