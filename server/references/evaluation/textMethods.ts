// Text methods: what Python's methods of texts make of a name, piece by piece.
import type { Argument, Span } from '../expression.ts';
import type { Evaluating } from './evaluating.ts';
import { isKnownInPart } from './segments.ts';
import { type Env, joined, type Segment, textOfSegments, textValue, unknown, type Value } from './value.ts';

type Change = (text: string, given: readonly (string | undefined)[], first: boolean, last: boolean) => string;

const white = ' \t\n\r';
const trimStart = (text: string, characters = white): string => {
  let at = 0;
  while (at < text.length && characters.includes(text.charAt(at))) at++;
  return text.slice(at);
};
const trimEnd = (text: string, characters = white): string => {
  let at = text.length;
  while (at > 0 && characters.includes(text.charAt(at - 1))) at--;
  return text.slice(0, at);
};
const same: Change = (text) => text;
const changes: Readonly<Record<string, Change | undefined>> = Object.assign(Object.create(null), {
  lower: (text: string) => text.toLowerCase(),
  casefold: (text: string) => text.toLowerCase(),
  upper: (text: string) => text.toUpperCase(),
  strip: (text, [characters], first, last) => {
    const start = first ? trimStart(text, characters) : text;
    return last ? trimEnd(start, characters) : start;
  },
  lstrip: (text, [characters], first) => (first ? trimStart(text, characters) : text),
  rstrip: (text, [characters], _first, last) => (last ? trimEnd(text, characters) : text),
  removeprefix: (text, [prefix = ''], first) => (first && text.startsWith(prefix) ? text.slice(prefix.length) : text),
  removesuffix: (text, [suffix = ''], _first, last) =>
    last && suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text,
  replace: (text, [from, to]) => (from && to !== undefined ? text.replaceAll(from, () => to) : text),
  as_posix: same,
  as_uri: same,
  expanduser: same,
  resolve: same,
  absolute: same,
} satisfies Record<string, Change>);

/** `"/".join(…)`, `.lower()`, `.replace("-", "_")`; undefined for methods that make something else of a text. */
export function textMethod(
  evaluator: Evaluating,
  owner: Value & { is: 'text' },
  { name, at }: { readonly name: string; readonly at: Span },
  args: readonly Argument[],
  env: Env,
): Value | undefined {
  if (name === 'join') return joinedBy(evaluator, textOfSegments(owner.segments), args, env);
  // `Path("config.yml").open()`: what is read from it is told by where it is.
  if (name === 'open' || name === 'read_text' || name === 'read_bytes')
    return { is: 'instance', path: 'open', args: [], env, owner };
  if (name === 'joinpath') return added(evaluator, owner.segments, args, env);
  const change = changes[name];
  if (!change) return undefined;
  const given = args.map(({ value }) => {
    const cut = evaluator.value(value, env);
    return cut.is === 'text' ? textOfSegments(cut.segments) : undefined;
  });
  // What is taken away or put in is not known, so neither is what is left.
  if (given.includes(undefined)) return unknown;
  const last = owner.segments.length - 1;
  const segments = owner.segments.map((segment, index): Segment => {
    if (segment.text === undefined) return segment;
    const text = change(segment.text, given, index === 0, index === last);
    if (text === segment.text) return segment;
    const { literal, from = 0, ...rest } = segment;
    // Cut at its ends, its characters still stand one by one.
    const start = literal && text !== '' ? segment.text.indexOf(text) : -1;
    return literal && start >= 0
      ? { ...rest, text, literal, from: from + start }
      : { ...rest, at: rest.at ?? at, text };
  });
  return textValue(joined(segments));
}

function joinedBy(evaluator: Evaluating, between: string, args: readonly Argument[], env: Env): Value | undefined {
  const list = args[0] && evaluator.value(args[0].value, env);
  if (list?.is !== 'list') return undefined;
  const segments = list.items.flatMap((item, index): readonly Segment[] => {
    const piece = evaluator.segments(item, list.env);
    return index === 0 ? piece : [{ text: between, at: item.at, certainty: 'literal' }, ...piece];
  });
  return isKnownInPart(segments) ? textValue(joined(segments)) : unknown;
}

function added(evaluator: Evaluating, first: readonly Segment[], args: readonly Argument[], env: Env): Value {
  const segments = [...first];
  for (const { value } of args) {
    if (!textOfSegments(segments).endsWith('/')) segments.push({ text: '/', at: value.at, certainty: 'literal' });
    segments.push(...evaluator.segments(value, env));
  }
  return textValue(joined(segments));
}
