// SQL scan: the tables that a text of SQL reads and writes, by scopes, in any dialect, whole or half typed.
import type { Role } from '../reference.ts';
import { branchedFrom } from './branches.ts';
import { addPart, type Candidate, type Frame, newFrame } from './frame.ts';
import { beginsLikeBody } from './looks.ts';
import type { JinjaPart } from './quoting.ts';
import type { Session } from './session.ts';
import { Statements } from './statements.ts';
import { type Shared, Tables } from './tables.ts';
import { begins, ends, insideText, scanTokens, type Token } from './tokens.ts';
import { clauseEnds, continuing, inBrackets, notCalls, restarting, starters, verbs } from './words.ts';

/**
 * A name in the text: `from` and `to` include its quotes. `name` has a character for each hole of the caller and for
 * each Jinja expression (`firstJinja` plus its place in `jinja`), and `*` for what else is filled in later.
 */
export interface SqlName {
  readonly sort: 'table' | 'path' | 'endpoint';
  readonly name: string;
  readonly role: Role;
  readonly from: number;
  readonly to: number;
  /** As USE before it says, where the name leaves it open. */
  readonly qualified?: string;
}

export interface SqlNames {
  readonly names: readonly SqlName[];
  readonly jinja: readonly JinjaPart[];
  /** Temporary tables and views that it makes, in lower case. */
  readonly temporary: ReadonlySet<string>;
  /** What its USE leaves behind. */
  readonly session: Session;
}

const mostAround = 1000;

/** SQL in SQL in SQL: procedures whose texts are SQL. */
const deepestText = 3;

export function scanSql(text: string): SqlNames {
  const { tokens, jinja } = scanTokens(text);
  const found: Candidate[] = [];
  const table = new Map(jinja.map((part, index) => [part.from, { index, part }] as const));
  const own = { temporary: new Set<string>(), variables: new Map<string, string>(), parts: new Map<string, number>() };
  const shared: Shared = { jinja: table, found, ...own, text: 0, session: {} };
  new Scanner(text, tokens, shared, 0).run();
  Tables.settle(shared);
  const names = found.flatMap(({ sort, name, role, from, to, qualified, dropped }): SqlName[] =>
    dropped ? [] : [{ sort, name, role, from, to, ...(qualified === undefined ? {} : { qualified }) }],
  );
  return { names, jinja, temporary: own.temporary, session: shared.session };
}

class Scanner extends Statements {
  readonly #depth: number;
  /** In a body of statements INTO names variables. */
  #inBody = false;
  readonly #around: Frame[] = [];

  constructor(text: string, tokens: readonly Token[], shared: Shared, depth: number) {
    super(text, tokens, shared);
    this.#depth = depth;
    this.#inBody = depth > 0;
  }

  run(): void {
    for (let token = this.peek(); token; token = this.peek()) {
      const before = this.at;
      if (token.type === 'word') this.#word(token);
      else if (token.type === 'sign') this.#sign(token);
      else if (token.type === 'text' || (token.type === 'quoted' && this.#takesText())) this.#text(token);
      else if (this.frame.inWith) this.#withPart();
      if (this.at === before) this.at++;
    }
    this.#end();
  }

  /** Whether texts there are SQL, also in the quotes that elsewhere are those of names. */
  #takesText(): boolean {
    return this.frame.asks || /^(EXECUTE|EXEC|UNLOAD|PREPARE|DO)$/.test(this.frame.root.verb);
  }

  #end(): void {
    for (let frame: Frame | undefined = this.frame; frame; frame = frame.parent) this.finish(frame);
  }

  /** Whether a verb here begins a statement. */
  #begins({ word, first }: Token): boolean {
    const { frame } = this;
    if (!verbs.has(word) || (word === 'COPY' && /^(GRANTS|TAGS)$/.test(this.word(1)))) return false;
    const before = this.tokens[this.at - 1];
    const head = !before || before.word === ';' || starters.has(before.word) || /^\{\|;?$/.test(before.word);
    if (frame.verb === '') {
      if (frame.parent && !inBrackets.has(word)) return false;
      if (word === 'SELECT' || word === 'WITH') return true;
      if (word === 'DESC') return head;
      return head || (first && !continuing.has(before.word)) || before.word === '(' || before.word === ')';
    }
    if (!restarting.has(word) || frame.parent) return false;
    if (head) return word !== 'UPDATE' || before?.word !== 'DO';
    if (before.word === 'AS') return frame.verb === 'CREATE';
    return first && !continuing.has(before.word) && !(frame.verb === 'CREATE' && frame.onNames);
  }

