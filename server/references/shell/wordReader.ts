// Word reader: one word of shell at a time, quotes taken off, variables and commands in it told apart; linear in the text.
import type { Fragment, Word } from './words.ts';

/** How deep commands in commands are looked into. */
export const deepest = 30;
const longestJinja = 1000;
export const longestName = 200;

export type ShellDialect = 'shell' | 'make';

interface Growing {
  readonly sort: Fragment['sort'];
  to: number;
}

/** Where the reading of a text is; whoever reads its commands moves it too. */
export class WordReader {
  at = 0;
  /** Nothing at or behind it is looked at: the end of the text, or of a body in it. */
  end: number;
  depth = 0;
  /** The innermost command in a command stands in backticks: the next one ends it. */
  ticks = false;
  readonly #text: string;
  readonly #make: boolean;
  readonly #nested: (closing: ')' | '`') => void;

  /** `nested` reads the commands up to the sign that ends them, and takes it. */
  constructor(text: string, dialect: ShellDialect, nested: (closing: ')' | '`') => void) {
    this.#text = text;
    this.#make = dialect === 'make';
    this.#nested = nested;
    this.end = text.length;
  }

  word(): Word {
    const from = this.at;
    const fragments: Fragment[] = [];
    let quoted = false;
    while (this.at < this.end) {
      const sign = this.#text.charAt(this.at);
      if (sign === "'") {
        quoted = true;
        this.#single(fragments);
      } else if (sign === '"') {
        quoted = true;
        this.at++;
        this.#inside(fragments, '"');
      } else if (sign === '$') this.#dollar(fragments, false);
      else if (sign === '`') {
        if (this.ticks) break;
        this.#backtick(fragments);
      } else if (sign === '\\') {
        const after = this.lineEnd(this.at + 1);
        if (after > 0) this.at = after;
        else this.#escape(fragments);
      } else if (this.#text.startsWith('{{', this.at)) this.#jinja(fragments);
      else if (this.#text.startsWith('{%', this.at) || ends(sign)) break;
      else this.#run(fragments, 1);
    }
    return quoted ? { from, to: this.at, fragments, quoted } : { from, to: this.at, fragments };
  }

  /** Characters as they are; what touches the run before makes it longer. */
  #run(fragments: Fragment[], length: number): void {
    const last: Growing | undefined = fragments.at(-1);
    const from = this.at;
    this.at = Math.min(this.end, from + length);
    if (last?.sort === 'run' && last.to === from) last.to = this.at;
    else fragments.push({ sort: 'run', from, to: this.at });
  }

  #single(fragments: Fragment[]): void {
    this.at++;
    while (this.at < this.end) {
      const sign = this.#text.charAt(this.at);
      if (sign === "'") {
        this.at++;
        return;
      }
      if (this.#make && sign === '$') this.#dollar(fragments, true);
      else if (this.#text.startsWith('{{', this.at)) this.#jinja(fragments);
      else this.#run(fragments, 1);
    }
  }

  /** Up to the sign that ends it, which is taken: a text in double quotes, or the default of a variable. */
  #inside(fragments: Fragment[], closing: '"' | '}'): void {
    while (this.at < this.end) {
      const sign = this.#text.charAt(this.at);
      if (sign === closing) {
        this.at++;
        return;
      }
      if (sign === '`' && this.ticks) return;
      if (sign === '$') this.#dollar(fragments, true);
      else if (sign === '`') this.#backtick(fragments);
      else if (closing === '}' && sign === "'") this.#single(fragments);
      else if (closing === '}' && sign === '"' && this.depth < deepest) {
        this.at++;
        this.depth++;
        this.#inside(fragments, '"');
        this.depth--;
      } else if (sign === '\\') {
        const after = this.lineEnd(this.at + 1);
        if (after > 0) this.at = after;
        else if (/["\\$`}]/.test(this.#text.charAt(this.at + 1))) this.#escape(fragments);
        else this.#run(fragments, 1);
      } else if (this.#text.startsWith('{{', this.at)) this.#jinja(fragments);
      else this.#run(fragments, 1);
    }
  }

  #escape(fragments: Fragment[]): void {
    const from = this.at;
    this.at = Math.min(this.end, from + 2);
    fragments.push({ sort: 'sign', from, to: this.at, value: this.#text.slice(from + 1, this.at) });
  }

  #dollar(fragments: Fragment[], quoted: boolean): void {
    const from = this.at;
    const rest = this.#text.slice(from + 1, from + 4);
    const unknown = (to: number): void => {
      this.at = Math.min(this.end, to);
      fragments.push({ sort: 'unknown', from, to: this.at });
    };
    if (this.#make && rest.startsWith('$')) {
      // The shell's own `$`.
      this.at++;
      this.#shellDollar(fragments, from, quoted);
    } else if (rest.startsWith('{{')) {
      // GitHub's `${{ … }}`.
      unknown(this.#jinjaEnd(from + 1) ?? from + 1);
    } else if (this.#make) this.#makeDollar(fragments, from, unknown);
    else this.#shellDollar(fragments, from, quoted);
  }

  #shellDollar(fragments: Fragment[], from: number, quoted: boolean): void {
    const at = this.at + 1;
    const sign = this.#text.charAt(at);
    if (sign === '(') {
      this.at = at + 1;
      if (this.#text.charAt(this.at) === '(') {
        this.at = at;
        this.arithmetic();
      } else this.#nested(')');
      fragments.push({ sort: 'unknown', from, to: this.at });
    } else if (sign === '{') {
      this.at = at + 1;
      this.#braces(fragments, from);
    } else if (!quoted && sign === "'") {
      this.at = at;
      this.#ansi(fragments);
    } else if (!quoted && sign === '"') this.at = at;
    else {
      const name = /^(?:[A-Za-z_]\w*|[0-9@*#?$!-])/.exec(this.#text.slice(at, at + longestName))?.[0];
      this.at = name === undefined ? from : at + name.length;
      if (name === undefined) this.#run(fragments, 1);
      else if (/^[A-Za-z_]/.test(name)) fragments.push({ sort: 'variable', from, to: this.at, name, space: 'env' });
      else fragments.push({ sort: 'unknown', from, to: this.at });
    }
  }

  /** `$'…'` */
  #ansi(fragments: Fragment[]): void {
    this.at++;
    while (this.at < this.end) {
      const sign = this.#text.charAt(this.at);
      if (sign === "'") {
        this.at++;
        return;
      }
      if (sign === '\\') this.#escape(fragments);
      else this.#run(fragments, 1);
    }
  }

  /** Behind `${`: a name, with a default or without; whatever else is made of it is not known. */
  #braces(fragments: Fragment[], from: number): void {
    // An argument of the script has no name, but may have a default.
    const name = /^(?:[A-Za-z_]\w*|[1-9](?=:?-))/.exec(this.#text.slice(this.at, this.at + longestName))?.[0];
    const after = this.at + (name?.length ?? 0);
    const operator = /^:?[-=?]|^\}/.exec(this.#text.slice(after, after + 2))?.[0];
    if (this.depth >= deepest || operator === undefined) {
      const end = this.#text.slice(this.at, this.at + longestJinja).search(/[}\n]/);
      this.at = end < 0 ? Math.min(this.end, this.at + 1) : this.at + end;
      if (this.#text.charAt(this.at) === '}') this.at++;
      fragments.push({ sort: 'unknown', from, to: this.at });
      return;
    }
    this.at = after + operator.length;
    const start = this.at;
    const inner: Fragment[] = [];
    if (operator !== '}') {
      this.depth++;
      this.#inside(inner, '}');
      this.depth--;
    }
    const otherwise: Word | undefined = /[-=]/.test(operator)
      ? { from: start, to: this.at, fragments: inner }
      : undefined;
    const variable = { sort: 'variable', from, to: this.at, name: name ?? '', space: 'env' } as const;
    const given = otherwise && { ...variable, otherwise };
    fragments.push(given ? (operator.endsWith('=') ? { ...given, keeps: true } : given) : variable);
  }

  /** `$(NAME)` and `${NAME}`; functions of make and `$@` are not known. */
  #makeDollar(fragments: Fragment[], from: number, unknown: (to: number) => void): void {
    const open = this.#text.charAt(from + 1);
    if (open !== '(' && open !== '{') {
      if (/[\s'"]|^$/.test(open)) this.#run(fragments, 1);
      else unknown(from + 2);
      return;
    }
    const close = open === '(' ? ')' : '}';
    const inside = this.#text.slice(from + 2, from + 2 + longestName);
    const name = /^[\w.-]+/.exec(inside)?.[0] ?? '';
    if (name !== '' && inside.charAt(name.length) === close) {
      this.at = from + 3 + name.length;
      fragments.push({ sort: 'variable', from, to: this.at, name, space: 'make' });
      return;
    }
    let depth = 0;
    let end = from + 2;
    for (let at = from + 1; at < this.end && at < from + longestJinja && end === from + 2; at++) {
      const sign = this.#text.charAt(at);
      if (sign === open) depth++;
      else if (sign === close && --depth === 0) end = at + 1;
    }
    unknown(end);
  }

  #backtick(fragments: Fragment[]): void {
    const from = this.at++;
    this.#nested('`');
    fragments.push({ sort: 'unknown', from, to: this.at });
  }

  arithmetic(): void {
    const end = this.#text.slice(this.at, this.at + longestJinja).indexOf('))');
    this.at = Math.min(this.end, end < 0 ? this.at + 2 : this.at + end + 2);
  }

  #jinja(fragments: Fragment[]): void {
    const end = this.#jinjaEnd(this.at);
    this.#run(fragments, end === undefined ? 2 : end - this.at);
  }

  /** Behind `}}`; undefined where it does not come. */
  #jinjaEnd(from: number): number | undefined {
    const end = this.#text.slice(from, from + longestJinja).indexOf('}}');
    return end < 0 ? undefined : from + end + 2;
  }

  /** Behind a line end at an offset; 0 where none is. */
  lineEnd(at: number): number {
    if (this.#text.charAt(at) === '\n') return at + 1;
    return this.#text.charAt(at) === '\r' && this.#text.charAt(at + 1) === '\n' ? at + 2 : 0;
  }

  expanded(fragments: Fragment[], to: number): void {
    const end = this.end;
    this.end = to;
    while (this.at < to) {
      const sign = this.#text.charAt(this.at);
      if (sign === '$') this.#dollar(fragments, true);
      else if (sign === '`') this.#backtick(fragments);
      else if (sign === '\\' && /[\\$`]/.test(this.#text.charAt(this.at + 1))) this.#escape(fragments);
      else this.#run(fragments, 1);
    }
    this.end = end;
  }

  /** Behind `{% … %}` of Jinja at `at`, which says nothing. */
  statement(): void {
    const end = this.#text.slice(this.at, this.at + longestJinja).indexOf('%}');
    this.at = Math.min(this.end, this.at + (end < 0 ? 2 : end + 2));
  }
}

function ends(sign: string): boolean {
  return /[\s;|&()<>]/.test(sign);
}
