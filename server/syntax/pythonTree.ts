// PythonNode: the parse tree of Python as the rest sees it; the only file that knows the parser's own tree.
import { NodeProp, Tree, TreeBuffer, type TreeFragment } from '@lezer/common';
import { parser } from '@lezer/python';

export type PythonTree = Tree;
export type PythonFragments = readonly TreeFragment[];

/** Steps of the parser after which the rest of a text is given up: hostile nesting costs time out of proportion. */
const stepsPerCharacter = 12;
const leastSteps = 200_000;

export function parsePython(text: string, fragments: PythonFragments = []): PythonTree {
  const parse = parser.startParse(text, [...fragments]);
  let steps = leastSteps + stepsPerCharacter * text.length;
  for (;;) {
    const done = parse.advance();
    if (done) return done;
    if (--steps === 0) parse.stopAt(Math.min(text.length, parse.parsedPos + 1));
  }
}

const faulty = new WeakMap<Tree, boolean>();

/** Whether anything in it was not understood. */
export function hasErrors(tree: PythonTree): boolean {
  const known = faulty.get(tree);
  if (known !== undefined) return known;
  const cursor = tree.cursor();
  let found = false;
  do found = cursor.type.isError;
  while (!found && cursor.next());
  faulty.set(tree, found);
  return found;
}

/** What a node finds its children in. */
interface Held {
  readonly buffer?: TreeBuffer;
  readonly index?: number;
  readonly base?: number;
  readonly parts?: readonly PythonPart[];
}

/** One node, made when it is asked for; it must not outlive its document version. */
export class PythonNode {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** The same object for the same unchanged text after an edit; undefined for small nodes, which have none of their own. */
  readonly identity: object | undefined;
  readonly #buffer: TreeBuffer | undefined;
  readonly #index: number;
  readonly #base: number;
  readonly #parts: readonly PythonPart[] | undefined;
  #children: readonly PythonNode[] | undefined;

  private constructor(
    name: string,
    from: number,
    to: number,
    identity: object | undefined,
    { buffer, index = 0, base = 0, parts }: Held = {},
  ) {
    this.name = name;
    this.from = from;
    this.to = to;
    this.identity = identity;
    this.#buffer = buffer;
    this.#index = index;
    this.#base = base;
    this.#parts = parts;
  }

  /** A node that is put together from parts, in order. */
  static of(
    name: string,
    from: number,
    to: number,
    identity: object | undefined,
    parts: readonly PythonPart[],
  ): PythonNode {
    return new PythonNode(name, from, to, identity, { parts });
  }

  static partOf(node: PythonNode): PythonPart {
    return { identity: node, from: node.from, to: node.to, node, parts: () => [], nodes: () => [] };
  }

  /** Nodes that are made when they are asked for. */
  static part(identity: object, from: number, to: number, nodes: () => readonly PythonNode[]): PythonPart {
    return { identity, from, to, parts: () => [], nodes };
  }

  static root(tree: PythonTree): PythonNode {
    return PythonNode.ofTree(tree, 0);
  }

  static ofTree(tree: Tree, from: number): PythonNode {
    return new PythonNode(tree.type.name, from, from + tree.length, tree);
  }

  /** Nodes at the top of a buffer that stands at `base`. */
  static ofBuffer(buffer: TreeBuffer, base: number, start = 0, end = buffer.buffer.length): PythonNode[] {
    const nodes: PythonNode[] = [];
    const values = buffer.buffer;
    for (let index = start; index < end; index = values[index + 3] ?? end) {
      const type = buffer.set.types[values[index] ?? 0];
      if (!type || type.isAnonymous) continue;
      const from = base + (values[index + 1] ?? 0);
      const to = base + (values[index + 2] ?? 0);
      nodes.push(new PythonNode(type.name, from, to, undefined, { buffer, index, base }));
    }
    return nodes;
  }

  get children(): readonly PythonNode[] {
    this.#children ??= this.#make();
    return this.#children;
  }

  /** Direct parts that keep their identity over edits, for callers that remember what they made of them. */
  parts(): readonly PythonPart[] {
    if (this.#parts) return this.#parts;
    return this.identity instanceof Tree ? partsOf(this.identity, this.from) : [];
  }

  child(name: string): PythonNode | undefined {
    return this.children.find((child) => child.name === name);
  }

  #make(): readonly PythonNode[] {
    if (this.#parts) return this.#parts.flatMap((part) => part.node ?? part.nodes());
    if (this.identity instanceof Tree) {
      const nodes: PythonNode[] = [];
      collect(this.identity, this.from, nodes);
      return nodes;
    }
    if (!this.#buffer) return [];
    const end = this.#buffer.buffer[this.#index + 3] ?? 0;
    return PythonNode.ofBuffer(this.#buffer, this.#base, this.#index + 4, end);
  }
}

/** A node, a group of nodes without a name, or a run of small nodes. */
export interface PythonPart {
  readonly identity: object;
  readonly from: number;
  readonly to: number;
  /** What it holds: one node, or parts, or small nodes. */
  readonly node?: PythonNode;
  parts(): readonly PythonPart[];
  nodes(): readonly PythonNode[];
}

function partsOf(tree: Tree, from: number): PythonPart[] {
  return tree.children.map((child, index): PythonPart => {
    const start = from + (tree.positions[index] ?? 0);
    const part = { identity: child, from: start, to: start + child.length };
    if (child instanceof TreeBuffer)
      return { ...part, parts: () => [], nodes: () => PythonNode.ofBuffer(child, start) };
    if (child.type.isAnonymous && !child.prop(NodeProp.mounted))
      return { ...part, parts: () => partsOf(child, start), nodes: () => [] };
    return { ...part, node: PythonNode.ofTree(child, start), parts: () => [], nodes: () => [] };
  });
}

function collect(tree: Tree, from: number, nodes: PythonNode[]): void {
  tree.children.forEach((child, index) => {
    const start = from + (tree.positions[index] ?? 0);
    if (child instanceof TreeBuffer) nodes.push(...PythonNode.ofBuffer(child, start));
    else if (child instanceof Tree && child.type.isAnonymous) collect(child, start, nodes);
    else nodes.push(PythonNode.ofTree(child, start));
  });
}
