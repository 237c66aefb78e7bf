// Jinja expressions: what stands between `{{ … }}` or in `{% … %}` as plain data, with every call and text that is in it.
import type { Argument, DictEntry, Expression, Span } from '../expression.ts';

/** A call, wherever it stands; `path` is its dotted name: `ref`, `dbt_utils.star`. */
export interface JinjaCall {
  readonly path: readonly string[];
  readonly args: readonly Argument[];
  readonly from: number;
}

/** A text between quotes; offsets are of what is inside of them. */
export interface JinjaText {
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

export interface JinjaFound {
  readonly calls: JinjaCall[];
  readonly texts: JinjaText[];
}

type Spanner = (from: number, to: number) => Span;

const deepest = 40;
const words = /[\p{L}\p{N}_]/u;

/** Names that Jinja and dbt use themselves; what hangs below them is known when dbt runs. */
const runtime = new Set(['this', 'target', 'model', 'graph', 'flags', 'modules', 'params', 'loop', 'ds', 'ti', 'dag']);

/** Reads `from` up to `to`, once, left to right. */
export class JinjaReader {
  readonly #text: string;
  readonly #to: number;
  readonly #span: Spanner;
  readonly #found: JinjaFound;
  at: number;

  constructor(text: string, [from, to]: readonly [number, number], span: Spanner, found: JinjaFound) {
    this.#text = text;
    this.at = from;
    this.#to = to;
    this.#span = span;
    this.#found = found;
  }

  /** All that is there; the first expression is what counts. */
  all(): Expression {
    const first = this.expression(0);
    while (!this.#done()) {
      const before = this.at;
      this.expression(0);
      if (this.at === before) this.at++;
    }
    return first;
  }

