// SQL sites: what a text of SQL says, as sites and bindings at their offsets: tables, addresses, dbt's calls and variables.
import type { Expression, Span } from '../expression.ts';
import { viewOf } from '../python/views.ts';
import type { Binding, Site } from '../summary.ts';
import { type DbtBody, dbtSite, statementOf } from './dbt.ts';
import { type JinjaFound, JinjaReader } from './jinja.ts';
import { looksLikeSql } from './looks.ts';
import { insidePart, type JinjaPart } from './quoting.ts';
import { type SqlName, scanSql } from './scan.ts';
import { sessionBinding } from './sessions.ts';
import { firstJinja, isHole } from './tokens.ts';

/** Something found, by the offset that it begins at; its spans count from that line. */
export interface SqlFound {
  readonly from: number;
  readonly site?: Site;
  readonly binding?: Binding;
}

export interface SqlPlace {
  /** Spans of offsets into the whole text, from a line on. */
  readonly span: (base: number, from: number, to: number) => Span;
  readonly lineAt: (offset: number) => number;
}

/** What macros of this text do with their parameters. */
export interface SqlFoundAll {
  readonly found: readonly SqlFound[];
  readonly bodies: readonly DbtBody[];
}

interface ReadPart {
  readonly value: Expression;
  readonly found: JinjaFound;
  /** It is a table that dbt names, which is told of where it is named. */
  readonly isTable: boolean;
}

/** Texts in Jinja that are SQL themselves are read one level down. */
export function readSql(text: string, place: SqlPlace): SqlFoundAll {
  const found: SqlFound[] = [];
  const bodies: DbtBody[] = [];
  readInto(text, [0, text.length], place, { found, bodies }, 0);
  return { found, bodies };
}

function readInto(
  whole: string,
  [from, to]: readonly [number, number],
  place: SqlPlace,
  all: { found: SqlFound[]; bodies: DbtBody[] },
  depth: number,
): void {
  const text = from === 0 && to === whole.length ? whole : whole.slice(from, to);
  const { names, jinja, temporary, session } = scanSql(text);
  const base = (offset: number): number => place.lineAt(from + offset);
  for (const name of names) {
    const line = base(name.from);
    const span = (one: number, two: number): Span => place.span(line, from + one, from + two);
    const site = siteOf(name, span(name.from, name.to), () => undefined, jinjaParts(text, jinja, span));
    if (site) all.found.push({ from: from + name.from, site });
  }
  for (const view of temporary)
    if (/^[\w.$]+$/.test(view)) all.found.push({ from, binding: viewOf(view, { is: 'unknown', at: [0, 0, 0, 0] }) });
  const last = depth === 0 && Object.keys(session).length > 0;
  if (last) all.found.push({ from: to, binding: sessionBinding(session, { at: [0, 0, 0, 0] }) });
  let body: DbtBody | undefined;
  for (const part of jinja) {
    const line = base(part.from);
    const span = (one: number, two: number): Span => place.span(line, from + one, from + two);
    const reading: JinjaFound = { calls: [], texts: [] };
    const statement = statementOf(text, part, span, reading);
    for (const binding of statement.bindings) all.found.push({ from: from + part.from, binding });
    if (statement.macro) {
      body = statement.macro;
      all.bodies.push(body);
    } else if (statement.endsMacro) body = undefined;
    for (const call of reading.calls) {
      const at = base(call.from);
      // Spans of a call on a later line of the part count from the part's line: they are read anew from their own.
      const own =
        at === line ? call : recall(text, part, call.from, (one, two) => place.span(at, from + one, from + two));
      const made = own && dbtSite(own);
      if (made) all.found.push({ from: from + call.from, site: made });
      if (own) body?.see(own);
    }
    if (depth > 0) continue;
    for (const one of reading.texts)
      if (looksLikeSql(one.value, false)) readInto(whole, [from + one.from, from + one.to], place, all, depth + 1);
  }
}

function recall(
  text: string,
  part: JinjaPart,
  from: number,
  span: (from: number, to: number) => Span,
): JinjaFound['calls'][number] | undefined {
  const found: JinjaFound = { calls: [], texts: [] };
  new JinjaReader(text, [from, insidePart(text, part)[1]], span, found).expression(0);
  return found.calls.find((call) => call.from === from);
}

function readPart(text: string, part: JinjaPart, span: (from: number, to: number) => Span): ReadPart {
  const found: JinjaFound = { calls: [], texts: [] };
  const value = new JinjaReader(text, insidePart(text, part), span, found).all();
  const isTable = found.calls.some(({ path }) => /^(ref|source)$/.test(path.at(-1) ?? ''));
  return { value, found, isTable };
}

/** A Jinja part by its place among all; undefined where dbt's own calls name a table in it. */
export type JinjaParts = (index: number) => ReadPart | undefined;

/** Of a text whose Jinja names nothing by itself. */
export function jinjaParts(
  text: string,
  jinja: readonly JinjaPart[],
  span: (from: number, to: number) => Span,
): JinjaParts {
  return (index) => {
    const part = jinja[index];
    return part && readPart(text, part, span);
  };
}

type NamedSite = Extract<Site, { readonly site: 'table' | 'text' | 'name' }>;

/** `holes`: what the caller's own characters stand for. */
export function siteOf(
  { sort, name, role, qualified }: SqlName,
  at: Span,
  holes: (code: number) => Expression | undefined,
  jinja: JinjaParts,
): NamedSite | undefined {
  const value = expressionOf(name, at, holes, jinja);
  if (!value) return undefined;
  if (sort === 'path') return { site: 'text', value, role };
  if (sort === 'endpoint')
    return { site: 'name', kind: 'endpoint', tool: 'databricks', value, role, via: 'sql.ai_query' };
  return { site: 'table', value, role, via: 'sql.text', ...(qualified === undefined ? {} : { detail: { qualified } }) };
}

function expressionOf(
  name: string,
  at: Span,
  holes: (code: number) => Expression | undefined,
  jinja: JinjaParts,
): Expression | undefined {
  const parts: Expression[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') parts.push({ is: 'text', value: text, at });
    text = '';
  };
  for (let index = 0; index < name.length; index++) {
    const code = name.charCodeAt(index);
    if (!isHole(code)) {
      text += name.charAt(index);
      continue;
    }
    flush();
    const part = code >= firstJinja ? jinja(code - firstJinja) : undefined;
    if (part?.isTable) return undefined;
    const known = code >= firstJinja ? part && { is: 'hole' as const, of: part.value, at } : holes(code);
    parts.push(known ?? { is: 'unknown', at });
  }
  flush();
  const [only] = parts;
  return only?.is === 'text' && parts.length === 1 ? only : { is: 'join', parts, at };
}
