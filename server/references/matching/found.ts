// Found: a name that a call carries, and what is asked of the values it is put together from.
import type { EntityKind } from '../../catalog/entity.ts';
import { type Certainty, type Segment, spanOfSegments, textOfSegments } from '../evaluation/value.ts';
import { type Expression, type Span, written } from '../expression.ts';
import type { CodePlace, ReferenceDetail, Role } from '../reference.ts';
import type { Block } from '../summary.ts';

/** A name found at a span; lines count from the site's statement, or from `elsewhere`. */
export interface Found {
  readonly kind: EntityKind;
  readonly tool: string;
  readonly name: string;
  readonly role: Role;
  readonly span: Span;
  readonly certainty: Certainty;
  readonly detail: ReferenceDetail;
  readonly via: string;
  /** Source text as far as it can be told without the source. */
  readonly written: string;
  /** What Jinja fills into the `*` of the name, in order; absent where something else is unknown, too. */
  readonly holes?: readonly string[];
  /** Which item of a loop it is. */
  readonly round?: number;
  /** The code that it runs. */
  readonly calls?: readonly CodePlace[];
  /** The statement in another block of the same file that the name stands in. */
  readonly elsewhere?: { readonly block: Block; readonly line: number };
}

export function weakest(segments: readonly Segment[]): Certainty {
  if (segments.some(({ certainty }) => certainty === 'guess')) return 'guess';
  return segments.some(({ certainty }) => certainty === 'constant') ? 'constant' : 'literal';
}

/** What comes in by a name is no literal any more. */
export const stronger = (certainty: Certainty): Certainty => (certainty === 'literal' ? 'constant' : certainty);

export function spanOfExpression(expression: Expression, segments: readonly Segment[]): Span {
  return spanOfSegments(segments, 0, textOfSegments(segments).length, expression.at);
}

export function unquoted(text: string): string {
  return text.replace(/["`]/g, '');
}

/** Inside of `outlets=[…]` a thing is written, inside of `inlets` and `schedule` it is read. */
export function roleUnder(under: string | undefined, role: Role): Role {
  if (role !== 'mentions') return role;
  if (under === 'outlets') return 'writes';
  return under === 'inlets' || under === 'schedule' ? 'reads' : role;
}

/** The source of a part of a value. */
export function writtenPart(segments: readonly Segment[], from: number, to: number, expression: Expression): string {
  const pieces: { text: string; segment: Segment }[] = [];
  let offset = 0;
  for (const segment of segments) {
    const end = offset + (segment.text?.length ?? 1);
    const [start, stop] = [Math.max(from, offset), Math.min(to, end)];
    const literal = segment.literal ? (segment.text ?? '').slice(start - offset, stop - offset) : undefined;
    // A name that stands for several pieces is written once.
    const again = !segment.literal && pieces.at(-1)?.segment.at === segment.at;
    if (start < stop && !again) pieces.push({ text: literal ?? segment.written ?? '…', segment });
    offset = end;
  }
  const [only] = pieces;
  if (!only) return written(expression);
  if (pieces.length === 1) return only.text;
  return pieces.map(({ text, segment }) => (segment.outer && !segment.literal ? `{${text}}` : text)).join('');
}

/** For a name whose unknown parts are all Jinja. */
export function jinjaIn(segments: readonly Segment[], from: number, to: number): Pick<Found, 'holes'> {
  const holes: string[] = [];
  let offset = 0;
  for (const { text, jinja } of segments) {
    const end = offset + (text?.length ?? 1);
    if (text === undefined && offset < to && end > from) {
      if (jinja === undefined) return {};
      holes.push(jinja);
    }
    offset = end;
  }
  return holes.length > 0 ? { holes } : {};
}
