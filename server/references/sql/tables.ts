// SQL tables: what stands where a table is expected: names, brackets, functions, addresses; by scopes and statements.
import type { Role } from '../reference.ts';
import { Cursor, type DottedName, type JinjaTable } from './cursor.ts';
import { addAlias, type Candidate, type Frame, isColumn, isPart, localName, newFrame } from './frame.ts';
import { qualifiedBy, type Session } from './session.ts';
import { isNamePart, type Token, unquote } from './tokens.ts';
import { afterTable, asking, reserved, tableHints } from './words.ts';

/** What is known of a text besides its tokens; texts in texts share it. */
export interface Shared {
  readonly jinja: JinjaTable;
  readonly found: Candidate[];
  /** Temporary tables and views of this text, in lower case. */
  readonly temporary: Set<string>;
  /** `SET name = 'value'`, names in lower case. */
  readonly variables: Map<string, string>;
  /** WITH parts, and in which of the texts that Jinja tells apart (`text`) each was seen last. */
  readonly parts: Map<string, number>;
  text: number;
  /** What USE has said so far. */
  session: Session;
}

const deepestFrame = 1000;
const fileFormats = /^(?:delta|parquet|csv|json|iceberg|orc|avro|text|hudi|binaryfile)\.((?:[a-z0-9]+:\/|\/).*)$/is;

export class Tables extends Cursor {
  protected readonly shared: Shared;
  protected frame: Frame = newFrame(undefined, false);
  protected tooDeep = 0;

  constructor(text: string, tokens: readonly Token[], shared: Shared) {
    super(text, tokens, shared.jinja);
    this.shared = shared;
  }

  /** Brackets deeper than anyone writes are counted, and no more. */
  protected push(call: boolean): Frame {
    if (this.frame.depth >= deepestFrame) this.tooDeep++;
    else this.frame = newFrame(this.frame, call);
    return this.frame;
  }

  /** What stands after FROM, JOIN, USING or a comma between tables. `named`: names count, not only what is in brackets. */
  protected tables(frame: Frame, role: Role, named = true): void {
    while (this.take('LATERAL') || this.take('ONLY'));
    const next = this.peek();
    if (!next) return;
    if (next.type === 'sign' && next.word === '(') {
      this.at++;
      const inner = this.push(false);
      inner.named = true;
      const first = this.word();
      if (first === 'SELECT' || first === 'WITH' || first === 'VALUES' || first === 'FROM') return;
      inner.inFrom = true;
      inner.selects = true;
      this.tables(inner, role);
      return;
    }
    if (next.type === 'text') {
      this.textAt(next, role);
      this.alias(frame, undefined);
    } else if (next.type === 'local') {
      this.at++;
      this.alias(frame, undefined);
    } else if (named) this.#named(frame, role);
  }

