// Walk: one document of a configuration beside the rows of its shapes; what a row names comes out as sites.
import { beginsLikeAddress } from '../addresses.ts';
import type { Span } from '../expression.ts';
import type { ConfigRow } from '../rules/configs/row.ts';
import type { Site } from '../summary.ts';
import { compiled, nearText } from './near.ts';
import { readAlias, readRow, readText, readWords } from './readings.ts';
import type { TemplateContext } from './templates.ts';
import { PlacedScalar, type Places } from './trees/scalar.ts';
import {
  type AliasNode,
  type ConfigDocument,
  type ConfigNode,
  type Entry,
  entryOf,
  type ListNode,
  type MapNode,
  type ScalarNode,
} from './trees/tree.ts';
import { enter, step, type TrieNode } from './trie.ts';
import { withValues } from './values.ts';

/** Lines are those of the file. */
export interface FoundSite {
  readonly line: number;
  readonly scope: number;
  readonly opens?: number;
  readonly content: Site;
}

/** Lines of the file; 0 is what is around all of them. */
export interface FoundScope {
  readonly parent: number;
  readonly first: number;
  readonly last: number;
}

export interface Walked {
  readonly sites: FoundSite[];
  readonly scopes: FoundScope[];
  /** Lines on which a part of the file begins that says something by itself; in order. */
  readonly units: number[];
}

export interface WalkParts {
  readonly document: ConfigDocument;
  readonly trie: TrieNode;
  readonly places: Places;
  readonly context: TemplateContext;
  /** Whether texts that no row is about are looked at for addresses. */
  readonly addresses: boolean;
  readonly into: Walked;
  /** The rows for YAML that stands in a text. */
  readonly trieOf: (inner: ConfigDocument) => TrieNode;
}

/** A list and a map under a map count in depth; aliases are followed so often. */
const mostSites = 20_000;
/** What is said below these is said to people. */
const explains = new Set(
  'example examples description help doc docs title placeholder summary hint comment note message notes'.split(' '),
);
/** The root, what is below its keys, and the items of that. */
const unitDepth = 2;

export function walkConfig(parts: WalkParts): void {
  const states: TrieNode[] = [];
  enter(parts.trie, states);
  new Walk(parts).node(parts.document.root, 0, states, 0);
}

/** YAML that stands in a text of YAML. */
export function walkInside(document: ConfigDocument, scalar: PlacedScalar, scope: number, parts: WalkParts): void {
  const states: TrieNode[] = [];
  const trie = parts.trieOf(document);
  enter(trie, states);
  new Walk({ ...parts, document, trie, places: scalar }).node(document.root, 0, states, scope);
}

export class Walk {
  readonly #parts: WalkParts;
  /** The maps around, the innermost last. */
  readonly #maps: MapNode[] = [];
  #depth = 0;
  /** The key that is nearest above. */
  #below = '';
  /** With the variables that the maps around give a value to. */
  #context: TemplateContext;
  /** What the offsets of their entries count from. */
  readonly #bases: number[] = [];

  constructor(parts: WalkParts) {
    this.#parts = parts;
    this.#context = parts.context;
  }

  node(node: ConfigNode, base: number, states: readonly TrieNode[], scope: number): void {
    const { into, places } = this.#parts;
    if (into.sites.length > mostSites) return;
    if (this.#depth <= unitDepth) {
      const line = places.lineAt(base + node.from);
      if (line > (into.units.at(-1) ?? -1)) into.units.push(line);
    }
    this.#depth++;
    this.#inside(node, base, states, scope);
    this.#depth--;
  }

