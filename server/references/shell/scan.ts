// Shell scan: the commands of a text of shell, in its order, those inside of others before them; whole or half typed, linear in the text.
import { deepest, longestName, type ShellDialect, WordReader } from './wordReader.ts';
import type { Assignment, Command, Fragment, Word } from './words.ts';

/** Words that stand where a command would, in front of one. */
const leads = new Set(['if', 'then', 'else', 'elif', 'while', 'until', 'do', '!', '{', 'time', '}', 'fi', 'done']);

/** A longer list is data. */
const mostItems = 50;

export function scanShell(text: string, dialect: ShellDialect = 'shell'): readonly Command[] {
  const scanner = new Scanner(text, dialect);
  scanner.run();
  return scanner.commands;
}

/** A text in which only variables and commands in it count, as the value of a variable of make. */
export function scanValue(text: string, dialect: ShellDialect = 'shell'): Word {
  return new Scanner(text, dialect).value();
}

interface Pending {
  readonly end: string;
  readonly quoted: boolean;
  readonly tabs: boolean;
  readonly inputs: Word[];
}

class Scanner {
  readonly commands: Command[] = [];
  readonly #text: string;
  readonly #in: WordReader;
  #pending: Pending[] = [];

  constructor(text: string, dialect: ShellDialect) {
    this.#text = text;
    this.#in = new WordReader(text, dialect, (closing) => this.#nested(closing));
  }

