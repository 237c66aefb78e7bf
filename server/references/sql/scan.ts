// SQL scan: the tables that a text of SQL reads and writes, by scopes, in any dialect, whole or half typed.
import type { Role } from '../reference.ts';
import { type Frame, newFrame, withName } from './frame.ts';
import { isNamePart, type JinjaPart, type Scan, scanTokens, type Token, unquote } from './tokens.ts';
import { afterTable, clauseEnds, notCalls, reserved, tableModifiers, verbs } from './words.ts';

/** A name in the text: `from` and `to` include its quotes; holes in it are still holes. */
export interface SqlName {
  readonly sort: 'table' | 'path';
  readonly name: string;
  readonly role: Role;
  readonly from: number;
  readonly to: number;
}

export interface SqlNames {
  readonly names: readonly SqlName[];
  readonly jinja: readonly JinjaPart[];
}

const longestName = 600;

export function scanSql(text: string): SqlNames {
  const scan = scanTokens(text);
  return { names: new Scanner(text, scan).run(), jinja: scan.jinja };
}

class Scanner {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #names: SqlName[] = [];
  /** Temporary tables and views of this text, in lower case. */
  readonly #temporary = new Set<string>();
  #frame: Frame = newFrame(undefined, false);
  #at = 0;

  constructor(text: string, scan: Scan) {
    this.#text = text;
    this.#tokens = scan.tokens;
  }

