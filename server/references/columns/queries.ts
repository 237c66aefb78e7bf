// Queries: which tables each SELECT of a text reads from, by its brackets alone; what is no plain table leaves it open.
import type { Token } from '../sql/tokens.ts';
import { afterTable, clauseEnds, reserved, starters, verbs } from '../sql/words.ts';

/** A table as FROM or JOIN names it. */
export interface Source {
  readonly from: number;
  readonly to: number;
  /** The end of its alias. */
  readonly until: number;
  /** In lower case, without quotes. */
  readonly parts: readonly string[];
  readonly alias: string | undefined;
}

export interface Query {
  readonly parent: Query | undefined;
  readonly sources: Source[];
  /** Names behind AS in its list, in lower case. */
  readonly outputs: Set<string>;
  /** It reads from something that is no table by its name: a query, a function, a list. */
  isOpen: boolean;
}

/** Which clause a place is in; undefined before the first one. */
export type Phase = 'select' | 'from' | 'later' | undefined;

export const isOpen = (query: Query): boolean => query.isOpen;

interface Frame {
  query: Query;
  phase: Phase;
  /** A query's own brackets, not those of an expression. */
  readonly own: boolean;
}

const later =
  /^(?:WHERE|GROUP|ORDER|HAVING|LIMIT|QUALIFY|WINDOW|SET|WHEN|FETCH|OFFSET|CLUSTER|DISTRIBUTE|SORT|RETURNING|VALUES)$/;
const openers = /^(?:LATERAL|UNNEST|PIVOT|UNPIVOT|MATCH_RECOGNIZE|NATURAL)$/;
const deepest = 200;

const newQuery = (parent?: Query): Query => ({ parent, sources: [], outputs: new Set(), isOpen: false });

export class Queries {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #frames: Frame[] = [{ query: newQuery(), phase: undefined, own: true }];

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  /** Of the token at this index. No query: it stands too deep in brackets. */
  around(index: number): { readonly query: Query | undefined; readonly phase: Phase } {
    let found: { readonly query: Query | undefined; readonly phase: Phase } = { query: undefined, phase: undefined };
    for (let at = 0; at < this.#tokens.length; at++) {
      const frame = this.#frames.at(-1);
      if (!frame || this.#frames.length > deepest) return { query: undefined, phase: undefined };
      if (at === index) found = { query: frame.query, phase: frame.phase };
      this.#step(at, frame);
    }
    return found;
  }

  #step(at: number, frame: Frame): void {
    const { word } = this.#tokens[at] ?? { word: '' };
    if (word === '(') {
      const own = /^(?:SELECT|WITH)$/.test(this.#tokens[at + 1]?.word ?? '');
      const query = own ? newQuery(frame.query) : frame.query;
      this.#frames.push({ query, phase: own ? undefined : frame.phase, own });
    } else if (word === ')') {
      if (this.#frames.length > 1) this.#frames.pop();
    } else if (word === ';') this.#frames = [{ query: newQuery(), phase: undefined, own: true }];
    else if (frame.own) this.#clause(at, word, frame);
  }

  #clause(at: number, word: string, frame: Frame): void {
    if (/^(?:UNION|INTERSECT|EXCEPT|MINUS)$/.test(word)) {
      frame.query = newQuery(frame.query.parent);
      frame.phase = undefined;
    } else if (word === 'SELECT') frame.phase = 'select';
    else if (openers.test(word)) frame.query.isOpen = true;
    else if (later.test(word)) frame.phase = 'later';
    else if (/^(?:FROM|JOIN|UPDATE)$/.test(word) || (word === ',' && frame.phase === 'from')) {
      frame.phase = 'from';
      this.#source(at + 1, frame.query);
    } else if (word === 'MERGE' || word === 'INSERT') frame.query.isOpen = true;
    else if (word === 'AS' && frame.phase === 'select') {
      const name = this.#tokens[at + 1];
      if (name) frame.query.outputs.add(this.#name(name));
    }
  }

  /** The table that is named from here on. */
  #source(start: number, query: Query): void {
    let at = start;
    if (this.#tokens[at]?.word === 'ONLY') at++;
    const first = this.#tokens[at];
    const parts: string[] = [];
    let last = first;
    for (let token = first; token && isPart(token); token = this.#tokens[at]) {
      parts.push(this.#name(token));
      last = token;
      at++;
      if (this.#tokens[at]?.word !== '.') break;
      at++;
    }
    if (!first || !last || parts.length === 0 || this.#tokens[at]?.word === '(') {
      query.isOpen = true;
      return;
    }
    if (this.#tokens[at]?.word === 'AS') at++;
    const alias = this.#tokens[at];
    const isAlias = alias && isPart(alias) && alias.type !== 'hole';
    query.sources.push({
      ...{ from: first.from, to: last.to, parts },
      ...{ until: isAlias ? alias.to : last.to, alias: isAlias ? this.#name(alias) : undefined },
    });
  }

  #name({ type, from, to }: Token): string {
    return (type === 'quoted' ? this.#text.slice(from + 1, to - 1) : this.#text.slice(from, to)).toLowerCase();
  }
}

function isPart({ type, word }: Token): boolean {
  if (type === 'word') return ![verbs, reserved, afterTable, clauseEnds, starters].some((words) => words.has(word));
  return type === 'quoted' || type === 'hole';
}
