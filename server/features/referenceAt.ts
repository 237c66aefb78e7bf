// Reference at: the one reference under a cursor; what every point request begins with.
import type { Reference } from '../references/reference.ts';
import type { Position } from '../syntax/text.ts';
import type { FeatureContext, FeatureDocument } from './context.ts';

/**
 * The narrowest one where references nest; the end of a range counts, since a cursor may stand behind the name. Where
 * there is none, what a constant names there.
 */
export function referenceAt(context: FeatureContext, document: FeatureDocument, at: Position): Reference | undefined {
  const found = context
    .references(document.uri)
    .filter(({ range }) => !isBefore(at, range.start) && !isBefore(range.end, at))
    .reduce<Reference | undefined>(
      (best, candidate) => (best && !isWithin(candidate, best) ? best : candidate),
      undefined,
    );
  return found ?? context.constantAt(document.uri, at);
}

function isBefore(one: Position, other: Position): boolean {
  return one.line < other.line || (one.line === other.line && one.character < other.character);
}

function isWithin(inner: Reference, outer: Reference): boolean {
  return !isBefore(inner.range.start, outer.range.start) && !isBefore(outer.range.end, inner.range.end);
}
