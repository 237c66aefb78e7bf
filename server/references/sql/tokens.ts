// SQL tokens: words, quoted names, texts and signs of any dialect, with holes; never fails, linear in the text.
import { Branches, gluedEnd } from './branches.ts';
import { type JinjaPart, Quoting } from './quoting.ts';
import { afterTable, clauseEnds, reserved, starters, verbs } from './words.ts';

/** `local` cannot be seen from outside: `#scratch`, `@rows`, `@stage/path`. */
export type TokenType = 'word' | 'quoted' | 'text' | 'hole' | 'local' | 'sign';

/** A `hole` is a word with something in it that is filled later: `events_{{ ds }}`, `${schema}`, `:schema`. */
export interface Token {
  readonly type: TokenType;
  readonly from: number;
  readonly to: number;
  /** In upper case for a word without holes; the sign itself; the opening mark of a text; else empty. */
  readonly word: string;
  /** White space stands before it. */
  readonly spaced: boolean;
  /** It is the first on its line. */
  readonly first: boolean;
}

export interface Scan {
  readonly tokens: readonly Token[];
  readonly jinja: readonly JinjaPart[];
}

/** Characters that stand for a value which is not in the text: those of the caller first, then the scan's own for Jinja. */
export const firstHole = 0xe000;
export const lastHole = 0xefff;
export const firstJinja = 0xf000;
export const lastJinja = 0xf8ff;
export const isHole = (code: number): boolean => code >= firstHole && code <= lastJinja;

