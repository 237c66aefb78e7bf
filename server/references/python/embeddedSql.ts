// SQL in Python texts: found by how it begins; its tables come out where they stand in the source, holes as their own expressions.
import type { Expression, Span, TextExpression } from '../expression.ts';
import { type SqlName, scanSql } from '../sql/scan.ts';
import { firstHole, isHole, lastHole } from '../sql/tokens.ts';
import type { Site } from '../summary.ts';

/** A text and what it is made of. */
interface Flat {
  readonly value: string;
  readonly pieces: readonly { readonly from: number; readonly text: TextExpression }[];
  readonly holes: readonly Expression[];
}

const shortest = 12;

/** `known`: it is handed to a call that takes SQL, so less of it has to look like SQL. */
export function sqlSites(expression: Expression, known: boolean): readonly Site[] {
  if (!mayBeSql(expression)) return [];
  const flat = flatten(expression);
  if (!flat || flat.value.length < shortest || !looksLikeSql(flat.value, known)) return [];
  return scanSql(flat.value).names.flatMap((name) => toSite(name, flat) ?? []);
}

/** A cheap look at the first words, before anything is put together. */
function mayBeSql(expression: Expression): boolean {
  switch (expression.is) {
    case 'text':
      return expression.value.length >= shortest && begins.test(expression.value.slice(0, 400));
    case 'join': {
      const [first] = expression.parts;
      return (
        first !== undefined &&
        (first.is === 'join' || first.is === 'text') &&
        (first.is === 'join' ? mayBeSql(first) : begins.test(first.value.slice(0, 400)))
      );
    }
    case 'format':
      return mayBeSql(expression.template);
    default:
      return false;
  }
}

const begins =
  /^(?:\s|\(|--[^\n]*\n|\/\*[^*]*\*\/|\{[{%#][^}]*\}\}?)*(?:select|with|insert|update|delete|merge|create|copy|truncate|drop|alter|unload|explain|optimize|vacuum|replace)\b/i;

function flatten(expression: Expression): Flat | undefined {
  const pieces: { from: number; text: TextExpression }[] = [];
  const holes: Expression[] = [];
  let value = '';
  const hole = (content: Expression): void => {
    value += String.fromCharCode(Math.min(lastHole, firstHole + holes.length));
    holes.push(content);
  };
  const add = (part: Expression): void => {
    if (part.is === 'text') {
      pieces.push({ from: value.length, text: part });
      value += part.value.replace(/[\ue000-\uf8ff]/g, '?');
    } else if (part.is === 'hole' && part.of.is === 'text') add(part.of);
    else if (part.is === 'join') for (const inner of part.parts) add(inner);
    else if (part.is === 'format') add(part.template);
    else hole(part);
  };
  add(expression);
  return holes.length > lastHole - firstHole ? undefined : { value, pieces, holes };
}

function toSite(name: SqlName, flat: Flat): Site | undefined {
  const value = partsOf(name, flat);
  if (!value) return undefined;
  if (name.sort === 'path') return { site: 'text', value, role: name.role };
  return { site: 'table', value, role: name.role, via: 'sql.text' };
}

function partsOf({ name, from, to }: SqlName, flat: Flat): Expression | undefined {
  const at = spanOf(from, to, flat);
  if (!at) return undefined;
  const parts: Expression[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') parts.push({ is: 'text', value: text, at });
    text = '';
  };
  for (let index = 0; index < name.length; index++) {
    const code = name.charCodeAt(index);
    if (!isHole(code)) text += name.charAt(index);
    else {
      flush();
      parts.push(flat.holes[code - firstHole] ?? { is: 'unknown', at });
    }
  }
  flush();
  const [only] = parts;
  if (only?.is === 'text' && parts.length === 1) return only;
  return { is: 'join', parts, at: parts.length === 1 && only?.is === 'hole' ? only.of.at : at };
}

function spanOf(from: number, to: number, flat: Flat): Span | undefined {
  const start = pointOf(from, flat, false);
  const end = pointOf(to - 1, flat, true);
  return start && end && [...start, ...end];
}

/** Where a character of the value stands in the source; `behind` it, or before it. */
function pointOf(index: number, flat: Flat, behind: boolean): readonly [number, number] | undefined {
  const code = flat.value.charCodeAt(index);
  if (isHole(code)) {
    const at = flat.holes[code - firstHole]?.at;
    return at && (behind ? [at[2], at[3]] : [at[0], at[1]]);
  }
  let found: { from: number; text: TextExpression } | undefined;
  for (const piece of flat.pieces) {
    if (piece.from > index) break;
    found = piece;
  }
  return found && pointInText(found.text, index - found.from + (behind ? 1 : 0));
}

/** Where the character at an index of the value stands. */
export function pointInText(text: TextExpression, index: number): readonly [number, number] {
  let [line, column] = [text.at[0], text.at[1]];
  let base = 0;
  const marks = text.marks ?? [];
  for (let at = 0; at + 2 < marks.length; at += 3) {
    const from = marks[at] ?? 0;
    if (from > index) break;
    base = from;
    line = marks[at + 1] ?? line;
    column = marks[at + 2] ?? column;
  }
  return [line, column + index - base];
}

/** Sentences begin with "Select …" too; SQL has its second word, and is written in one case. */
function looksLikeSql(value: string, known: boolean): boolean {
  const body = value.replace(/^(?:\s|\(|--[^\n]*\n|\/\*[^*]*\*\/|\{[{%#][^}]*\}\}?)*/, '');
  const verb = /^[A-Za-z]+/.exec(body)?.[0] ?? '';
  const second = seconds[verb.toLowerCase()];
  if (!second) return false;
  const upper = verb === verb.toUpperCase();
  const lower = verb === verb.toLowerCase();
  if (!known && !upper && !lower) return false;
  const word = known ? second.any : upper ? second.upper : second.lower;
  if (!word.test(body)) return false;
  if (known || upper) return true;
  return /[\n*=_]|\w\.\w|,/.test(body);
}

interface Second {
  readonly any: RegExp;
  readonly upper: RegExp;
  readonly lower: RegExp;
}
function second(words: string): Second {
  return {
    any: new RegExp(`\\b(?:${words})\\b`, 'i'),
    upper: new RegExp(`\\b(?:${words.toUpperCase()})\\b`),
    lower: new RegExp(`\\b(?:${words.toLowerCase()})\\b`),
  };
}
const seconds: Readonly<Record<string, Second>> = {
  select: second('from|into'),
  with: second('select|insert|update|delete|merge'),
  insert: second('into|overwrite'),
  update: second('set'),
  delete: second('from'),
  merge: second('into|using'),
  create: second('table|view'),
  copy: second('into|from'),
  truncate: second('table|truncate'),
  drop: second('table|view'),
  alter: second('table|view'),
  unload: second('to'),
  explain: second('from'),
  optimize: second('optimize'),
  vacuum: second('vacuum'),
  replace: second('into'),
};
