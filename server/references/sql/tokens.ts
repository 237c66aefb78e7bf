// SQL tokens: words, quoted names, texts and signs of any dialect, with Jinja holes; never fails, linear in the text.

export type TokenType = 'word' | 'quoted' | 'text' | 'hole' | 'sign';

/** A `word` may hold holes (`events_{{ ds }}`): it is then a word with `hole` inside of its range. */
export interface Token {
  readonly type: TokenType;
  readonly from: number;
  readonly to: number;
  /** In upper case for a word without holes; the sign itself; else empty. */
  readonly word: string;
  /** Depth-free: white space stands before it. */
  readonly spaced: boolean;
}

/** A part of the text that is Jinja: `{{ … }}` or `{% … %}`. */
export interface JinjaPart {
  readonly from: number;
  readonly to: number;
  readonly sort: 'expression' | 'statement';
}

export interface Scan {
  readonly tokens: readonly Token[];
  readonly jinja: readonly JinjaPart[];
}

/** Stands for a value that is not in the text; the first of a range of private characters. */
export const firstHole = 0xe000;
export const lastHole = 0xf8ff;
export const isHole = (code: number): boolean => code >= firstHole && code <= lastHole;

const tab = 9;
const quoteSigns: Readonly<Record<string, string>> = { '"': '"', '`': '`' };

export function scanTokens(text: string): Scan {
  const tokens: Token[] = [];
  const jinja: JinjaPart[] = [];
  let at = 0;
  let spaced = true;
  const push = (type: TokenType, to: number, word: string): void => {
    tokens.push({ type, from: at, to, word, spaced });
    at = to;
    spaced = false;
  };
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code <= 32 && (code === 32 || code >= tab)) {
      at++;
      spaced = true;
      continue;
    }
    const comment = commentEnd(text, at);
    if (comment > at) {
      at = comment;
      spaced = true;
      continue;
    }
    const part = code === 123 ? jinjaAt(text, at) : undefined;
    if (part && part.sort !== 'expression') {
      if (part.sort === 'statement') jinja.push({ from: part.from, to: part.to, sort: 'statement' });
      at = part.to;
      spaced = true;
      continue;
    }
    if (part || isWordCode(code) || (code === 123 && markEnd(text, at) > at)) {
      const to = wordEnd(text, at, jinja);
      const whole = text.slice(at, to);
      const plain = !/[{\ue000-\uf8ff]/.test(whole);
      push(plain ? 'word' : 'hole', to, plain ? whole.toUpperCase() : '');
      continue;
    }
    const sign = text.charAt(at);
    if (sign === "'") push('text', textEnd(text, at), '');
    else if (quoteSigns[sign] !== undefined) push('quoted', quotedEnd(text, at, sign), '');
    else if (sign === '$' && text.charAt(at + 1) === '$') {
      const end = text.indexOf('$$', at + 2);
      push('text', end < 0 ? text.length : end + 2, '');
    } else push('sign', at + 1, sign);
  }
  return { tokens, jinja };
}

function commentEnd(text: string, at: number): number {
  const two = text.charCodeAt(at) * 65536 + text.charCodeAt(at + 1);
  if (two === 45 * 65536 + 45) {
    const end = text.indexOf('\n', at);
    return end < 0 ? text.length : end;
  }
  if (two !== 47 * 65536 + 42) return at;
  const end = text.indexOf('*/', at + 2);
  return end < 0 ? text.length : end + 2;
}

function jinjaAt(
  text: string,
  at: number,
): { from: number; to: number; sort: 'expression' | 'statement' | 'comment' } | undefined {
  const mark = text.charAt(at + 1);
  const closing = mark === '{' ? '}}' : mark === '%' ? '%}' : mark === '#' ? '#}' : undefined;
  if (!closing) return undefined;
  const end = text.indexOf(closing, at + 2);
  // Half typed: only what is on the line belongs to it.
  const line = text.indexOf('\n', at);
  const to = end >= 0 ? end + 2 : line < 0 ? text.length : line;
  return { from: at, to, sort: mark === '{' ? 'expression' : mark === '%' ? 'statement' : 'comment' };
}

function isWordCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code > 127
  );
}

function wordEnd(text: string, from: number, jinja: JinjaPart[]): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isWordCode(code) || (code === 36 && at > from)) at++;
    else if (code === 123 && text.charCodeAt(at + 1) === 123) {
      const part = jinjaAt(text, at);
      if (!part) break;
      jinja.push({ from: part.from, to: part.to, sort: 'expression' });
      at = part.to;
    } else if (code === 123 && markEnd(text, at) > at) at = markEnd(text, at);
    else break;
  }
  return at;
}

/** `{schema}`: a mark of Python's `format` that is filled somewhere else. */
function markEnd(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && end - at < 60 && /\w/.test(text.charAt(end))) end++;
  return text.charAt(end) === '}' ? end + 1 : at;
}

/** `''` stands for one quote; a backslash before a quote is an escape in some dialects only, and is not one here. */
function textEnd(text: string, from: number): number {
  let at = from + 1;
  for (;;) {
    const end = text.indexOf("'", at);
    if (end < 0) return text.length;
    if (text.charCodeAt(end + 1) !== 39) return end + 1;
    at = end + 2;
  }
}

/** A quoted name ends with its line when the quote is missing. */
function quotedEnd(text: string, from: number, sign: string): number {
  const line = text.indexOf('\n', from);
  const limit = line < 0 ? text.length : line;
  let at = from + 1;
  for (;;) {
    const end = text.indexOf(sign, at);
    if (end < 0 || end > limit) return limit;
    if (text.charAt(end + 1) !== sign) return end + 1;
    at = end + 2;
  }
}

/** Whether it may be a part of a dotted name. */
export function isNamePart(token: Token): boolean {
  return token.type === 'word' ? !/^[0-9]+$/.test(token.word) : token.type === 'quoted' || token.type === 'hole';
}

export function unquote(text: string): string {
  const sign = text.charAt(0);
  const end = text.length > 1 && text.endsWith(sign) ? text.length - 1 : text.length;
  return text.slice(1, end).replaceAll(sign + sign, sign);
}
