// ChunkContent: the text of a statement and its tree; a long one is put together from the trees of the statements inside of it.
import { TreeFragment } from '@lezer/common';
import { startsFrom } from './margin.ts';
import { hasErrors, PythonNode, type PythonPart, type PythonTree, parsePython } from './pythonTree.ts';

export interface ChunkEdit {
  readonly from: number;
  readonly to: number;
  readonly inserted: number;
}

/** The same statement before an edit of it. */
interface Before {
  readonly content: ChunkContent;
  readonly edit: ChunkEdit;
}

/** Where the statements inside of one begin, counted from where that begins, and their indentation. */
export interface Inside {
  readonly starts: readonly number[];
  readonly margin: string;
}

/** Below it, parsing anew is as fast as looking for what can be kept. */
export const longestParsedAnew = 4000;
/** What makes an indented statement stand alone. */
const wrapper = 'if 1:\n';
const notCut: Inside = { starts: [], margin: '' };

/**
 * Parsed when first asked for. Invariant: what it says is a function of its text and margin alone; what came before is
 * only taken over where it makes no difference.
 */
export class ChunkContent {
  readonly text: string;
  /** The indentation of the statement; its text begins with it. */
  readonly margin: string;
  /** Of a long one. */
  readonly inside: Inside;
  readonly #statements: readonly ChunkContent[];
  readonly #replaces: WeakRef<ChunkContent> | undefined;
  #before: Before | undefined;
  #tree: PythonTree | undefined;
  /** With one statement in place of those inside. */
  #frame: PythonTree | undefined;

  /** `inside`: where that is known already. */
  constructor(text: string, margin: string, before?: Before, inside?: Inside) {
    this.text = text;
    this.margin = margin;
    const isLong = text.length > longestParsedAnew;
    this.inside = isLong ? (inside ?? insideOf(text, margin)) : notCut;
    this.#statements = this.#cut(before);
    this.#before = isLong ? before : undefined;
    this.#replaces = before && new WeakRef(before.content);
    if (before && this.#statements.length > 0 && this.#standsUnder(before.content)) this.#frame = before.content.#frame;
  }

  /** Whether what is above the statements inside is the same, and so is how far they are indented. */
  #standsUnder(old: ChunkContent): boolean {
    return old.margin === this.margin && old.inside.margin === this.inside.margin && old.head === this.head;
  }

  /** The same statement before it was edited, as long as anybody else knows it. */
  get replaces(): ChunkContent | undefined {
    return this.#replaces?.deref();
  }

  /** What stands above the statements inside of it; all of its text where it was not cut. */
  get head(): string {
    return this.text.slice(0, this.inside.starts[0]);
  }

  /** The statements inside of it, where it was cut. */
  get statementsInside(): readonly ChunkContent[] {
    return this.#statements;
  }

  /** As if the text stood at an offset of a document. */
  root(from: number): PythonNode {
    if (this.#statements.length > 0) return this.#framed(from) ?? this.#inRow(from);
    return PythonNode.ofTree(this.#parsed(), from - this.#lead);
  }

  /** The statements of an indented text. */
  statements(from: number): readonly PythonNode[] {
    const { children } = this.root(from);
    if (this.margin === '') return children;
    const [first, ...more] = children;
    const body = first?.child('Body')?.children ?? [];
    return [...body.slice(1), ...more];
  }

  /** Where the last statement ends, as the parser counts it. */
  end(from: number): number {
    const root = this.root(from);
    return root.children.at(-1)?.to ?? root.to;
  }

  get #lead(): number {
    return this.margin === '' ? 0 : wrapper.length;
  }

  #parsed(): PythonTree {
    const before = this.#before;
    this.#before = undefined;
    this.#tree ??= (before && reparse(this, before)) ?? parsePython(this.#wrapped(this.text));
    return this.#tree;
  }

