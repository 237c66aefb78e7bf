// SQL in Python texts: found by how it begins; its tables come out where they stand in the source, holes as their own expressions.
import type { Expression, Span, TextExpression } from '../expression.ts';
import { type SqlName, scanSql } from '../sql/scan.ts';
import { firstHole, isHole, lastHole } from '../sql/tokens.ts';
import type { Site } from '../summary.ts';

/** A run of a literal: from `start` in the whole, and from `offset` in the literal. */
interface Piece {
  readonly start: number;
  readonly offset: number;
  readonly text: TextExpression;
}

/** A text and what it is made of. */
interface Flat {
  readonly value: string;
  readonly pieces: readonly Piece[];
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
  const pieces: Piece[] = [];
  const holes: Expression[] = [];
  let value = '';
  const hole = (content: Expression): void => {
    value += String.fromCharCode(Math.min(lastHole, firstHole + holes.length));
    holes.push(content);
  };
  const run = (text: TextExpression, from: number, to: number): void => {
    if (from >= to) return;
    pieces.push({ start: value.length, offset: from, text });
    value += text.value.slice(from, to).replace(/[\ue000-\uf8ff]/g, '?');
  };
  const fill = ({ style, values }: Expression & { is: 'format' }, template: TextExpression): void => {
    const marks = style === 'percent' ? /%(?:\((\w+)\))?s/g : /\{(\w*)\}/g;
    let at = 0;
    let position = 0;
    for (const match of template.value.matchAll(marks)) {
      run(template, at, match.index);
      at = match.index + match[0].length;
      const name = match[1] ?? '';
      const index = /^\d*$/.test(name) ? Number(name || position++) : undefined;
      const unnamed = values.filter(({ keyword }) => keyword === undefined);
      const value = index === undefined ? values.find(({ keyword }) => keyword === name) : unnamed[index];
      const place: Span = [...pointInText(template, match.index), ...pointInText(template, at)];
      hole({ is: 'hole', of: value?.value ?? { is: 'unknown', at: place }, at: place });
    }
    run(template, at, template.value.length);
  };
  const add = (part: Expression): void => {
    if (part.is === 'text') run(part, 0, part.value.length);
    else if (part.is === 'format' && part.template.is === 'text') fill(part, part.template);
    else if (part.is === 'hole' && part.of.is === 'text') add(part.of);
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
  // A variable in an f-string stands for itself; what fills a mark of `%` or `.format` stands where the mark is.
  const inside = only?.is === 'hole' && parts.length === 1 && isWithin(only.of.at, only.at);
  return { is: 'join', parts, at: inside ? only.of.at : at };
}

function isWithin(inner: Span, outer: Span): boolean {
  const after = inner[0] > outer[0] || (inner[0] === outer[0] && inner[1] >= outer[1]);
  return after && (inner[2] < outer[2] || (inner[2] === outer[2] && inner[3] <= outer[3]));
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
  const found = flat.pieces.findLast(({ start }) => start <= index);
  return found && pointInText(found.text, found.offset + index - found.start + (behind ? 1 : 0));
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
const never = /(?!)/;
/** `shouted`: in small letters it is a word like any other. */
function second(words: string, shouted = false): Second {
  return {
    any: new RegExp(`\\b(?:${words})\\b`, 'i'),
    upper: new RegExp(`\\b(?:${words.toUpperCase()})\\b`),
    lower: shouted ? never : new RegExp(`\\b(?:${words.toLowerCase()})\\b`),
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
  truncate: second('table|truncate', true),
  drop: second('table|view'),
  alter: second('table|view'),
  unload: second('to', true),
  explain: second('from', true),
  optimize: second('optimize', true),
  vacuum: second('vacuum', true),
  replace: second('into'),
};
