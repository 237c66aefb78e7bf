// Python imports: which names a statement brings in, from where.
import type { Span } from '../expression.ts';
import type { Binding } from '../summary.ts';

/** Reads the words of one import statement; what is half typed is left out. */
export function readImport(statement: string, at: Span): readonly Binding[] {
  const words = statement
    .slice(0, 20_000)
    .replace(/#[^\n\r]*/g, ' ')
    .replace(/[\\()]/g, ' ')
    .trim();
  const from = /^from\s{1,20}([.\s]{0,20})([\w.]*)\s{1,20}import\s([\s\S]*)$/.exec(words);
  if (from) {
    const [, dots = '', module = '', names = ''] = from;
    return aliases(names).flatMap(({ name, alias }) =>
      !name ? [] : [imported(alias ?? name, `${dots.replace(/\s/g, '')}${module}`, name, at)],
    );
  }
  const plain = /^import\s+([\s\S]*)$/.exec(words)?.[1];
  if (plain === undefined) return [];
  return aliases(plain).flatMap(({ name, alias }) => {
    if (!/^[\p{L}_][\p{L}\p{N}_.]*$/u.test(name)) return [];
    // `import a.b` binds `a`; `import a.b as c` binds `c` to `a.b`.
    const root = name.split('.')[0] ?? name;
    if (alias) return [imported(alias, name, undefined, at)];
    const whole = imported(root, root, undefined, at);
    return [root === name ? whole : { ...whole, folder: true }];
  });
}

/** `from a import *` binds the name `*`. */
function imported(name: string, module: string, from: string | undefined, at: Span): Binding {
  const base: Binding = { name, sort: 'imported', value: { is: 'unknown', at }, module };
  return from === undefined ? base : { ...base, imported: from };
}

function aliases(names: string): { name: string; alias?: string }[] {
  return names.split(',').flatMap((part) => {
    const [name, as, alias] = part.trim().split(/\s+/);
    if (!name) return [];
    return [as === 'as' && alias ? { name, alias } : { name }];
  });
}
