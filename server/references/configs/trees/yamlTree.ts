// YAML trees: each part of a text is parsed by itself and remembered by its text; the whole is put together from them.
import { Alias, isMap, isPair, isScalar, isSeq, type Node, parseDocument, type Scalar } from 'yaml';
import { marksOf } from './scalar.ts';
import {
  type ConfigDocument,
  type ConfigNode,
  deepest,
  type Entry,
  emptyMap,
  type Item,
  type ScalarNode,
} from './tree.ts';
import { cutYaml, hole, type YamlPart } from './yamlLines.ts';

interface PartTree {
  readonly root: ConfigNode;
  readonly anchors: readonly (readonly [string, ConfigNode])[];
}

/** Trees by what they were made from, the text and its cover: an edit parses one part anew. Emptied when it holds too much. */
const remembered = new Map<string, PartTree>();
const mostRemembered = 1_000_000;
/** A text that is longer is made of data; remembering it helps nobody. */
const longestRemembered = 20_000;
let rememberedCharacters = 0;

/** Never throws; what cannot be read is left out. `remember`: it will be read again, a little changed. */
export function yamlDocuments(text: string, remember = false): readonly ConfigDocument[] {
  const { masked, documents } = cutYaml(text);
  return documents.map((parts) => {
    const anchors = new Map<string, { node: ConfigNode; base: number }>();
    const root = assemble({ text, masked, anchors, remember }, parts);
    return { root, anchors };
  });
}

interface Source {
  readonly text: string;
  readonly masked: string;
  readonly remember: boolean;
  readonly anchors: Map<string, { node: ConfigNode; base: number }>;
}

/** The offsets of what is put together are those of the text; what it is put together from is shifted. */
function assemble(source: Source, parts: readonly YamlPart[]): ConfigNode {
  const entries: Entry[] = [];
  const items: Item[] = [];
  let only: ConfigNode | undefined;
  for (const part of parts) {
    if (part.parts && part.keyTo !== undefined) {
      const key = keyOf(source.text, part.from, part.keyTo);
      entries.push({ key, value: assemble(source, part.parts) });
      continue;
    }
    const { root, anchors } = treeOf(
      source.text.slice(part.from, part.to),
      source.masked.slice(part.from, part.to),
      source.remember,
    );
    for (const [name, node] of anchors) source.anchors.set(name, { node, base: part.from });
    if (root.is === 'map') for (const entry of root.entries) entries.push({ ...entry, shift: part.from });
    else if (root.is === 'list') for (const item of root.items) items.push({ ...item, shift: part.from });
    else if (parts.length === 1) only = shifted(root, part.from);
  }
  const from = parts[0]?.from ?? 0;
  const to = parts.at(-1)?.to ?? 0;
  if (items.length > entries.length) return { is: 'list', items, from, to };
  if (entries.length > 0) return { is: 'map', entries, from, to };
  return only ?? { ...emptyMap, from, to };
}

function shifted(node: ConfigNode, by: number): ConfigNode {
  const moved = { ...node, from: node.from + by, to: node.to + by };
  if (moved.is !== 'scalar' || !moved.marks) return moved;
  return { ...moved, marks: moved.marks.map((value, index) => (index % 2 === 0 ? value : value + by)) };
}

function keyOf(text: string, from: number, to: number): ScalarNode {
  let start = from;
  while (text.charCodeAt(start) === 32) start++;
  let end = to - 1;
  const quoted = text.charAt(start) === '"' || text.charAt(start) === "'";
  if (quoted) {
    start++;
    end--;
  }
  return { is: 'scalar', value: text.slice(start, end), from: start, to: end, style: quoted ? 'quoted' : 'plain' };
}

function treeOf(text: string, masked: string, remember: boolean): PartTree {
  // What is covered depends on the whole file: the same text may be another one under its cover.
  const key = text === masked ? text : `${text}\0${masked}`;
  const known = remembered.get(key);
  if (known) return known;
  const tree = parsePart(text, masked);
  if (remember && text.length <= longestRemembered) {
    rememberedCharacters += key.length;
    if (rememberedCharacters > mostRemembered) {
      remembered.clear();
      rememberedCharacters = key.length;
    }
    remembered.set(key, tree);
  }
  return tree;
}

const options = {
  prettyErrors: false,
  uniqueKeys: false,
  strict: false,
  schema: 'failsafe',
  logLevel: 'silent',
  merge: false,
} as const;
const nothing: PartTree = { root: emptyMap, anchors: [] };
/** Brackets in brackets: the parser's own depth is bounded before it is asked. */
const mostBrackets = 400;

