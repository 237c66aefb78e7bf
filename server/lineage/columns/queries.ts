// Queries: the statements of a text of SQL that make columns, each as a query by itself, and the table it fills.
import { scanSql } from '../../references/sql/scan.ts';
import { scanTokens, type Token } from '../../references/sql/tokens.ts';
import { withoutJinja } from './withoutJinja.ts';

/** A SELECT, with whatever stands before it left out. */
export interface Query {
  readonly sql: string;
  /** 0-based line of the text that it begins on. */
  readonly line: number;
  /** The table that it fills; undefined for a query that only answers. */
  readonly target?: string;
  /** Names of the columns it fills, in order, where the statement gives them. */
  readonly columns?: readonly string[];
}

const longestQuery = 200_000;

/** `table`: what a query fills that does not say so itself, as in a dbt model's file. */
export function queriesIn(text: string, table?: string): readonly Query[] {
  const plain = withoutJinja(text);
  const { tokens } = scanTokens(plain);
  const written = scanSql(plain).names.filter(({ sort, role }) => sort === 'table' && role === 'writes');
  return statements(tokens).flatMap((statement): Query[] => {
    const [first] = statement;
    const last = statement.at(-1);
    if (!first || !last) return [];
    const start = queryStart(statement);
    if (start === undefined) return [];
    const from = statement[start]?.from ?? first.from;
    const target =
      written.find((name) => name.from >= first.from && name.from < from)?.name ?? (start === 0 ? table : undefined);
    const sql = plain.slice(from, last.to);
    if (sql.length > longestQuery) return [];
    const columns = columnsOf(plain, statement.slice(0, start));
    return [
      { sql, line: lineOf(plain, from), ...(target === undefined ? {} : { target }), ...(columns ? { columns } : {}) },
    ];
  });
}

function statements(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const all: Token[][] = [[]];
  for (const token of tokens) {
    if (token.type === 'sign' && token.word === ';') all.push([]);
    else all.at(-1)?.push(token);
  }
  return all;
}

/** Where the query of `SELECT …`, `INSERT INTO t (…) SELECT …`, `CREATE VIEW t AS WITH …` begins. */
function queryStart(statement: readonly Token[]): number | undefined {
  const verb = statement[0]?.word ?? '';
  if (verb === 'SELECT' || verb === 'WITH' || verb === '(') return 0;
  if (verb !== 'INSERT' && verb !== 'CREATE' && verb !== 'REPLACE') return undefined;
  let depth = 0;
  for (const [index, { type, word }] of statement.entries()) {
    if (type === 'sign' && word === '(') {
      const next = statement[index + 1]?.word;
      const before = statement[index - 1]?.word;
      if (depth === 0 && (next === 'SELECT' || next === 'WITH') && (verb === 'INSERT' || before === 'AS')) return index;
      depth++;
    } else if (type === 'sign' && word === ')') depth--;
    else if (depth === 0 && type === 'word' && (word === 'SELECT' || word === 'WITH') && index > 1) {
      // `WITH (format = 'PARQUET')` and `WITH TAG` are no queries.
      const before = statement[index - 1]?.word;
      if (word === 'SELECT' || before === 'AS' || (verb === 'INSERT' && statement[index + 1]?.word !== '('))
        return index;
    }
  }
  return undefined;
}

/** `INSERT INTO t (a, b)`. */
function columnsOf(text: string, head: readonly Token[]): readonly string[] | undefined {
  if (head[0]?.word !== 'INSERT' || head.at(-1)?.word !== ')') return undefined;
  const open = head.findLastIndex(({ word }) => word === '(');
  const names = head.slice(open + 1, -1).filter(({ word }) => word !== ',');
  return names.map(({ from, to }) => text.slice(from, to).replace(/["`[\]]/g, ''));
}

function lineOf(text: string, offset: number): number {
  let line = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
