// Bindings: the names that a block binds, by the scope that sees them.
import type { Binding, Block, PlacedBinding, PlacedBlock } from '../summary.ts';
import type { ModuleBinding } from './evaluating.ts';
import type { Env } from './value.ts';

/** The scope whose names are seen at a scope: regions of `with` have none of their own. */
export function nameScope(block: Block, scope: number): number {
  let at = scope;
  while (at > 0 && block.scopes[at]?.sort === 'with') at = block.scopes[at]?.parent ?? 0;
  return Math.max(0, at);
}

/** Bindings of a name at the top level of a block, in the order of the text; lines count from the first of the file. */
export function boundAtTop({ block, line: blockLine }: PlacedBlock, name: string): readonly ModuleBinding[] {
  const found: ModuleBinding[] = [];
  for (const { line, scope, content, branch } of bindingsIn(block, 0, name)) {
    const one = { binding: content, line: blockLine + line, block, blockLine, scope };
    found.push(branch ? { ...one, branch: [branch[0] + blockLine, branch[1] + blockLine] } : one);
  }
  return found;
}

type ByScope = ReadonlyMap<number, readonly PlacedBinding[]>;

const bindingTables = new WeakMap<Block, ReadonlyMap<string, ByScope>>();
const nowhere: ByScope = new Map();

/** By name, then by the scope that sees it. */
function boundAs(block: Block, name: string): ByScope {
  const table = bindingTables.get(block) ?? bindingTable(block);
  return table.get(name) ?? nowhere;
}

function bindingTable(block: Block): ReadonlyMap<string, ByScope> {
  const table = new Map<string, Map<number, PlacedBinding[]>>();
  for (const binding of block.bindings) {
    const { name } = binding.content;
    const scope = nameScope(block, binding.scope);
    const scopes = table.get(name);
    const list = scopes?.get(scope);
    if (list) list.push(binding);
    else if (scopes) scopes.set(scope, [binding]);
    else table.set(name, new Map([[scope, [binding]]]));
  }
  bindingTables.set(block, table);
  return table;
}

export function bindingsIn(block: Block, scope: number, name: string): readonly PlacedBinding[] {
  return boundAs(block, name).get(scope) ?? [];
}

/** Qualified name of the innermost function around a scope, e.g. `Trainer.fit`; undefined outside of functions. */
export function functionName({ scopes }: Block, scope: number): string | undefined {
  const names: string[] = [];
  let inFunction = false;
  for (let at = scope; at > 0; at = scopes[at]?.parent ?? 0) {
    const info = scopes[at];
    if (!info || info.sort === 'with') continue;
    if (!inFunction && info.sort === 'class') return undefined;
    inFunction = true;
    names.unshift(info.name);
  }
  return names.length > 0 ? names.join('.') : undefined;
}

const mostBranches = 4;

interface Bound {
  readonly line: number;
  readonly branch?: readonly [number, number];
}

/** The last one before a line; where that one stands in a branch that need not have been run, those before it too. Last first. */
export function current<One extends Bound>(bindings: readonly One[], line: number): readonly One[] {
  const found: One[] = [];
  let at = bindings.findLastIndex((binding) => binding.line < line);
  if (at < 0) at = bindings.length - 1;
  for (; at >= 0 && found.length < mostBranches; at--) {
    const binding = bindings[at];
    if (!binding) break;
    found.push(binding);
    const [first, last] = binding.branch ?? [];
    if (first === undefined || last === undefined || (line >= first && line <= last)) break;
  }
  return found;
}

/** `self.name = …` in a method of the class. */
export function selfBinding(block: Block, classScope: number, name: string): PlacedBinding | undefined {
  let first: number | undefined;
  const scopes = boundAs(block, `self.${name}`);
  for (const scope of scopes.keys())
    if (block.scopes[scope]?.parent === classScope && scope < (first ?? Number.POSITIVE_INFINITY)) first = scope;
  return first === undefined ? undefined : scopes.get(first)?.at(-1);
}

/** Bindings of a name in the methods of the class, in the order of the text. */
export function boundInMethods(block: Block, classScope: number, name: string): readonly PlacedBinding[] {
  const found: PlacedBinding[] = [];
  for (const [scope, bindings] of boundAs(block, name))
    if (block.scopes[scope]?.parent === classScope) found.push(...bindings);
  return found.sort((one, other) => one.line - other.line);
}

/** The scope that a function or class opens. */
export function scopeOf(binding: Binding, { block, scope, line }: Env): number | undefined {
  if (!block) return undefined;
  const outer = nameScope(block, scope);
  const index = block.scopes.findIndex(
    (candidate, at) =>
      at > 0 &&
      candidate.name === binding.name &&
      candidate.sort === binding.sort &&
      nameScope(block, candidate.parent) === outer &&
      candidate.lines[0] >= line,
  );
  return index > 0 ? index : undefined;
}
