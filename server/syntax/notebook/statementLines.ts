// StatementLines: the lines of Python that begin a statement: outside of texts, brackets and lines that go on.
import { longEnd } from '../longTexts.ts';
import { lineEnd } from '../margin.ts';

const special = /[\r\n"'#()[\]{}\\]/g;

export class StatementLines {
  readonly #text: string;
  /** Where the next line begins. */
  #at: number;
  /** Its number; `line` is that of the one before. */
  #count = 0;
  #counted = 0;
  line = 0;

  constructor(text: string, from: number) {
    this.#text = text;
    this.#at = from;
  }

  /** Where the next line of that sort begins; undefined at the end. */
  next(): number | undefined {
    const from = this.#at;
    if (from >= this.#text.length) return undefined;
    this.line = this.#countTo(from);
    this.#at = this.#after(from);
    return from;
  }

  /** What was taken for Python is not: it goes on behind an offset, which is the end of a line. */
  skipTo(end: number): void {
    this.#at = behindEnd(this.#text, end);
  }

  /** The first line end behind an offset at which nothing is open. */
  #after(from: number): number {
    const text = this.#text;
    let depth = 0;
    let at = from;
    for (;;) {
      special.lastIndex = at;
      if (!special.test(text)) return text.length;
      at = special.lastIndex - 1;
      const code = text.charCodeAt(at);
      if (code === 10 || code === 13) {
        at = behindEnd(text, at);
        if (depth === 0) return at;
      } else if (code === 35) at = lineEnd(text, at);
      else if (code === 40 || code === 91 || code === 123) {
        depth++;
        at++;
      } else if (code === 41 || code === 93 || code === 125) {
        depth = Math.max(0, depth - 1);
        at++;
      } else if (code === 92) at = text.startsWith('\r\n', at + 1) ? at + 3 : at + 2;
      else at = textEnd(text, at);
    }
  }

  #countTo(offset: number): number {
    for (;;) {
      const end = lineEnd(this.#text, this.#counted);
      if (end >= offset) return this.#count;
      this.#counted = behindEnd(this.#text, end);
      this.#count++;
    }
  }
}

function textEnd(text: string, at: number): number {
  const quote = text.charAt(at);
  if (text.startsWith(quote.repeat(3), at)) return longEnd(text, at + 3, quote.repeat(3));
  for (let end = at + 1; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === 92) end += text.startsWith('\r\n', end + 1) ? 2 : 1;
    else if (text.charAt(end) === quote) return end + 1;
    else if (code === 10 || code === 13) return end;
  }
  return text.length;
}

/** Behind the line end that stands at an offset. */
function behindEnd(text: string, at: number): number {
  return text.startsWith('\r\n', at) ? at + 2 : Math.min(text.length, at + 1);
}