  #named(frame: Frame, role: Role): void {
    const before = this.shared.found.length;
    // `FROM STREAM orders` of Databricks; a table of that name has an alias seldom.
    const next = this.peek(1);
    const goesOn = next !== undefined && isNamePart(next) && !reserved.has(next.word) && !afterTable.has(next.word);
    if (this.word() === 'STREAM' && goesOn) this.at++;
    const name = this.table(role);
    if (!name || this.frame !== frame) return;
    // An option: `FROM DISK = 'x', STATS = 10`.
    if (this.word() === '=') this.shared.found.length = before;
    const found = this.shared.found[before];
    const bare = name.name.includes('.') ? undefined : name.name.toLowerCase();
    if (!this.alias(frame, found) && bare !== undefined) addAlias(frame, bare, found);
  }

  /** The name that was there, counted or not. */
  protected table(role: Role): DottedName | undefined {
    const next = this.peek();
    if (next?.type === 'local') {
      this.at++;
      return undefined;
    }
    const isTable = next?.type === 'word' && next.word === 'TABLE' && this.word(1) === '(';
    if (isTable) this.at++;
    const name = isTable ? { name: 'table', from: next.from, to: next.to } : this.name();
    if (!name) return undefined;
    if (this.word() === '(' && this.#called(name, role)) return name;
    // Python in a file of SQL.
    if (this.word() !== 'IMPORT') this.add(name, role);
    return name;
  }

  protected add(name: DottedName, role: Role): Candidate | undefined {
    if (name.name === '' || this.#isLocal(name)) return undefined;
    const path = fileFormats.exec(name.name)?.[1];
    return path === undefined ? this.put('table', name, role) : this.put('path', { ...name, name: path }, role);
  }

  protected put(sort: Candidate['sort'], name: DottedName, role: Role): Candidate {
    const isWhole = sort === 'table' && !/[*\ue000-\uf8ff]/.test(name.name);
    const qualified = isWhole ? qualifiedBy(this.shared.session, name.name) : undefined;
    const found: Candidate = { sort, ...name, role, qualified, frame: this.frame, text: this.shared.text };
    this.shared.found.push(found);
    return found;
  }

  /** Whether the bracket makes a function of the name: that is no table, but it may be given one. */
  #called({ name }: DottedName, role: Role): boolean {
    const lower = name.toLowerCase();
    if (lower === 'identifier') {
      this.at++;
      this.#identifier(role);
      return true;
    }
    if (role !== 'reads') return false;
    if (tableHints.has(this.word(1))) return false;
    this.at++;
    if (lower === 'table_changes' || (lower === 'table' && this.peek()?.type === 'text')) {
      const inside = this.textThere();
      if (inside) this.add(inside, role);
    } else if (lower === 'table' || lower === 'stream') {
      const before = this.at;
      const inside = this.name();
      if (inside && this.word() === ')') this.add(inside, role);
      else this.at = before;
    }
    const inner = this.push(true);
    inner.textRole = role;
    inner.named = true;
    inner.asks = asking.has(name.toUpperCase());
    return true;
  }

  /** `IDENTIFIER('db.t')`, `IDENTIFIER($name)`, `IDENTIFIER(:catalog || '.sales.orders')`. */
  #identifier(role: Role): void {
    let name = '';
    let from = -1;
    let to = -1;
    for (let token = this.peek(); token && token.word !== ')' && token.word !== ';'; token = this.peek()) {
      if (token.type === 'text') {
        const inside = this.textThere();
        name += inside?.name ?? '';
        if (from < 0) from = inside?.from ?? token.from;
        to = inside?.to ?? token.to;
      } else if (token.type !== 'sign') {
        const variable = this.text.slice(token.from, token.to).replace(/^[$:]/, '').toLowerCase();
        name += this.shared.variables.get(variable) ?? '*';
        if (from < 0) from = token.from;
        to = token.to;
      }
      this.at++;
    }
    if (this.word() === ')') this.at++;
    if (from >= 0 && name !== '') this.add({ name: name.replace(/\*+/g, '*'), from, to }, role);
  }

  #isLocal(name: DottedName): boolean {
    const keys = this.localName(name);
    return keys.some((key) => this.shared.temporary.has(key)) || (!name.name.includes('.') && isPart(this.frame, keys));
  }

  protected localName({ name, from, to }: DottedName): readonly string[] {
    return localName(name, this.text.slice(from, to));
  }

  protected alias(frame: Frame, table: Candidate | undefined): boolean {
    const as = this.take('AS');
    const next = this.peek();
    if (!next) return false;
    const word = next.type === 'word' && (as || !afterTable.has(next.word)) && !reserved.has(next.word);
    if (next.type !== 'quoted' && !word) return false;
    const text = this.text.slice(next.from, next.to);
    addAlias(frame, (next.type === 'quoted' ? unquote(text) : text).toLowerCase(), table);
    this.at++;
    return true;
  }

  /** `UPDATE o SET … FROM orders o`: the name is an alias, and it is the table behind it that is written. */
  protected finish(frame: Frame): void {
    const { target, waiting, selects, external } = frame;
    const aliased = target && frame.aliases?.get(target.name.toLowerCase());
    if (target && aliased && aliased !== target) {
      target.dropped = true;
      aliased.role = 'writes';
    }
    for (const path of waiting ?? []) path.role = selects ? 'writes' : external ? 'reads' : 'mentions';
  }

  /** Columns are told from tables when all aliases are known, and what other macros put in front when all are read. */
  static settle({ found, parts }: Shared): void {
    for (const one of found) {
      if (one.sort !== 'table') continue;
      const elsewhere = one.text > 0 && one.role === 'reads' ? parts.get(one.name.toLowerCase()) : undefined;
      if (isColumn(one) || (elsewhere !== undefined && elsewhere !== one.text)) one.dropped = true;
    }
  }

  /** Addresses in texts: `COPY INTO t FROM 's3://…'`. */
  protected textAt(token: Token, role?: Role): void {
    const inside = this.textThere();
    const before = this.tokens[this.at - 1]?.word ?? '';
    this.at++;
    if (!inside || !/^(?:[a-z0-9]{1,8}:\/|\/(?:Volumes|dbfs)\/|[\uf000-\uf8ff])/.test(inside.name)) return;
    if (token.word !== "'" && token.word !== '"') return;
    const { root, textRole } = this.frame;
    const clause: Role | undefined =
      before === 'FROM' ? 'reads' : before === 'TO' || before === 'INTO' ? 'writes' : undefined;
    const verb: Role | undefined = /^(EXPORT|UNLOAD)$/.test(root.verb)
      ? 'writes'
      : root.verb === 'LOAD'
        ? 'reads'
        : undefined;
    const found = this.put('path', inside, role ?? textRole ?? clause ?? verb ?? 'mentions');
    if (root.makes && role === undefined && textRole === undefined && clause === undefined) {
      root.waiting ??= [];
      root.waiting.push(found);
    }
  }

  /** Tables with commas between, without aliases: `DROP TABLE a, b`. */
  protected list(role: Role): void {
    do this.table(role);
    while (this.word() === ',' && ++this.at);
  }

  protected startsName(): boolean {
    const next = this.peek();
    return next !== undefined && isNamePart(next) && !reserved.has(next.word);
  }
}
