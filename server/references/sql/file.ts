// SQL files: tables by name and by dbt's Jinja, line by line; a dbt model's file also defines its table.
import { longestScanned, type ParsedDocument } from '../../syntax/document.ts';
import type { Span } from '../expression.ts';
import type { RuleSet } from '../rules/rule.ts';
import type { Definition, FileSummary, PlacedBinding, PlacedBlock, PlacedSite } from '../summary.ts';
import { readSql, type SqlFound } from './sites.ts';

const outside = { sort: 'with', name: '', parent: -1, lines: [0, 0] } as const;

export function summarizeSql(document: ParsedDocument, rules: RuleSet): FileSummary {
  const { uri, lines } = document;
  const text = document.reading === 'cut' ? document.text.slice(0, longestScanned) : document.text;
  const span = (base: number, from: number, to: number): Span => {
    const start = lines.positionAt(from);
    const end = lines.positionAt(to);
    return [start.line - base, start.character, end.line - base, end.character];
  };
  const lineAt = (offset: number): number => lines.lineAt(offset);
  const { found, bodies } = readSql(text, { span, lineAt });
  const settings = bodies.flatMap((body) => body.setting() ?? []);
  const summary: FileSummary = {
    uri,
    language: 'sql',
    rules: rules.hash,
    blocks: blocksOf(found, lineAt),
    definitions: definitions(uri, text, lineAt, (from, to) => span(lineAt(from), from, to)),
    ...(settings.length > 0 ? { settings } : {}),
  };
  return document.reading === 'cut'
    ? {
        ...summary,
        notice: `Only the first ${longestScanned / 1_000_000} million characters were read; split the file.`,
      }
    : summary;
}

/** A block for each line that says something, so that an edit leaves the others as they were. */
function blocksOf(found: readonly SqlFound[], lineAt: (offset: number) => number): readonly PlacedBlock[] {
  const byLine = Map.groupBy(
    found.toSorted((one, other) => one.from - other.from),
    ({ from }) => lineAt(from),
  );
  return [...byLine].map(([line, there]): PlacedBlock => {
    const sites = there.flatMap(({ site }): PlacedSite[] => (site ? [{ line: 0, scope: 0, content: site }] : []));
    const bindings = there.flatMap(({ binding }): PlacedBinding[] =>
      binding ? [{ line: 0, scope: 0, content: binding }] : [],
    );
    return { line, block: { column: 0, sites, bindings, scopes: [outside] } };
  });
}

/** dbt names a model by its file, wherever below `models/` that is; a snapshot by its block. */
function definitions(
  uri: string,
  text: string,
  lineAt: (offset: number) => number,
  span: (from: number, to: number) => Span,
): readonly Definition[] {
  const found: Definition[] = [];
  const file = dbtModelOf(uri);
  if (file && !text.includes('{% macro'))
    found.push({ kind: 'table', tool: 'dbt', name: file, line: 0, at: [0, 0, 0, 0], via: 'dbt.model' });
  for (let at = text.indexOf('{%'); at >= 0; at = text.indexOf('{%', at + 2)) {
    const [whole = '', before = '', name] =
      /^(\{%-?\s{0,100}snapshot\s{1,100})(\w+)/.exec(text.slice(at, at + 300)) ?? [];
    if (!whole || !name) continue;
    const from = at + before.length;
    found.push({
      kind: 'table',
      tool: 'dbt',
      name,
      line: lineAt(from),
      at: span(from, from + name.length),
      via: 'dbt.snapshot',
    });
  }
  return found;
}

/** The table that a file of a dbt model makes; undefined for any other file. */
export function dbtModelOf(uri: string): string | undefined {
  return /\/models\/(?:[^?#]*\/)?([^/?#]+)\.sql$/i.exec(decode(uri))?.[1];
}

function decode(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}
