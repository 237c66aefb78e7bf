// Inlay hints: the name that a variable carries into a call, where it cannot be read there.
import { type InlayHint, InlayHintKind } from 'vscode-languageserver-types';
import type { Range } from '../../syntax/text.ts';
import type { FeatureContext, FeatureDocument } from '../context.ts';
import { visible } from '../markdown.ts';

const longest = 60;

/** Of the names in `range`, those put together or taken from elsewhere. What is a guess says so. */
export function inlayHints(context: FeatureContext, { uri }: FeatureDocument, range: Range): InlayHint[] {
  const hints: InlayHint[] = [];
  const seen = new Set<string>();
  for (const { range: own, confidence, name, text } of context.references(uri)) {
    if (own.start.line < range.start.line) continue;
    if (own.start.line > range.end.line) break;
    const place = `${own.end.line} ${own.end.character}`;
    if (confidence === 'literal' || text.includes(name) || name.replaceAll('*', '') === '' || seen.has(place)) continue;
    // Of `f"{bucket}/raw"` what is not known already stands there.
    if (confidence === 'partial' && !/^\w+$/.test(text)) continue;
    seen.add(place);
    const shown = visible(name.length > longest ? `${name.slice(0, longest)}…` : name);
    hints.push({
      position: own.end,
      label: `${confidence === 'guess' ? '≈' : '='} ${shown}`,
      kind: InlayHintKind.Parameter,
      paddingLeft: true,
    });
  }
  return hints;
}
