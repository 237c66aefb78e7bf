// TOML trees: tables, dotted keys, arrays of tables and inline values of TOML 1.0 (toml.io, read 2026-11); what does not parse is left out, linear in the text.
import { marksOf } from './scalar.ts';
import { type ConfigDocument, type ConfigNode, deepest, type Entry, type Item, type ScalarNode } from './tree.ts';

/** A map or list that grows while its tables are read. */
interface Table {
  readonly is: 'map';
  readonly entries: Entry[];
  readonly byName: Map<string, ConfigNode>;
  readonly from: number;
  readonly to: number;
}

/** Always one document; empty where nothing is. */
export function tomlDocuments(text: string): readonly ConfigDocument[] {
  return [{ root: new TomlReader(text).read(), anchors: new Map() }];
}

const bareKey = /[A-Za-z0-9_-]/;
const escapes: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\u001b'],
]);

class TomlReader {
  readonly #text: string;
  readonly #root: Table;
  readonly #tables = new WeakMap<object, Table>();
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#root = this.#table(0);
  }

  read(): ConfigNode {
    let table = this.#root;
    while (this.#at < this.#text.length) {
      const before = this.#at;
      this.#space(true);
      if (this.#sign() === '[') table = this.#header() ?? table;
      else if (this.#at < this.#text.length) this.#pair(table, 0);
      this.#line();
      if (this.#at === before) this.#at++;
    }
    return this.#root;
  }

  #sign(ahead = 0): string {
    return this.#text.charAt(this.#at + ahead);
  }

  #table(from: number): Table {
    const table: Table = { is: 'map', entries: [], byName: new Map(), from, to: from };
    this.#tables.set(table, table);
    return table;
  }

  /** Blanks, and where lines may end, line ends and comments. */
  #space(lines: boolean): void {
    for (;;) {
      const sign = this.#sign();
      if (sign === ' ' || sign === '\t') this.#at++;
      else if (lines && (sign === '\n' || sign === '\r')) this.#at++;
      else if (lines && sign === '#') this.#line();
      else return;
    }
  }

  /** To the end of the line. */
  #line(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.#text.length : end;
  }

  /** `[a.b]`, and `[[a.b]]`, of which each is one more item. */
  #header(): Table | undefined {
    const from = this.#at++;
    const isItem = this.#sign() === '[';
    if (isItem) this.#at++;
    const keys = this.#keys();
    const last = keys.at(-1);
    if (!last || this.#sign() !== ']') return undefined;
    // Below a value nothing can stand: what comes is read and lost.
    if (!isItem) return this.#inside(this.#root, keys, from) ?? this.#table(from);
    const holder = this.#inside(this.#root, keys.slice(0, -1), from);
    const table = this.#table(from);
    const known = holder?.byName.get(last.value);
    if (known?.is === 'list') (known.items as Item[]).push({ value: table });
    else if (holder && !known) put(holder, last, { is: 'list', items: [{ value: table }], from, to: this.#at });
    return table;
  }

  /** The table of that name below another, made where it is not; of a list of tables the last one. */
  #inside(of: Table, keys: readonly ScalarNode[], from: number): Table | undefined {
    let table = of;
    for (const key of keys) {
      const known = table.byName.get(key.value);
      const node = known?.is === 'list' ? known.items.at(-1)?.value : known;
      const inner = node ? this.#tables.get(node) : this.#table(from);
      if (!inner) return undefined;
      if (!node) put(table, key, inner);
      table = inner;
    }
    return table;
  }

  #pair(table: Table, depth: number): void {
    const from = this.#at;
    const keys = this.#keys();
    const last = keys.at(-1);
    if (!last || this.#sign() !== '=') return;
    this.#at++;
    this.#space(false);
    const value = this.#value(depth);
    const holder = keys.length > 1 ? this.#inside(table, keys.slice(0, -1), from) : table;
    if (value && holder && !holder.byName.has(last.value)) put(holder, last, value);
  }

  /** `a."b c".d`; behind them stands what is next. */
  #keys(): readonly ScalarNode[] {
    const keys: ScalarNode[] = [];
    while (keys.length < deepest) {
      this.#space(false);
      const key = this.#key();
      if (!key) break;
      keys.push(key);
      this.#space(false);
      if (this.#sign() !== '.') break;
      this.#at++;
    }
    return keys;
  }

  #key(): ScalarNode | undefined {
    const sign = this.#sign();
    if (sign === '"' || sign === "'") return this.#quoted(sign, 1);
    const from = this.#at;
    while (bareKey.test(this.#sign())) this.#at++;
    if (this.#at === from) return undefined;
    return { is: 'scalar', value: this.#text.slice(from, this.#at), from, to: this.#at, style: 'plain' };
  }

  #value(depth: number): ConfigNode | undefined {
    if (depth > deepest) return undefined;
    const sign = this.#sign();
    if (sign === '"' || sign === "'")
      return this.#quoted(sign, this.#text.startsWith(sign.repeat(3), this.#at) ? 3 : 1);
    if (sign === '[') return this.#list(depth);
    if (sign === '{') return this.#map(depth);
    const from = this.#at;
    while (this.#at < this.#text.length && !/[,\]}#\r\n]/.test(this.#sign())) this.#at++;
    const value = this.#text.slice(from, this.#at).trimEnd();
    return value === '' ? undefined : { is: 'scalar', value, from, to: from + value.length, style: 'plain' };
  }

  #list(depth: number): ConfigNode {
    const from = this.#at++;
    const items: Item[] = [];
    for (;;) {
      this.#space(true);
      if (this.#at >= this.#text.length || this.#sign() === ']') break;
      const before = this.#at;
      const value = this.#value(depth + 1);
      if (value) items.push({ value });
      this.#space(true);
      if (this.#sign() === ',') this.#at++;
      if (this.#at === before) break;
    }
    if (this.#sign() === ']') this.#at++;
    return { is: 'list', items, from, to: this.#at };
  }

  #map(depth: number): ConfigNode {
    const table = this.#table(this.#at++);
    for (;;) {
      this.#space(true);
      if (this.#at >= this.#text.length || this.#sign() === '}') break;
      const before = this.#at;
      this.#pair(table, depth + 1);
      this.#space(true);
      if (this.#sign() === ',') this.#at++;
      if (this.#at === before) break;
    }
    if (this.#sign() === '}') this.#at++;
    return table;
  }

  /** `"a\n"`, `'as it is'`, and over several lines with three quotes. A text that is not closed ends with its line. */
  #quoted(mark: string, length: number): ScalarNode | undefined {
    let from = this.#at + length;
    if (length === 3) from += /^\r?\n/.exec(this.#text.slice(from, from + 2))?.[0].length ?? 0;
    const closing = mark.repeat(length);
    const parts: string[] = [];
    let kept = from;
    let at = from;
    for (; at < this.#text.length && !this.#text.startsWith(closing, at); at++) {
      const sign = this.#text.charAt(at);
      if (length === 1 && sign === '\n') break;
      if (sign !== '\\' || mark === "'") continue;
      parts.push(this.#text.slice(kept, at));
      const next = this.#text.charAt(at + 1);
      const folded = length === 3 ? /^\\[ \t]{0,200}\r?\n/.exec(this.#text.slice(at, at + 210))?.[0].length : undefined;
      if (folded !== undefined) {
        at += folded;
        while (/\s/.test(this.#text.charAt(at))) at++;
        at--;
      } else if (next === 'u' || next === 'U') {
        const digits = next === 'u' ? 4 : 8;
        const code = Number.parseInt(this.#text.slice(at + 2, at + 2 + digits), 16);
        parts.push(code <= 0x10ffff ? String.fromCodePoint(code) : '');
        at += 1 + digits;
      } else {
        parts.push(escapes.get(next) ?? next);
        at++;
      }
      kept = at + 1;
    }
    const to = Math.min(at, this.#text.length);
    parts.push(this.#text.slice(Math.min(kept, to), to));
    this.#at = Math.min(this.#text.length, this.#text.startsWith(closing, to) ? to + length : to);
    const value = parts.join('');
    const marks = marksOf(value, this.#text, from, to);
    if (marks === 'lost') return { is: 'scalar', value: this.#text.slice(from, to), from, to, style: 'quoted' };
    return { is: 'scalar', value, from, to, style: 'quoted', ...(marks ? { marks } : {}) };
  }
}

function put(table: Table, key: ScalarNode, value: ConfigNode): void {
  table.entries.push({ key, value });
  table.byName.set(key.value, value);
}
