// Find references: every place in the workspace that names the same thing as the cursor.
import type { Location } from 'vscode-languageserver-types';
import type { PlacedReference } from '../references/reference.ts';
import type { Position } from '../syntax/text.ts';
import type { FeatureContext, FeatureDocument } from './context.ts';
import { referenceAt } from './referenceAt.ts';

/** A sweep: yields now and then so that it can be stopped. Sorted by file and place. */
export function* findReferences(
  context: FeatureContext,
  document: FeatureDocument,
  at: Position,
  includeDefinitions = true,
): Generator<undefined, Location[]> {
  const reference = referenceAt(context, document, at);
  if (!reference) return [];
  const resolution = context.resolve(reference);
  yield undefined;
  const placed =
    resolution.status === 'resolved' || resolution.status === 'gone'
      ? context.referencesTo(resolution.entity.id)
      : context.referencesNamed(reference);
  yield undefined;
  return placed
    .filter((one) => includeDefinitions || one.reference.role !== 'defines')
    .map((one) => ({ uri: one.uri, range: one.reference.range, placed: one }))
    .sort((one, other) => order(one.placed, other.placed))
    .map(({ uri, range }) => ({ uri, range }));
}

function order(one: PlacedReference, other: PlacedReference): number {
  if (one.uri !== other.uri) return one.uri < other.uri ? -1 : 1;
  const [a, b] = [one.reference.range.start, other.reference.range.start];
  return a.line - b.line || a.character - b.character;
}