const holes = /[{$:%&@\ue000-\uf8ff]/;

/** What stands inside of these is a text by itself: `{% macro … %}`, `{% set query %}` without a value. */
const ownText =
  /^\{%[-+]?\s{0,20}(?:(end)(?:macro|call|test|snapshot|materialization|set)\b|(?:macro|call|test|snapshot|materialization)\b|set\s{1,20}\w{1,100}\s{0,20}[-+]?%\})/;
export const begins = '{%';
export const ends = '%}';

/** Reads `from` up to `to`; offsets are into the whole text. */
export function scanTokens(text: string, from = 0, to = text.length): Scan {
  return new Tokenizer(text, from, to).run();
}

class Tokenizer {
  readonly #text: string;
  readonly #end: number;
  readonly #quoting: Quoting;
  readonly #tokens: Token[] = [];
  readonly #branches = new Branches();
  #at: number;
  #spaced = true;
  #first = true;

  constructor(text: string, from: number, to: number) {
    this.#text = text;
    this.#at = from;
    this.#end = to;
    this.#quoting = new Quoting(text, to);
  }

  run(): Scan {
    while (this.#at < this.#end) {
      const code = this.#text.charCodeAt(this.#at);
      if (code <= 32 || code === 0xa0 || code === 0xfeff) {
        if (code === 10 || code === 13) this.#first = true;
        this.#skip(this.#at + 1);
      } else if (!this.#comment()) this.#token(code);
    }
    const { jinja } = this.#quoting;
    return { tokens: this.#tokens, jinja };
  }

  #skip(to: number): void {
    this.#at = to;
    this.#spaced = true;
  }

  #push(type: TokenType, to: number, word = ''): void {
    const end = Math.min(to, this.#end);
    this.#tokens.push({ type, from: this.#at, to: end, word, spaced: this.#spaced, first: this.#first });
    this.#at = Math.max(end, this.#at + 1);
    this.#spaced = false;
    this.#first = false;
  }

  #comment(): boolean {
    const isHash = this.#text.charCodeAt(this.#at) === 35;
    if (isHash && this.#isScratch()) return false;
    const end = this.#quoting.comment(this.#at, this.#first || isHash);
    if (end === this.#at) return false;
    this.#skip(end);
    return true;
  }

  /** `INTO #scratch` is a name; `FROM # the table`, `## the table` and `id #the table` are comments. */
  #isScratch(): boolean {
    const line = this.#text.slice(this.#at, this.#at + 200);
    if (!/^##?[A-Za-z_]/.test(line)) return !this.#first && !/^#+(?:\s|#|$)/.test(line);
    const last = this.#tokens.at(-1);
    if (!last) return false;
    if (last.word === ',') {
      // Behind a name stands an alias at most.
      const [, alias = '', next = ''] = /^#+\w+ +(\w+) +(\w+)/.exec(line)?.map((word) => word.toUpperCase()) ?? [];
      const goesOn = next === 'FROM' || (next !== '' && !afterTable.has(next) && !afterTable.has(alias));
      return !this.#first && !goesOn;
    }
    if (this.#first) return /^(FROM|JOIN|INTO|TABLE|UPDATE|EXISTS|USING|MERGE|DELETE|\.)$/.test(last.word);
    const isOperand = last.type === 'word' ? !isKeyword(last.word) : last.type !== 'sign' || last.word === ')';
    return !(isOperand && this.#spaced);
  }

  #token(code: number): void {
    const text = this.#text;
    const at = this.#at;
    if (code === 123) {
      const mark = text.charAt(at + 1);
      const glued = mark === '%' ? gluedEnd(text, at) : at;
      if (glued > at && /[\w.]/.test(text.charAt(glued))) {
        this.#word();
        return;
      }
      if (mark === '%' || mark === '#') {
        this.#jinja(at, mark === '%');
        return;
      }
    }
    if (code === 60) {
      // `<table, sysname, Orders>`: a mark of Management Studio's templates.
      const mark = /^<[\w ]{1,60},[\w ()]{0,40},[^<>\n]{0,120}>/.exec(text.slice(at, at + 240))?.[0];
      if (mark) {
        this.#push('local', at + mark.length);
        return;
      }
    }
    const block = code === 36 || code === 34 || code === 39 ? this.#quoting.block(at) : undefined;
    if (block) this.#push('text', block.to, block.mark);
    else if (isWordCode(code) || this.#holeEnd(at) > at) this.#word();
    else if (code === 39) this.#push('text', this.#quoting.text(at, this.#isBracketText()), "'");
    else if (code === 34 && /^[a-z][a-z0-9]{1,7}:\/\/?[^"\s]/.test(text.slice(at + 1, at + 14)))
      // No name looks like an address: a text of BigQuery, Spark or MySQL.
      this.#push('text', this.#quoting.name(at, '"'), '"');
    else if (code === 34 || code === 96) this.#push('quoted', this.#quoting.name(at, text.charAt(at)));
    else if (code === 91) this.#bracket();
    else if (code === 35 || code === 64) this.#local();
    else this.#push('sign', at + 1, text.charAt(at));
  }

  /** A comment of Jinja or a statement, which may begin or end a text by itself, or another branch. */
  #jinja(at: number, isStatement: boolean): void {
    const { to } = this.#quoting.jinjaAt(at) ?? { to: at + 2 };
    const own = isStatement ? ownText.exec(this.#text.slice(at, at + 200)) : null;
    const branch = isStatement ? this.#branches.see(this.#text, at, this.#tokens.at(-1)?.word ?? '') : undefined;
    const first = this.#first;
    if (own) this.#push('sign', to, own[1] === undefined ? begins : ends);
    else if (branch !== undefined) {
      this.#push('sign', to, branch);
      this.#first = first;
    }
    this.#skip(to);
  }

  /** `q'[it's]'` of Oracle. */
  #isBracketText(): boolean {
    const last = this.#tokens.at(-1);
    return !this.#spaced && (last?.word === 'Q' || last?.word === 'NQ');
  }

  #bracket(): void {
    const last = this.#tokens.at(-1);
    const subscript = last && !this.#spaced && (last.type !== 'sign' || last.word === ')' || last.word === ']');
    // `uris = ["gs://lake/x"]` is a list of texts.
    const list = /^\[\s{0,50}["']/.test(this.#text.slice(this.#at, this.#at + 52));
    const end = subscript || list ? -1 : this.#quoting.bracketed(this.#at);
    if (end < 0) this.#push('sign', this.#at + 1, '[');
    else this.#push('quoted', end);
  }

  /** `@stage/path`, `@%orders`, `@~`, `@rows`, `##scratch`. */
  #local(): void {
    let end = this.#at + 1;
    while (end < this.#end && /[\w@#%~./"$=-]/.test(this.#text.charAt(end))) end++;
    this.#push('local', end);
  }

  #word(): void {
    const text = this.#text;
    let end = this.#at;
    while (end < this.#end) {
      const code = text.charCodeAt(end);
      if (isWordCode(code) || (code === 36 && end > this.#at && text.charCodeAt(end + 1) !== 123)) end++;
      else {
        const hole = this.#holeEnd(end);
        if (hole === end) break;
        end = hole;
      }
    }
    const whole = text.slice(this.#at, end);
    const plain = !holes.test(whole);
    this.#push(plain ? 'word' : 'hole', end, plain ? whole.toUpperCase() : '');
  }

  /** After what is filled later and begins here, or `at`. */
  #holeEnd(at: number): number {
    const text = this.#text;
    const code = text.charCodeAt(at);
    if (code === 123) {
      if (text.charCodeAt(at + 1) === 37) return this.#gluedEnd(at);
      if (text.charCodeAt(at + 1) !== 123) return markEnd(text, at);
      return this.#quoting.jinjaAt(at)?.to ?? at;
    }
    const next = text.charAt(at + 1);
    if ((code === 36 || code === 64 || code === 38) && next === '{') return markEnd(text, at + 1, at);
    if (code === 37) {
      // `%s` and `%(name)s` of Python; elsewhere the sign of a remainder.
      const mark = /^%(?:\(\w{1,60}\))?s(?!\w)/.exec(text.slice(at, at + 66))?.[0];
      return mark && (mark.length > 2 || !/[a-zA-Z0-9)\]]/.test(text.charAt(at - 1))) ? at + mark.length : at;
    }
    if ((code === 36 || code === 58 || code === 38) && at === this.#at && /[A-Za-z_]/.test(next)) {
      const before = text.charAt(at - 1);
      if (/[:\w)\]"'`]/.test(before)) return at;
      let end = at + 1;
      while (end < this.#end && /\w/.test(text.charAt(end))) end++;
      return end;
    }
    return at;
  }

  /** Its parts are noted on the way. */
  #gluedEnd(from: number): number {
    const end = gluedEnd(this.#text, from);
    for (let at = from; at < end; at++) {
      if (this.#text.charCodeAt(at) === 123) at = Math.max(at, (this.#quoting.jinjaAt(at)?.to ?? at) - 1);
    }
    return end;
  }
}

function isKeyword(word: string): boolean {
  return [verbs, reserved, afterTable, clauseEnds, starters].some((words) => words.has(word));
}

function isWordCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code > 127
  );
}

/** `{schema}`: a mark of Python's `format` or of a template that is filled somewhere else. */
function markEnd(text: string, at: number, otherwise = at): number {
  let end = at + 1;
  while (end < text.length && end - at < 60 && /[\w.\-[\]]/.test(text.charAt(end))) end++;
  return text.charAt(end) === '}' ? end + 1 : otherwise;
}

/** What stands between the marks of a text. */
export function insideText(text: string, { type, from, to, word }: Token): readonly [from: number, to: number] {
  const mark = type === 'quoted' ? text.charAt(from) : word;
  const closed = to - from >= 2 * mark.length && text.startsWith(mark, to - mark.length);
  return [from + mark.length, closed ? to - mark.length : to];
}

/** Whether it may be a part of a dotted name. */
export function isNamePart(token: Token): boolean {
  return token.type === 'word' ? !/^[0-9]+$/.test(token.word) : token.type === 'quoted' || token.type === 'hole';
}

export function unquote(text: string): string {
  const sign = text.charAt(0);
  const closing = sign === '[' ? ']' : sign;
  const end = text.length > 1 && text.endsWith(closing) ? text.length - 1 : text.length;
  return text.slice(1, end).replaceAll(closing + closing, closing);
}
