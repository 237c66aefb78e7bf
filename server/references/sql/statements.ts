// SQL statements: what each verb does to the tables that are named behind it.
import type { Candidate, Frame } from './frame.ts';
import { used } from './session.ts';
import { Tables } from './tables.ts';
import { onTable, tableModifiers } from './words.ts';

/** `ON SCHEMA sales`, but not `ON sales.orders`. */
const grantable = new Set(['TABLE', 'VIEW', 'EXTERNAL', 'DYNAMIC', 'MATERIALIZED', 'ICEBERG']);

export class Statements extends Tables {
  /** The verb itself is taken. */
  protected statement(verb: string): void {
    switch (verb) {
      case 'UPDATE':
        this.#update();
        return;
      case 'INSERT':
        this.#insert();
        return;
      case 'DELETE':
        if (this.word() !== 'FROM' && this.word() !== 'TOP') this.frame.target = this.#target();
        return;
      case 'MERGE':
        if (this.word() !== 'INTO' && this.word() !== 'WITH') this.table('writes');
        return;
      case 'TRUNCATE':
        this.take('TABLE');
        this.#ifExists();
        this.take('ONLY');
        this.list('writes');
        return;
      case 'COPY':
        this.#copy();
        return;
      case 'CREATE':
        this.#create();
        return;
      case 'DROP':
      case 'UNDROP':
      case 'ALTER':
        this.#change(verb);
        return;
      case 'PIVOT':
      case 'UNPIVOT':
      case 'SUMMARIZE':
        if (this.word() !== '(') this.table('reads');
        return;
      case 'USE':
        this.#use();
        return;
      case 'SET':
        this.#set();
        return;
      case 'GRANT':
      case 'REVOKE':
      case 'COMMENT':
        this.frame.onNames = true;
        return;
      case 'MODEL':
        this.#model();
        return;
      default:
        this.#look(verb);
    }
  }

