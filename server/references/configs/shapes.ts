// Shapes: what kind of file a configuration is, told from its path and its keys.
import { configShapes } from '../rules/configs/index.ts';
import type { ConfigRow, ConfigShape } from '../rules/configs/row.ts';
import type { ConfigDocument, ConfigNode } from './trees/tree.ts';
import { type TrieNode, trieOf } from './trie.ts';

export interface Shaped {
  readonly shapes: readonly ConfigShape[];
  readonly trie: TrieNode;
}

/** Rows of shapes that come together, put together once. */
const tries = new Map<string, TrieNode>();
/** How many items of a list, and keys of a map, are looked at to tell what it is. */
const mostLooked = 30;

/** `path` is with `/`. */
export function shapesOf(path: string, { root, anchors }: ConfigDocument): Shaped {
  const follow: Follow = (node) => (node?.is === 'alias' ? anchors.get(node.name)?.node : node);
  const found = configShapes.filter((shape) => isShape(shape, path, root, follow));
  const only = found.find(({ alone }) => alone);
  return withTrie(only ? [only] : found);
}

function withTrie(shapes: readonly ConfigShape[]): Shaped {
  const key = shapes.map(({ id }) => id).join(' ');
  const trie = tries.get(key) ?? trieOf([...new Set(shapes.flatMap(({ rows }): readonly ConfigRow[] => rows))]);
  tries.set(key, trie);
  return { shapes, trie };
}

type Follow = (node: ConfigNode | undefined) => ConfigNode | undefined;

function isShape({ file, has, both }: ConfigShape, path: string, root: ConfigNode, follow: Follow): boolean {
  if (file === undefined && has === undefined) return true;
  const byPath = file !== undefined && new RegExp(file, 'i').test(path);
  if (both && !byPath) return false;
  if (byPath && !both) return true;
  return (has ?? []).some((paths) => paths.every((one) => stands(root, one, follow)));
}

/** `a.*.b=pattern`: somewhere there is a value, and the pattern matches it. */
function stands(root: ConfigNode, condition: string, follow: Follow): boolean {
  const equals = condition.indexOf('=');
  const steps = (equals < 0 ? condition : condition.slice(0, equals)).split('.');
  const pattern = equals < 0 ? undefined : new RegExp(condition.slice(equals + 1));
  const at = (node: ConfigNode | undefined, index: number): boolean => {
    const known = follow(node);
    if (!known) return false;
    const name = steps[index];
    if (name === undefined) return !pattern || (known.is === 'scalar' && pattern.test(known.value));
    if (name === '{}') return known.is === 'map' && known.entries.length > 0;
    if (name === '[]')
      return known.is === 'list' && known.items.slice(0, mostLooked).some(({ value }) => at(value, index + 1));
    if (known.is !== 'map') return false;
    if (name === '*') return known.entries.slice(0, mostLooked).some(({ value }) => at(value, index + 1));
    return known.entries.some(({ key, value }) => key.value === name && at(value, index + 1));
  };
  return at(root, 0);
}
