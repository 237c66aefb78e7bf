// Highlights: every place of a file that names the same thing as the cursor, told apart by reading and writing.
import { type DocumentHighlight, DocumentHighlightKind } from 'vscode-languageserver-types';
import { sameName } from '../../catalog/names.ts';
import type { Position } from '../../syntax/text.ts';
import type { FeatureContext, FeatureDocument } from '../context.ts';
import { referenceAt } from '../referenceAt.ts';

export function highlights(context: FeatureContext, document: FeatureDocument, at: Position): DocumentHighlight[] {
  const asked = referenceAt(context, document, at);
  if (!asked) return [];
  return context
    .references(document.uri)
    .filter(({ kind, name }) => kind === asked.kind && sameName(kind, name, asked.name))
    .map(({ range, role }) => ({
      range,
      kind:
        role === 'writes' || role === 'defines'
          ? DocumentHighlightKind.Write
          : role === 'reads'
            ? DocumentHighlightKind.Read
            : DocumentHighlightKind.Text,
    }));
}
