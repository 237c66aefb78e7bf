// SQL in Python texts: found by how it begins; its tables come out where they stand in the source, holes as their own expressions.
import type { Expression, Span, TextExpression } from '../expression.ts';
import { MappedText } from '../mapped.ts';
import { dialectOfName } from '../rules/tables/dialects.ts';
import { beginsLikeSql, looksLikeSql } from '../sql/looks.ts';
import { scanSql } from '../sql/scan.ts';
import { sessionBinding } from '../sql/sessions.ts';
import { jinjaParts, siteOf } from '../sql/sites.ts';
import type { Binding, Site } from '../summary.ts';
import { viewOf } from './views.ts';

const fragment =
  /^\s*(?:from|into|union(?:\s+all)?\s+select|(?:(?:left|right|inner|full|cross|natural)\s+)?(?:outer\s+)?join)\s+[\w"`[{(%$\ue000-\uefff]/i;
const sqlKeyword = /^(?:.*_)?(?:sql|hql|query|queries|statement|statements|sql_query|sql_statements)$/i;
const telling =
  /^(?:print|log|debug|info|warn|warning|error|exception|critical|echo|secho|help|add_argument|add_option|option|argument|annotate|skip|xfail|fail|Field|markdown|write_text|\w*(?:Error|Exception|Warning))$/;
const tellingKeyword =
  /^(?:help|description|doc|doc_md|message|msg|title|subtitle|summary|label|comment|docstring|reason|metavar|caption|prompt)$/;

/** A text handed to this says something to people. */
export function isTold(call: string | undefined, keyword: string | undefined): boolean {
  return (call !== undefined && telling.test(call)) || (keyword !== undefined && tellingKeyword.test(keyword));
}

/** A keyword that takes SQL, whatever the call is. */
export function takesSql(keyword: string | undefined): boolean {
  return keyword !== undefined && sqlKeyword.test(keyword);
}

export interface SqlIn {
  readonly sites: readonly Site[];
  /** Temporary tables and views that it makes, and what its USE leaves behind. */
  readonly bindings: readonly Binding[];
}
const nothing: SqlIn = { sites: [], bindings: [] };
const mostJoined = 200;
const mostLinks = 20;

/** `known`: it is handed to a call that takes SQL, so less of it has to look like SQL. */
export function sqlIn(given: Expression, known: boolean): SqlIn {
  const expression = joinedList(given) ?? given;
  if (!mayBeSql(expression)) return nothing;
  const mapped = MappedText.of(expression);
  return mapped && looksLikeSql(mapped.text, known) ? read(mapped) : nothing;
}

export function sqlSites(expression: Expression, known: boolean): readonly Site[] {
  return sqlIn(expression, known).sites;
}

/** More of a statement that was begun before: `query += " FROM orders"`. */
export function sqlSitesOfMore(expression: Expression, name: string): readonly Site[] {
  if (!/sql|query|stmt|statement|ddl|dml/i.test(name)) return [];
  const mapped = MappedText.of(expression);
  return mapped && fragment.test(mapped.text.slice(0, 200)) ? read(mapped).sites : [];
}

/** With the dialect that the names of the call tell, or with the call where its value may. */
export function handedTo(callee: Expression | undefined, sites: readonly Site[]): readonly Site[] {
  if (callee === undefined || sites.length === 0) return sites;
  const dialect = dialectWritten(callee);
  if (dialect === undefined && callee.is !== 'attribute') return sites;
  return sites.map((site): Site => {
    if (site.site !== 'table') return site;
    return dialect === undefined ? { ...site, handedTo: callee } : { ...site, detail: { ...site.detail, dialect } };
  });
}

/** `SnowflakeOperator(…)`, `SnowflakeHook(…).run(…)`, `SnowflakeOperator.partial(…).expand(…)`. */
function dialectWritten(callee: Expression): string | undefined {
  let at: Expression | undefined = callee;
  for (let steps = 0; at && steps < mostLinks; steps++) {
    const dialect = at.is === 'name' || at.is === 'attribute' ? dialectOfName(at.name) : undefined;
    if (dialect !== undefined) return dialect;
    at = at.is === 'attribute' ? at.of : at.is === 'call' ? at.callee : undefined;
  }
  return undefined;
}

/** `"\n".join(["SELECT *", f"FROM {table}"])` as the text that it makes; undefined where parts of it are open. */
function joinedList(expression: Expression): Expression | undefined {
  if (expression.is !== 'call' || expression.callee.is !== 'attribute' || expression.callee.name !== 'join')
    return undefined;
  const { of: between } = expression.callee;
  const [only, ...more] = expression.args;
  if (between.is !== 'text' || only?.value.is !== 'list' || only.star || more.length > 0) return undefined;
  const { items } = only.value;
  if (items.length >= mostJoined || items.some(({ is }) => is === 'unknown' || is === 'list')) return undefined;
  const parts = items.flatMap((item, index) => (index === 0 ? [item] : [between, item]));
  return { is: 'join', parts, at: expression.at };
}

/** A cheap look at the first words, before anything is put together. */
function mayBeSql(expression: Expression): boolean {
  switch (expression.is) {
    case 'text':
      return beginsLikeSql(expression.value);
    case 'join': {
      const [first] = expression.parts;
      if (first?.is !== 'join' && first?.is !== 'text') return false;
      // What is cut off in its first word may go on behind a hole.
      return first.is === 'join' ? mayBeSql(first) : beginsLikeSql(`${first.value} SELECT *`);
    }
    case 'format':
      return mayBeSql(expression.template);
    default:
      return false;
  }
}

function read(mapped: MappedText): SqlIn {
  const { names, jinja, temporary, session } = scanSql(mapped.text);
  const parts = jinjaParts(mapped.text, jinja, (from, to) => mapped.span(from, to));
  const sites = names.flatMap((name): Site[] => {
    const site = siteOf(name, mapped.span(name.from, name.to), (code) => mapped.hole(code), parts);
    return site ? [{ ...site, value: placed(site.value) }] : [];
  });
  const at = mapped.span(0, mapped.text.length);
  const views = [...temporary]
    .filter((name) => /^[\w.$]+$/.test(name))
    .map((name) => viewOf(name, { is: 'unknown', at }));
  return { sites, bindings: Object.keys(session).length > 0 ? [...views, sessionBinding(session, { at })] : views };
}

/** A variable in an f-string stands for itself; what fills a mark of `%` or `.format` stands where the mark is. */
function placed(value: Expression): Expression {
  if (value.is !== 'join' || value.parts.length !== 1) return value;
  const [only] = value.parts;
  return only?.is === 'hole' && isWithin(only.of.at, only.at) ? { ...value, at: only.of.at } : value;
}

function isWithin(inner: Span, outer: Span): boolean {
  const after = inner[0] > outer[0] || (inner[0] === outer[0] && inner[1] >= outer[1]);
  return after && (inner[2] < outer[2] || (inner[2] === outer[2] && inner[3] <= outer[3]));
}

/** Where the character at an index of the value stands. */
export function pointInText(text: TextExpression, index: number): readonly [number, number] {
  let [line, column] = [text.at[0], text.at[1]];
  let base = 0;
  const marks = text.marks ?? [];
  for (let at = 0; at + 2 < marks.length; at += 3) {
    const from = marks[at] ?? 0;
    if (from > index) break;
    base = from;
    line = marks[at + 1] ?? line;
    column = marks[at + 2] ?? column;
  }
  return [line, column + index - base];
}
