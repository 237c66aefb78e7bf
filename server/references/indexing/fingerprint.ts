// Fingerprints: whether a name at the top of a module still has the same value, wherever it stands now.
import { nameScope } from '../evaluation/bindings.ts';
import { tellingSites } from '../matching/parameters.ts';
import type { Block, PlacedBinding, PlacedBlock } from '../summary.ts';
import { bindingPrint, printOf } from './print.ts';

/** Above it, comparing costs more than evaluating again what reads the name. */
const mostCompared = 300;

/** By name bound at the top level: a number that stays while its value cannot have changed. */
export type Prints = ReadonlyMap<string, number>;

let unique = 0;
const insides = new WeakMap<Block, number>();
const tables = new WeakMap<Block, ReadonlyMap<string, number>>();

/** By name bound at the top level of the block: a number for all that its value may come from inside of the block. */
export function moduleFingerprints(block: Block): ReadonlyMap<string, number> {
  const known = tables.get(block);
  if (known) return known;
  const table = new Map<string, number>();
  addPrints(table, block, mostCompared);
  tables.set(block, table);
  return table;
}

export function moduleNames(block: Block): Iterable<string> {
  const names = new Set<string>();
  for (const binding of block.bindings) if (nameScope(block, binding.scope) === 0) names.add(binding.content.name);
  return names;
}

export function namesBound(blocks: readonly PlacedBlock[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { block } of blocks) for (const name of moduleNames(block)) names.add(name);
  return names;
}

/** The same for all blocks of a file, however large they are. */
export function printsOf(blocks: readonly PlacedBlock[]): Prints {
  const table = new Map<string, number>();
  for (const { block } of blocks) addPrints(table, block, Number.POSITIVE_INFINITY);
  return table;
}

function addPrints(table: Map<string, number>, block: Block, most: number): void {
  for (const binding of block.bindings) {
    if (nameScope(block, binding.scope) !== 0) continue;
    const { name } = binding.content;
    table.set(name, printOf([table.get(name) ?? 0, fingerprint(block, binding, most)]));
  }
}

function fingerprint(block: Block, { content, branch }: PlacedBinding, most: number): number {
  if (content.sort !== 'function' && content.sort !== 'class') {
    const known = bindingPrint(content);
    return branch ? -known : known;
  }
  // What a function returns or names and a class holds may read all that is bound in it.
  if (block.bindings.length + block.sites.length > most) return ++unique;
  return printOf([bindingPrint(content), insideOf(block)]);
}

function insideOf(block: Block): number {
  const known = insides.get(block);
  if (known !== undefined) return known;
  const bindings = block.bindings.filter((binding) => nameScope(block, binding.scope) !== 0);
  const inside = printOf([block.scopes, bindings, tellingSites(block)]);
  insides.set(block, inside);
  return inside;
}
