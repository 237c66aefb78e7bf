// Chunks: Python cut into its statements at the left margin, each parsed alone, so that a mistake stays where it is typed.
import { ChunkContent, type ChunkEdit } from './chunkContent.ts';
import { startsFrom } from './margin.ts';
import type { PythonNode } from './pythonTree.ts';

/**
 * Why not one tree for all: the parser takes parts of the old tree over after an edit, and what it once made of an
 * unclosed bracket stays even when the bracket is closed (seen with @lezer/python 1.1.19: the tree of a text depended on
 * how it was typed). Invariant: chunks, and their trees, are a function of the text alone.
 */
export class PythonChunk {
  /** Offsets in the text of the document. */
  readonly from: number;
  readonly to: number;
  readonly #content: ChunkContent;

  constructor(from: number, to: number, content: ChunkContent) {
    this.from = from;
    this.to = to;
    this.#content = content;
  }

  /** The same object as long as the text of the chunk stays the same. */
  get identity(): object {
    return this.#content;
  }

  /** The statements of the chunk, where they stand in the document. */
  root(): PythonNode {
    return this.#content.root(this.from);
  }

  get content(): ChunkContent {
    return this.#content;
  }

  moved(by: number): PythonChunk {
    return by === 0 ? this : new PythonChunk(this.from + by, this.to + by, this.#content);
  }
}

export function chunksOf(text: string): readonly PythonChunk[] {
  return fromStarts(text, startsFrom(text, 0) ?? [], text.length);
}

/** The chunks of `text`, which came about by replacing `edit.from`..`edit.to` of the text that `old` are the chunks of. */
export function editedChunks(old: readonly PythonChunk[], text: string, edit: ChunkEdit): readonly PythonChunk[] {
  const shift = edit.inserted - (edit.to - edit.from);
  const touched = lastAt(old, edit.from);
  // Whether the touched chunk still begins where it did is for the one before it to say.
  const first = Math.max(0, touched - 1);
  const from = first === 0 ? 0 : (old[first]?.from ?? 0);
  let meets = old.length;
  const stop = (start: number): boolean => {
    if (start < edit.from + edit.inserted || start <= from) return false;
    const index = lastAt(old, start - shift);
    if (index <= touched || old[index]?.from !== start - shift) return false;
    meets = index;
    return true;
  };
  const starts = startsFrom(text, from, { stop }) ?? [];
  const end = meets < old.length ? (old[meets]?.from ?? 0) + shift : text.length;
  const known = new Map(old.slice(first, meets).map(({ content }) => [content.text, content]));
  const edited = old[touched];
  const before = edited && edit.to <= edited.to ? edited : undefined;
  const middle = fromStarts(text, starts, end).map((chunk) => {
    const same = known.get(chunk.content.text);
    // One chunk each: statements that say the same stand in two places.
    known.delete(chunk.content.text);
    if (same) return new PythonChunk(chunk.from, chunk.to, same);
    if (!before || chunk.from !== before.from || chunk.to !== before.to + shift) return chunk;
    const inside = { from: edit.from - before.from, to: edit.to - before.from, inserted: edit.inserted };
    return new PythonChunk(
      chunk.from,
      chunk.to,
      new ChunkContent(chunk.content.text, '', { content: before.content, edit: inside }),
    );
  });
  const after = old.slice(meets);
  return [...old.slice(0, first), ...middle, ...(shift === 0 ? after : after.map((chunk) => chunk.moved(shift)))];
}

function fromStarts(text: string, starts: readonly number[], end: number): PythonChunk[] {
  return starts.map((from, index) => {
    const to = starts[index + 1] ?? end;
    return new PythonChunk(from, to, new ChunkContent(text.slice(from, to), ''));
  });
}

/** Index of the last chunk that begins at or before an offset; 0 when there is none. */
function lastAt(chunks: readonly PythonChunk[], offset: number): number {
  let low = 0;
  let high = chunks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((chunks[middle]?.from ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
