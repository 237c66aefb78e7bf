// SQL files: tables by name and by dbt's Jinja; a dbt model's file also defines its table.
import { longestScanned, type ParsedDocument } from '../../syntax/document.ts';
import type { Expression, Span } from '../expression.ts';
import type { RuleSet } from '../rules/rule.ts';
import type { Block, Definition, FileSummary, Site } from '../summary.ts';
import { jinjaNames } from './jinja.ts';
import { scanSql } from './scan.ts';

const outside = { sort: 'with', name: '', parent: -1, lines: [0, 0] } as const;

export function summarizeSql(document: ParsedDocument, rules: RuleSet): FileSummary {
  const { uri, lines } = document;
  const text = document.reading === 'cut' ? document.text.slice(0, longestScanned) : document.text;
  const span = (from: number, to: number): Span => {
    const start = lines.positionAt(from);
    const end = lines.positionAt(to);
    return [0, start.character, end.line - start.line, end.character];
  };
  const { names, jinja } = scanSql(text);
  const placed: { line: number; scope: number; content: Site }[] = [];
  const put = (from: number, content: Site): void => {
    placed.push({ line: lines.lineAt(from), scope: 0, content });
  };
  for (const { sort, name, role, from, to } of names) {
    const value: Expression = { is: 'text', value: name, at: span(from, to) };
    if (sort === 'path') put(from, { site: 'text', value, role });
    else put(from, { site: 'table', value, role, via: 'sql.text' });
  }
  for (const part of jinja) {
    for (const { call, name, package: group, from, to } of jinjaNames(text, part)) {
      const value: Expression = { is: 'text', value: text.slice(from, to), at: span(from, to) };
      const prefix = name.slice(0, name.length - (to - from));
      const detail = group === undefined ? {} : { package: group };
      put(from, { site: 'name', kind: 'table', tool: 'dbt', value, prefix, role: 'reads', via: `dbt.${call}`, detail });
    }
  }
  placed.sort((one, other) => one.line - other.line);
  const block: Block = { column: 0, sites: placed, bindings: [], scopes: [outside] };
  const blocks = placed.length > 0 ? [{ line: 0, block }] : [];
  const summary: FileSummary = {
    uri,
    language: 'sql',
    rules: rules.hash,
    blocks,
    definitions: definitions(uri, text, span),
  };
  return document.reading === 'cut'
    ? {
        ...summary,
        notice: `Only the first ${longestScanned / 1_000_000} million characters were read; split the file.`,
      }
    : summary;
}

/** dbt names a model by its file, wherever below `models/` that is; a snapshot by its block. */
function definitions(uri: string, text: string, span: (from: number, to: number) => Span): readonly Definition[] {
  const found: Definition[] = [];
  const file = /\/models\/(?:[^?#]*\/)?([^/?#]+)\.sql$/i.exec(decode(uri))?.[1];
  if (file && !text.includes('{% macro'))
    found.push({ kind: 'table', tool: 'dbt', name: file, line: 0, at: [0, 0, 0, 0], via: 'dbt.model' });
  for (let at = text.indexOf('{%'); at >= 0; at = text.indexOf('{%', at + 2)) {
    const [whole = '', before = '', name] = /^(\{%-?\s*snapshot\s+)(\w+)/.exec(text.slice(at, at + 300)) ?? [];
    if (!whole || !name) continue;
    const from = at + before.length;
    const line = text.slice(0, from).split(/\r\n|\r|\n/).length - 1;
    found.push({ kind: 'table', tool: 'dbt', name, line, at: span(from, from + name.length), via: 'dbt.snapshot' });
  }
  return found;
}

function decode(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}
