// Margins: where statements begin at one indentation, told line by line without parsing.

import { isSurelyDefined, longEnd, opensNothing, statementEnd } from './longTexts.ts';

/** All that can change what is open, and line ends. */
const special = /[\r\n"'#()[\]{}\\]/g;
const goesOn = /^(?:else|elif|except|finally|case)\b/;
const definition = /^(?:def|class|async\s+def)\b/;
/** At the margin this is no argument, whatever bracket is open. */
const surely =
  /^(?:(?:def|class|async\s+def|import|from|return|raise|del|global|assert)\s|@\w|try\s*:|(?:if|while|for|with|async\s+(?:for|with))\s.*:\s*(?:#.*)?$)/;
/** So is this, but after `(` and `,` it may be an argument with its name. */
const assignment = /^[A-Za-z_][\w.]* = /;
/** Only these have deeper lines under them. */
const opening = /^(?:@|(?:def|class|async|if|for|while|with|try|match)\b)/;
const branching = /^(?:(?:async\s+)?for|if|while|try|match)\b/;
const longestLook = 300;
/** How far ahead it is looked for what comes after a line that may have been moved to the margin by mistake. */
const mostLinesAhead = 40;
const mostStatementsAhead = 3;
/** A beginning is the same as long as none of so many that follow it is edited, nor what is between them. */
export const mostBeginningsAhead = mostStatementsAhead + 2;

/** Where a statement begins: the beginning of its line. */
export interface Start {
  readonly at: number;
  /** Of a statement inside of the one above it: the indentation of all of those. */
  readonly inside: string | undefined;
}

interface Cutting {
  readonly margin: string;
  /** Where the statement at the margin begins that the first start belongs to. */
  readonly head: number;
  /** Whether to go no further, told with each start but the first, and the head it belongs to. */
  readonly stop?: (start: Start, head: number) => boolean;
}

/**
 * Where statements begin, at the margin and directly inside of those, from the one at `first` on: outside of brackets
 * and long texts, with a word that does not go on with what is above it. Inside of a bracket that was never closed one
 * begins with the next line that can only be a statement. A line at the margin that has deeper ones under it, and no
 * colon, was moved there while it is typed: it stays inside. A statement with several branches is not cut.
 * Undefined when something stands left of the margin, or when `first` is inside of what turned out to have branches.
 */
export function startsFrom(text: string, first: Start, { margin, head, stop }: Cutting): readonly Start[] | undefined {
  const starts = [first];
  const lexer = new MarginLexer(text, first.at, margin, first.inside);
  let top = head;
  while (lexer.nextLine()) {
    const line = lexer.line(top);
    if (line === 'left') return undefined;
    if (line === 'branches') {
      while (starts.at(-1)?.inside !== undefined) starts.pop();
      if (starts.length === 0) return undefined;
    }
    if (line !== 'begins' && line !== 'inside') continue;
    const start = { at: lexer.at, inside: lexer.restart(line) };
    if (line === 'begins') top = start.at;
    if (stop?.(start, top)) return starts;
    starts.push(start);
  }
  return starts;
}

type Line = 'begins' | 'inside' | 'goesOn' | 'branches' | 'left';

/** Goes through the text line by line and knows, at each beginning, what is still open. */
class MarginLexer {
  readonly #text: string;
  readonly #margin: string;
  /** The beginning of the line. */
  at: number;
  /** The indentation inside of the statement at the margin, once a line of it is there. */
  #inner: string | undefined;
  /** Whether what is inside is not cut. */
  #whole = false;
  #depth = 0;
  #continued = false;
  /** Whether the line before goes on with this one. */
  #wentOn = false;
  /** The last character that is no space and in no comment. */
  #last = 0;
  /** Only decorators so far: what they decorate belongs to them. */
  #decorating = false;
  /** Whether the statement that is gone through stands inside of another. */
  #isInside = false;

  constructor(text: string, from: number, margin: string, inside?: string) {
    this.#text = text;
    this.#margin = margin;
    this.at = from;
    this.#inner = inside;
    this.restart(inside === undefined ? 'begins' : 'inside');
  }

  /** A statement begins on this line; gives the indentation of those beside it that are inside of the same. */
  restart(line: 'begins' | 'inside'): string | undefined {
    this.#isInside = line === 'inside';
    if (!this.#isInside) {
      this.#inner = undefined;
      this.#whole = false;
    } else this.#inner ??= this.#indentation();
    this.#depth = 0;
    this.#last = 0;
    this.#decorating = this.#text.charCodeAt(this.at + this.#indentation().length) === 64;
    return this.#inner;
  }

  #indentation(): string {
    let end = this.at;
    while (this.#text.charCodeAt(end) === 32 || this.#text.charCodeAt(end) === 9) end++;
    return this.#text.slice(this.at, end);
  }

  /** Moves to the beginning of the next line that is outside of long texts; false at the end. */
  nextLine(): boolean {
    const text = this.#text;
    const start = this.at;
    let comment = -1;
    let { at } = this;
    this.#wentOn = this.#continued;
    this.#continued = false;
    for (;;) {
      special.lastIndex = at;
      if (!special.test(text)) return false;
      at = special.lastIndex - 1;
      const code = text.charCodeAt(at);
      if (code === 10 || code === 13) break;
      if (code === 35) comment = at;
      at = this.#token(code, at);
    }
    this.#look(start, comment < 0 ? at : comment);
    this.at = text.charCodeAt(at) === 13 && text.charCodeAt(at + 1) === 10 ? at + 2 : at + 1;
    return this.at < text.length;
  }

  /** `head`: where the statement at the margin begins. */
  line(head: number): Line {
    if (this.#continued || this.#isEmpty()) return 'goesOn';
    const text = this.#text;
    const margin = this.#margin;
    if (margin !== '' && !text.startsWith(margin, this.at)) return this.#depth > 0 ? 'goesOn' : 'left';
    const at = this.at + margin.length;
    const code = text.charCodeAt(at);
    if (code === 32 || code === 9) return this.#deeper();
    if (!this.#begins(at, false)) return 'goesOn';
    if (goesOn.test(lineFrom(text, at))) return this.#branch(head);
    return this.#inner !== undefined && this.#isStray() ? 'inside' : 'begins';
  }

  #deeper(): 'inside' | 'goesOn' {
    if (this.#whole) return 'goesOn';
    if (this.#inner === undefined && this.#text.startsWith('case', this.at + this.#indentation().length)) {
      // What `match` holds are branches.
      this.#whole = this.#depth === 0;
      return 'goesOn';
    }
    if (this.#inner === undefined || !this.#text.startsWith(this.#inner, this.at))
      return this.#depth === 0 || this.#isDefinition() ? 'inside' : 'goesOn';
    const at = this.at + this.#inner.length;
    const code = this.#text.charCodeAt(at);
    return code !== 32 && code !== 9 && this.#begins(at, true) && !goesOn.test(lineFrom(this.#text, at))
      ? 'inside'
      : 'goesOn';
  }

  /** No bracket has one in it, so none is open. */
  #isDefinition(): boolean {
    return isSurelyDefined(lineFrom(this.#text, this.at + this.#indentation().length));
  }

  /** `else` and the like: more of the statement at the margin, or of what stands above it. */
  #branch(head: number): Line {
    if (this.#depth > 0 || this.#inner === undefined) return 'goesOn';
    if (isBranchless(this.#text, head + this.#margin.length)) return 'inside';
    this.#inner = undefined;
    this.#whole = true;
    this.#isInside = false;
    this.#decorating = false;
    return 'branches';
  }

  /** Whether the words at an indentation are no more of what is above them; those that make a branch are told apart later. */
  #begins(at: number, isInside: boolean): boolean {
    const code = this.#text.charCodeAt(at);
    // Closing brackets go on.
    if (!(code > 32) || code === 41 || code === 93 || code === 125) return false;
    const words = lineFrom(this.#text, at);
    if (goesOn.test(words)) return true;
    if (this.#decorating && this.#isInside === isInside && (code === 64 || definition.test(words))) {
      this.#decorating = code === 64;
      this.#depth = 0;
      return false;
    }
    return this.#depth === 0 || surely.test(words) || (!this.#beforeArgument() && assignment.test(words));
  }

  /** Whether deeper lines come after what is at the margin here, though it opens nothing. */
  #isStray(): boolean {
    const text = this.#text;
    const ahead = new MarginLexer(text, this.at, this.#margin);
    let opens = this.#opens();
    let statements = 1;
    for (let lines = 0; lines < mostLinesAhead && ahead.nextLine(); lines++) {
      const line = ahead.line(ahead.at);
      if (line === 'inside') return !opens || ahead.#last !== 58;
      if (line === 'left') return false;
      // Inside of a bracket no statement begins: it is not closed.
      if (line === 'goesOn' && ahead.#depth > 0 && !ahead.#continued && ahead.#isSurely()) return !opens;
      if (line !== 'begins') continue;
      if (++statements > mostStatementsAhead) return false;
      opens = ahead.#opens();
      ahead.restart('begins');
    }
    return false;
  }

  #opens(): boolean {
    return opening.test(lineFrom(this.#text, this.at + this.#margin.length));
  }

  /** Whether a statement must begin here, at whatever indentation. */
  #isSurely(): boolean {
    return surely.test(lineFrom(this.#text, this.at + this.#indentation().length));
  }

  /** Whether nothing but space and a comment is on the line. */
  #isEmpty(): boolean {
    const text = this.#text;
    let { at } = this;
    while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9 || text.charCodeAt(at) === 12) at++;
    const code = text.charCodeAt(at);
    return at >= text.length || code === 10 || code === 13 || code === 35;
  }

  #beforeArgument(): boolean {
    return this.#last === 44 || this.#last === 40 || this.#last === 91;
  }

  /** Looks back for the last character of code. */
  #look(from: number, to: number): void {
    for (let at = to - 1; at >= from; at--) {
      const code = this.#text.charCodeAt(at);
      if (code <= 32) continue;
      this.#last = code;
      return;
    }
  }

  #token(code: number, at: number): number {
    const text = this.#text;
    switch (code) {
      case 40:
      case 91:
      case 123:
        this.#depth++;
        return at + 1;
      case 41:
      case 93:
      case 125:
        if (this.#depth > 0) this.#depth--;
        return at + 1;
      case 35:
        return lineEnd(text, at);
      case 92:
        return this.#backslash(at);
      default: {
        const quotes = text.charAt(at).repeat(3);
        return text.startsWith(quotes, at) ? this.#long(at, quotes) : this.#short(code, at + 1);
      }
    }
  }

  #long(at: number, quotes: string): number {
    const text = this.#text;
    if (opensNothing(text, at)) return at + 3;
    const end = longEnd(text, at + 3, quotes);
    return this.#depth > 0 || this.#wentOn ? end : statementEnd(text, at, end);
  }

  /** At the end of a line it goes on with the next. */
  #backslash(at: number): number {
    const next = this.#text.charCodeAt(at + 1);
    if (next === 10 || next === 13) this.#continued = true;
    return next === 10 || next === 13 ? at + 1 : at + 2;
  }

  /** A short text ends with its quote or its line; behind a backslash the next line is more of it. */
  #short(quote: number, from: number): number {
    const text = this.#text;
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === quote) return at + 1;
      if (code === 10 || code === 13) return at;
      if (code !== 92) continue;
      at++;
      if (text.charCodeAt(at) === 13 && text.charCodeAt(at + 1) === 10) at++;
    }
    return text.length;
  }
}

/** Whether `else` at the margin of the statement that begins here is a mistake. */
export function isBranchless(text: string, at: number): boolean {
  return !branching.test(lineFrom(text, at));
}

export function lineEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== 10 && text.charCodeAt(at) !== 13) at++;
  return at;
}

function lineFrom(text: string, at: number): string {
  const look = text.slice(at, at + longestLook);
  const end = look.search(/[\r\n]/);
  return end < 0 ? look : look.slice(0, end);
}
