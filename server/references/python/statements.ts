// Python statements: each becomes a Block; blocks of unchanged statements are taken over from the document before.

import { ChunkContent } from '../../syntax/chunkContent.ts';
import type { PythonChunk } from '../../syntax/chunks.ts';
import type { LineIndex } from '../../syntax/lines.ts';
import type { PythonNode, PythonPart } from '../../syntax/pythonTree.ts';
import { copyOf, sameBlock } from '../blockParts.ts';
import type { Block, PlacedBlock } from '../summary.ts';
import { emptyBlock } from '../summary.ts';
import { BlockBuilder } from './blockBuilder.ts';
import { deepest, isStatement, OneStatement } from './oneStatement.ts';
import { Source } from './source.ts';
import { isValue } from './treeParts.ts';
import type { Wanted } from './wanted.ts';

interface Remembered {
  readonly key: string;
  readonly column: number;
  readonly block: Block;
}
interface RememberedRun {
  readonly key: string;
  /** Lines count from the line where the run of statements begins. */
  readonly blocks: readonly PlacedBlock[];
}

interface RememberedChunk extends RememberedRun {
  /** Where it stood last, and its blocks there. */
  readonly line: number;
  readonly placed: readonly PlacedBlock[];
}

const rememberedChunks = new WeakMap<object, RememberedChunk>();
/** By the tree of a statement, and by the run of small ones; entries go away with their trees. */
const rememberedBlocks = new WeakMap<object, Remembered>();
const rememberedRuns = new WeakMap<object, RememberedRun>();

export interface ReadOptions extends Wanted {
  readonly text: string;
  readonly lines: LineIndex;
  /** What a block depends on besides its own text. */
  readonly key: string;
  /** Nobody will read it again with a part of it changed. */
  readonly isReadOnce: boolean;
}

export class StatementReader {
  readonly #options: ReadOptions;

  constructor(options: ReadOptions) {
    this.#options = options;
  }

  /** Blocks of the statements of all chunks, in order; what is unchanged and has not moved is the same object. */
  chunks(chunks: readonly PythonChunk[]): readonly PlacedBlock[] {
    const { starts } = this.#options.lines;
    const found: PlacedBlock[] = [];
    const seen = new Set<Block>();
    let line = 0;
    for (const chunk of chunks) {
      while ((starts[line + 1] ?? Number.POSITIVE_INFINITY) <= chunk.from) line++;
      for (const placed of this.#chunk(chunk, line)) {
        // Statements that say the same stand each for itself.
        found.push(seen.has(placed.block) ? { line: placed.line, block: copyOf(placed.block) } : placed);
        seen.add(placed.block);
      }
    }
    return found;
  }

  #chunk(chunk: PythonChunk, line: number): readonly PlacedBlock[] {
    const { key, isReadOnce } = this.#options;
    const known = rememberedChunks.get(chunk.identity);
    if (known?.key === key && known.line === line) return known.placed;
    const blocks =
      known?.key === key
        ? known.blocks
        : this.#asBefore(rememberedChunks, chunk.identity, this.blocks(chunk.root(), line));
    const placed = line === 0 ? blocks : blocks.map((one) => ({ line: one.line + line, block: one.block }));
    if (!isReadOnce) rememberedChunks.set(chunk.identity, { key, blocks, line, placed });
    return placed;
  }

  /** Blocks of the statements directly in `container`, lines counted from `base`. Empty ones are left out. */
  blocks(container: PythonNode, base: number, depth = 0): readonly PlacedBlock[] {
    const { lines, isReadOnce } = this.#options;
    const oneLine = lines.lineAt(container.from) === lines.lineAt(container.to);
    const found: PlacedBlock[] = [];
    const shared = !isReadOnce && (!oneLine || container.name === 'Script');
    const parts = container.parts();
    if (parts.length > 0) this.#parts(parts, base, found, shared, depth);
    else this.#nodes(container.children, base, found, depth);
    return found;
  }

  #parts(parts: readonly PythonPart[], base: number, found: PlacedBlock[], shared: boolean, depth: number): void {
    const { lines, key } = this.#options;
    for (const part of parts) {
      if (part.node) {
        this.#nodes([part.node], base, found, depth);
        continue;
      }
      const line = lines.lineAt(part.from);
      const known = shared ? rememberedRuns.get(part.identity) : undefined;
      let run = known?.key === key ? known.blocks : undefined;
      if (!run) {
        const made: PlacedBlock[] = [];
        this.#parts(part.parts(), line, made, shared, depth);
        this.#nodes(part.nodes(), line, made, depth);
        run = this.#asBefore(rememberedRuns, part.identity, made);
        if (shared) rememberedRuns.set(part.identity, { key, blocks: run });
      }
      const delta = line - base;
      for (const placed of run) found.push(delta === 0 ? placed : { line: placed.line + delta, block: placed.block });
    }
  }

  /** With the blocks of the statement before it was edited, where they say the same. */
  #asBefore(
    remembered: WeakMap<object, RememberedRun>,
    identity: object,
    blocks: readonly PlacedBlock[],
  ): readonly PlacedBlock[] {
    const old = identity instanceof ChunkContent ? identity.replaces : undefined;
    const before = old && remembered.get(old);
    if (before?.key !== this.#options.key || before.blocks.length !== blocks.length) return blocks;
    return blocks.map((placed, index) => {
      const { block } = before.blocks[index] ?? placed;
      return block !== placed.block && sameBlock(block, placed.block) ? { line: placed.line, block } : placed;
    });
  }

  #nodes(nodes: readonly PythonNode[], base: number, found: PlacedBlock[], depth: number): void {
    const { lines } = this.#options;
    for (const node of nodes) {
      if (node.name === '⚠') this.#nodes(node.children, base, found, depth + 1);
      else if (isStatement(node) || isValue(node)) {
        const block = this.#block(node, depth);
        if (block !== emptyBlock) found.push({ line: lines.lineAt(node.from) - base, block });
      }
    }
  }

  #block(node: PythonNode, depth: number): Block {
    if (depth > deepest) return emptyBlock;
    const { lines, key, isReadOnce } = this.#options;
    const column = node.from - (lines.starts[lines.lineAt(node.from)] ?? 0);
    const known = node.identity && rememberedBlocks.get(node.identity);
    if (known && known.key === key && known.column === column) return known.block;
    const block = this.#read(node, column, depth);
    if (node.identity && !isReadOnce) rememberedBlocks.set(node.identity, { key, column, block });
    return block;
  }

  #read(node: PythonNode, column: number, depth: number): Block {
    const { text, lines, isReadOnce } = this.#options;
    const source = new Source(text, lines, lines.lineAt(node.from));
    const builder = new BlockBuilder(column, isReadOnce);
    new OneStatement(this, source, builder, this.#options, depth).read(node, 0);
    return builder.block();
  }
}
