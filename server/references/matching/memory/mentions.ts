// Mentions: which names the code of a site, a binding or a whole block has in it.
import type { Expression } from '../../expression.ts';
import type { Binding, Block, Site } from '../../summary.ts';

const known = new WeakMap<object, ReadonlySet<string>>();
const ofBlocks = new WeakMap<Block, ReadonlySet<string>>();

/** Names, and with a dot in front what stands behind dots, wherever in it; of SQL the name of the table, which may be a variable's. */
export function mentions(content: Site | Binding | readonly Expression[]): ReadonlySet<string> {
  const before = known.get(content);
  if (before) return before;
  const names = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (const one of value) if (typeof one === 'object') visit(one);
      return;
    }
    if ('is' in value) noteName(value as Expression, names);
    for (const key in value) if (key !== 'at' && key !== 'marks') visit(value[key as keyof typeof value]);
  };
  visit(content);
  if ('site' in content && content.site === 'table' && content.value.is === 'text') names.add(content.value.value);
  known.set(content, names);
  return names;
}

function noteName(value: Expression, names: Set<string>): void {
  if (value.is === 'name') names.add(value.name);
  else if (value.is === 'attribute') names.add(`.${value.name}`);
  else if (value.is === 'call' && 'name' in value.callee && value.callee.name === 'getattr') {
    const key = value.args[1]?.value;
    if (key?.is === 'text') names.add(`.${key.value}`);
  }
}

/** All that its sites and bindings mention. */
export function blockMentions(block: Block): ReadonlySet<string> {
  const before = ofBlocks.get(block);
  if (before) return before;
  const names = new Set<string>();
  for (const { content } of block.sites) for (const name of mentions(content)) names.add(name);
  for (const { content } of block.bindings) for (const name of mentions(content)) names.add(name);
  ofBlocks.set(block, names);
  return names;
}

export function meet(mentioned: ReadonlySet<string>, names: ReadonlySet<string>): boolean {
  if (names.size === 0 || mentioned.size === 0) return false;
  const [few, many] = mentioned.size < names.size ? [mentioned, names] : [names, mentioned];
  for (const name of few) if (many.has(name)) return true;
  return false;
}
