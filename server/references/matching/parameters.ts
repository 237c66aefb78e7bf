// Parameters: the sites of a function that depend on what it is given.
import { isSuperInit } from '../evaluation/attributes.ts';
import { parametersOf } from '../evaluation/functions.ts';
import type { Expression } from '../expression.ts';
import type { Block, PlacedSite } from '../summary.ts';

const tables = new WeakMap<Block, Map<number, readonly PlacedSite[]>>();
const none: readonly PlacedSite[] = [];
const deepest = 30;

/** In the order of the text; also of functions inside of it. What is set on `self` anywhere in the block counts as given. */
export function dependentSites(block: Block, scope: number): readonly PlacedSite[] {
  const table = tables.get(block) ?? new Map<number, readonly PlacedSite[]>();
  tables.set(block, table);
  const known = table.get(scope);
  if (known) return known;
  const sites = read(block, scope);
  table.set(scope, sites);
  return sites;
}

/** Those of all functions of a block, and what their constructors hand to the classes above them. */
export function tellingSites(block: Block): readonly PlacedSite[] {
  const found = new Set<PlacedSite>();
  block.scopes.forEach(({ sort }, scope) => {
    if (sort === 'function') for (const site of dependentSites(block, scope)) found.add(site);
  });
  return block.sites.filter(
    (site) => found.has(site) || (site.content.site === 'call' && isSuperInit(site.content.callee)),
  );
}

function read(block: Block, scope: number): readonly PlacedSite[] {
  const parent = block.scopes[block.scopes[scope]?.parent ?? 0];
  const names = new Set(parametersOf(block, scope).map(({ name }) => name));
  const isMethod = parent?.sort === 'class';
  if ((names.size === 0 && !isMethod) || block.sites.length === 0) return none;
  const inside = scopesIn(block, scope);
  for (const { scope: at, content } of block.bindings) {
    if (content.sort !== 'assigned' || !inside.has(at) || content.name.startsWith('@')) continue;
    if (mentions(content.value, names, isMethod, 0)) names.add(content.name);
  }
  return block.sites.filter(
    ({ scope: at, content }) =>
      inside.has(at) && valuesOf(content).some((value) => mentions(value, names, isMethod, 0)),
  );
}

function scopesIn(block: Block, scope: number): ReadonlySet<number> {
  const inside = new Set([scope]);
  block.scopes.forEach(({ parent }, index) => {
    if (index > scope && inside.has(parent)) inside.add(index);
  });
  return inside;
}

function valuesOf(content: PlacedSite['content']): readonly Expression[] {
  return content.site === 'call' ? [content.callee, ...content.args.map(({ value }) => value)] : [content.value];
}

/** Whether a name, or with `ofSelf` any attribute of `self`, is part of it. */
function mentions(expression: Expression, names: ReadonlySet<string>, ofSelf: boolean, depth: number): boolean {
  if (depth > deepest) return false;
  const any = (parts: readonly Expression[]): boolean => parts.some((part) => mentions(part, names, ofSelf, depth + 1));
  switch (expression.is) {
    case 'name':
      return names.has(expression.name);
    case 'attribute':
      if (ofSelf && expression.of.is === 'name' && expression.of.name === 'self') return true;
      return any([expression.of]);
    case 'join':
    case 'path':
      return any(expression.parts);
    case 'hole':
      return any([expression.of]);
    case 'format':
      return any([expression.template, ...expression.values.map(({ value }) => value)]);
    case 'call':
      return any([expression.callee, ...expression.args.map(({ value }) => value)]);
    case 'dict':
      return any(expression.entries.flatMap(({ key, value }) => (key ? [key, value] : [value])));
    case 'list':
      return any(expression.items);
    case 'subscript':
      return any([expression.of, expression.key]);
    case 'choice':
      return any(expression.options);
    case 'lambda':
      return any([expression.gives]);
    default:
      return false;
  }
}