  run(): readonly SqlName[] {
    while (this.#at < this.#tokens.length) {
      const token = this.#tokens[this.#at];
      if (!token) break;
      const before = this.#at;
      if (token.type === 'word') this.#word(token);
      else if (token.type === 'sign') this.#sign(token);
      else if (token.type === 'text') this.#textAt(token);
      else if (this.#frame.inWith) this.#withPart();
      if (this.#at === before) this.#at++;
    }
    return this.#names;
  }

  #word(token: Token): void {
    const frame = this.#frame;
    const { word } = token;
    const startsStatement = frame.verb === '' && verbs.has(word);
    if (frame.inWith && this.#withPart()) return;
    if (startsStatement) frame.verb = word;
    switch (word) {
      case 'WITH':
        if (startsStatement || frame.verb === 'INSERT' || frame.verb === 'CREATE') {
          this.#at++;
          frame.inWith = true;
          frame.verb = frame.verb === 'WITH' ? '' : frame.verb;
          frame.recursive = this.#take('RECURSIVE');
        }
        return;
      case 'SELECT':
        frame.selects = true;
        frame.inFrom = false;
        return;
      case 'FROM':
        this.#from(frame);
        return;
      case 'JOIN':
      case 'APPLY':
        this.#at++;
        this.#tables(frame, 'reads');
        return;
      case 'USING':
        if (frame.verb !== 'MERGE' && frame.verb !== 'DELETE') return;
        this.#at++;
        this.#tables(frame, 'reads');
        return;
      case 'INTO':
        this.#into(frame);
        return;
      case 'OVERWRITE':
        if (frame.verb !== 'INSERT') return;
        this.#at++;
        this.#take('INTO');
        this.#take('TABLE');
        this.#table('writes');
        return;
      case 'LIKE':
      case 'CLONE':
        if (frame.verb !== 'CREATE' || frame.selects) return;
        this.#at++;
        this.#table('reads');
        return;
      default:
        if (startsStatement) this.#statement(word);
        if (clauseEnds.has(word)) frame.inFrom = false;
    }
  }

  #statement(verb: string): void {
    this.#at++;
    switch (verb) {
      case 'UPDATE':
        this.#take('ONLY');
        this.#table('writes');
        return;
      case 'TRUNCATE':
        this.#take('TABLE');
        this.#ifExists();
        this.#table('writes');
        return;
      case 'OPTIMIZE':
      case 'VACUUM':
        this.#take('TABLE');
        this.#table('writes');
        return;
      case 'COPY':
        if (this.#peek()?.word !== 'INTO') this.#table('writes');
        return;
      case 'CREATE':
      case 'DROP':
      case 'ALTER':
        this.#definition(verb);
        return;
      default:
    }
  }

  #definition(verb: string): void {
    let temporary = false;
    for (let word = this.#peek()?.word; word !== undefined && tableModifiers.has(word); word = this.#peek()?.word) {
      temporary ||= word === 'TEMP' || word === 'TEMPORARY' || word === 'VOLATILE';
      this.#at++;
    }
    if (!this.#take('TABLE') && !this.#take('VIEW')) return;
    this.#ifExists();
    this.#take('ONLY');
    const before = this.#names.length;
    this.#table('writes');
    const made = this.#names[before];
    if (made && verb === 'CREATE' && temporary) {
      this.#temporary.add(made.name.toLowerCase());
      this.#names.length = before;
    }
  }

  #ifExists(): void {
    if (!this.#take('IF')) return;
    this.#take('NOT');
    this.#take('EXISTS');
  }

  #from(frame: Frame): void {
    this.#at++;
    const before = this.#tokens[this.#at - 2];
    if (before?.word === 'DISTINCT' && /^(IS|NOT)$/.test(this.#tokens[this.#at - 3]?.word ?? '')) return;
    if (frame.call && !frame.selects) return;
    if (frame.verb === 'SHOW' || frame.verb === 'REVOKE') return;
    if (frame.verb === 'DELETE' && !frame.inFrom && before?.word === 'DELETE') {
      this.#take('ONLY');
      this.#table('writes');
      return;
    }
    frame.inFrom = true;
    this.#tables(frame, 'reads');
  }

  #into(frame: Frame): void {
    this.#at++;
    this.#take('TABLE');
    const next = this.#peek();
    if (next?.type === 'text') {
      this.#textAt(next, 'writes');
      return;
    }
    if (/^(INSERT|MERGE|COPY|REPLACE|SELECT|)$/.test(frame.verb)) this.#table('writes');
  }

  /** What stands after FROM, JOIN, USING or a comma between tables: brackets, functions and names. */
  #tables(frame: Frame, role: Role): void {
    while (this.#take('LATERAL') || this.#take('ONLY'));
    const next = this.#peek();
    if (!next) return;
    if (next.type === 'sign' && next.word === '(') {
      this.#at++;
      const inner = this.#push(false);
      const first = this.#peek();
      if (first?.type === 'word' && (first.word === 'SELECT' || first.word === 'WITH' || first.word === 'VALUES'))
        return;
      inner.inFrom = true;
      inner.selects = true;
      this.#tables(inner, role);
      return;
    }
    if (next.type === 'text') {
      this.#textAt(next, role);
      return;
    }
    if (this.#table(role)) this.#alias(frame);
  }

  /** Whether a name was there, counted or not. */
  #table(role: Role): boolean {
    const name = this.#name();
    if (!name) return false;
    const called = this.#peek();
    if (called?.word === '(' && called.type === 'sign' && role === 'reads') return this.#function(name, called);
    if (this.#isLocal(name)) return true;
    const path = /^(?:delta|parquet|csv|json|iceberg|orc|avro|text)\.((?:[a-z0-9]+:\/|\/).*)$/is.exec(name.name)?.[1];
    if (path !== undefined) this.#names.push({ ...name, sort: 'path', name: path, role });
    else this.#names.push({ ...name, sort: 'table', role });
    return true;
  }

  /** A table function is no table; `IDENTIFIER('x')` and `TABLE('x')` name one. */
  #function(name: { name: string }, bracket: Token): boolean {
    const text = this.#tokens[this.#at + 1];
    const closes = this.#tokens[this.#at + 2]?.word === ')';
    if (/^(identifier|table)$/i.test(name.name) && text?.type === 'text' && closes) {
      const inside = this.#text.slice(text.from + 1, text.to - 1);
      this.#names.push({ sort: 'table', name: inside, role: 'reads', from: text.from + 1, to: text.to - 1 });
      this.#at += 3;
      return true;
    }
    return bracket.type === 'sign';
  }

  #isLocal({ name }: { name: string }): boolean {
    const lower = name.toLowerCase();
    if (this.#temporary.has(lower)) return true;
    const dot = lower.indexOf('.');
    if (dot >= 0) {
      // `FROM orders o, o.items`: a column of a table that is read already.
      return this.#frame.aliases?.has(lower.slice(0, dot)) === true;
    }
    for (let frame: Frame | undefined = this.#frame; frame; frame = frame.parent)
      if (frame.parts?.has(lower)) return true;
    return false;
  }

  #alias(frame: Frame): void {
    const as = this.#take('AS');
    const next = this.#peek();
    if (!next) return;
    if (next.type === 'quoted') {
      frame.aliases = withName(frame.aliases, unquote(this.#text.slice(next.from, next.to)).toLowerCase());
      this.#at++;
    } else if (next.type === 'word' && (as || !afterTable.has(next.word)) && !reserved.has(next.word)) {
      frame.aliases = withName(frame.aliases, next.word.toLowerCase());
      this.#at++;
    }
  }

  #sign({ word }: Token): void {
    const frame = this.#frame;
    if (word === '(') {
      const before = this.#tokens[this.#at - 1];
      const named = before?.type === 'quoted' || (before?.type === 'word' && !notCalls.has(before.word));
      this.#at++;
      this.#push(named);
    } else if (word === ')') {
      if (!frame.parent) return;
      this.#frame = frame.parent;
      const { part } = this.#frame;
      if (part === undefined) return;
      this.#frame.parts = withName(this.#frame.parts, part);
      this.#frame.part = undefined;
      this.#frame.inWith = this.#tokens[this.#at + 1]?.word === ',';
    } else if (word === ',' && frame.inFrom) {
      this.#at++;
      this.#tables(frame, 'reads');
    } else if (word === ';') {
      this.#frame = newFrame(undefined, false);
    }
  }

  /** `name [(columns)] AS [[NOT] MATERIALIZED] (`: what comes up to its closing bracket is the part of that name. */
  #withPart(): boolean {
    const start = this.#at;
    const frame = this.#frame;
    const name = this.#name();
    if (name && this.#peek()?.word === '(') this.#skipBrackets();
    if (name && this.#take('AS')) {
      this.#take('NOT');
      this.#take('MATERIALIZED');
      if (this.#peek()?.word === '(') {
        this.#at++;
        const lower = name.name.toLowerCase();
        frame.part = lower;
        const inner = this.#push(false);
        if (frame.recursive) inner.parts = withName(inner.parts, lower);
        return true;
      }
    }
    frame.inWith = false;
    this.#at = start;
    return false;
  }

  #skipBrackets(): void {
    let depth = 0;
    for (; this.#at < this.#tokens.length; this.#at++) {
      const word = this.#tokens[this.#at]?.word;
      if (word === '(') depth++;
      else if (word === ')' && --depth === 0) {
        this.#at++;
        return;
      } else if (word === ';') return;
    }
  }

  /** A dotted name, unquoted. Undefined, and nothing taken, where there is none. */
  #name(): { name: string; from: number; to: number } | undefined {
    const first = this.#peek();
    if (!first || !isNamePart(first) || (first.type === 'word' && reserved.has(first.word) && first.word !== 'TABLE'))
      return undefined;
    if (first.type === 'word' && first.word === 'TABLE' && this.#tokens[this.#at + 1]?.word !== '(') return undefined;
    let name = this.#partText(first);
    let last = first;
    this.#at++;
    for (;;) {
      const dot = this.#peek();
      const next = this.#tokens[this.#at + 1];
      if (dot?.word === '-' && !dot.spaced && next && !next.spaced && this.#dashed(next)) {
        name += `-${this.#partText(next)}`;
        last = next;
        this.#at += 2;
      } else if (
        dot?.word === '.' &&
        dot.type === 'sign' &&
        next &&
        isNamePart(next) &&
        !(next.spaced && next.type === 'word' && reserved.has(next.word))
      ) {
        name += `.${this.#partText(next)}`;
        last = next;
        this.#at += 2;
      } else if (dot?.word === '.' && next?.word === '.') {
        name += '.';
        this.#at++;
      } else break;
    }
    const { from } = first;
    return name.length > longestName ? undefined : { name, from, to: last.to };
  }

  /** `my-project.data.orders` (BigQuery): a dash belongs to a name only before its first dot. */
  #dashed(next: Token): boolean {
    if (next.type !== 'word' && next.type !== 'hole') return false;
    const after = this.#tokens[this.#at + 2];
    return after !== undefined && !after.spaced && (after.word === '.' || after.word === '-');
  }

  #partText(token: Token): string {
    const text = this.#text.slice(token.from, token.to);
    const filled = /[{]/.test(text) ? text.replace(/\{\{[\s\S]*?(?:\}\}|$)|\{\w*\}/g, '*') : text;
    return token.type === 'quoted' ? unquote(filled) : filled;
  }

  /** Addresses in texts: `COPY INTO t FROM 's3://…'`. */
  #textAt(token: Token, role?: Role): void {
    this.#at++;
    const name = this.#text.slice(token.from + 1, token.to - 1);
    if (!/^[a-z0-9]{1,8}:\//.test(name)) return;
    const before = this.#tokens[this.#at - 2]?.word ?? '';
    const guessed: Role = before === 'FROM' ? 'reads' : before === 'TO' || before === 'INTO' ? 'writes' : 'mentions';
    this.#names.push({ sort: 'path', name, role: role ?? guessed, from: token.from + 1, to: token.to - 1 });
  }

  #push(call: boolean): Frame {
    this.#frame = newFrame(this.#frame, call);
    return this.#frame;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #take(word: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.type !== 'word' || token.word !== word) return false;
    this.#at++;
    return true;
  }
}
