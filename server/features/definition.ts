// Definition: from a name to the places that define it, else write it, else to its facts page.
import type { LocationLink } from 'vscode-languageserver-types';
import type { PlacedReference, Reference } from '../references/reference.ts';
import type { ParsedDocument } from '../syntax/document.ts';
import type { Position, Range } from '../syntax/text.ts';
import { columnAt } from './columnAt.ts';
import type { FeatureContext, FeatureDocument } from './context.ts';
import { entityPageUri } from './entityPageUri.ts';
import { fileUri } from './fileUri.ts';
import { referenceAt } from './referenceAt.ts';

/** Empty when no name stands at the cursor, or nobody knows where it is made and no tool knows it. */
export function definition(context: FeatureContext, document: FeatureDocument, at: Position): LocationLink[] {
  const reference = referenceAt(context, document, at);
  return reference ? definitionOf(context, reference, reference.range) : [];
}

/** Of a single column: where its table is made. Empty where no column stands whose table is certain. */
export function columnDefinition(context: FeatureContext, document: ParsedDocument, at: Position): LocationLink[] {
  const found = columnAt(context, document, at);
  return found ? definitionOf(context, found.reference, found.range) : [];
}

function definitionOf(context: FeatureContext, reference: Reference, origin: Range): LocationLink[] {
  const link = (targetUri: string, range: Range): LocationLink => ({
    originSelectionRange: origin,
    targetUri,
    targetRange: range,
    targetSelectionRange: range,
  });
  const inCode = definingPlaces(context, reference);
  if (inCode.length > 0) return inCode.map(({ uri, reference: found }) => link(uri, found.range));
  const resolution = context.resolve(reference);
  if (resolution.status !== 'resolved' && resolution.status !== 'gone') return [];
  const place = context.catalog.facts(resolution.entity.id).definedAt;
  if (place) return [link(fileUri(place.path), lineRange(place.line - 1))];
  return [link(entityPageUri(resolution.entity.id), lineRange(0))];
}

/** Definitions first; writers only where nothing defines; the reference's own place only if it is the only one. */
export function definingPlaces(context: FeatureContext, reference: Reference): readonly PlacedReference[] {
  const resolution = context.resolve(reference);
  const named =
    resolution.status === 'resolved' || resolution.status === 'gone'
      ? context.referencesTo(resolution.entity.id)
      : context.referencesNamed(reference);
  for (const role of ['defines', 'writes'] as const) {
    const places = named.filter((placed) => placed.reference.role === role);
    if (places.length > 0) return places;
  }
  return [];
}

function lineRange(line: number): Range {
  const start = { line: Math.max(0, line), character: 0 };
  return { start, end: start };
}