  #word(token: Token): void {
    const { word } = token;
    if (this.frame.inWith && this.#withPart()) return;
    if (this.#begins(token)) {
      if (this.frame.verb !== '' && !this.frame.routine) this.#newStatement();
      this.frame.verb = word;
      if (word !== 'SELECT' && word !== 'WITH') {
        this.at++;
        if (word === 'DECLARE' || word === 'DO') this.#inBody = true;
        this.statement(word);
        return;
      }
    }
    if (!this.#clause(word) && clauseEnds.has(word)) {
      this.frame.inFrom = false;
      if (word === 'UNION') this.frame.unites = true;
    }
  }

  #newStatement(): void {
    this.#end();
    this.frame = newFrame(undefined, false);
    this.tooDeep = 0;
  }

  /** Whether it was a word that tables may stand behind. */
  #clause(word: string): boolean {
    const { frame } = this;
    const before = this.tokens[this.at - 1]?.word ?? '';
    switch (word) {
      case 'WITH':
        if (this.word(1) === 'OFFSET') this.at += 2;
        else if (/^(WITH|INSERT|CREATE|EXPORT|ALTER|SELECT)$/.test(frame.verb)) {
          this.at++;
          frame.inWith = true;
          if (frame.verb === 'WITH') frame.verb = '';
          frame.recursive = this.take('RECURSIVE');
        }
        return true;
      case 'SELECT':
        frame.selects = frame.verb !== 'GRANT' && frame.verb !== 'REVOKE';
        frame.inFrom = false;
        return true;
      case 'FROM':
        this.#from(frame, before);
        return true;
      case 'JOIN':
      case 'STRAIGHT_JOIN':
        if (before === 'ARRAY') return true;
        this.at++;
        this.tables(frame, 'reads');
        return true;
      case 'APPLY':
        if (before !== 'CROSS' && before !== 'OUTER') return true;
        this.at++;
        this.tables(frame, 'reads');
        return true;
      case 'USING':
        if ((frame.verb !== 'MERGE' && frame.verb !== 'DELETE') || frame.using) return true;
        frame.using = true;
        frame.inFrom = frame.verb === 'DELETE';
        this.at++;
        this.tables(frame, 'reads');
        return true;
      case 'INTO':
        this.#into(frame, before);
        return true;
      case 'OVERWRITE':
        this.#overwrite(frame);
        return true;
      case 'VIEW':
        if (before === 'LATERAL') frame.inFrom = false;
        return true;
      default:
        return this.more(word, before, frame);
    }
  }

  #from(frame: Frame, before: string): void {
    this.at++;
    if (before === 'DISTINCT' && /^(IS|NOT)$/.test(this.tokens[this.at - 3]?.word ?? '')) return;
    if (frame.call && !frame.selects) return;
    const { verb } = frame;
    if (verb === 'SHOW') {
      if (/^(COLUMNS|INDEX|INDEXES|KEYS|FIELDS)$/.test(before)) this.table('mentions');
      return;
    }
    if (
      /^(REVOKE|GRANT|FETCH|BACKUP|RESTORE|EXECUTE|EXEC|DECLARE|LIST|GET|PUT|REMOVE|USE|CALL|SET)$/.test(verb) &&
      !frame.selects
    )
      return;
    if (verb === 'DELETE' && before === 'DELETE') {
      this.take('ONLY');
      const first = this.shared.found.length;
      const name = this.table('writes');
      const found = this.shared.found[first];
      if (name) this.alias(frame, found);
      frame.target ??= found;
      return;
    }
    if (/^(SHARE|MODEL|FILES|LISTING)$/.test(this.word()) && this.word(1) !== '.' && !frame.selects) return;
    frame.inFrom = true;
    this.tables(frame, 'reads', verb !== 'COPY' || !frame.loads || frame.selects);
  }

  #into(frame: Frame, before: string): void {
    this.at++;
    if (before === 'COLLECT' || this.#behindReturning(frame)) return;
    this.take('TABLE');
    if (this.word() === 'FUNCTION' || this.word() === 'OUTFILE' || this.word() === 'DUMPFILE') return;
    const next = this.peek();
    if (next?.type === 'text') {
      this.textAt(next, 'writes');
      return;
    }
    const { verb } = frame;
    const variable = frame.selects && verb !== 'INSERT' && verb !== 'MERGE' && (this.#inBody || frame.root.routine);
    if (!variable && /^(INSERT|MERGE|COPY|REPLACE|SELECT|LOAD|APPLY|AUTO|)$/.test(verb)) this.table('writes');
  }

  #behindReturning(frame: Frame): boolean {
    if (frame.verb !== 'INSERT' && frame.verb !== 'UPDATE' && frame.verb !== 'DELETE') return false;
    for (let back = 2; back < 12; back++) if (this.tokens[this.at - back]?.word === 'RETURNING') return true;
    return false;
  }

  #overwrite(frame: Frame): void {
    if (frame.verb !== 'INSERT' && frame.verb !== 'LOAD') return;
    this.at++;
    this.take('LOCAL');
    if (this.take('DIRECTORY')) {
      const next = this.peek();
      if (next?.type === 'text') this.textAt(next, 'writes');
      return;
    }
    this.take('INTO');
    this.take('TABLE');
    this.table('writes');
  }

  /** Addresses, and the texts of procedures and of EXECUTE, which are SQL again. */
  #text(token: Token): void {
    const { root } = this.frame;
    const body = token.word.startsWith('$') || root.routine;
    const run = this.#takesText();
    if ((body || run) && this.#depth < deepestText && token.to - token.from > 12 && this.#isSql(token)) {
      const [from, to] = insideText(this.text, token);
      const { tokens } = scanTokens(this.text, from, to);
      new Scanner(this.text, tokens, this.shared, this.#depth + (run && !body ? 0.5 : 1)).run();
      this.at++;
    } else this.textAt(token);
  }

  #isSql(token: Token): boolean {
    const [from, to] = insideText(this.text, token);
    if (!beginsLikeBody(this.text.slice(from, Math.min(to, from + 500)))) return false;
    for (let ahead = -14; ahead < 14; ahead++) {
      if (this.word(ahead) !== 'LANGUAGE') continue;
      return /^(SQL|PLPGSQL|)$/.test(this.word(ahead + 1));
    }
    return true;
  }

  #sign({ word }: Token): void {
    const { frame } = this;
    if (word === '(') {
      const before = this.tokens[this.at - 1];
      const named = before?.type === 'quoted' || (before?.type === 'word' && !notCalls.has(before.word));
      this.at++;
      const inner = this.push(named);
      if (named) inner.textRole = frame.textRole;
    } else if (word === ')') this.#close(frame);
    else if (word === ',' && frame.inFrom) {
      this.at++;
      this.tables(frame, 'reads');
    } else if (word === ';') this.#newStatement();
    else if (word === begins) this.#inner();
    else if (word === ends) this.#outer();
    else this.#branch(frame, branchedFrom(word));
  }

  /** Another branch of Jinja: what stood before the first one goes on here. */
  #branch(frame: Frame, before: string | undefined): void {
    if (before === undefined) return;
    this.at++;
    frame.inWith = frame.parts !== undefined;
    if (before === 'JOIN' || (before === 'FROM' && frame.selects) || (before === 'USING' && frame.verb === 'MERGE')) {
      frame.inFrom = before === 'FROM';
      this.tables(frame, 'reads');
    } else if (before === 'INTO' && /^(INSERT|MERGE|COPY)$/.test(frame.verb)) this.table('writes');
  }

  /** A text by itself in the middle of another: what is around it goes on behind it. */
  #inner(): void {
    if (this.#around.length < mostAround) this.#around.push(this.frame);
    this.frame = newFrame(undefined, false);
    // Macros also make parts for WITH of someone else.
    this.frame.inWith = true;
    this.shared.text++;
  }

  #outer(): void {
    this.#end();
    this.frame = this.#around.pop() ?? newFrame(undefined, false);
    this.shared.text++;
  }

  #close(inner: Frame): void {
    const { parent: frame } = inner;
    if (this.tooDeep > 0) {
      this.tooDeep--;
      return;
    }
    if (!frame) return;
    this.finish(inner);
    this.frame = frame;
    this.at++;
    if (inner.named && frame.inFrom) this.alias(frame, undefined);
    const { part } = frame;
    if (part === undefined) return;
    addPart(frame, part);
    for (const name of part) this.shared.parts.set(name, this.shared.text);
    frame.part = undefined;
    const start = this.at;
    while (branchedFrom(this.word()) !== undefined) this.at++;
    const more = this.word() === ',';
    if (more) this.at++;
    frame.inWith = more || this.at > start;
  }

  /** `name [(columns)] AS [[NOT] MATERIALIZED] (`: what comes up to its closing bracket is the part of that name. */
  #withPart(): boolean {
    const start = this.at;
    const { frame } = this;
    const name = this.name();
    if (name && this.word() === '(') this.skipBrackets();
    if (name && this.take('AS')) {
      this.take('NOT');
      this.take('MATERIALIZED');
      if (this.word() === '(') {
        this.at++;
        const local = this.localName(name);
        frame.part = local;
        const inner = this.push(false);
        if (frame.recursive) addPart(inner, local);
        else inner.body = local;
        return true;
      }
    }
    this.at = start;
    frame.inWith = this.#filledParts(frame);
    return frame.inWith;
  }

  /** `WITH {{ parts() }}, b AS (`: what they are called is not known. */
  #filledParts(frame: Frame): boolean {
    const before = this.tokens[this.at - 1]?.word ?? '';
    const isListed = /^(WITH|RECURSIVE|,)$/.test(before) || branchedFrom(before) !== undefined || frame.open;
    if (!isListed || frame.selects || this.peek()?.type !== 'hole') return false;
    frame.open = true;
    this.at += this.word(1) === ',' ? 2 : 1;
    return true;
  }
}
