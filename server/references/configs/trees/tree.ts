// Trees of configurations: maps, lists and scalars of YAML and JSON, with the place of each.

/** Offsets are from the node's base: the start of the part of the text it was read from. */
export interface ScalarNode {
  readonly is: 'scalar';
  readonly value: string;
  /** Inside of the quotes; of a block scalar without its header. */
  readonly from: number;
  readonly to: number;
  /** `block` is `|` and `>`. */
  readonly style: 'plain' | 'quoted' | 'block';
  /** Where value and source stop running side by side: pairs of index in value and offset. */
  readonly marks?: readonly number[];
  /** `!Sub` and the like. */
  readonly tag?: string;
}

export interface Entry {
  readonly key: ScalarNode;
  readonly value: ConfigNode;
  /** What the offsets of key and value count from, from the base of the map. */
  readonly shift?: number;
}

export interface Item {
  readonly value: ConfigNode;
  readonly shift?: number;
}

export interface MapNode {
  readonly is: 'map';
  readonly entries: readonly Entry[];
  readonly from: number;
  readonly to: number;
}

export interface ListNode {
  readonly is: 'list';
  readonly items: readonly Item[];
  readonly from: number;
  readonly to: number;
}

/** What an alias names is written elsewhere; it has its own place, and the content of its anchor. */
export interface AliasNode {
  readonly is: 'alias';
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

export type ConfigNode = ScalarNode | MapNode | ListNode | AliasNode;

/** One document of a file; a file of YAML may hold several. */
export interface ConfigDocument {
  readonly root: ConfigNode;
  /** By name; only those that stand before an alias of theirs are of use. */
  readonly anchors: ReadonlyMap<string, { readonly node: ConfigNode; readonly base: number }>;
}

/** Deeper nodes are left out, so that no walk runs out of stack. */
export const deepest = 60;

export const emptyMap: MapNode = { is: 'map', entries: [], from: 0, to: 0 };

/** The last entry of that name wins, as in every reader of YAML that takes doubles at all. */
export function entryOf(node: ConfigNode | undefined, key: string): Entry | undefined {
  return node?.is === 'map' ? node.entries.findLast((entry) => entry.key.value === key) : undefined;
}

export function below(node: ConfigNode | undefined, key: string): ConfigNode | undefined {
  return entryOf(node, key)?.value;
}

/** Undefined for what is no scalar, and for an empty one. */
export function textOf(node: ConfigNode | undefined): string | undefined {
  return node?.is === 'scalar' && node.value !== '' ? node.value : undefined;
}

export function textAt(node: ConfigNode | undefined, ...keys: readonly string[]): string | undefined {
  let at = node;
  for (const key of keys) at = below(at, key);
  return textOf(at);
}