  run(): void {
    while (this.#in.at < this.#in.end) this.#list(undefined);
  }

  value(): Word {
    const fragments: Fragment[] = [];
    this.#in.expanded(fragments, this.#in.end);
    return { from: 0, to: this.#in.end, fragments };
  }

  /** Commands up to the bracket or backtick that ends them, which is taken. */
  #list(closing: ')' | '`' | undefined): void {
    let brackets = 0;
    while (this.#in.at < this.#in.end) {
      this.#command(closing);
      if (this.#in.at >= this.#in.end) return;
      const sign = this.#text.charAt(this.#in.at);
      if (sign === closing && brackets === 0) {
        this.#in.at++;
        return;
      }
      if (sign === '(') brackets++;
      else if (sign === ')') brackets = Math.max(0, brackets - 1);
      this.#in.at++;
      if (sign === '\n') this.#bodies();
    }
  }

  /** One command, up to the sign that ends it. */
  #command(closing: ')' | '`' | undefined): void {
    const assignments: Assignment[] = [];
    const words: Word[] = [];
    const inputs: Word[] = [];
    const waiting = this.#pending.length;
    const add = (): void => {
      const asked = this.#pending.length > waiting;
      if (asked || assignments.length + words.length + inputs.length > 0)
        this.commands.push({ assignments, words, inputs });
    };
    while (this.#in.at < this.#in.end) {
      const sign = this.#text.charAt(this.#in.at);
      if (sign === ' ' || sign === '\t' || sign === '\r') this.#in.at++;
      else if (sign === '\\' && this.#in.lineEnd(this.#in.at + 1) > 0) this.#in.at = this.#in.lineEnd(this.#in.at + 1);
      else if (sign === '#') this.#comment();
      else if (sign === '\n' || sign === ';' || sign === ')' || sign === closing) break;
      else if (sign === '(') {
        if (this.#text.charAt(this.#in.at + 1) !== '(') break;
        this.#in.arithmetic();
      } else if (sign === '|' || sign === '&') {
        if (sign === '|' || this.#text.charAt(this.#in.at + 1) !== '>') break;
        this.#in.at++;
      } else if (sign === '<' || sign === '>') this.#redirect(inputs);
      else if (this.#text.startsWith('{%', this.#in.at)) this.#in.statement();
      else this.#part(assignments, words);
    }
    add();
  }

  #part(assignments: Assignment[], words: Word[]): void {
    const before = this.#in.at;
    if (words.length === 0 || isDeclaration(this.#text, words[0])) {
      const name = this.#assigned();
      if (name !== undefined) {
        assignments.push({ name, word: this.#text.charAt(this.#in.at) === '(' ? this.#array() : this.#in.word() });
        return;
      }
    }
    const word = this.#in.word();
    const written = this.#text.slice(word.from, word.to);
    // `2>&1`: the number belongs to what comes.
    if (/^[0-9]$/.test(written) && /[<>]/.test(this.#text.charAt(this.#in.at))) return;
    if (words.length === 0 && !word.quoted && leads.has(written)) return;
    if (this.#in.at === before) this.#in.at++;
    else words.push(word);
  }

  /** `NAME=` or `NAME+=`; taken where it stands. */
  #assigned(): string | undefined {
    const name = /^[A-Za-z_]\w*/.exec(this.#text.slice(this.#in.at, this.#in.at + longestName))?.[0];
    if (!name) return undefined;
    let at = this.#in.at + name.length;
    if (this.#text.charAt(at) === '+') at++;
    if (this.#text.charAt(at) !== '=') return undefined;
    this.#in.at = at + 1;
    return name;
  }

  /** `(a b c)`: what is in it is not known as one word. */
  #array(): Word {
    const from = this.#in.at++;
    const items: Word[] = [];
    while (this.#in.at < this.#in.end && this.#text.charAt(this.#in.at) !== ')') {
      const before = this.#in.at;
      const sign = this.#text.charAt(this.#in.at);
      if (/\s/.test(sign)) this.#in.at++;
      else if (sign === '#') this.#comment();
      else if (items.push(this.#in.word()) > mostItems) items.length = 0;
      if (this.#in.at === before) this.#in.at++;
    }
    this.#in.at = Math.min(this.#in.end, this.#in.at + 1);
    return { from, to: this.#in.at, fragments: [{ sort: 'unknown', from, to: this.#in.at }], items };
  }

  #nested(closing: ')' | '`'): void {
    if (this.#in.depth >= deepest) return;
    const ticks = this.#in.ticks;
    this.#in.ticks = closing === '`';
    this.#in.depth++;
    this.#list(closing);
    this.#in.depth--;
    this.#in.ticks = ticks;
  }

  #comment(): void {
    const end = this.#text.indexOf('\n', this.#in.at);
    this.#in.at = end < 0 || end > this.#in.end ? this.#in.end : end;
  }

  #redirect(inputs: Word[]): void {
    const sign =
      /^(?:<<<|<<-?|<\(|>\(|[<>]&|>>|>\||<>|[<>])/.exec(this.#text.slice(this.#in.at, this.#in.at + 3))?.[0] ?? '<';
    this.#in.at += sign.length;
    if (sign.endsWith('(')) {
      this.#nested(')');
      return;
    }
    while (/[ \t]/.test(this.#text.charAt(this.#in.at))) this.#in.at++;
    const word = this.#in.word();
    if (sign === '<<<') inputs.push(word);
    else if (sign.startsWith('<<')) {
      const end = this.#text.slice(word.from, word.to).replace(/['"\\]/g, '');
      if (end !== '' && this.#pending.length < deepest)
        this.#pending.push({
          end,
          quoted: /['"\\]/.test(this.#text.slice(word.from, word.to)),
          tabs: sign === '<<-',
          inputs,
        });
    }
  }

  /** The texts of `<<EOF` stand behind the line that asks for them. */
  #bodies(): void {
    const pending = this.#pending;
    this.#pending = [];
    for (const { end, quoted, tabs, inputs } of pending) {
      const from = this.#in.at;
      let to = from;
      let next = from;
      for (;;) {
        const found = this.#text.indexOf('\n', next);
        const lineEnd = found < this.#in.end ? found : -1;
        const stop = lineEnd < 0 ? this.#in.end : lineEnd;
        const line = this.#text.slice(next, Math.min(stop, next + longestName)).replace(/\r$/, '');
        to = next;
        next = lineEnd < 0 ? this.#in.end : lineEnd + 1;
        // In YAML and Python the end is often indented with the text.
        if ((tabs ? line.replace(/^\t+/, '') : line) === end || line.trim() === end) break;
        if (lineEnd < 0) {
          to = this.#in.end;
          break;
        }
      }
      const fragments: Fragment[] = [];
      if (quoted) {
        if (to > from) fragments.push({ sort: 'run', from, to });
      } else this.#in.expanded(fragments, to);
      inputs.push({ from, to, fragments });
      this.#in.at = next;
    }
  }
}

function isDeclaration(text: string, first: Word | undefined): boolean {
  return first !== undefined && /^(export|local|declare|readonly|typeset|env)$/.test(text.slice(first.from, first.to));
}
