// Refusals of a rename: where a name cannot be changed from, in words that say where it can.
import type { PlacedReference, Reference } from '../../references/reference.ts';
import type { ParsedDocument } from '../../syntax/document.ts';
import type { Range } from '../../syntax/text.ts';
import type { FeatureContext } from '../context.ts';
import { visible } from '../markdown.ts';
import { kindWords } from '../words.ts';

/** A variable of Python is for Python's own tools to rename: they are asked next when we refuse. */
export function carriedBy(
  context: FeatureContext,
  { uri, language, text, lines }: ParsedDocument,
  { kind, name, range: { start, end }, text: written }: Reference,
): string | undefined {
  const here = text.slice(lines.offsetAt(start), lines.offsetAt(end));
  if (language !== 'python' || here === name || !/^[\p{L}_][\p{L}\d_.]*$/u.test(here)) return undefined;
  const place = context.literalOf(uri, written, name);
  if (!place) return undefined;
  const named = `${kindWords[kind].toLowerCase()} ${visible(name)}`;
  return `${visible(here)} only carries the name. To rename ${named}, put the cursor on the name itself: ${lineIn(place.uri, place.range)}.`;
}

function lineIn(uri: string, { start }: Range): string {
  return `${decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1))}, line ${start.line + 1}`;
}

/** For a name that no one text holds whole. */
export function byHand(kind: string, name: string, { uri, reference }: PlacedReference): string {
  return `${kind} ${visible(name)} is put together in ${lineIn(uri, reference.range)}. Change it there by hand; nothing was renamed.`;
}
