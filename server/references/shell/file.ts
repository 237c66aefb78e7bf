// Shell files: what scripts name; one block, since a script is read from its top.
import { longestScanned, type ParsedDocument } from '../../syntax/document.ts';
import { textOfLines } from '../mapped.ts';
import type { RuleSet } from '../rules/rule.ts';
import type { Block, FileSummary, Site } from '../summary.ts';
import { shellSites } from './commandSites.ts';

const outside = { sort: 'with', name: '', parent: -1, lines: [0, 0] } as const;

export function summarizeShell(document: ParsedDocument, rules: RuleSet): FileSummary {
  const { text, lines } = document;
  const end = Math.min(text.length, longestScanned);
  const sites = end === 0 ? [] : shellSites(textOfLines(text, lines.starts, 0, end, 0));
  return fileOf(document, rules, sites);
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
