// Near: what stands beside a value, or beside what is around it.
import { type ConfigNode, entryOf, type MapNode, textOf } from './trees/tree.ts';

/** The text that a `Near` path names, from the maps around a value, the innermost last; undefined where there is none. */
export function near(maps: readonly MapNode[], path: string): string | undefined {
  return textOf(nearNode(maps, path));
}

export function nearNode(maps: readonly MapNode[], path: string): ConfigNode | undefined {
  let up = 0;
  while (path.charAt(up) === '^') up++;
  let at: ConfigNode | undefined = up === 0 ? maps[0] : maps[maps.length - up];
  for (const key of path.slice(up).split('.')) at = entryOf(at, key)?.value;
  return at;
}

const envVar = /\{\{-? *env_var\( *['"][^'"]{1,100}['"] *, *['"]([^'"]{0,200})['"] *\) *-?\}\}/g;

/** A name with templates in it, as a pattern; defaults of dbt's `env_var` stand for it. */
export function asPattern(text: string): string {
  return text
    .replace(envVar, '$1')
    .replace(/\{%[^}]{0,300}%\}/g, '*')
    .replace(/\$?\{\{[^}]{0,300}\}\}|\$\{[^}]{0,300}\}/g, '*')
    .replace(/\*+/g, '*');
}

/** As `near`; `{` and `[` for a map and a list, nothing for what is missing. */
export function nearText(maps: readonly MapNode[], path: string): string {
  const node = nearNode(maps, path);
  if (node?.is === 'scalar') return node.value;
  return node?.is === 'map' ? '{' : node?.is === 'list' ? '[' : '';
}

const patterns = new Map<string, RegExp>();

/** The patterns of the tables, each made once. */
export function compiled(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(pattern, 'd');
  patterns.set(pattern, known);
  return known;
}
