// Formats: `%`, `.format(…)` and `Template`: a text with holes, and what fills them.
import type { Argument, Expression } from '../expression.ts';
import type { Evaluating } from './evaluating.ts';
import { holeAt, isKnownInPart, sliceOf } from './segments.ts';
import { type Certainty, type Env, joined, type Segment, textValue, unknown, type Value } from './value.ts';

interface Hole {
  /** Absent for one that is filled by its place. */
  readonly name?: string;
  /** What is looked up in what fills it: `.name`, `[key]`. */
  readonly within: readonly string[];
  /** It is written as it is; numbers and widths make it something else. */
  readonly plain: boolean;
  /** A sign that stands for itself. */
  readonly sign?: string;
}

interface Style {
  readonly holes: RegExp;
  read(match: RegExpMatchArray): Hole;
}

const styles: Readonly<Record<'percent' | 'braces' | 'dollar', Style>> = {
  percent: {
    holes: /%(?:\((\w+)\))?[-+ #0]*\d*(?:\.\d+)?([sdifrxeg%])/g,
    read: ([, name, letter]) => ({
      ...(name === undefined ? {} : { name }),
      within: [],
      plain: letter === 's',
      ...(letter === '%' ? { sign: '%' } : {}),
    }),
  },
  braces: {
    holes: /\{\{|\}\}|\{(\w*)([^{}]*)\}/g,
    read: ([all, name, more = '']) => {
      const path = /^((?:\.\w+|\[\w+\])*)(?:!s)?$/.exec(more)?.[1];
      return {
        ...(name ? { name } : {}),
        within: path?.match(/\w+/g) ?? [],
        plain: path !== undefined,
        ...(all === '{{' || all === '}}' ? { sign: all.charAt(0) } : {}),
      };
    },
  },
  dollar: {
    holes: /\$\$|\$(?:(\w+)|\{(\w+)\})/g,
    read: ([all, bare, braced]) => ({
      name: bare ?? braced ?? '',
      within: [],
      plain: true,
      ...(all === '$$' ? { sign: '$' } : {}),
    }),
  },
};

export function formatted(
  evaluator: Evaluating,
  { style, template, values }: Expression & { is: 'format' },
  env: Env,
): Value {
  const value = evaluator.value(template, env);
  return value.is === 'text' ? filledIn(evaluator, value.segments, { style, values, env }) : unknown;
}

/** `Template("s3://$bucket/x").substitute(bucket=…)` */
export function substituted(
  evaluator: Evaluating,
  template: Value,
  values: readonly Argument[],
  env: Env,
): Value | undefined {
  return template.is === 'text' ? filledIn(evaluator, template.segments, { style: 'dollar', values, env }) : undefined;
}

interface Filling {
  readonly style: keyof typeof styles;
  readonly values: readonly Argument[];
  readonly env: Env;
}

function filledIn(evaluator: Evaluating, segments: readonly Segment[], { style, values, env }: Filling): Value {
  const { holes, read } = styles[style];
  let position = 0;
  const result = joined(
    segments.flatMap((segment) => {
      if (segment.text === undefined) return [segment];
      const pieces: Segment[] = [];
      let from = 0;
      for (const match of segment.text.matchAll(holes)) {
        pieces.push(sliceOf(segment, from, match.index));
        from = match.index + match[0].length;
        const hole = read(match);
        const { certainty } = segment;
        const at = holeAt(segment, match.index, match[0].length);
        if (hole.sign !== undefined) pieces.push({ text: hole.sign, at, certainty });
        else {
          const index = hole.name === undefined ? position++ : undefined;
          const filler = hole.plain ? fillerOf(evaluator, { style, values, env }, hole, index) : undefined;
          // What fills a hole stands where the hole is.
          for (const piece of filler ?? [{ certainty: 'literal' as const }]) pieces.push(inPlace(piece, at, match[0]));
        }
      }
      pieces.push(sliceOf(segment, from, segment.text.length));
      return pieces;
    }),
  );
  return isKnownInPart(result) ? textValue(result) : unknown;
}

function inPlace(
  { text, certainty }: { readonly text?: string; readonly certainty: Certainty },
  at: Segment['at'],
  written: string,
): Segment {
  const sure = text !== undefined && certainty === 'literal' ? 'constant' : certainty;
  return { ...(text === undefined ? {} : { text }), at, certainty: sure, written };
}

function fillerOf(
  evaluator: Evaluating,
  { style, values, env }: Filling,
  { name, within }: Hole,
  index: number | undefined,
): readonly Segment[] | undefined {
  const order = index ?? (name !== undefined && /^\d+$/.test(name) ? Number(name) : undefined);
  if (order !== undefined) {
    const value = values.some(({ star }) => star)
      ? undefined
      : values.filter(({ keyword }) => keyword === undefined)[order]?.value;
    return value && evaluator.segments(inside(value, within), env);
  }
  const named = name === undefined ? undefined : evaluator.argument(values, [name], env);
  if (named) return evaluator.segments(inside(named.value, within), env);
  // `"%(n)s" % {"n": …}`, `.substitute({"n": …})`
  const [only] = values;
  if (style === 'braces' || !only || only.keyword !== undefined || name === undefined) return undefined;
  const dict = evaluator.value(only.value, env);
  const entry = evaluator.entry(dict, name);
  return entry && evaluator.segments(entry.value, entry.env);
}

function inside(value: Expression, within: readonly string[]): Expression {
  let at = value;
  for (const name of within) at = { is: 'attribute', of: at, name, at: value.at };
  return at;
}
