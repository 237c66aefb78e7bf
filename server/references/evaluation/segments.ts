// Segments: pieces of a text, made from literals, cut, moved to where they are used, and weakened in what is sure of them.
import { type Expression, type Span, type TextExpression, written } from '../expression.ts';
import { pointInText } from '../python/embeddedSql.ts';
import { type Certainty, joined, type Segment, textValue, type Value } from './value.ts';

const longest = 20_000;

/** Jinja that Airflow fills in later is unknown now. */
export function literalSegments(text: TextExpression): readonly Segment[] {
  const value = text.value.length > longest ? text.value.slice(0, longest) : text.value;
  if (!value.includes('{{')) return [{ text: value, at: text.at, literal: text, from: 0, certainty: 'literal' }];
  const segments: Segment[] = [];
  let at = 0;
  for (;;) {
    const start = value.indexOf('{{', at);
    const end = start < 0 ? -1 : value.indexOf('}}', start);
    if (end < 0) break;
    if (start > at)
      segments.push({ text: value.slice(at, start), at: text.at, literal: text, from: at, certainty: 'literal' });
    segments.push({ at: text.at, certainty: 'literal', jinja: value.slice(start + 2, end).trim() });
    at = end + 2;
  }
  if (at < value.length)
    segments.push({ text: value.slice(at), at: text.at, literal: text, from: at, certainty: 'literal' });
  return joined(segments);
}

export function inHole(segments: readonly Segment[], { at }: Expression): readonly Segment[] {
  return segments.map((segment) => (segment.outer ? segment : { ...segment, outer: at }));
}

export function holeAt({ literal, from = 0, at }: Segment, index: number, length: number): Span {
  return literal ? [...pointInText(literal, from + index), ...pointInText(literal, from + index + length)] : at;
}

export function sliceOf(segment: Segment, from: number, to: number): Segment {
  return { ...segment, text: segment.text?.slice(from, to), from: (segment.from ?? 0) + from };
}

/** What stands behind the last `/`. */
export function lastPart(segments: readonly Segment[]): Value {
  const at = segments.findLastIndex(({ text }) => text?.includes('/'));
  const found = segments[at];
  if (!found) return textValue(segments);
  const cut = (found.text?.lastIndexOf('/') ?? -1) + 1;
  return textValue(joined([sliceOf(found, cut, found.text?.length ?? 0), ...segments.slice(at + 1)]));
}

/** `.py`, with its dot; empty where there is none. */
export function endingOf(name: string): string {
  const own = name.slice(name.lastIndexOf('/') + 1);
  const dot = own.lastIndexOf('.');
  return dot > 0 ? own.slice(dot) : '';
}

export function isKnownInPart(segments: readonly Segment[]): boolean {
  return segments.length === 0 || segments.some(({ text }) => text !== undefined);
}

/** A value that comes in by a name stands where the name stands. */
export function seenAt(value: Value, expression: Expression): Value {
  if (value.is !== 'text') return value;
  const { at } = expression;
  const text = written(expression);
  return textValue(
    value.segments.map((segment) => {
      const { certainty, handed } = segment;
      const seen: Segment = { at, certainty, written: text, ...(handed ? { handed } : {}) };
      if (segment.text !== undefined) return { ...seen, text: segment.text };
      return segment.jinja === undefined ? seen : { ...seen, jinja: segment.jinja };
    }),
  );
}

const strength: Readonly<Record<Certainty, number>> = { literal: 0, constant: 1, guess: 2 };
export function weakened(value: Value, certainty: Certainty): Value {
  if (value.is !== 'text') return value;
  const weaken = (segment: Segment): Segment =>
    strength[segment.certainty] >= strength[certainty] ? segment : { ...segment, certainty };
  return textValue(value.segments.map(weaken));
}
