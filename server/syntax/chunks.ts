// Chunks: Python cut into its statements at the left margin, each parsed alone, so that a mistake stays where it is typed.
import { TreeFragment } from '@lezer/common';
import { hasErrors, type PythonTree, parsePython } from './pythonTree.ts';

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

  /** The same object as long as the text of the chunk stays the same; offsets in it count from `from`. */
  get tree(): PythonTree {
    return this.#content.tree();
  }

  get content(): ChunkContent {
    return this.#content;
  }

  moved(by: number): PythonChunk {
    return by === 0 ? this : new PythonChunk(this.from + by, this.to + by, this.#content);
  }
}

interface ChunkEdit {
  readonly from: number;
  readonly to: number;
  readonly inserted: number;
}

/** Parsed when first asked for. */
export class ChunkContent {
  readonly text: string;
  #tree: PythonTree | undefined;
  #before: { readonly tree: PythonTree; readonly edit: ChunkEdit } | undefined;

  constructor(text: string, before?: { readonly content: ChunkContent; readonly edit: ChunkEdit }) {
    this.text = text;
    if (!before || text.length <= longestParsedAnew) return;
    const tree = before.content.#tree;
    if (tree && !hasErrors(tree)) this.#before = { tree, edit: before.edit };
  }

  tree(): PythonTree {
    if (this.#tree) return this.#tree;
    const reused = this.#before && reparse(this.text, this.#before.tree, this.#before.edit);
    this.#before = undefined;
    // Only a text without mistakes has one tree whatever was reused.
    this.#tree = reused && !hasErrors(reused) ? reused : parsePython(this.text);
    return this.#tree;
  }
}

/** Below it, parsing anew is as fast as looking for what can be kept. */
const longestParsedAnew = 8000;

function reparse(text: string, tree: PythonTree, { from, to, inserted }: ChunkEdit): PythonTree {
  const change = { fromA: from, toA: to, fromB: from, toB: from + inserted };
  return parsePython(text, TreeFragment.applyChanges(TreeFragment.addTree(tree), [change]));
}

export function chunksOf(text: string): readonly PythonChunk[] {
  return fromStarts(text, startsFrom(text, 0), text.length);
}

/** The chunks of `text`, which came about by replacing `edit.from`..`edit.to` of the text that `old` are the chunks of. */
export function editedChunks(old: readonly PythonChunk[], text: string, edit: ChunkEdit): readonly PythonChunk[] {
  const shift = edit.inserted - (edit.to - edit.from);
  const touched = lastAt(old, edit.from);
  // Whether the touched chunk still begins where it did is for the one before it to say.
  const first = Math.max(0, touched - 1);
  const from = first === 0 ? 0 : (old[first]?.from ?? 0);
  let meets = old.length;
  const starts = startsFrom(text, from, (start) => {
    if (start < edit.from + edit.inserted || start <= from) return false;
    const index = lastAt(old, start - shift);
    if (index <= touched || old[index]?.from !== start - shift) return false;
    meets = index;
    return true;
  });
  const end = meets < old.length ? (old[meets]?.from ?? 0) + shift : text.length;
  const known = new Map(old.slice(first, meets).map(({ content }) => [content.text, content]));
  const edited = old[touched];
  const before = edited && edit.to <= edited.to ? edited : undefined;
  const middle = fromStarts(text, starts, end).map((chunk) => {
    const same = known.get(chunk.content.text);
    if (same) return new PythonChunk(chunk.from, chunk.to, same);
    if (!before || chunk.from !== before.from || chunk.to !== before.to + shift) return chunk;
    const inside = { from: edit.from - before.from, to: edit.to - before.from, inserted: edit.inserted };
    return new PythonChunk(
      chunk.from,
      chunk.to,
      new ChunkContent(chunk.content.text, { content: before.content, edit: inside }),
    );
  });
  const after = old.slice(meets);
  return [...old.slice(0, first), ...middle, ...(shift === 0 ? after : after.map((chunk) => chunk.moved(shift)))];
}

function fromStarts(text: string, starts: readonly number[], end: number): PythonChunk[] {
  return starts.map((from, index) => {
    const to = starts[index + 1] ?? end;
    return new PythonChunk(from, to, new ChunkContent(text.slice(from, to)));
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

/**
 * Where chunks begin from `from` on, which is itself a beginning. A chunk begins at the left margin, outside of
 * brackets and long texts, with a word that does not go on with what is above it. Inside of a bracket that was never
 * closed it begins with the next line that can only be a statement.
 */
function startsFrom(text: string, from: number, stop: (start: number) => boolean = () => false): readonly number[] {
  const starts = [from];
  const lexer = new MarginLexer(text, from);
  while (lexer.nextLine()) {
    if (!lexer.begins()) continue;
    if (stop(lexer.at)) return starts;
    starts.push(lexer.at);
    lexer.restart();
  }
  return starts;
}

const goesOn = /^(?:else|elif|except|finally|case)\b/;
const definition = /^(?:def|class|async\s+def)\b/;
/** At the left margin this is no argument, whatever bracket is open. */
const surely =
  /^(?:(?:def|class|async\s+def|import|from|return|raise|del|global|assert)\s|@\w|try\s*:|(?:if|while|for|with|async\s+(?:for|with))\s.*:\s*(?:#.*)?$)/;
/** So is this, but after `(` and `,` it may be an argument with its name. */
const assignment = /^[A-Za-z_][\w.]* = /;
const longestLook = 300;

/** Goes through the text line by line and knows, at each beginning, what is still open. */
class MarginLexer {
  readonly #text: string;
  at: number;
  #depth = 0;
  /** The quotes of a long text that is open. */
  #long = '';
  #continued = false;
  /** The last character that is no space and in no comment. */
  #last = 0;
  /** Only decorators so far: what they decorate belongs to them. */
  #decorating: boolean;

  constructor(text: string, from: number) {
    this.#text = text;
    this.at = from;
    this.#decorating = text.charCodeAt(from) === 64;
  }

  /** Moves to the beginning of the next line; false at the end. */
  nextLine(): boolean {
    const text = this.#text;
    let { at } = this;
    this.#continued = false;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code === 10 || code === 13) {
        this.at = code === 13 && text.charCodeAt(at + 1) === 10 ? at + 2 : at + 1;
        return this.at < text.length;
      }
      if (this.#long === '') {
        if (code > 32 && code !== 35) this.#last = code;
        at = this.#token(code, at);
      } else at = this.#inLong(code, at);
    }
    return false;
  }

  /** Whether a chunk begins at this line. */
  begins(): boolean {
    if (this.#long !== '' || this.#continued) return false;
    const code = this.#text.charCodeAt(this.at);
    // Space, line ends, comments and closing brackets go on.
    if (code <= 32 || code === 35 || code === 41 || code === 93 || code === 125) return false;
    const line = this.#line();
    if (goesOn.test(line)) return false;
    if (this.#decorating && (code === 64 || definition.test(line))) {
      this.#decorating = code === 64;
      this.#depth = 0;
      return false;
    }
    return this.#depth === 0 || surely.test(line) || (!this.#beforeArgument() && assignment.test(line));
  }

  #beforeArgument(): boolean {
    return this.#last === 44 || this.#last === 40 || this.#last === 91;
  }

  restart(): void {
    this.#depth = 0;
    this.#last = 0;
    this.#decorating = this.#text.charCodeAt(this.at) === 64;
  }

  #line(): string {
    const look = this.#text.slice(this.at, this.at + longestLook);
    const end = look.search(/[\r\n]/);
    return end < 0 ? look : look.slice(0, end);
  }

  #token(code: number, at: number): number {
    const text = this.#text;
    switch (code) {
      case 40:
      case 91:
      case 123:
        this.#depth++;
        return at + 1;
      case 41:
      case 93:
      case 125:
        if (this.#depth > 0) this.#depth--;
        return at + 1;
      case 35:
        return lineEnd(text, at);
      case 92:
        return this.#backslash(at);
      case 34:
      case 39: {
        const quotes = text.charAt(at).repeat(3);
        if (!text.startsWith(quotes, at)) return this.#short(code, at + 1);
        this.#long = quotes;
        return at + 3;
      }
      default:
        return at + 1;
    }
  }

  /** At the end of a line it goes on with the next. */
  #backslash(at: number): number {
    const next = this.#text.charCodeAt(at + 1);
    if (next === 10 || next === 13) this.#continued = true;
    return next === 10 || next === 13 ? at + 1 : at + 2;
  }

  /** A short text ends with its quote or its line. */
  #short(quote: number, from: number): number {
    const text = this.#text;
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === quote) return at + 1;
      if (code === 10 || code === 13) return at;
      if (code !== 92) continue;
      const next = text.charCodeAt(at + 1);
      if (next === 10 || next === 13) {
        this.#continued = true;
        return at + 1;
      }
      at++;
    }
    return text.length;
  }

  #inLong(code: number, at: number): number {
    if (code === 92) {
      const next = this.#text.charCodeAt(at + 1);
      return next === 10 || next === 13 ? at + 1 : at + 2;
    }
    if (!this.#text.startsWith(this.#long, at)) return at + 1;
    this.#long = '';
    return at + 3;
  }
}

function lineEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== 10 && text.charCodeAt(at) !== 13) at++;
  return at;
}
