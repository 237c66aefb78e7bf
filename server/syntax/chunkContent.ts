// ChunkContent: the text of a statement and its tree; a long one is put together from the trees of the statements inside of it.
import { TreeFragment } from '@lezer/common';
import { insideOf } from './margin.ts';
import { hasErrors, PythonNode, type PythonPart, type PythonTree, parsePython } from './pythonTree.ts';

export interface ChunkEdit {
  readonly from: number;
  readonly to: number;
  readonly inserted: number;
}

interface Before {
  readonly content: ChunkContent;
  readonly edit: ChunkEdit;
}

/** Below it, parsing anew is as fast as looking for what can be kept. */
const longestParsedAnew = 4000;
/** What makes an indented statement stand alone. */
const wrapper = 'if 1:\n';

/**
 * Parsed when first asked for. Invariant: what it says is a function of its text and margin alone; what came before is
 * only taken over where it makes no difference.
 */
export class ChunkContent {
  readonly text: string;
  /** The indentation of the statement; its text begins with it. */
  readonly margin: string;
  #before: Before | undefined;
  #tree: PythonTree | undefined;
  #inside: readonly ChunkContent[] | undefined;
  /** With one statement in place of those inside. */
  #frame: { readonly tree: PythonTree; readonly at: number } | undefined;
  #read = false;

  constructor(text: string, margin: string, before?: Before) {
    this.text = text;
    this.margin = margin;
    if (text.length > longestParsedAnew) this.#before = before;
  }

  /** As if the text stood at an offset of a document. */
  root(from: number): PythonNode {
    this.#parse();
    if (this.#tree) return PythonNode.ofTree(this.#tree, from - this.#lead);
    return this.#framed(from) ?? PythonNode.ofTree(parsePython(this.text), from);
  }

  /** The statements of an indented text. */
  statements(from: number): readonly PythonNode[] {
    const [first, ...more] = this.root(from).children;
    const body = first?.child('Body')?.children ?? [];
    return [...body.slice(1), ...more];
  }

  /** Where the last statement ends, as the parser counts it. */
  end(from: number): number {
    const root = this.root(from);
    return root.children.at(-1)?.to ?? root.to;
  }

  /** The one tree of its text, where it has been parsed as a whole. */
  get parsed(): PythonTree | undefined {
    return this.#tree;
  }

  get #lead(): number {
    return this.margin === '' ? 0 : wrapper.length;
  }

  #parse(): void {
    if (this.#read) return;
    this.#read = true;
    const before = this.#before;
    this.#before = undefined;
    if (this.text.length > longestParsedAnew && this.#putTogether(before?.content)) return;
    const tree = before && reparse(this.text, before);
    this.#tree = tree ?? parsePython(this.margin === '' ? this.text : wrapper + this.text);
  }

  /** The statements inside of it, where it is put together from them. */
  get inside(): readonly ChunkContent[] {
    return this.#inside ?? [];
  }

  #putTogether(before: ChunkContent | undefined): boolean {
    const inside = insideOf(this.text, this.margin);
    const at = inside?.starts[0];
    if (!inside || at === undefined) return false;
    const head = (this.margin === '' ? '' : wrapper) + this.text.slice(0, at);
    const tree = parsePython(`${head}${inside.margin}pass\n`);
    if (hasErrors(tree)) return false;
    this.#frame = { tree, at: at + inside.margin.length };
    const known = new Map((before?.inside ?? []).map((content) => [content.text, content]));
    this.#inside = inside.starts.map((start, index) => {
      const text = this.text.slice(start, inside.starts[index + 1] ?? this.text.length);
      const same = known.get(text);
      return same?.margin === inside.margin ? same : new ChunkContent(text, inside.margin);
    });
    if (this.#framed(0)) return true;
    this.#frame = undefined;
    this.#inside = undefined;
    return false;
  }

  #framed(from: number): PythonNode | undefined {
    if (!this.#frame || !this.#inside) return undefined;
    const parts: PythonPart[] = [];
    let at = from + this.text.length;
    for (const content of this.#inside) at -= content.text.length;
    let end = at;
    for (const content of this.#inside) {
      const start = at;
      at += content.text.length;
      parts.push(PythonNode.part(content, start, at, () => content.statements(start)));
      if (content === this.#inside.at(-1)) end = content.end(start);
    }
    const place = { at: from + this.#frame.at, end, identity: this, parts };
    return filled(PythonNode.ofTree(this.#frame.tree, from - this.#lead), place);
  }
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
function reparse(text: string, { content, edit: { from, to, inserted } }: Before): PythonTree | undefined {
  const old = content.parsed;
  if (!old || hasErrors(old)) return undefined;
  const change = { fromA: from, toA: to, fromB: from, toB: from + inserted };
  const tree = parsePython(text, TreeFragment.applyChanges(TreeFragment.addTree(old), [change]));
  return hasErrors(tree) ? undefined : tree;
}
