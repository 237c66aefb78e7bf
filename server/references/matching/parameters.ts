// Parameters: the sites of a function that depend on what it is given.
import { isSuperInit } from '../evaluation/attributes.ts';
import { parametersOf } from '../evaluation/functions.ts';
import type { Expression } from '../expression.ts';
import type { Block, PlacedBinding, PlacedSite } from '../summary.ts';

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
  const { sites, assigned } = byScope(block);
  for (const { content } of inOrder(assigned, inside))
    if (mentions(content.value, names, isMethod, 0)) names.add(content.name);
  return inOrder(sites, inside).filter(({ content }) =>
    valuesOf(content).some((value) => mentions(value, names, isMethod, 0)),
  );
}

/** Things of a block by their scope, each with its place among all of them. */
type ByScope<Thing> = ReadonlyMap<number, readonly { readonly index: number; readonly thing: Thing }[]>;

interface Scoped {
  readonly sites: ByScope<PlacedSite>;
  readonly assigned: ByScope<PlacedBinding>;
}

const scoped = new WeakMap<Block, Scoped>();

/** A class may have hundreds of functions: none of them looks at all that is in it. */
function byScope(block: Block): Scoped {
  const known = scoped.get(block);
  if (known) return known;
  const isTaken = ({ content: { sort, name } }: PlacedBinding): boolean =>
    (sort === 'assigned' || sort === 'loop') && !name.startsWith('@');
  const made = { sites: groups(block.sites), assigned: groups(block.bindings.filter(isTaken)) };
  scoped.set(block, made);
  return made;
}

function groups<Thing extends { readonly scope: number }>(things: readonly Thing[]): ByScope<Thing> {
  return Map.groupBy(
    things.map((thing, index) => ({ index, thing })),
    ({ thing }) => thing.scope,
  );
}

function inOrder<Thing>(all: ByScope<Thing>, scopes: ReadonlySet<number>): readonly Thing[] {
  const found = [...scopes].flatMap((scope) => all.get(scope) ?? []);
  return found.sort((one, other) => one.index - other.index).map(({ thing }) => thing);
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
