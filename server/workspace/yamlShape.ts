// YAML shapes: reads maps, lists and scalars of a YAML document and says, at the place, what was expected instead.
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import type { Range } from '../syntax/text.ts';
import { nearest } from './nearest.ts';

export interface FileProblem {
  readonly message: string;
  readonly range: Range;
}

/** A map of the file, by key; `at` is where the map stands. */
export interface ShapeMap {
  readonly at: Node;
  readonly entries: ReadonlyMap<string, { readonly key: Node; readonly value: Node | null }>;
}

const shownProblems = 100;

export class YamlReader {
  readonly #document;
  readonly #lines = new LineCounter();
  readonly #text: string;
  readonly problems: FileProblem[] = [];

  constructor(text: string) {
    this.#text = text;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, logLevel: 'silent' });
    for (const error of this.#document.errors) this.#add(error.message, error.pos[0], error.pos[1]);
  }

  /** Undefined for an empty file, and for one whose top is no map (then with a problem). */
  top(keys: readonly string[]): ShapeMap | undefined {
    const contents = this.#document.contents;
    if (contents === null || (isScalar(contents) && contents.value === null)) return undefined;
    return this.map(contents, 'this file', keys);
  }

  /** The map in `node`; unknown keys become problems that name the nearest known one. */
  map(node: Node | null, what: string, keys: readonly string[]): ShapeMap | undefined {
    const found = this.#resolve(node);
    if (!isMap(found)) {
      this.problem(node, `${what}: keys with values are expected (${keys.join(', ')}), not ${kindOf(found)}.`);
      return undefined;
    }
    const entries = new Map<string, { key: Node; value: Node | null }>();
    for (const pair of (found as YAMLMap<Node, Node | null>).items) {
      const key = isScalar(pair.key) ? String((pair.key as Scalar).value) : '';
      if (keys.includes(key)) entries.set(key, { key: pair.key, value: this.#resolve(pair.value) });
      else this.problem(pair.key, unknownKey(key, what, keys));
    }
    return { at: found, entries };
  }

  /** The parts of the list in `node`; an absent or empty value is an empty list. */
  list(node: Node | null | undefined, what: string): readonly Node[] {
    const found = this.#resolve(node ?? null);
    if (found === null || (isScalar(found) && found.value === null)) return [];
    if (isSeq(found)) return found.items.map((item) => this.#resolve(item as Node)).filter((item) => item !== null);
    this.problem(found, `${what}: a list is expected, each part on a line of its own that begins with "- ".`);
    return [];
  }

  text(map: ShapeMap, key: string, what: string): string | undefined {
    const entry = map.entries.get(key);
    if (!entry) return undefined;
    const value = isScalar(entry.value) ? entry.value.value : undefined;
    if (typeof value === 'string' && value.trim() !== '') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    this.problem(entry.value ?? entry.key, `${what}: "${key}" must be a text, not ${kindOf(entry.value)}.`);
    return undefined;
  }

  number(map: ShapeMap, key: string, what: string, accepted: (value: number) => boolean, expected: string) {
    const entry = map.entries.get(key);
    if (!entry) return undefined;
    const value = isScalar(entry.value) ? entry.value.value : undefined;
    if (typeof value === 'number' && Number.isFinite(value) && accepted(value)) return value;
    this.problem(entry.value ?? entry.key, `${what}: "${key}" must be ${expected}, not ${kindOf(entry.value)}.`);
    return undefined;
  }

  /** What the node is as plain data; undefined when its aliases would make too much of it. */
  plain(node: Node): unknown {
    try {
      return node.toJS(this.#document, { maxAliasCount: 100 });
    } catch {
      return undefined;
    }
  }

  rangeOf(node: Node | null | undefined): Range {
    const [start = 0, end = start] = node?.range ?? [];
    return this.#range(start, end);
  }

  problem(node: Node | null | undefined, message: string): void {
    const [start = 0, end = start] = node?.range ?? [];
    this.#add(message, start, end);
  }

  #add(message: string, start: number, end: number): void {
    if (this.problems.length < shownProblems) this.problems.push({ message, range: this.#range(start, end) });
  }

  /** A problem stays on its first line: a range over a whole block would underline half the file. */
  #range(start: number, end: number): Range {
    const from = Math.min(start, this.#text.length);
    const lineEnd = this.#text.indexOf('\n', from);
    const last = Math.max(from, Math.min(end, lineEnd < 0 ? this.#text.length : lineEnd));
    return { start: this.#position(from), end: this.#position(last) };
  }

  #position(offset: number) {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(0, line - 1), character: Math.max(0, col - 1) };
  }

  #resolve(node: Node | null): Node | null {
    return isAlias(node) ? (node.resolve(this.#document) ?? null) : node;
  }
}

function unknownKey(key: string, what: string, keys: readonly string[]): string {
  const near = nearest(key, keys);
  const hint = near ? ` Did you mean "${near}"?` : ` Known here: ${keys.join(', ')}.`;
  return `${what}: "${key}" is not known.${hint}`;
}

function kindOf(node: Node | null | undefined): string {
  if (isMap(node)) return 'keys with values';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node) || node.value === null) return 'nothing';
  return typeof node.value === 'string' ? `the text "${node.value.slice(0, 40)}"` : `${node.value}`;
}
