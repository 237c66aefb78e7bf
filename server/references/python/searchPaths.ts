// Python search paths: folders that a file adds to those that modules come from, as names that are bound to them.
import type { Argument, Expression } from '../expression.ts';
import type { Binding } from '../summary.ts';

/** No name of Python. */
export const searchPath = '@path';

/** `sys.path.insert(0, "../src")`, `sys.path.append(…)` */
export function searchPathAdded(callee: Expression, args: readonly Argument[]): Binding | undefined {
  if (callee.is !== 'attribute' || (callee.name !== 'insert' && callee.name !== 'append')) return undefined;
  const { of } = callee;
  if (of.is !== 'attribute' || of.name !== 'path' || of.of.is !== 'name' || of.of.name !== 'sys') return undefined;
  const value = args[callee.name === 'insert' ? 1 : 0]?.value;
  return value && { name: searchPath, sort: 'assigned', value };
}

/** The module as a path that is looked for from such a folder; undefined where of the folder nothing is known. */
export function modulePath(folder: string, module: string): string | undefined {
  const known = folder.slice(folder.lastIndexOf('*') + 1).replace(/\/+$/, '');
  if (known === '' || module.startsWith('.')) return undefined;
  const name = module.replaceAll('.', '/');
  if (known.startsWith('/')) return `${known}/${name}`;
  // Of `*rc` nobody knows which folder it is.
  return known === folder.replace(/\/+$/, '') ? `./${known}/${name}` : undefined;
}
