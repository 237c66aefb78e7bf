// SQL cursor: walks over the tokens and reads dotted names, unquoted, their holes kept as single characters.
import { gluedEnd } from './branches.ts';
import type { JinjaPart } from './quoting.ts';
import { firstJinja, insideText, isNamePart, lastJinja, type Token, unquote } from './tokens.ts';
import { reserved } from './words.ts';

/** A dotted name in the text; the range has its quotes in it. */
export interface DottedName {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Jinja by where it begins, with its place among all of a text. */
export type JinjaTable = ReadonlyMap<number, { readonly index: number; readonly part: JinjaPart }>;

const longestName = 600;

export class Cursor {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly #jinja: JinjaTable;
  at = 0;

  constructor(text: string, tokens: readonly Token[], jinja: JinjaTable) {
    this.text = text;
    this.tokens = tokens;
    this.#jinja = jinja;
  }

  peek(ahead = 0): Token | undefined {
    return this.tokens[this.at + ahead];
  }

  /** The word or sign there; empty for names, texts and the end. */
  word(ahead = 0): string {
    const token = this.tokens[this.at + ahead];
    return token && (token.type === 'word' || token.type === 'sign') ? token.word : '';
  }

  take(...words: readonly string[]): boolean {
    const token = this.tokens[this.at];
    if (token?.type !== 'word' || !words.includes(token.word)) return false;
    this.at++;
    return true;
  }

  skipBrackets(): void {
    let depth = 0;
    for (; this.at < this.tokens.length; this.at++) {
      const word = this.word();
      if (word === '(') depth++;
      else if (word === ')' && --depth === 0) {
        this.at++;
        return;
      } else if (word === ';') return;
    }
  }

  /** What stands between the quotes of the text token there. */
  textThere(ahead = 0): DottedName | undefined {
    const token = this.peek(ahead);
    if (token?.type !== 'text') return undefined;
    const [from, to] = insideText(this.text, token);
    return { name: this.filled(from, to), from, to };
  }

  /** Undefined, and nothing taken, where no name is. */
  name(): DottedName | undefined {
    const first = this.peek();
    if (!first || !isNamePart(first) || (first.type === 'word' && reserved.has(first.word))) return undefined;
    let name = this.#partText(first);
    let last = first;
    this.at++;
    for (;;) {
      const sign = this.word();
      const next = this.peek(1);
      if (sign === '-' && next && !this.peek()?.spaced && !next.spaced && this.#dashed(next)) {
        name += `-${this.#partText(next)}`;
        last = next;
        this.at += 2;
      } else if (sign === '.' && next && isNamePart(next) && !(next.spaced && reserved.has(next.word))) {
        name += `.${this.#partText(next)}`;
        last = next;
        this.at += 2;
      } else if (sign === '.' && next?.word === '.') {
        name += '.';
        this.at++;
      } else break;
    }
    return name.length > longestName ? undefined : { name, from: first.from, to: last.to };
  }

  /** `my-project.data.orders` (BigQuery): a dash belongs to a name only before its first dot. */
  #dashed(next: Token): boolean {
    if (next.type !== 'word' && next.type !== 'hole') return false;
    const after = this.peek(2);
    return after !== undefined && !after.spaced && (after.word === '.' || after.word === '-');
  }

  #partText(token: Token): string {
    return token.type === 'quoted'
      ? unquote(this.filled(token.from, token.to))
      : token.type === 'word'
        ? this.text.slice(token.from, token.to)
        : this.filled(token.from, token.to);
  }

  /** The text with a character for each `{{ … }}`, and `*` for what is filled in some other way. */
  filled(from: number, to: number): string {
    const text = this.text.slice(from, to);
    if (!/[{$:%&]/.test(text)) return text;
    let result = '';
    for (let at = 0; at < text.length; ) {
      const jinja = text.charCodeAt(at) === 123 ? this.#jinja.get(from + at) : undefined;
      const glued = jinja?.part.sort === 'statement' ? gluedEnd(this.text, from + at) : from + at;
      if (glued > from + at) {
        result += '*';
        at = glued - from;
      } else if (jinja) {
        const { index, part } = jinja;
        const code = firstJinja + index;
        result += part.sort === 'statement' ? '' : code > lastJinja ? '*' : String.fromCharCode(code);
        at += Math.max(1, part.to - part.from);
      } else result += text.charAt(at++);
    }
    return result.replace(
      /\{\{[^{}]{0,200}\}\}|[$&]?\{[\w.\-[\]]{0,60}\}|%(?:\(\w{1,60}\))?s(?!\w)|^[$:&](?=[A-Za-z_])\w+/g,
      '*',
    );
  }
}