  /** The word there, and steps over it; empty when there is none. */
  word(): string {
    this.#space();
    const from = this.at;
    while (this.at < this.#to && words.test(this.#text.charAt(this.at))) this.at++;
    return this.#text.slice(from, this.at);
  }

  sign(sign: string): boolean {
    this.#space();
    if (!this.#text.startsWith(sign, this.at) || this.at + sign.length > this.#to) return false;
    this.at += sign.length;
    return true;
  }

  expression(depth: number): Expression {
    const from = this.at;
    const first = this.#sum(depth);
    const options: Expression[] = [first];
    let other = false;
    for (;;) {
      const before = this.at;
      const word = this.word();
      if (word === 'or' || word === 'else') options.push(this.#sum(depth));
      else if (word === 'if') this.#sum(depth);
      else if (word === 'and' || word === 'in' || word === 'is' || word === 'not') {
        this.#sum(depth);
        other = true;
      } else {
        this.at = before;
        if (!this.#compares()) break;
        this.#sum(depth);
        other = true;
      }
    }
    if (other) return this.#unknown(from);
    return options.length > 1 ? { is: 'choice', options, at: this.#spanFrom(from) } : first;
  }

  #compares(): boolean {
    return ['==', '!=', '<=', '>=', '<', '>', '*', '/', '-'].some((sign) => !this.#ends() && this.sign(sign));
  }

  /** `-%}` and `}}` are no operators. */
  #ends(): boolean {
    this.#space();
    return /^[-+]?[%}]\}/.test(this.#text.slice(this.at, this.at + 3));
  }

  #sum(depth: number): Expression {
    const from = this.at;
    const parts = [this.#filtered(depth)];
    while (!this.#ends() && (this.sign('~') || this.sign('+'))) parts.push(this.#filtered(depth));
    const [only] = parts;
    return only && parts.length === 1 ? only : { is: 'join', parts, at: this.#spanFrom(from) };
  }

  #filtered(depth: number): Expression {
    const from = this.at;
    let value = this.#postfix(depth);
    while (this.#text.charAt(this.#spaced()) === '|' && this.sign('|')) {
      const name = this.word();
      const args = this.#spaced() < this.#to && this.#text.charAt(this.at) === '(' ? this.#arguments(depth) : [];
      const at = this.#spanFrom(from);
      if (name === 'default' || name === 'd') {
        value = { is: 'choice', options: [value, ...args.slice(0, 1).map((argument) => argument.value)], at };
      } else if (name === 'lower' || name === 'upper' || name === 'trim') {
        const method = name === 'trim' ? 'strip' : name;
        value = { is: 'call', callee: { is: 'attribute', of: value, name: method, at }, args: [], at };
      } else if (name !== 'string' && name !== 'safe') value = { is: 'unknown', at };
    }
    return value;
  }

  #postfix(depth: number): Expression {
    const from = this.#spaced();
    let value = this.#primary(depth);
    let path: string[] | undefined = value.is === 'name' ? [value.name] : undefined;
    for (;;) {
      const at = this.#spaced();
      const sign = this.#text.charAt(at);
      if (sign === '.' && at < this.#to) {
        this.at++;
        const name = this.word();
        path?.push(name);
        value = { is: 'attribute', of: value, name, at: this.#spanFrom(from) };
      } else if (sign === '(' && at < this.#to) {
        const args = this.#arguments(depth);
        value = this.#called(path ?? [], value, args, from);
        path = undefined;
      } else if (sign === '[' && at < this.#to) {
        this.at++;
        const key = depth < deepest ? this.expression(depth + 1) : this.#unknown(at);
        this.sign(']');
        value = { is: 'subscript', of: value, key, at: this.#spanFrom(from) };
        path = undefined;
      } else break;
    }
    return path ? this.#named(path, value, from) : value;
  }

  /** `params.x` and `var.value.x` of Airflow; what dbt and Airflow know only when they run. */
  #named(path: readonly string[], value: Expression, from: number): Expression {
    const [first = '', second, third] = path;
    if ((first === 'params' && second !== undefined) || (first === 'var' && third !== undefined))
      return { is: 'setting', space: 'jinja', name: path.join('.'), at: this.#spanFrom(from) };
    return runtime.has(first) ? this.#unknown(from) : value;
  }

  #called(path: readonly string[], callee: Expression, args: readonly Argument[], from: number): Expression {
    this.#found.calls.push({ path, args, from });
    const at = this.#spanFrom(from);
    const name = path.join('.');
    const [first, second] = args;
    if ((name === 'var' || name === 'env_var') && first?.value.is === 'text') {
      const otherwise = second?.value;
      const space = name === 'var' ? 'dbtVar' : 'env';
      return { is: 'setting', space, name: first.value.value, at, ...(otherwise ? { otherwise } : {}) };
    }
    if (name === 'return' && first) return first.value;
    if (path.length < 2) return { is: 'unknown', at };
    return { is: 'call', callee, args, at };
  }

  #arguments(depth: number): readonly Argument[] {
    const args: Argument[] = [];
    this.sign('(');
    if (depth >= deepest) return args;
    while (!this.#done() && !this.sign(')')) {
      const before = this.at;
      const keyword = this.word();
      const named =
        keyword !== '' && this.#text.charAt(this.#spaced()) === '=' && this.#text.charAt(this.at + 1) !== '=';
      if (named) this.at++;
      else this.at = before;
      while (this.sign('*'));
      const value = this.expression(depth + 1);
      args.push(named ? { value, keyword } : { value });
      if (this.at === before || (!this.sign(',') && this.#text.charAt(this.#spaced()) !== ')')) break;
    }
    return args;
  }

  #primary(depth: number): Expression {
    const from = this.#spaced();
    const sign = this.#text.charAt(from);
    if (from >= this.#to || this.#ends()) return this.#unknown(from);
    if (sign === "'" || sign === '"') return this.#literal(sign);
    if (words.test(sign)) {
      const name = this.word();
      const at = this.#span(from, this.at);
      if (/^[0-9]/.test(name)) return { is: 'text', value: name, at };
      if (name === 'not') return this.#postfix(depth);
      return /^(true|false|none|True|False|None)$/.test(name) ? { is: 'unknown', at } : { is: 'name', name, at };
    }
    if (depth >= deepest) return this.#unknown(from);
    if (sign === '(' || sign === '[') return this.#list(sign, depth);
    if (sign === '{') return this.#dict(depth);
    return this.#unknown(from);
  }

  #literal(quote: string): Expression {
    const from = this.at + 1;
    let to = from;
    while (to < this.#to && this.#text.charAt(to) !== quote) to += this.#text.charAt(to) === '\\' ? 2 : 1;
    if (to >= this.#to) {
      this.at = this.#to;
      return this.#unknown(from);
    }
    this.at = to + 1;
    const value = this.#text.slice(from, to);
    this.#found.texts.push({ value, from, to });
    return { is: 'text', value, at: this.#span(from, to) };
  }

  #list(open: string, depth: number): Expression {
    const from = this.at++;
    const closing = open === '(' ? ')' : ']';
    const items: Expression[] = [];
    let commas = open === '[';
    while (!this.#done() && !this.sign(closing)) {
      const before = this.at;
      items.push(this.expression(depth + 1));
      commas = this.sign(',') || commas;
      if (this.at === before) break;
    }
    const [only] = items;
    return !commas && only ? only : { is: 'list', items, at: this.#spanFrom(from) };
  }

  #dict(depth: number): Expression {
    const from = this.at++;
    const entries: DictEntry[] = [];
    while (!this.#done() && !this.sign('}')) {
      const before = this.at;
      const key = this.expression(depth + 1);
      if (this.sign(':')) entries.push({ key, value: this.expression(depth + 1) });
      this.sign(',');
      if (this.at === before) break;
    }
    return { is: 'dict', entries, at: this.#spanFrom(from) };
  }

  #unknown(from: number): Expression {
    return { is: 'unknown', at: this.#span(Math.min(from, this.at), Math.max(from, this.at)) };
  }

  #spanFrom(from: number): Span {
    return this.#span(from, this.at);
  }

  #done(): boolean {
    return this.#spaced() >= this.#to;
  }

  #spaced(): number {
    this.#space();
    return this.at;
  }

  #space(): void {
    while (this.at < this.#to && this.#text.charCodeAt(this.at) <= 32) this.at++;
  }
}
