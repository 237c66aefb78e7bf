// Mentions: which names the code of a site or a binding has in it, and so what may be another when one of them is.
import type { Binding, Block, Site } from '../summary.ts';

const known = new WeakMap<object, ReadonlySet<string>>();

/** Names and what stands behind dots, wherever in it. */
export function mentions(content: Site | Binding): ReadonlySet<string> {
  const before = known.get(content);
  if (before) return before;
  const names = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (const one of value) if (typeof one === 'object') visit(one);
      return;
    }
    if ('is' in value && (value.is === 'name' || value.is === 'attribute') && 'name' in value)
      names.add(String(value.name));
    for (const key in value) if (key !== 'at' && key !== 'marks') visit(value[key as keyof typeof value]);
  };
  visit(content);
  known.set(content, names);
  return names;
}

/**
 * Of a block in which the bindings `changed` (`scope name` each) are others than before: all names whose values may be
 * others, too, since what is bound to them mentions one of those, or stands in a function or class of that name.
 */
export function affectedNames(block: Block, changed: ReadonlySet<string>): ReadonlySet<string> {
  const affected = new Set<string>();
  if (changed.size === 0) return affected;
  const addWithScopes = (name: string, scope: number): void => {
    affected.add(lastOf(name));
    for (let at = scope; at > 0; at = block.scopes[at]?.parent ?? 0) affected.add(block.scopes[at]?.name ?? '');
  };
  for (const key of changed) {
    const space = key.indexOf(' ');
    addWithScopes(key.slice(space + 1), Number(key.slice(0, space)));
  }
  for (let size = 0; size !== affected.size; ) {
    size = affected.size;
    for (const { content, scope } of block.bindings)
      if (mentionsAny(content, affected)) addWithScopes(content.name, scope);
  }
  return affected;
}

export function mentionsAny(content: Site | Binding, names: ReadonlySet<string>): boolean {
  if (names.size === 0) return false;
  for (const name of mentions(content)) if (names.has(name)) return true;
  return false;
}

/** `self.name` is read as the attribute `name`. */
function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