  #wrapped(text: string): string {
    return this.margin === '' ? text : wrapper + text;
  }

  /** The one tree of its text, where it has been parsed as a whole. */
  get parsed(): PythonTree | undefined {
    return this.#tree;
  }

  /** The statements inside of it; those that an edit did not touch are the same objects as before. */
  #cut(before: Before | undefined): readonly ChunkContent[] {
    const { starts } = this.inside;
    if (starts.length === 0) return [];
    const { text } = this;
    const old = before ? before.content.#placed() : [];
    const { from = 0, to = 0, inserted = 0 } = before?.edit ?? {};
    const shift = inserted - (to - from);
    let next = 0;
    return starts.map((start, index) => {
      const end = starts[index + 1] ?? text.length;
      const isAbove = end <= from;
      const isBelow = start >= from + inserted;
      const at = isBelow ? start - shift : start;
      while ((old[next]?.at ?? Number.POSITIVE_INFINITY) < at) next++;
      const known = old[next];
      const length = known?.content.text.length ?? 0;
      if (before && known?.at === at) {
        if ((isAbove || isBelow) && length === end - start) return known.content;
        const isSame = length + shift === end - start && from >= at && to <= at + length;
        if (isSame && !isAbove && !isBelow) {
          const edit = { from: from - at, to: to - at, inserted };
          const content = text.slice(start, end);
          return new ChunkContent(content, indentation(content), { content: known.content, edit });
        }
      }
      const content = text.slice(start, end);
      // Not that of the others where it was moved to the left by mistake.
      return new ChunkContent(content, indentation(content));
    });
  }

  #placed(): readonly { readonly at: number; readonly content: ChunkContent }[] {
    return this.#statements.map((content, index) => ({ at: this.inside.starts[index] ?? 0, content }));
  }

  /** The statement with those inside of it in its body; undefined when what is above them opens none. */
  #framed(from: number): PythonNode | undefined {
    const { starts, margin } = this.inside;
    const [first = 0] = starts;
    this.#frame ??= parsePython(`${this.#wrapped(this.head)}${margin}pass\n`);
    const parts = this.#parts(from);
    const last = parts.at(-1);
    const end = this.#statements.at(-1)?.end(last?.from ?? from) ?? from;
    const place = { at: from + first + margin.length, end, identity: this, parts };
    return filled(PythonNode.ofTree(this.#frame, from - this.#lead), place);
  }

  /** The statements one after the other, where what they stand in is not yet a statement. */
  #inRow(from: number): PythonNode {
    this.#tree ??= parsePython(this.#wrapped(this.head));
    const head = PythonNode.ofTree(this.#tree, from - this.#lead);
    const parts = [...head.children.map((child) => PythonNode.partOf(child)), ...this.#parts(from)];
    return PythonNode.of(head.name, head.from, from + this.text.length, undefined, parts);
  }

  #parts(from: number): readonly PythonPart[] {
    const { starts } = this.inside;
    return this.#statements.map((content, index) => {
      const start = from + (starts[index] ?? 0);
      return PythonNode.part(content, start, start + content.text.length, () => content.statements(start));
    });
  }
}

function indentation(text: string): string {
  return /^[ \t]*/.exec(text)?.[0] ?? '';
}

function insideOf(text: string, margin: string): Inside {
  const starts = startsFrom(text, { at: 0, inside: undefined }, { margin, head: 0 });
  const inside = starts?.slice(1) ?? [];
  // More than one statement at the margin is no statement with others inside.
  if (inside.length === 0 || inside.some((one) => one.inside === undefined)) return notCut;
  return { starts: inside.map(({ at }) => at), margin: inside[0]?.inside ?? '' };
}

interface Place {
  readonly at: number;
  readonly end: number;
  readonly identity: object;
  readonly parts: readonly PythonPart[];
}

/** The node with `parts` instead of the one statement in the body at its end. */
function filled(node: PythonNode, place: Place): PythonNode | undefined {
  const { children } = node;
  const last = children.at(-1);
  if (!last) return undefined;
  const others = children.slice(0, -1).map((child) => PythonNode.partOf(child));
  if (node.name === 'Body' && last.name === 'PassStatement' && last.from === place.at)
    return PythonNode.of(node.name, node.from, place.end, place.identity, [...others, ...place.parts]);
  const inner = filled(last, place);
  return inner && PythonNode.of(node.name, node.from, place.end, undefined, [...others, PythonNode.partOf(inner)]);
}

/** Only a text without mistakes has one tree whatever was reused. */
function reparse({ text, margin }: ChunkContent, { content, edit }: Before): PythonTree | undefined {
  const old = content.parsed;
  if (!old || content.inside.starts.length > 0 || content.margin !== margin || hasErrors(old)) return undefined;
  const lead = margin === '' ? 0 : wrapper.length;
  const [fromA, toA] = [edit.from + lead, edit.to + lead];
  const change = { fromA, toA, fromB: fromA, toB: fromA + edit.inserted };
  const wrapped = margin === '' ? text : wrapper + text;
  const tree = parsePython(wrapped, TreeFragment.applyChanges(TreeFragment.addTree(old), [change]));
  return hasErrors(tree) ? undefined : tree;
}
