// Without Jinja: a template as the SQL it will likely be, of the same length; dbt's tables by their names, one branch of each choice.
import { jinjaNames } from '../../references/sql/dbt.ts';
import { insidePart } from '../../references/sql/quoting.ts';
import { scanTokens } from '../../references/sql/tokens.ts';

/** What is unknown is a name that begins with this. */
export const unknownName = 'jinja';

/** The whole of it is a table of dbt. */
const direct = /^\{\{[-+]?\s{0,20}(?:builtins\.)?(?:ref|source)\s{0,20}\(/;
/** These leave nothing behind. */
const silent = /^\{\{[-+]?\s{0,20}(?:config|log|print|exceptions)\b/;
const word = /^\s{0,20}(\w+)/;

export function withoutJinja(text: string): string {
  if (!text.includes('{{') && !text.includes('{%') && !text.includes('{#')) return text;
  const { jinja } = scanTokens(text);
  const pieces: string[] = [];
  let at = 0;
  /** Blocks that are open; those that are `off` are left out up to their end. */
  const blocks: { readonly sort: string; off: boolean }[] = [];
  const off = (): boolean => blocks.some((block) => block.off);
  const put = (to: number, filled: string): void => {
    pieces.push(off() ? blank(text.slice(at, to)) : filled);
    at = to;
  };
  for (const part of jinja) {
    if (part.from < at) continue;
    put(part.from, withoutComments(text.slice(at, part.from)));
    const written = text.slice(part.from, part.to);
    if (part.sort === 'expression') put(part.to, expression(text, part.from, part.to, written));
    else {
      const [from, to] = insidePart(text, part);
      const inside = text.slice(from, to);
      const sort = word.exec(inside)?.[1] ?? '';
      if (sort.startsWith('end')) blocks.pop();
      put(part.to, blank(written));
      const top = blocks.at(-1);
      if (sort === 'if') blocks.push({ sort, off: /\bloop\b/.test(inside) });
      else if (
        sort === 'for' ||
        (sort === 'set' && !inside.includes('=')) ||
        /^(macro|call|test|docs|snapshot|filter|raw)$/.test(sort)
      )
        blocks.push({ sort, off: sort === 'set' || sort === 'macro' || sort === 'call' || sort === 'test' });
      else if ((sort === 'else' || sort === 'elif') && top) top.off = true;
    }
  }
  put(text.length, withoutComments(text.slice(at)));
  return pieces.join('');
}

function expression(text: string, from: number, to: number, written: string): string {
  const names = direct.test(written) ? jinjaNames(text, { from, to, sort: 'expression' }) : [];
  const [table] = names;
  const name = table && /^\w[\w.]*$/.test(table.name) ? table.name : unknownName;
  // Lines stay where they are; what is joined to a word stays joined.
  const end = written.search(/[\n\r]/);
  if ((end < 0 ? written.length : end) < name.length || (!table && silent.test(written))) return blank(written);
  const joined = !table && end < 0 && (/[\w.]/.test(text.charAt(from - 1)) || /[\w.]/.test(text.charAt(to)));
  return joined ? name.padEnd(written.length, '_') : name + blank(written.slice(name.length));
}

function withoutComments(text: string): string {
  if (!text.includes('{#')) return text;
  return text.replace(/\{#[\s\S]*?(?:#\}|$)/g, blank);
}

function blank(text: string): string {
  return text.replace(/[^\n\r]/g, ' ');
}
