// Scanned files: Python too long to be parsed; only addresses written out in quotes are seen.
import { longestParsed, longestScanned, type ParsedDocument } from '../syntax/document.ts';
import { beginsLikeAddress } from './addresses.ts';
import type { Expression } from './expression.ts';
import type { RuleSet } from './rules/rule.ts';
import type { FileSummary, PlacedSite } from './summary.ts';

const outside = { sort: 'with', name: '', parent: -1, lines: [0, 0] } as const;
const longestAddress = 1000;
const mostSites = 20_000;

export function summarizeScanned(document: ParsedDocument, rules: RuleSet): FileSummary {
  const { uri, text, lines } = document;
  const end = Math.min(text.length, longestScanned);
  const sites: PlacedSite[] = [];
  for (let at = text.indexOf(':/'); at >= 0 && at < end && sites.length < mostSites; at = text.indexOf(':/', at + 2)) {
    let from = at;
    while (from > 0 && at - from < 8 && /[a-z0-9]/.test(text.charAt(from - 1))) from--;
    const quote = text.charAt(from - 1);
    if ((quote !== '"' && quote !== "'") || !beginsLikeAddress(text.slice(from, at + 2))) continue;
    const to = text.slice(at, at + longestAddress).indexOf(quote) + at;
    if (to <= at || /[\s{}\\]/.test(text.slice(from, to))) continue;
    const { line, character } = lines.positionAt(from);
    const value: Expression = { is: 'text', value: text.slice(from, to), at: [0, character, 0, character + to - from] };
    sites.push({ line, scope: 0, content: { site: 'text', value, role: 'mentions' } });
  }
  const blocks = sites.length > 0 ? [{ line: 0, block: { column: 0, sites, bindings: [], scopes: [outside] } }] : [];
  const notice = `The file has more than ${longestParsed / 1_000_000} million characters: only addresses in quotes were looked for. Split it to see more.`;
  return { uri, language: 'python', rules: rules.hash, blocks, notice };
}