  #inside(node: ConfigNode, base: number, states: readonly TrieNode[], scope: number): void {
    switch (node.is) {
      case 'map':
        this.#map(node, base, states, scope);
        return;
      case 'list': {
        const inside = step(states, undefined);
        // What a row says of the whole comes before what the items say by themselves.
        this.#rows(node, base, states, scope);
        for (const { value, shift = 0 } of node.items) this.node(value, base + shift, inside, scope);
        return;
      }
      default:
        this.#rows(node, base, states, scope);
    }
  }

  #map(node: MapNode, base: number, states: readonly TrieNode[], scope: number): void {
    this.#rows(node, base, states, scope);
    const below = node.entries.map(({ key }) => step(states, key.value));
    this.#maps.push(node);
    this.#bases.push(base);
    const outer = this.#context;
    this.#context = withValues(outer, node, base, this.#parts.places);
    const inner = this.#opened(node, base, below, scope);
    node.entries.forEach((entry, index) => {
      const inside = below[index] ?? [];
      const at = base + (entry.shift ?? 0);
      const own = this.#key(entry, at, inside, inner);
      this.#below = entry.key.value;
      this.node(entry.value, at, inside, own);
    });
    this.#maps.pop();
    this.#bases.pop();
    this.#context = outer;
  }

  /** The scope of a map one of whose values opens it. */
  #opened(node: MapNode, base: number, below: readonly (readonly TrieNode[])[], scope: number): number {
    const opens = node.entries.some(({ value }, index) =>
      below[index]?.some(({ rows }) =>
        rows.some((row) => row.opens && !row.key && value.is === 'scalar' && this.#holds(row)),
      ),
    );
    const first = node.entries[0];
    return opens && first ? this.#scope(node, base, base + (first.shift ?? 0) + first.key.from, scope) : scope;
  }

  #scope(node: ConfigNode, base: number, from: number, parent: number): number {
    const { places, into } = this.#parts;
    const last = node.is === 'map' ? node.entries.at(-1) : undefined;
    const to = last ? base + (last.shift ?? 0) + last.value.to : base + node.to;
    return into.scopes.push({ parent, first: places.lineAt(from), last: places.lineAt(Math.max(from, to - 1)) });
  }

  /** What rows say of a key; the scope for what is below it. */
  #key({ key, value }: Entry, base: number, states: readonly TrieNode[], scope: number): number {
    let own = scope;
    if (value.is === 'map') this.#maps.push(value);
    for (const { rows } of states) {
      for (const row of rows) {
        if (!row.key || !this.#holds(row)) continue;
        const opens = row.opens ? this.#scope(value, base, base + key.from, scope) : undefined;
        own = opens ?? own;
        this.#read(row, key, base, scope, opens);
      }
    }
    if (value.is === 'map') this.#maps.pop();
    return own;
  }

  #rows(node: ConfigNode, base: number, states: readonly TrieNode[], scope: number): void {
    let read = false;
    for (const { rows } of states) {
      for (const row of rows) {
        if (row.key || !this.#holds(row)) continue;
        if (node.is === 'map') {
          if (row.read === 'dataset') this.#read(row, node, base, scope);
        } else if (node.is === 'list') {
          if (row.read === 'shell') this.#words(row, node, base, scope);
          if (row.read === 'shell' || row.read === 'dataset') continue;
          for (const { value, shift = 0 } of node.items)
            if (value.is === 'scalar' || value.is === 'alias') this.#read(row, value, base + shift, scope);
        } else {
          const opens = row.opens ? scope : undefined;
          read = this.#read(row, node, base, opens === undefined ? scope : this.#parent(scope), opens) || read;
        }
      }
    }
    if (read || !this.#parts.addresses || node.is === 'map' || node.is === 'list' || explains.has(this.#below)) return;
    if (node.is === 'alias') {
      const named = this.#parts.document.anchors.get(node.name)?.node;
      if (named?.is === 'scalar' && beginsLikeAddress(named.value))
        this.#put(readAlias(this.#span(node, base), node), scope);
      return;
    }
    this.#put(readText(this.#placed(node, base), this.#context), scope);
  }

  /** A list of words; `args` goes on with what `command` began. */
  #words({ at }: ConfigRow, node: ListNode, base: number, scope: number): void {
    const before = /\.args$/.test(at) ? 'command' : /\.command$/.test(at) ? 'entrypoint' : undefined;
    const entry = before === undefined ? undefined : entryOf(this.#maps.at(-1), before);
    const own = this.#scalars(node, base);
    const above = entry?.value.is === 'list' ? this.#scalars(entry.value, this.#bases.at(-1) ?? 0, entry.shift) : [];
    this.#put(readWords([...above, ...own], this.#context), scope);
  }

  #scalars({ items }: ListNode, base: number, by = 0): readonly PlacedScalar[] {
    return items.flatMap(({ value, shift = 0 }) =>
      value.is === 'scalar' ? [this.#placed(value, base + by + shift)] : [],
    );
  }

  #parent(scope: number): number {
    return this.#parts.into.scopes[scope - 1]?.parent ?? 0;
  }

  #holds({ when = [] }: ConfigRow): boolean {
    return when.every(([path, pattern]) => compiled(pattern).test(nearText(this.#maps, path)));
  }

  #read(row: ConfigRow, node: ConfigNode, base: number, scope: number, opens?: number): boolean {
    const { places, document } = this.#parts;
    if (row.read === 'nothing') return true;
    // Of the many texts of dbt's files few have a bracket.
    if (row.read === 'ref' && node.is === 'scalar' && !node.value.includes('(')) return false;
    const read = { row, maps: this.#maps, places, document, context: this.#context };
    if (node.is === 'scalar' && row.read === 'yaml') {
      const scalar = this.#placed(node, base);
      for (const inner of readRow.documents(scalar)) walkInside(inner, scalar, scope, this.#parts);
      return true;
    }
    const found =
      node.is === 'scalar'
        ? readRow.scalar(this.#placed(node, base), read)
        : node.is === 'alias'
          ? readRow.alias(this.#span(node, base), node, read)
          : node.is === 'map'
            ? readRow.map(node, base, read)
            : undefined;
    this.#put(found, scope, opens);
    return found !== undefined && found.sites.length > 0;
  }

  #put(found: { line: number; sites: readonly Site[] } | undefined, scope: number, opens?: number): void {
    for (const content of found?.sites ?? []) {
      const site = { line: found?.line ?? 0, scope, content };
      const named = opens !== undefined && content.site === 'name' && content.opens !== undefined;
      this.#parts.into.sites.push(named ? { ...site, opens } : site);
    }
  }

  #placed(node: ScalarNode, base: number): PlacedScalar {
    return new PlacedScalar(node, base, this.#parts.places);
  }

  #span({ from, to }: AliasNode, base: number): { line: number; at: Span } {
    const start = this.#parts.places.positionAt(base + from);
    const end = this.#parts.places.positionAt(base + to);
    return { line: start.line, at: [0, start.character, end.line - start.line, end.character] };
  }
}
