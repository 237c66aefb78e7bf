// Margins: where statements begin at one indentation, told line by line without parsing.

/** All that can change what is open, and line ends. */
const special = /[\r\n"'#()[\]{}\\]/g;
const goesOn = /^(?:else|elif|except|finally|case)\b/;
const definition = /^(?:def|class|async\s+def)\b/;
/** At the margin this is no argument, whatever bracket is open. */
const surely =
  /^(?:(?:def|class|async\s+def|import|from|return|raise|del|global|assert)\s|@\w|try\s*:|(?:if|while|for|with|async\s+(?:for|with))\s.*:\s*(?:#.*)?$)/;
/** So is this, but after `(` and `,` it may be an argument with its name. */
const assignment = /^[A-Za-z_][\w.]* = /;
const longestLook = 300;

/**
 * Where statements begin from `from` on, which is itself a beginning: at the margin, outside of brackets and long
 * texts, with a word that does not go on with what is above it. Inside of a bracket that was never closed one begins
 * with the next line that can only be a statement. Undefined when something stands left of the margin.
 */
export function startsFrom(
  text: string,
  from: number,
  { margin = '', stop = () => false }: { readonly margin?: string; readonly stop?: (start: number) => boolean } = {},
): readonly number[] | undefined {
  const starts = [from];
  const lexer = new MarginLexer(text, from, margin);
  while (lexer.nextLine()) {
    const line = lexer.line();
    if (line === 'left') return undefined;
    if (line !== 'begins') continue;
    if (stop(lexer.at)) return starts;
    starts.push(lexer.at);
    lexer.restart();
  }
  return starts;
}

/** The statements inside of the one compound statement that a text is. */
export interface Inside {
  /** Where each of them begins: the beginning of its line. */
  readonly starts: readonly number[];
  readonly margin: string;
}

/** Undefined when the text is no such statement, or has more than one branch. */
export function insideOf(text: string, outer: string): Inside | undefined {
  const lexer = new MarginLexer(text, 0, outer);
  while (lexer.nextLine()) {
    const line = lexer.line();
    if (line === 'left' || line === 'begins') return undefined;
    if (line !== 'inside') continue;
    const margin = /^[ \t]*/.exec(text.slice(lexer.at, lexer.at + longestLook))?.[0] ?? '';
    const starts = startsFrom(text, lexer.at, { margin });
    return starts && { starts, margin };
  }
  return undefined;
}

/** Goes through the text line by line and knows, at each beginning, what is still open. */
class MarginLexer {
  readonly #text: string;
  readonly #margin: string;
  /** The beginning of the line. */
  at: number;
  #depth = 0;
  #continued = false;
  /** The last character that is no space and in no comment. */
  #last = 0;
  /** Only decorators so far: what they decorate belongs to them. */
  #decorating = false;

  constructor(text: string, from: number, margin: string) {
    this.#text = text;
    this.#margin = margin;
    this.at = from;
    this.restart();
  }

  restart(): void {
    this.#depth = 0;
    this.#last = 0;
    this.#decorating = this.#text.charCodeAt(this.at + this.#margin.length) === 64;
  }

  /** Moves to the beginning of the next line that is outside of long texts; false at the end. */
  nextLine(): boolean {
    const text = this.#text;
    const start = this.at;
    let comment = -1;
    let { at } = this;
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
    if (this.#depth > 0) this.#look(start, comment < 0 ? at : comment);
    this.at = text.charCodeAt(at) === 13 && text.charCodeAt(at + 1) === 10 ? at + 2 : at + 1;
    return this.at < text.length;
  }

  /** `inside`: deeper than the margin, and nothing is open; `goesOn`: with what is above it; `left` of the margin. */
  line(): 'begins' | 'inside' | 'goesOn' | 'left' {
    if (this.#continued) return 'goesOn';
    const text = this.#text;
    const margin = this.#margin;
    if (margin !== '' && !text.startsWith(margin, this.at)) return this.#stray();
    const at = this.at + margin.length;
    const code = text.charCodeAt(at);
    // Line ends, comments and closing brackets go on.
    if (code === 32 || code === 9) return this.#depth === 0 && !this.#isEmpty() ? 'inside' : 'goesOn';
    if (!(code > 32) || code === 35 || code === 41 || code === 93 || code === 125) return 'goesOn';
    const words = lineFrom(text, at);
    if (goesOn.test(words)) return 'goesOn';
    if (this.#decorating && (code === 64 || definition.test(words))) {
      this.#decorating = code === 64;
      this.#depth = 0;
      return 'goesOn';
    }
    return this.#depth === 0 || surely.test(words) || (!this.#beforeArgument() && assignment.test(words))
      ? 'begins'
      : 'goesOn';
  }

  /** A line that does not begin with the margin. */
  #stray(): 'goesOn' | 'left' {
    return this.#depth > 0 || this.#isEmpty() ? 'goesOn' : 'left';
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
        return text.startsWith(quotes, at) ? longEnd(text, at + 3, quotes) : this.#short(code, at + 1);
      }
    }
  }

  /** At the end of a line it goes on with the next. */
  #backslash(at: number): number {
    const next = this.#text.charCodeAt(at + 1);
    if (next === 10 || next === 13) this.#continued = true;
    return next === 10 || next === 13 ? at + 1 : at + 2;
  }

  /** A short text ends with its quote or its line. */
  #short(quote: number, from: number): number {
    const text = this.#text;
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === quote) return at + 1;
      if (code === 10 || code === 13) return at;
      if (code !== 92) continue;
      const next = text.charCodeAt(at + 1);
      if (next === 10 || next === 13) {
        this.#continued = true;
        return at + 1;
      }
      at++;
    }
    return text.length;
  }
}

/** Behind the quotes that close a long text; its end when none do. */
export function longEnd(text: string, from: number, quotes: string): number {
  for (let at = from; ; ) {
    const end = text.indexOf(quotes, at);
    if (end < 0) return text.length;
    let slashes = 0;
    while (end - slashes > from && text.charCodeAt(end - slashes - 1) === 92) slashes++;
    if (slashes % 2 === 0) return end + 3;
    at = end + 1;
  }
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
