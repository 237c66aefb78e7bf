// Names: how two ways of writing a name compare, and what a pattern with `*` matches.
import type { EntityKind } from './entity.ts';

/** Between the parts of a key; below every printable character, so that a range of keys is one prefix. */
export const partSeparator = '\u001f';
const afterSeparator = '\u0020';
const longestName = 2000;
const mostStars = 8;

const quotes: readonly (readonly [string, string])[] = [
  ['"', '"'],
  ['`', '`'],
  ['[', ']'],
];

/** Parts of a dotted SQL name without their quotes: `"PROD"."a.b"` is `PROD`, `a.b`. A doubled quote stands for itself. */
export function tableParts(name: string): readonly string[] {
  const text = name.slice(0, longestName);
  const parts: string[] = [];
  let part = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    const closing = part.trim() === '' ? quotes.find(([open]) => open === character)?.[1] : undefined;
    const quoted = closing && readQuoted(text, at + 1, closing);
    if (quoted) {
      part = quoted.text;
      at = quoted.end;
    } else if (character === '.') {
      parts.push(part.trim());
      part = '';
    } else part += character;
  }
  parts.push(part.trim());
  return parts;
}

/** Undefined when the quote never closes: it is then a character like any other. */
function readQuoted(text: string, from: number, closing: string): { text: string; end: number } | undefined {
  let inside = '';
  for (let at = from; at < text.length; at++) {
    if (text.charAt(at) !== closing) inside += text.charAt(at);
    else if (text.charAt(at + 1) === closing) {
      inside += closing;
      at++;
    } else return { text: inside, end: at };
  }
  return undefined;
}

/** Kinds whose names are qualified from the left, so that a shorter name can mean the longer one. */
function isDotted(kind: EntityKind): boolean {
  return kind === 'table' || kind === 'task';
}

function dottedParts(kind: EntityKind, name: string): readonly string[] {
  if (kind === 'table') return tableParts(name).map((part) => part.toLowerCase());
  return name.slice(0, longestName).split('.');
}

/**
 * What names are compared by. Tables: any case, quotes gone. Tables and tasks: last part first, so that
 * `orders` is a prefix of `prod.sales.orders`. Paths: scheme in lower case, `s3a` and `s3n` are `s3`, no slash at the end.
 * All other kinds: exactly as written.
 */
export function nameKey(kind: EntityKind, name: string): string {
  if (isDotted(kind)) return [...dottedParts(kind, name)].reverse().join(partSeparator);
  if (kind === 'path') return pathKey(name);
  return name.slice(0, longestName);
}

function pathKey(name: string): string {
  const [, scheme = '', rest = name] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(name.slice(0, longestName)) ?? [];
  const plain = scheme.toLowerCase().replace(/^s3[an]$/, 's3');
  let end = rest.length;
  while (end > 1 && rest.charAt(end - 1) === '/') end--;
  return plain ? `${plain}://${rest.slice(0, end)}` : rest.slice(0, end);
}

/** Keys from `from` on and before `to` are the key itself and every longer, more qualified one. */
export function qualifiedRange(
  kind: EntityKind,
  key: string,
): { readonly from: string; readonly to: string } | undefined {
  return isDotted(kind) ? { from: `${key}${partSeparator}`, to: `${key}${afterSeparator}` } : undefined;
}

/**
 * Keys of shorter names that a qualified table name may mean: `prod.sales.orders` may be known as `sales.orders`,
 * but not as `orders`: that would be any table of that name.
 */
export function lessQualified(kind: EntityKind, name: string): readonly string[] {
  if (kind !== 'table') return [];
  const parts = dottedParts(kind, name);
  return parts.slice(1, -1).map((_, dropped) => [...parts.slice(dropped + 1)].reverse().join(partSeparator));
}

/** Whether two names of a kind may mean the same: equal, or one is the other with fewer qualifiers. */
export function sameName(kind: EntityKind, one: string, other: string): boolean {
  const a = nameKey(kind, one);
  const b = nameKey(kind, other);
  if (a === b || !isDotted(kind)) return a === b;
  return a.startsWith(`${b}${partSeparator}`) || b.startsWith(`${a}${partSeparator}`);
}

/** A pattern made ready: `globs` are for SQLite's GLOB over keys, `test` decides. */
export interface NamePattern {
  readonly globs: readonly string[];
  test(key: string): boolean;
}

/** `*` stands for any text, also none and also across dots and slashes; everything else for itself. */
export function namePattern(kind: EntityKind, pattern: string): NamePattern {
  const key = nameKey(kind, pattern).replace(/\*+/g, '*');
  const longer = isDotted(kind) ? [`${key}${partSeparator}*`] : [];
  const wholes = [key, ...longer];
  return { globs: wholes.map(toGlob), test: (candidate) => wholes.some((whole) => matchesStars(whole, candidate)) };
}

/** At most so many stars that GLOB stays fast; with more, what it finds is too much and `test` takes it away again. */
function toGlob(pattern: string): string {
  const pieces = pattern.split('*').map((piece) => piece.replace(/[[?]/g, (special) => `[${special}]`));
  return pieces.length <= mostStars + 1 ? pieces.join('*') : `${pieces.slice(0, mostStars).join('*')}*`;
}

/** Time is bounded by the product of the lengths; no regular expression is made from anybody's text. */
export function matchesStars(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let tried = 0;
  while (t < text.length) {
    if (pattern.charAt(p) === '*') {
      star = p++;
      tried = t;
    } else if (p < pattern.length && pattern.charAt(p) === text.charAt(t)) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++tried;
    } else return false;
  }
  while (pattern.charAt(p) === '*') p++;
  return p === pattern.length;
}
