// Trie: the rows of the tables by the path of keys, walked beside the tree.
import type { ConfigRow } from '../rules/configs/row.ts';

export interface TrieNode {
  readonly keys: Map<string, TrieNode>;
  any: TrieNode | undefined;
  item: TrieNode | undefined;
  /** What comes behind `**`; it stays while the walk goes down. */
  deep: TrieNode | undefined;
  readonly stays: boolean;
  readonly rows: ConfigRow[];
}

const newNode = (stays = false): TrieNode => ({
  keys: new Map(),
  any: undefined,
  item: undefined,
  deep: undefined,
  stays,
  rows: [],
});

export function trieOf(rows: readonly ConfigRow[]): TrieNode {
  const root = newNode();
  for (const row of rows) {
    let at = root;
    for (const step of row.at.split('.')) at = below(at, step);
    at.rows.push(row);
  }
  return root;
}

function below(node: TrieNode, step: string): TrieNode {
  if (step === '*') {
    node.any ??= newNode();
    return node.any;
  }
  if (step === '[]') {
    node.item ??= newNode();
    return node.item;
  }
  if (step === '**') {
    node.deep ??= newNode(true);
    return node.deep;
  }
  const known = node.keys.get(step) ?? newNode();
  node.keys.set(step, known);
  return known;
}

/** `undefined` is the step into a list. */
export function step(states: readonly TrieNode[], key: string | undefined): readonly TrieNode[] {
  const next: TrieNode[] = [];
  for (const state of states) {
    const node = key === undefined ? state.item : state.keys.get(key);
    if (node) enter(node, next);
    if (key !== undefined && state.any) enter(state.any, next);
    if (state.stays) next.push(state);
  }
  return next;
}

export function enter(node: TrieNode, states: TrieNode[]): void {
  states.push(node);
  if (node.deep) states.push(node.deep);
}
