// Chunks: Python cut into its statements at the left margin, each parsed alone, so that a mistake stays where it is typed.
import { ChunkContent, type ChunkEdit, longestParsedAnew } from './chunkContent.ts';
import { isBranchless, mostBeginningsAhead, type Start, startsFrom } from './margin.ts';
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
  const starts = startsFrom(text, { at: 0, inside: undefined }, { margin: '', head: 0 }) ?? [];
  return chunksBetween(text, starts, text.length);
}

/** A beginning of a statement: of chunk `chunk`, or of the one at `inside` in it. */
interface Beginning {
  readonly chunk: number;
  readonly inside: number;
}

/** The chunks of `text`, which came about by replacing `edit.from`..`edit.to` of the text that `old` are the chunks of. */
export function editedChunks(old: readonly PythonChunk[], text: string, edit: ChunkEdit): readonly PythonChunk[] {
  const shift = edit.inserted - (edit.to - edit.from);
  const last = lastAt(old, edit.from);
  let first = stepsBack(old, beginningAt(old, last, edit.from), mostBeginningsAhead);
  let meets: Beginning = { chunk: old.length, inside: -1 };
  const stop = (start: Start, head: number): boolean => {
    if (start.at < edit.from + edit.inserted || start.at - shift < edit.to) return false;
    const chunk = lastAt(old, start.at - shift);
    const known = old[chunk];
    if (!known) return false;
    const { starts, margin } = known.content.inside;
    if (start.inside === undefined) {
      if (chunk <= last || known.from !== start.at - shift) return false;
      meets = { chunk, inside: -1 };
      return true;
    }
    const inside = indexOf(starts, start.at - shift - known.from);
    if (inside < 0 || margin !== start.inside || isBranchless(text, head) !== isBranchless(known.content.text, 0))
      return false;
    meets = { chunk, inside };
    return true;
  };
  const from = startOf(old, first);
  const head = old[first.chunk]?.from ?? 0;
  let starts = startsFrom(text, from, { margin: '', head, stop });
  if (!starts) {
    // What it stands in has branches now.
    first = { chunk: first.chunk, inside: -1 };
    starts = startsFrom(text, startOf(old, first), { margin: '', head, stop }) ?? [];
  }
  const above = old[first.chunk];
  const kept: Start[] = [];
  if (above && first.inside >= 0) {
    const { margin } = above.content.inside;
    kept.push({ at: above.from, inside: undefined });
    for (const at of above.content.inside.starts.slice(0, first.inside))
      kept.push({ at: above.from + at, inside: margin });
  }
  const below = old[meets.chunk];
  const more: Start[] = [];
  if (below && meets.inside >= 0)
    for (const at of below.content.inside.starts.slice(meets.inside))
      more.push({ at: below.from + at + shift, inside: below.content.inside.margin });
  const next = meets.inside >= 0 ? meets.chunk + 1 : meets.chunk;
  const end = next < old.length ? (old[next]?.from ?? 0) + shift : text.length;
  const touched = old.slice(first.chunk, next);
  const middle = chunksBetween(text, [...kept, ...starts, ...more], end, { old: touched, edit });
  const after = old.slice(next);
  return [...old.slice(0, first.chunk), ...middle, ...(shift === 0 ? after : after.map((chunk) => chunk.moved(shift)))];
}

interface Touched {
  readonly old: readonly PythonChunk[];
  readonly edit: ChunkEdit;
}

/** `touched`: the chunks that stood here before an edit. */
function chunksBetween(text: string, starts: readonly Start[], end: number, touched?: Touched): PythonChunk[] {
  const chunks: PythonChunk[] = [];
  const reuse = touched && new Reuse(touched);
  for (let at = 0; at < starts.length; ) {
    const { at: from } = starts[at] ?? { at: 0 };
    const first = at + 1;
    at = first;
    while (starts[at]?.inside !== undefined) at++;
    const to = starts[at]?.at ?? end;
    const inside = {
      starts: starts.slice(first, at).map((start) => start.at - from),
      margin: starts[first]?.inside ?? '',
    };
    const content =
      reuse?.same(text, from, to) ?? new ChunkContent(text.slice(from, to), '', reuse?.before(from, to), inside);
    chunks.push(new PythonChunk(from, to, content));
  }
  return chunks;
}

/** What of the chunks before an edit can stand for those after it. */
class Reuse {
  readonly #touched: Touched;
  readonly #byText: Map<string, ChunkContent>;

  constructor(touched: Touched) {
    this.#touched = touched;
    const short = touched.old.filter(({ content }) => content.text.length <= longestParsedAnew);
    this.#byText = new Map(short.map(({ content }) => [content.text, content]));
  }

  /** Not touched, or the same again. One chunk each: statements that say the same stand in two places. */
  same(text: string, from: number, to: number): ChunkContent | undefined {
    if (to - from <= longestParsedAnew) {
      const key = text.slice(from, to);
      const known = this.#byText.get(key);
      this.#byText.delete(key);
      return known;
    }
    const { old, edit } = this.#touched;
    const shift = edit.inserted - (edit.to - edit.from);
    const by = to <= edit.from ? 0 : from >= edit.from + edit.inserted ? shift : undefined;
    return by === undefined ? undefined : old.find((one) => one.from + by === from && one.to + by === to)?.content;
  }

  /** The one chunk that the edit was made in. */
  before(from: number, to: number): { readonly content: ChunkContent; readonly edit: ChunkEdit } | undefined {
    const { old, edit } = this.#touched;
    const shift = edit.inserted - (edit.to - edit.from);
    const known = old.find(
      (one) => one.from === from && one.to + shift === to && edit.from >= from && edit.to <= one.to,
    );
    if (!known) return undefined;
    return { content: known.content, edit: { from: edit.from - from, to: edit.to - from, inserted: edit.inserted } };
  }
}

/** Where a beginning stands. */
function startOf(chunks: readonly PythonChunk[], { chunk, inside }: Beginning): Start {
  const { from = 0, content } = chunks[chunk] ?? {};
  if (!content || inside < 0) return { at: chunk === 0 ? 0 : from, inside: undefined };
  return { at: from + (content.inside.starts[inside] ?? 0), inside: content.inside.margin };
}

/** The last beginning at or before an offset, in the chunk that the offset is in. */
function beginningAt(chunks: readonly PythonChunk[], chunk: number, offset: number): Beginning {
  const { from = 0, content } = chunks[chunk] ?? {};
  const starts = content?.inside.starts ?? [];
  let low = -1;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (from + (starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { chunk, inside: low };
}

function stepsBack(chunks: readonly PythonChunk[], { chunk, inside }: Beginning, steps: number): Beginning {
  let at = { chunk, inside };
  for (let step = 0; step < steps && (at.chunk > 0 || at.inside >= 0); step++) {
    if (at.inside >= 0) at = { chunk: at.chunk, inside: at.inside - 1 };
    else {
      const before = chunks[at.chunk - 1]?.content.inside.starts.length ?? 0;
      at = { chunk: at.chunk - 1, inside: before - 1 };
    }
  }
  return at;
}

function indexOf(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === value ? low : -1;
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
