// Known calls: what the standard library's calls and the methods of texts make of their arguments.
import type { Argument, Expression } from '../expression.ts';
import { isKnownInPart, seenAt, weakened } from './segments.ts';
import { changes } from './textMethods.ts';
import { type Env, joined, type Segment, textOfSegments, textValue, unknown, type Value } from './value.ts';

/** What they ask of the evaluation that met them. */
export interface Evaluating {
  value(expression: Expression, env: Env): Value;
  segments(expression: Expression, env: Env): readonly Segment[];
}

/** Parts put together with `/`. */
export function pathOf(evaluator: Evaluating, parts: readonly Expression[], env: Env): Value {
  const segments: Segment[] = [];
  for (const part of parts) {
    const next = evaluator.segments(part, env);
    const before = textOfSegments(segments);
    if (segments.length > 0 && !before.endsWith('/') && textOfSegments(next) !== '')
      segments.push({ text: '/', at: next[0]?.at ?? part.at, certainty: 'literal' });
    segments.push(...next);
  }
  const result = joined(segments);
  return isKnownInPart(result) ? textValue(result) : unknown;
}

export function externalCall(
  evaluator: Evaluating,
  path: string,
  expression: Expression & { is: 'call' },
  env: Env,
): Value {
  const { args } = expression;
  const [first, second] = args;
  switch (path) {
    case 'os.getenv':
    case 'os.environ.get':
    case 'environ.get': {
      const given = second?.value ?? args.find(({ keyword }) => keyword === 'default')?.value;
      return given ? seenAt(weakened(evaluator.value(given, env), 'guess'), expression) : unknown;
    }
    case 'os.path.join':
    case 'posixpath.join':
    case 'urljoin':
    case 'urllib.parse.urljoin':
      return pathOf(
        evaluator,
        args.map(({ value }) => value),
        env,
      );
    case 'str':
    case 'sqlalchemy.text':
    case 'os.fspath':
    case 'typing.cast':
      return first ? evaluator.value(path === 'typing.cast' && second ? second.value : first.value, env) : unknown;
    case 'dict':
      return {
        is: 'dict',
        entries: args.map(({ keyword, keywordAt = expression.at, value }) =>
          keyword === undefined ? { value } : { key: { is: 'text', value: keyword, at: keywordAt }, value },
        ),
        env,
      };
    default:
      if (/(^|\.)(Path|PurePath|PurePosixPath|S3Path|CloudPath|UPath|ObjectStoragePath)$/.test(path) && first)
        return pathOf(
          evaluator,
          args.filter(({ keyword }) => keyword === undefined).map(({ value }) => value),
          env,
        );
      return { is: 'instance', path, args, env };
  }
}

/** Methods of texts that keep them names: `"/".join(…)`, `.lower()`, `.rstrip("/")`. */
export function textMethod(
  evaluator: Evaluating,
  { of, name }: Expression & { is: 'attribute' },
  args: readonly Argument[],
  env: Env,
): Value | undefined {
  if (name === 'join') {
    const list = args[0] && evaluator.value(args[0].value, env);
    const separator = evaluator.value(of, env);
    if (list?.is !== 'list' || separator.is !== 'text') return undefined;
    const between = textOfSegments(separator.segments);
    const segments = list.items.flatMap((item, index): readonly Segment[] => {
      const piece = evaluator.segments(item, list.env);
      return index === 0 ? piece : [{ text: between, at: item.at, certainty: 'literal' }, ...piece];
    });
    return isKnownInPart(segments) ? textValue(joined(segments)) : unknown;
  }
  const change = changes[name];
  if (!change) return undefined;
  const value = evaluator.value(of, env);
  if (value.is !== 'text') return value.is === 'unknown' ? unknown : undefined;
  const cut = args[0] && evaluator.value(args[0].value, env);
  const characters = cut?.is === 'text' ? textOfSegments(cut.segments) : undefined;
  const last = value.segments.length - 1;
  return textValue(
    value.segments.map((segment, index) => {
      if (segment.text === undefined) return segment;
      const text = change(segment.text, characters, index === 0, index === last);
      return text === segment.text ? segment : { ...segment, text, literal: undefined };
    }),
  );
}
