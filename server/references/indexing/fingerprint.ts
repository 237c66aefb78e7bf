// Fingerprints: whether a name at the top of a module still has the same value, wherever it stands now.
import { nameScope } from '../evaluation/bindings.ts';
import { tellingSites } from '../matching/parameters.ts';
import type { Binding, Block, PlacedBinding, PlacedBlock } from '../summary.ts';

/** Above it, comparing costs more than evaluating again what reads the name. */
const mostCompared = 300;
let unique = 0;
/** A statement that is read again keeps what it binds in the statements inside of it. */
const contents = new WeakMap<Binding, string>();
const tables = new WeakMap<Block, ReadonlyMap<string, string>>();

/** By name bound at the top level of the block: all that its value may come from inside of the block. */
export function moduleFingerprints(block: Block): ReadonlyMap<string, string> {
  const known = tables.get(block);
  if (known) return known;
  const table = new Map<string, string>();
  for (const binding of block.bindings) {
    if (nameScope(block, binding.scope) !== 0) continue;
    const { name } = binding.content;
    table.set(name, `${table.get(name) ?? ''};${fingerprint(block, binding)}`);
  }
  tables.set(block, table);
  return table;
}

export function moduleNames(block: Block): Iterable<string> {
  const names = new Set<string>();
  for (const binding of block.bindings) if (nameScope(block, binding.scope) === 0) names.add(binding.content.name);
  return names;
}

/** By name bound at the top level of these blocks: a number made of all that its value may come from inside of them. */
export function printsOf(blocks: readonly PlacedBlock[]): ReadonlyMap<string, number> {
  const texts = new Map<string, string>();
  for (const { block } of blocks) {
    for (const binding of block.bindings) {
      if (nameScope(block, binding.scope) !== 0) continue;
      const { name } = binding.content;
      texts.set(name, `${texts.get(name) ?? ''};${fingerprint(block, binding, Number.POSITIVE_INFINITY)}`);
    }
  }
  return new Map([...texts].map(([name, text]) => [name, numberOf(text)]));
}

/** 53 bits: two texts of one name have the same by chance once in many lifetimes. */
function numberOf(text: string): number {
  let [one, two] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 2654435761);
    two = Math.imul(two ^ code, 1597334677);
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909);
  two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  return 4294967296 * (2097151 & two) + (one >>> 0);
}

function fingerprint(block: Block, { content, branch }: PlacedBinding, most = mostCompared): string {
  if (content.sort !== 'function' && content.sort !== 'class') {
    const known = contents.get(content) ?? withoutPlaces(content);
    contents.set(content, known);
    return branch ? `?${known}` : known;
  }
  // What a function returns or names and a class holds may read all that is bound in it.
  if (block.bindings.length + block.sites.length > most) return `${++unique}`;
  return `${withoutPlaces(content)}${insideOf(block)}`;
}

const insides = new WeakMap<Block, string>();

function insideOf(block: Block): string {
  const known = insides.get(block);
  if (known !== undefined) return known;
  const bindings = block.bindings.filter((binding) => nameScope(block, binding.scope) !== 0);
  const inside = withoutPlaces([block.scopes, bindings, tellingSites(block)]);
  insides.set(block, inside);
  return inside;
}

function withoutPlaces(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => {
    if (key === 'branch') return true;
    return key === 'at' || key === 'marks' || key === 'lines' || key === 'line' ? undefined : inner;
  });
}
