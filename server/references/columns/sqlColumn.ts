// SQL column: at which column's name a place in SQL is, and which of the tables there it may be of; linear, never fails.
import { scanTokens, type Token } from '../sql/tokens.ts';
import { reserved } from '../sql/words.ts';
import { isOpen, Queries, type Query, type Source } from './queries.ts';

/** Offsets in the text. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface ColumnUse extends Span {
  /** Without its quotes. */
  readonly name: string;
  /** Where the tables are named of which it may be one: a single one where it is told by its prefix. */
  readonly tables: readonly Span[];
}

/** Undefined: no column's name stands there, or what it is read from is no table alone. Reads `from` up to `to`. */
export function sqlColumnAt(text: string, at: number, from: number, to: number): ColumnUse | undefined {
  const { tokens } = scanTokens(text, from, to);
  const index = tokens.findIndex((token) => token.from <= at && at < token.to && isName(token));
  const found = index >= 0 ? index : tokens.findIndex((token) => token.to === at && isName(token));
  const token = tokens[found];
  if (!token || !mayBeColumn(tokens, found)) return undefined;
  const { query, phase } = new Queries(text, tokens).around(found);
  if (!query || phase === undefined || query.sources.some((source) => isInside(token, source))) return undefined;
  const prefix = prefixOf(text, tokens, found);
  const name = nameOf(text, token);
  if (prefix.length > 0) {
    const source = sourceCalled(query, prefix);
    return source && { name, from: token.from, to: token.to, tables: [source] };
  }
  if (phase !== 'select' && query.outputs.has(name.toLowerCase())) return undefined;
  if (query.isOpen || query.sources.length === 0) return undefined;
  return { name, from: token.from, to: token.to, tables: query.sources };
}

function isName({ type, word }: Token): boolean {
  return type === 'quoted' || (type === 'word' && !reserved.has(word) && !operators.test(word) && !/^\d/.test(word));
}

/** Many words of SQL are names of columns as well (`model`, `version`, `comment`); these are none. */
const operators =
  /^(?:ILIKE|RLIKE|REGEXP|SIMILAR|DIV|XOR|ALL|ANY|SOME|ASC|TRUE|FALSE|EXCEPT|MINUS|RETURNING|PARTITION)$/;

/** What ends a value, so that a name behind it is an alias. */
const values = /^(?:END|NULL|TRUE|FALSE|\)|\])$/;

function mayBeColumn(tokens: readonly Token[], index: number): boolean {
  const [before, after] = [tokens[index - 1], tokens[index + 1]];
  // A function, the prefix of another name, a field of a path.
  if (after && /^[(.]$/.test(after.word)) return false;
  // `EXTRACT(day FROM at)`.
  if (after?.word === 'FROM' && before?.word === '(') return false;
  if (!before || before.word === '.') return true;
  if (/^(?:AS|:|TABLE|FROM|JOIN|INTO|UPDATE|INTERVAL|USE|DATABASE|SCHEMA|VIEW|OVER|WINDOW)$/.test(before.word))
    return false;
  return before.type === 'sign' || before.type === 'word' ? !values.test(before.word) && !isName(before) : false;
}

/** `o` of `o.id`, in lower case; `a`, `b` of `a.b.id`. */
function prefixOf(text: string, tokens: readonly Token[], index: number): readonly string[] {
  const parts: string[] = [];
  for (let at = index; tokens[at - 1]?.word === '.' && parts.length < 6; at -= 2) {
    const part = tokens[at - 2];
    parts.unshift(part ? nameOf(text, part).toLowerCase() : '');
  }
  return parts;
}

/** Of this query or one around it; undefined too where something may hide it. */
function sourceCalled(query: Query, prefix: readonly string[]): Source | undefined {
  let steps = 0;
  for (let at: Query | undefined = query; at && steps < 50; at = at.parent, steps++) {
    const found = at.sources.filter((source) => isCalled(source, prefix));
    if (found.length > 0) return found.length === 1 ? found[0] : undefined;
    if (isOpen(at)) return undefined;
  }
  return undefined;
}

function isCalled({ alias, parts }: Source, prefix: readonly string[]): boolean {
  if (alias !== undefined) return prefix.length === 1 && prefix[0] === alias;
  return prefix.length <= parts.length && prefix.join('\n') === parts.slice(-prefix.length).join('\n');
}

function isInside(token: Token, { from, until }: Source): boolean {
  return token.from >= from && token.to <= until;
}

/** Without quotes. */
export function nameOf(text: string, { type, from, to }: Token): string {
  return type === 'quoted' ? text.slice(from + 1, to - 1) : text.slice(from, to);
}
