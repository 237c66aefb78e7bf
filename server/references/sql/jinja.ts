// Jinja of dbt: the tables that `ref` and `source` name inside of `{{ … }}` and `{% … %}`.
import type { JinjaPart } from './tokens.ts';

/** Offsets are into the whole text and cover the name that the reference is about. */
export interface JinjaName {
  readonly call: 'ref' | 'source';
  /** The model, or `source.table`. */
  readonly name: string;
  readonly package?: string;
  readonly from: number;
  readonly to: number;
}

interface Literal {
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

const longestCall = 2000;

export function jinjaNames(text: string, part: JinjaPart): readonly JinjaName[] {
  const names: JinjaName[] = [];
  const inside = text.slice(part.from, part.to);
  for (const call of ['ref', 'source'] as const) {
    for (let at = inside.indexOf(call); at >= 0; at = inside.indexOf(call, at + call.length)) {
      const before = at === 0 ? ' ' : inside.charAt(at - 1);
      if (
        /[\w"']/.test(before) ||
        (before === '.' && !/\b(builtins|dbt)$/.test(inside.slice(Math.max(0, at - 9), at - 1)))
      )
        continue;
      const literals = literalArguments(inside.slice(0, at + longestCall), at + call.length);
      const name = literals && read(call, literals, part.from);
      if (name) names.push(name);
    }
  }
  return names.sort((one, other) => one.from - other.from);
}

function read(call: 'ref' | 'source', literals: readonly Literal[], base: number): JinjaName | undefined {
  const [first, second] = literals;
  const last = second ?? first;
  if (!first || !last || last.value === '') return undefined;
  const range = { from: base + last.from, to: base + last.to };
  if (call === 'source')
    return second ? { call, name: `${first.value}.${second.value}`, package: first.value, ...range } : undefined;
  return second ? { call, name: second.value, package: first.value, ...range } : { call, name: first.value, ...range };
}

/** The leading positional arguments, all of them texts; undefined when it is no call with a text first. */
function literalArguments(text: string, from: number): readonly Literal[] | undefined {
  let at = skipSpace(text, from);
  if (text.charAt(at) !== '(') return undefined;
  const literals: Literal[] = [];
  at++;
  while (literals.length < 2) {
    at = skipSpace(text, at);
    const quote = text.charAt(at);
    if (quote !== "'" && quote !== '"') break;
    const end = text.indexOf(quote, at + 1);
    if (end < 0) break;
    literals.push({ value: text.slice(at + 1, end), from: at + 1, to: end });
    at = skipSpace(text, end + 1);
    if (text.charAt(at) !== ',') break;
    at++;
  }
  return literals.length > 0 ? literals : undefined;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 32) at++;
  return at;
}