  #update(): void {
    while (this.take('ONLY', 'LOW_PRIORITY', 'IGNORE'));
    if (this.take('STATISTICS')) this.table('mentions');
    else {
      if (this.take('OR')) this.at++;
      if (this.word() === 'TOP') return;
      this.frame.target = this.#target();
    }
  }

  /** What is written, which may turn out to be an alias. */
  #target(): Candidate | undefined {
    const before = this.shared.found.length;
    const start = this.at;
    if (!this.table('writes')) return undefined;
    if (this.word() === '=') {
      // `ALTER TABLE … UPDATE status = 1` of ClickHouse, `ON DUPLICATE KEY UPDATE x = 1`: a column.
      this.shared.found.length = before;
      this.at = start;
      return undefined;
    }
    const found = this.shared.found[before];
    this.alias(this.frame, found);
    return found;
  }

  #insert(): void {
    // INTO comes next, or the name.
    while (this.take('IGNORE', 'LOW_PRIORITY'));
    if (/^(INTO|OVERWRITE|OR|ALL|FIRST|WHEN|TOP|ON)$/.test(this.word())) return;
    if (this.startsName()) this.table('writes');
  }

  /** Only here may what goes out come from a name: `COPY INTO @stage FROM orders`, `COPY orders TO 's3://…'`. */
  #copy(): void {
    const { frame } = this;
    frame.loads = true;
    if (this.word() === 'INTO') {
      const target = this.peek(1)?.type;
      frame.loads = target !== 'text' && target !== 'local';
      return;
    }
    if (this.word() === '(' || !this.startsName()) return;
    const name = this.name();
    if (this.word() === '(') this.skipBrackets();
    if (name) this.add(name, this.word() === 'TO' ? 'reads' : 'writes');
  }

  #ifExists(): void {
    if (!this.take('IF')) return;
    this.take('NOT');
    this.take('EXISTS');
  }

  /** Steps over `OR REPLACE TRANSIENT …`; whether what is made goes away with the session. */
  #modifiers(): boolean {
    let temporary = false;
    while (this.peek()?.type === 'word' && tableModifiers.has(this.word())) {
      const word = this.word();
      temporary ||= word === 'TEMP' || word === 'TEMPORARY' || word === 'VOLATILE';
      this.frame.external ||= word === 'EXTERNAL' || word === 'FOREIGN';
      this.at++;
    }
    return temporary;
  }

  #create(): void {
    const { frame } = this;
    const temporary = this.#modifiers();
    while (this.take('UNIQUE', 'BITMAP', 'CLUSTERED', 'NONCLUSTERED', 'FULLTEXT', 'SEARCH', 'VECTOR', 'CONSTRAINT'));
    const what = this.word();
    if (/^(FUNCTION|PROCEDURE|PROC|PACKAGE|AGGREGATE)$/.test(what)) frame.routine = true;
    // T-SQL's names for the rows that were changed.
    if (what === 'TRIGGER') this.shared.temporary.add('inserted').add('deleted');
    if (onTable.has(what) || this.word(1) === 'POLICY') {
      this.at++;
      frame.onNames = true;
    }
    if (!this.take('TABLE') && !this.take('VIEW')) return;
    if (this.word() === 'FUNCTION') return;
    this.#ifExists();
    frame.makes = true;
    const before = this.shared.found.length;
    const name = this.table('writes');
    if (name && temporary) {
      this.shared.found.length = before;
      for (const key of this.localName(name)) this.shared.temporary.add(key).add(`global_temp.${key}`);
    }
    if (name) this.#madeFrom();
  }

  /** `LIKE other`, `CLONE other`, `AS other` and their relatives, right behind the new table's name. */
  #madeFrom(): void {
    if (this.word() === 'ON' && this.word(1) === 'CLUSTER') this.at += 3;
    while (this.take('SHALLOW', 'DEEP'));
    const like =
      this.word() === '(' && this.word(1) === 'LIKE'
        ? 2
        : /^(LIKE|CLONE|COPY)$/.test(this.word()) && !/^(GRANTS|TAGS)$/.test(this.word(1))
          ? 1
          : 0;
    if (like > 0) {
      this.at += like;
      if (like === 2) this.push(false);
      this.table('reads');
    } else if (this.word() === 'PARTITION' && this.word(1) === 'OF') {
      this.at += 2;
      this.table('reads');
    } else if (this.word() === 'TO') {
      this.at++;
      this.table('writes');
    } else if (this.word() === 'AS' && !/^(TABLE|EXECUTE|SELECT|WITH|\()$/.test(this.word(1))) {
      this.at++;
      if (this.word() !== 'FROM' && this.startsName()) this.table('reads');
    } else if (this.word() === 'AS' && this.word(1) === 'TABLE') {
      this.at += 2;
      this.table('reads');
    }
  }

  #change(verb: string): void {
    this.#modifiers();
    if (!this.take('TABLE') && !this.take('VIEW')) return;
    this.#ifExists();
    this.take('ONLY');
    if (verb === 'DROP') {
      this.list('mentions');
      return;
    }
    if (this.word() === 'ALL') return;
    const before = this.shared.found.length;
    this.table('mentions');
    const found = this.shared.found[before];
    if (found && this.word() === 'AS') found.role = 'writes';
  }

  /** Statements that only look, or look after. */
  #look(verb: string): void {
    switch (verb) {
      case 'DESCRIBE':
      case 'DESC':
        while (this.take('TABLE', 'VIEW', 'EXTENDED', 'FORMATTED', 'DETAIL', 'HISTORY', 'EXTERNAL'));
        if (
          /^(FUNCTION|SCHEMA|DATABASE|CATALOG|STAGE|QUERY|PROCEDURE|WAREHOUSE|USER|ROLE|TASK|PIPE)$/.test(this.word())
        )
          return;
        if (!this.peek()?.first) this.table('mentions');
        return;
      case 'SHOW':
        if (this.word() === 'CREATE' && this.word(1) === 'TABLE') this.at += 2;
        else if (!this.take('PARTITIONS', 'TBLPROPERTIES')) return;
        this.table('mentions');
        return;
      case 'ANALYZE':
      case 'OPTIMIZE':
      case 'VACUUM':
        if (verb === 'ANALYZE' && /^(SELECT|WITH|INSERT|VERBOSE)$/.test(this.word())) return;
        if (this.word() === '(') this.skipBrackets();
        while (this.take('TABLE', 'FULL', 'FREEZE', 'VERBOSE', 'ANALYZE', 'LOCAL', 'SORT', 'ONLY', 'REINDEX'));
        if (this.startsName()) this.table('mentions');
        return;
      case 'REFRESH': {
        const makes = this.word() === 'MATERIALIZED';
        while (this.take('MATERIALIZED', 'STREAMING', 'EXTERNAL', 'FOREIGN'));
        if (!this.take('TABLE') && !this.take('VIEW')) return;
        this.take('CONCURRENTLY');
        this.table(makes ? 'writes' : 'mentions');
        return;
      }
      case 'CACHE':
        this.#cache();
        return;
      case 'RENAME':
        if (this.take('TABLE')) this.table('mentions');
        return;
      case 'MSCK':
      case 'REPAIR':
      case 'UNCACHE':
      case 'LOCK':
      case 'REINDEX':
        this.take('REPAIR');
        if (!this.take('TABLE')) return;
        this.#ifExists();
        this.table('mentions');
        return;
      default:
    }
  }

  /** `CACHE TABLE x AS SELECT …` makes a view of the session. */
  #cache(): void {
    this.take('LAZY');
    if (!this.take('TABLE')) return;
    const before = this.shared.found.length;
    const name = this.table('mentions');
    if (name && /^(AS|SELECT|OPTIONS)$/.test(this.word())) {
      this.shared.found.length = before;
      for (const key of this.localName(name)) this.shared.temporary.add(key);
    }
  }

  #use(): void {
    const { shared } = this;
    const what = this.take('CATALOG', 'DATABASE', 'SCHEMA') ? (this.tokens[this.at - 1]?.word ?? '') : '';
    if (what === '' && /^(WAREHOUSE|ROLE|SECONDARY)$/.test(this.word()) && this.startsName() && this.word(1) !== ';')
      return;
    const name = this.name()?.name;
    if (name !== undefined) shared.session = used(shared.session, what, /[*\ue000-\uf8ff]/.test(name) ? '' : name);
  }

  /** `SET name = 'value'`. */
  #set(): void {
    const name = this.peek();
    if (name?.type !== 'word' || this.word(1) !== '=') return;
    const value = this.textThere(2);
    if (value) this.shared.variables.set(name.word.toLowerCase(), value.name);
  }

  /** `MODEL (name sales.orders, kind …)` of SQLMesh. */
  #model(): void {
    if (this.word() !== '(' || this.word(1) !== 'NAME') return;
    this.at += 2;
    this.push(true);
    this.table('defines');
  }

  /** Behind ON of what is made of a table, or allowed on it. */
  protected onTables(): void {
    const { frame } = this;
    frame.onNames = false;
    if (frame.verb === 'GRANT' || frame.verb === 'REVOKE' || frame.verb === 'COMMENT') {
      let said = false;
      while (this.peek()?.type === 'word' && grantable.has(this.word())) {
        said = true;
        this.at++;
      }
      if (this.word() === 'ACCOUNT') return;
      const ends = this.peek(1) === undefined || /^(TO|FROM|,|\.|IS|;)$/.test(this.word(1));
      if (frame.verb === 'COMMENT' ? said : said || ends) this.list('mentions');
      return;
    }
    const streams = this.take('TABLE') || this.take('VIEW') || (this.take('EXTERNAL') && this.take('TABLE'));
    this.table(streams ? 'reads' : 'mentions');
  }

  /** Words that name tables in a few statements only. */
  protected more(word: string, before: string, frame: Frame): boolean {
    const { verb } = frame.root;
    const next = this.word(1);
    switch (word) {
      case 'ON':
        if (!frame.onNames) return false;
        this.at++;
        this.onTables();
        return true;
      case 'REFERENCES':
        if ((verb !== 'CREATE' && verb !== 'ALTER') || this.peek(1)?.type === 'sign') return false;
        this.at++;
        this.table('mentions');
        return true;
      case 'RENAME':
      case 'SWAP':
        if (verb !== 'ALTER' || (next !== 'TO' && next !== 'WITH')) return false;
        this.at += 2;
        this.table('mentions');
        return true;
      case 'TABLE':
        if ((before !== '(' && before !== ',' && before !== '>') || !frame.call || next === '(') return false;
        this.at++;
        this.table('reads');
        return true;
      case 'IN':
        if (verb !== 'SHOW' || !/^(COLUMNS|INDEX|INDEXES|KEYS|FIELDS|PARTITIONS)$/.test(before)) return false;
        this.at++;
        this.table('mentions');
        return true;
      case 'AI_QUERY':
        this.#endpoint();
        return true;
      default:
        return false;
    }
  }

  /** `ai_query('endpoint', …)` of Databricks. */
  #endpoint(): void {
    if (this.word(1) !== '(') return;
    const ahead = this.word(2) === 'ENDPOINT' && this.word(3) === '=' ? 5 : 2;
    const name = this.textThere(ahead);
    if (name) this.put('endpoint', name, 'reads');
  }
}