function parsePart(text: string, masked: string): PartTree {
  if (isTooDeep(masked)) return nothing;
  try {
    const { contents } = parseDocument(masked, options);
    const reader = new Reader(text, masked);
    const root = contents ? reader.node(contents, 0) : undefined;
    return root ? { root, anchors: reader.anchors } : nothing;
  } catch {
    // What the parser gives up on says nothing; its neighbours do.
    return nothing;
  }
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  let dashes = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 91 || code === 123) depth++;
    else if (code === 93 || code === 125) depth = Math.max(0, depth - 1);
    if ((code === 45 || code === 63 || code === 58) && text.charCodeAt(at + 1) <= 32) dashes++;
    else if (code === 10) dashes = 0;
    if (depth > mostBrackets || dashes > mostBrackets) return true;
  }
  return false;
}

class Reader {
  readonly anchors: [string, ConfigNode][] = [];
  readonly #text: string;
  readonly #masked: string;

  constructor(text: string, masked: string) {
    this.#text = text;
    this.#masked = masked;
  }

  node(node: Node, depth: number): ConfigNode | undefined {
    if (depth > deepest) return undefined;
    const made = this.#made(node, depth);
    if (made && !(node instanceof Alias) && node.anchor) this.anchors.push([node.anchor, made]);
    return made;
  }

  #made(node: Node, depth: number): ConfigNode | undefined {
    const [from = 0, to = from] = node.range ?? [];
    if (node instanceof Alias) return { is: 'alias', name: node.source, from, to };
    if (isScalar(node)) return this.#scalar(node);
    if (isSeq(node)) {
      const items = node.items.flatMap((item): Item[] => {
        const value = isPair(item) ? this.#pairs([item], depth, from, to) : this.node(item as Node, depth + 1);
        return value ? [{ value }] : [];
      });
      return { is: 'list', items, from, to };
    }
    return isMap(node) ? this.#pairs(node.items, depth, from, to) : undefined;
  }

  #pairs(pairs: readonly { key: unknown; value: unknown }[], depth: number, from: number, to: number): ConfigNode {
    const entries = pairs.flatMap(({ key, value }): Entry[] => {
      if (!isScalar(key)) return [];
      const name = this.#scalar(key);
      const made = value === null ? undefined : this.node(value as Node, depth + 1);
      return [{ key: name, value: made ?? { is: 'scalar', value: '', from: name.to, to: name.to, style: 'plain' } }];
    });
    return { is: 'map', entries, from, to };
  }

  #scalar(node: Scalar): ScalarNode {
    const [start = 0, end = start] = node.range ?? [];
    const masked = typeof node.value === 'string' ? node.value : this.#masked.slice(start, end);
    const style = node.type?.startsWith('BLOCK') ? 'block' : node.type?.startsWith('QUOTE') ? 'quoted' : 'plain';
    const [from, to] = this.#inside(style, start, end);
    const marks = marksOf(masked, this.#masked, from, to);
    if (marks === 'lost') return this.#firstLine(from, to, style);
    const value = masked.includes(hole) ? this.#unmasked(masked, from, marks) : masked;
    return {
      is: 'scalar',
      value,
      from,
      to,
      style,
      ...(marks ? { marks } : {}),
      ...(node.tag ? { tag: node.tag } : {}),
    };
  }

  /** What is half typed, as it stands. */
  #firstLine(from: number, to: number, style: ScalarNode['style']): ScalarNode {
    const value = /^[^\r\n]*/.exec(this.#text.slice(from, to))?.[0] ?? '';
    return { is: 'scalar', value, from, to: from + value.length, style };
  }

  #inside(style: ScalarNode['style'], from: number, to: number): readonly [number, number] {
    if (style === 'quoted') {
      const closed = to - from > 1 && this.#masked.charAt(to - 1) === this.#masked.charAt(from);
      return [from + 1, closed ? to - 1 : to];
    }
    if (style === 'plain') return [from, to];
    const header = this.#masked.indexOf('\n', from);
    return [header < 0 || header >= to ? to : header + 1, to];
  }

  /** The characters of templates, as they are written. */
  #unmasked(value: string, from: number, marks: readonly number[] | undefined): string {
    let result = '';
    let mark = 0;
    let [index, offset] = [0, from];
    for (let at = 0; at < value.length; at++) {
      while (marks && mark + 1 < marks.length && (marks[mark] ?? 0) <= at) {
        [index, offset] = [marks[mark] ?? 0, marks[mark + 1] ?? 0];
        mark += 2;
      }
      result += value.charAt(at) === hole ? this.#text.charAt(offset + at - index) : value.charAt(at);
    }
    return result;
  }
}
