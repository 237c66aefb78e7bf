// Shell files: what scripts name; one block, since a script is read from its top.
import { longestScanned, type ParsedDocument } from '../../syntax/document.ts';
import type { Expression } from '../expression.ts';
import { textOfLines } from '../mapped.ts';
import type { RuleSet } from '../rules/rule.ts';
import type { Block, FileSummary, Setting, Site } from '../summary.ts';
import { readShell } from './commandSites.ts';
import { sourcedName } from './variables.ts';

const outside = { sort: 'with', name: '', parent: -1, lines: [0, 0] } as const;

export function summarizeShell(document: ParsedDocument, rules: RuleSet): FileSummary {
  const { text, lines, uri } = document;
  const end = Math.min(text.length, longestScanned);
  if (end === 0) return fileOf(document, rules, []);
  const { sites, values } = readShell(textOfLines(text, lines.starts, 0, end, 0));
  const summary = fileOf(document, rules, sites);
  const settings = given(values, uri.slice(uri.lastIndexOf('/') + 1));
  return settings.length > 0 ? { ...summary, settings } : summary;
}

const mostGiven = 200;

/** For the scripts that `source` this one. */
function given(values: ReadonlyMap<string, Expression>, file: string): readonly Setting[] {
  const found: Setting[] = [];
  for (const [key, value] of values) {
    if (found.length >= mostGiven) break;
    const name = sourcedName(file, key.replace(/^env /, ''));
    if (value.is !== 'unknown') found.push({ space: 'env', name, value, line: 0 });
  }
  return found;
}

/** Spans of the sites count from the first line of the file. */
export function fileOf(
  { uri, language, reading }: ParsedDocument,
  rules: RuleSet,
  sites: readonly Site[],
): FileSummary {
  const block: Block = {
    column: 0,
    sites: sites.map((content) => ({ line: 0, scope: 0, content })),
    bindings: [],
    scopes: [outside],
  };
  const summary = { uri, language, rules: rules.hash, blocks: sites.length > 0 ? [{ line: 0, block }] : [] };
  if (reading !== 'cut') return summary;
  const notice = `Only the first ${longestScanned / 1_000_000} million characters were read; split the file.`;
  return { ...summary, notice };
}
